//! All SQL about users.

use sqlx::types::Json;

use super::User;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{OrganizationId, Stamp, UserId},
    password::StoredHash,
    text::{DisplayName, EmailAddress, TextError, Username},
};

/// A user together with what a password is compared with.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) user: User,
    pub(super) hash: Option<StoredHash>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    email: String,
    email_verified_at: Option<Timestamp>,
    username: Option<String>,
    display_name: Option<String>,
    profile: Json<serde_json::Value>,
    password_hash: Option<StoredHash>,
    password_changed_at: Option<Timestamp>,
    is_active: bool,
    is_admin: bool,
    failures: i64,
    locked_until: Option<Timestamp>,
    last_sign_in_at: Option<Timestamp>,
    last_passkey_sign_in_at: Option<Timestamp>,
    security_stamp: Stamp,
    preferred_organization_id: Option<OrganizationId>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl Row {
    fn into_account(self) -> Result<Account, Internal> {
        let text = |cause: TextError| Internal::new("read a user's names", cause);
        let user = User {
            id: self.id,
            email: EmailAddress::try_from(self.email).map_err(text)?,
            email_verified_at: self.email_verified_at,
            username: self.username.map(Username::try_from).transpose().map_err(text)?,
            display_name: self.display_name.map(DisplayName::try_from).transpose().map_err(text)?,
            profile: self.profile.0,
            has_password: self.password_hash.is_some(),
            password_changed_at: self.password_changed_at,
            is_active: self.is_active,
            is_admin: self.is_admin,
            failures: self.failures,
            locked_until: self.locked_until,
            last_sign_in_at: self.last_sign_in_at,
            last_passkey_sign_in_at: self.last_passkey_sign_in_at,
            stamp: self.security_stamp,
            preferred_organization_id: self.preferred_organization_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at,
        };
        Ok(Account { user, hash: self.password_hash })
    }
}

fn account(row: Option<Row>) -> Result<Option<Account>, Internal> {
    row.map(Row::into_account).transpose()
}

pub(super) async fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<Account>, Internal> {
    Ok(by_id_even_deleted(conn, id).await?.filter(|account| account.user.deleted_at.is_none()))
}

pub(super) async fn by_id_even_deleted(conn: &mut Conn, id: UserId) -> Result<Option<Account>, Internal> {
    account(
        conn.query(
            "SELECT id, email, email_verified_at, username, display_name, profile, password_hash, \
             password_changed_at, is_active, is_admin, failures, locked_until, last_sign_in_at, \
             last_passkey_sign_in_at, security_stamp, preferred_organization_id, created_at, \
             updated_at, deleted_at FROM users WHERE id = $1",
        )
        .bind(id)
        .optional()
        .await?,
    )
}

pub(super) async fn by_email(conn: &mut Conn, email_key: String) -> Result<Option<Account>, Internal> {
    account(
        conn.query(
            "SELECT id, email, email_verified_at, username, display_name, profile, password_hash, \
             password_changed_at, is_active, is_admin, failures, locked_until, last_sign_in_at, \
             last_passkey_sign_in_at, security_stamp, preferred_organization_id, created_at, \
             updated_at, deleted_at FROM users WHERE email_key = $1 AND deleted_at IS NULL",
        )
        .bind(email_key)
        .optional()
        .await?,
    )
}

pub(super) async fn by_username(conn: &mut Conn, username_key: String) -> Result<Option<Account>, Internal> {
    account(
        conn.query(
            "SELECT id, email, email_verified_at, username, display_name, profile, password_hash, \
             password_changed_at, is_active, is_admin, failures, locked_until, last_sign_in_at, \
             last_passkey_sign_in_at, security_stamp, preferred_organization_id, created_at, \
             updated_at, deleted_at FROM users WHERE username_key = $1 AND deleted_at IS NULL",
        )
        .bind(username_key)
        .optional()
        .await?,
    )
}

/// By what a person types into "e-mail or username"; a username never holds an `@`.
pub(super) async fn by_identifier(conn: &mut Conn, identifier: &str) -> Result<Option<Account>, Internal> {
    let key = identifier.trim().to_lowercase();
    if key.chars().count() > 320 || key.contains('\0') {
        return Ok(None);
    }
    if key.contains('@') { by_email(conn, key).await } else { by_username(conn, key).await }
}

/// The user with this id, unless deleted.
pub(crate) async fn find(conn: &mut Conn, id: UserId) -> Result<Option<User>, Internal> {
    Ok(by_id(conn, id).await?.map(|account| account.user))
}

/// Users in the order they were made; `after` is the last one of the page before.
pub(super) async fn list(conn: &mut Conn, after: Option<UserId>, limit: i64) -> Result<Vec<User>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT id, email, email_verified_at, username, display_name, profile, password_hash, \
             password_changed_at, is_active, is_admin, failures, locked_until, last_sign_in_at, \
             last_passkey_sign_in_at, security_stamp, preferred_organization_id, created_at, \
             updated_at, deleted_at FROM users WHERE deleted_at IS NULL AND id > $1 \
             ORDER BY id LIMIT $2",
        )
        .bind(after.unwrap_or_else(|| UserId::from(uuid::Uuid::nil())))
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(|row| row.into_account().map(|account| account.user)).collect()
}

pub(super) async fn username_is_taken(conn: &mut Conn, username_key: String) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM users WHERE username_key = $1)").bind(username_key).scalar().await
}

pub(super) async fn there_is_a_user(conn: &mut Conn) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM users)").scalar().await
}

pub(super) async fn there_is_an_admin(conn: &mut Conn) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM users WHERE is_admin)").scalar().await
}

/// A row to be.
pub(super) struct NewUser {
    pub(super) id: UserId,
    pub(super) email: EmailAddress,
    pub(super) username: Option<Username>,
    pub(super) display_name: Option<DisplayName>,
    pub(super) hash: Option<StoredHash>,
    pub(super) is_verified: bool,
    pub(super) is_admin: bool,
    pub(super) stamp: Stamp,
    pub(super) now: Timestamp,
    pub(super) forget_at: Option<Timestamp>,
}

/// False when address or username are taken.
pub(super) async fn insert(tx: &mut Tx, new: NewUser) -> Result<bool, Internal> {
    let changed_at = new.hash.is_some().then_some(new.now);
    let inserted = tx
        .query(
            "INSERT INTO users (id, email, email_key, email_verified_at, username, username_key, display_name, \
             profile, password_hash, password_changed_at, is_active, is_admin, failures, security_stamp, \
             created_at, updated_at, forget_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, TRUE, $11, 0, $12, $13, $13, $14) \
             ON CONFLICT DO NOTHING",
        )
        .bind(new.id)
        .bind(new.email.as_str().to_owned())
        .bind(new.email.key())
        .bind(new.is_verified.then_some(new.now))
        .bind(new.username.as_ref().map(|name| name.as_str().to_owned()))
        .bind(new.username.as_ref().map(Username::key))
        .bind(new.display_name.map(String::from))
        .bind(Json(serde_json::json!({})))
        .bind(new.hash)
        .bind(changed_at)
        .bind(new.is_admin)
        .bind(new.stamp)
        .bind(new.now)
        .bind(new.forget_at)
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Makes everybody else who wants this user's row wait until the transaction ends. Without such a row nothing happens,
/// at the same cost.
pub(crate) async fn hold(tx: &mut Tx, id: UserId) -> Result<(), Internal> {
    tx.query("UPDATE users SET failures = failures WHERE id = $1").bind(id).execute().await.map(drop)
}

/// What a counted failure led to.
#[derive(sqlx::FromRow, Debug)]
pub(super) struct Counted {
    pub(super) failures: i64,
    pub(super) locked_until: Option<Timestamp>,
}

/// Counts a failure, and pauses sign-in when it is the last one allowed. `None` when it is paused already.
///
/// Failures before `forgotten_before` count no more.
pub(super) async fn count_failure(
    tx: &mut Tx,
    id: UserId,
    now: Timestamp,
    forgotten_before: Timestamp,
    most: i64,
    until: Timestamp,
) -> Result<Option<Counted>, Internal> {
    tx.query(
        "UPDATE users SET failures = CASE WHEN last_failure_at > $3 THEN failures + 1 ELSE 1 END, \
         locked_until = CASE WHEN (CASE WHEN last_failure_at > $3 THEN failures + 1 ELSE 1 END) >= $4 \
         THEN CAST($5 AS BIGINT) ELSE NULL END, last_failure_at = $2 \
         WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $2) RETURNING failures, locked_until",
    )
    .bind(id)
    .bind(now)
    .bind(forgotten_before)
    .bind(most)
    .bind(until)
    .optional()
    .await
}

/// A new password that somebody chose through a mail.
pub(super) struct ChosenByMail {
    pub(super) id: UserId,
    pub(super) hash: StoredHash,
    /// A new one, if what was opened before is to end.
    pub(super) stamp: Option<Stamp>,
    /// Failures are forgotten and a pause ends.
    pub(super) forgives: bool,
    pub(super) now: Timestamp,
}

/// Sets it, and confirms the address. False when there is no such active user.
pub(super) async fn reset_password(tx: &mut Tx, new: ChosenByMail) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET password_hash = $2, security_stamp = COALESCE($3, security_stamp), password_changed_at = $4, \
         email_verified_at = COALESCE(email_verified_at, $4), forget_at = NULL, \
         failures = CASE WHEN $5 THEN 0 ELSE failures END, \
         last_failure_at = CASE WHEN $5 THEN NULL ELSE last_failure_at END, \
         locked_until = CASE WHEN $5 THEN NULL ELSE locked_until END, updated_at = $4 WHERE id = $1 AND is_active AND deleted_at IS NULL",
    )
    .bind(new.id)
    .bind(new.hash)
    .bind(new.stamp)
    .bind(new.now)
    .bind(new.forgives)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Takes away the password and gives a new stamp, so that nothing somebody else knows or opened is of any use.
pub(super) async fn take_password(tx: &mut Tx, id: UserId, stamp: Stamp, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "UPDATE users SET password_hash = NULL, password_changed_at = $3, security_stamp = $2, updated_at = $3 \
         WHERE id = $1",
    )
    .bind(id)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Sets a new password in place of `old`. False when it is not `old` any more, or the account was paused or deactivated
/// in the meantime.
pub(super) async fn change_password(
    tx: &mut Tx,
    id: UserId,
    old: StoredHash,
    new: StoredHash,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET password_hash = $3, security_stamp = $4, password_changed_at = $5, failures = 0, \
         last_failure_at = NULL, locked_until = NULL, updated_at = $5 WHERE id = $1 AND password_hash = $2 \
         AND is_active AND deleted_at IS NULL AND (locked_until IS NULL OR locked_until <= $5)",
    )
    .bind(id)
    .bind(old)
    .bind(new)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Writes name and profile, and when that was. False when the account is not as it was at `seen` any more.
pub(super) async fn set_profile(tx: &mut Tx, new: &User, seen: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET display_name = $2, profile = $3, updated_at = $4 \
         WHERE id = $1 AND updated_at = $5 AND deleted_at IS NULL",
    )
    .bind(new.id)
    .bind(new.display_name.clone().map(String::from))
    .bind(Json(new.profile.clone()))
    .bind(new.updated_at)
    .bind(seen)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Confirms the address; false when there is no such active user.
pub(super) async fn verify_email(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET email_verified_at = COALESCE(email_verified_at, $2), forget_at = NULL, updated_at = $2 \
         WHERE id = $1 AND is_active AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// False when there is no such active user.
pub(super) async fn set_stamp(tx: &mut Tx, id: UserId, stamp: Stamp, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE users SET security_stamp = $2, updated_at = $3 WHERE id = $1 AND is_active AND deleted_at IS NULL")
        .bind(id)
        .bind(stamp)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// False when it was so already, or there is no such user.
pub(super) async fn set_active(
    tx: &mut Tx,
    id: UserId,
    is_active: bool,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET is_active = $2, security_stamp = $3, updated_at = $4 \
         WHERE id = $1 AND is_active <> $2 AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(is_active)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// An account that is to be forgotten gets more time, because a new mail is on its way.
pub(super) async fn forget_later(tx: &mut Tx, id: UserId, at: Timestamp) -> Result<(), Internal> {
    tx.query("UPDATE users SET forget_at = $2 WHERE id = $1 AND forget_at < $2")
        .bind(id)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

/// Removes at most `limit` accounts whose address nobody confirmed in time; says how many.
pub(crate) async fn delete_forgotten(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM users WHERE id IN (SELECT id FROM users WHERE forget_at <= $1 AND email_verified_at IS NULL \
         LIMIT $2)",
    )
    .bind(now)
    .bind(limit)
    .execute()
    .await
}
