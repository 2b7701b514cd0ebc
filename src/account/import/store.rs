//! All SQL of imports and exports.

use std::collections::BTreeMap;

use sqlx::types::Json;

use super::{ExternalId, IdSource, merge::Brought};
use crate::{
    account::User,
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{Stamp, UserId},
    password::StoredHash,
    text::{EmailAddress, Username},
};

/// Whose something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Holder {
    pub(super) id: UserId,
    /// Deleted, and not erased yet.
    pub(super) is_deleted: bool,
    /// Somebody registered it, and nobody ever proved the address or used it.
    pub(super) is_unproved: bool,
}

pub(super) async fn holder_of_id(conn: &mut Conn, id: UserId) -> Result<Option<Holder>, Internal> {
    conn.query(
        "SELECT id, deleted_at IS NOT NULL AS is_deleted, (email_verified_at IS NULL AND last_sign_in_at IS NULL \
         AND forget_at IS NOT NULL) AS is_unproved FROM users WHERE id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(super) async fn holder_of_email(conn: &mut Conn, email: &EmailAddress) -> Result<Option<Holder>, Internal> {
    conn.query(
        "SELECT id, deleted_at IS NOT NULL AS is_deleted, (email_verified_at IS NULL AND last_sign_in_at IS NULL \
         AND forget_at IS NOT NULL) AS is_unproved FROM users WHERE email_key = $1",
    )
    .bind(email.key())
    .optional()
    .await
}

pub(super) async fn holder_of_username(conn: &mut Conn, username: &Username) -> Result<Option<Holder>, Internal> {
    conn.query(
        "SELECT id, deleted_at IS NOT NULL AS is_deleted, (email_verified_at IS NULL AND last_sign_in_at IS NULL \
         AND forget_at IS NOT NULL) AS is_unproved FROM users WHERE username_key = $1",
    )
    .bind(username.key())
    .optional()
    .await
}

pub(super) async fn holder_of_external_id(
    conn: &mut Conn,
    source: &IdSource,
    id: &ExternalId,
) -> Result<Option<Holder>, Internal> {
    conn.query(
        "SELECT u.id, u.deleted_at IS NOT NULL AS is_deleted, (u.email_verified_at IS NULL \
         AND u.last_sign_in_at IS NULL AND u.forget_at IS NOT NULL) AS is_unproved \
         FROM external_ids e JOIN users u ON u.id = e.user_id WHERE e.source = $1 AND e.external_id = $2",
    )
    .bind(source.as_str().to_owned())
    .bind(id.as_str().to_owned())
    .optional()
    .await
}

#[derive(sqlx::FromRow)]
struct ExternalIdRow {
    user_id: UserId,
    source: String,
    external_id: String,
}

/// What other systems call a person, by system.
pub(in crate::account) async fn external_ids_of(
    conn: &mut Conn,
    id: UserId,
) -> Result<BTreeMap<String, String>, Internal> {
    let rows: Vec<ExternalIdRow> =
        conn.query("SELECT user_id, source, external_id FROM external_ids WHERE user_id = $1").bind(id).all().await?;
    Ok(rows.into_iter().map(|row| (row.source, row.external_id)).collect())
}

/// The same of all behind `after` up to `last`.
pub(super) async fn external_ids_between(
    conn: &mut Conn,
    after: UserId,
    last: UserId,
) -> Result<BTreeMap<UserId, BTreeMap<String, String>>, Internal> {
    let rows: Vec<ExternalIdRow> = conn
        .query("SELECT user_id, source, external_id FROM external_ids WHERE user_id > $1 AND user_id <= $2")
        .bind(after)
        .bind(last)
        .all()
        .await?;
    let mut found: BTreeMap<UserId, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows {
        found.entry(row.user_id).or_default().insert(row.source, row.external_id);
    }
    Ok(found)
}

/// The password hashes of all behind `after` up to `last`.
pub(super) async fn hashes_between(
    conn: &mut Conn,
    after: UserId,
    last: UserId,
) -> Result<BTreeMap<UserId, StoredHash>, Internal> {
    #[derive(sqlx::FromRow)]
    struct Row {
        id: UserId,
        password_hash: StoredHash,
    }
    let rows: Vec<Row> = conn
        .query("SELECT id, password_hash FROM users WHERE id > $1 AND id <= $2 AND password_hash IS NOT NULL")
        .bind(after)
        .bind(last)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.password_hash)).collect())
}

/// What the last import said of an account, if one brought it.
pub(super) async fn brought(conn: &mut Conn, id: UserId) -> Result<Option<Brought>, Internal> {
    let found: Option<Json<Brought>> =
        conn.query("SELECT brought FROM imported_users WHERE user_id = $1").bind(id).scalar_optional().await?;
    Ok(found.map(|found| found.0))
}

/// Remembers what an import said of an account.
pub(super) async fn remember(tx: &mut Tx, id: UserId, brought: Brought, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO imported_users (user_id, brought, imported_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET brought = excluded.brought, imported_at = excluded.imported_at",
    )
    .bind(id)
    .bind(Json(brought))
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// False when the id belongs to somebody, or the account has another of this source.
pub(super) async fn add_external_id(
    tx: &mut Tx,
    user_id: UserId,
    source: String,
    external_id: String,
) -> Result<bool, Internal> {
    tx.query("INSERT INTO external_ids (source, external_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(source)
        .bind(external_id)
        .bind(user_id)
        .execute()
        .await
        .map(|added| added == 1)
}

/// Makes an account as `user` says. False when its id, address or username is taken.
pub(super) async fn insert(tx: &mut Tx, user: &User, hash: Option<StoredHash>) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO users (id, email, email_key, email_verified_at, username, username_key, display_name, profile, \
         password_hash, password_changed_at, is_active, is_admin, failures, security_stamp, created_at, updated_at, \
         deleted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
    )
    .bind(user.id)
    .bind(user.email.as_str().to_owned())
    .bind(user.email.key())
    .bind(user.email_verified_at)
    .bind(user.username.as_ref().map(|name| name.as_str().to_owned()))
    .bind(user.username.as_ref().map(Username::key))
    .bind(user.display_name.clone().map(String::from))
    .bind(Json(user.profile.clone()))
    .bind(hash)
    .bind(user.password_changed_at)
    .bind(user.is_active)
    .bind(user.is_admin)
    .bind(user.stamp)
    .bind(user.created_at)
    .bind(user.updated_at)
    .bind(user.deleted_at)
    .execute()
    .await
    .map(|inserted| inserted == 1)
}

/// Makes an account as `user` says, which was as it was at `seen`. False when it is not any more.
pub(super) async fn update(tx: &mut Tx, user: &User, hash: Option<StoredHash>, seen: Stamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET email = $2, email_key = $3, email_verified_at = $4, username = $5, username_key = $6, \
         display_name = $7, profile = $8, password_hash = COALESCE($9, password_hash), password_changed_at = $10, \
         is_active = $11, security_stamp = $12, updated_at = $13, forget_at = NULL \
         WHERE id = $1 AND security_stamp = $14 AND deleted_at IS NULL",
    )
    .bind(user.id)
    .bind(user.email.as_str().to_owned())
    .bind(user.email.key())
    .bind(user.email_verified_at)
    .bind(user.username.as_ref().map(|name| name.as_str().to_owned()))
    .bind(user.username.as_ref().map(Username::key))
    .bind(user.display_name.clone().map(String::from))
    .bind(Json(user.profile.clone()))
    .bind(hash)
    .bind(user.password_changed_at)
    .bind(user.is_active)
    .bind(user.stamp)
    .bind(user.updated_at)
    .bind(seen)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// When an account that nobody proves is forgotten.
pub(super) async fn forget_at(conn: &mut Conn, id: UserId) -> Result<Option<Timestamp>, Internal> {
    let found: Option<Option<Timestamp>> =
        conn.query("SELECT forget_at FROM users WHERE id = $1").bind(id).scalar_optional().await?;
    Ok(found.flatten())
}

/// What [`insert`] leaves out.
pub(super) async fn set_rest(
    tx: &mut Tx,
    id: UserId,
    forget_at: Option<Timestamp>,
    last_sign_in_at: Option<Timestamp>,
) -> Result<(), Internal> {
    tx.query("UPDATE users SET forget_at = $2, last_sign_in_at = $3 WHERE id = $1")
        .bind(id)
        .bind(forget_at)
        .bind(last_sign_in_at)
        .execute()
        .await
        .map(drop)
}
