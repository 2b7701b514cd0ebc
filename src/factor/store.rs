//! All SQL about second factors.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{AuthenticatorId, UserId},
    secret::Digest,
    text::DisplayName,
};

/// An authenticator, in use or not yet.
#[derive(sqlx::FromRow)]
pub(super) struct AuthenticatorRow {
    pub(super) id: AuthenticatorId,
    name: String,
    pub(super) secret: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) confirmed_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

impl AuthenticatorRow {
    pub(super) fn name(&self) -> Result<DisplayName, Internal> {
        DisplayName::try_from(self.name.as_str()).map_err(|cause| Internal::new("read an authenticator's name", cause))
    }
}

/// An authenticator to be.
pub(super) struct NewAuthenticator {
    pub(super) id: AuthenticatorId,
    pub(super) user_id: UserId,
    pub(super) name: DisplayName,
    pub(super) secret: Vec<u8>,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert_set_up(tx: &mut Tx, new: NewAuthenticator) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO authenticators (id, user_id, name, secret, last_step, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $6)",
    )
    .bind(new.id)
    .bind(new.user_id)
    .bind(String::from(new.name))
    .bind(new.secret)
    .bind(new.now)
    .bind(new.expires_at)
    .execute()
    .await
    .map(drop)
}

/// The set-up that waits for its first code.
pub(super) async fn find_set_up(
    conn: &mut Conn,
    user_id: UserId,
    now: Timestamp,
) -> Result<Option<AuthenticatorRow>, Internal> {
    conn.query(
        "SELECT id, name, secret, created_at, confirmed_at, expires_at, last_used_at FROM authenticators \
         WHERE user_id = $1 AND confirmed_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 1",
    )
    .bind(user_id)
    .bind(now)
    .optional()
    .await
}

pub(super) async fn delete_set_ups(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    tx.query("DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at IS NULL")
        .bind(user_id)
        .execute()
        .await
        .map(drop)
}

/// Takes it into use; the code of `step` is used up by that. False when it is not there any more, or in use already.
pub(super) async fn confirm(
    tx: &mut Tx,
    id: AuthenticatorId,
    user_id: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE authenticators SET confirmed_at = $4, last_step = $3, expires_at = NULL \
         WHERE id = $1 AND user_id = $2 AND confirmed_at IS NULL AND expires_at > $4",
    )
    .bind(id)
    .bind(user_id)
    .bind(step)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// The authenticators in use, the oldest first.
pub(super) async fn confirmed_of_user(conn: &mut Conn, user_id: UserId) -> Result<Vec<AuthenticatorRow>, Internal> {
    conn.query(
        "SELECT id, name, secret, created_at, confirmed_at, expires_at, last_used_at FROM authenticators \
         WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY id",
    )
    .bind(user_id)
    .all()
    .await
}

/// Uses up the code of `step`. False when it, or a later one, was used before (RFC 6238 §5.2).
pub(super) async fn accept_step(
    tx: &mut Tx,
    id: AuthenticatorId,
    user_id: UserId,
    step: i64,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE authenticators SET last_step = $3, last_used_at = $4 \
         WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL AND last_step < $3",
    )
    .bind(id)
    .bind(user_id)
    .bind(step)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// False when it is not there, or somebody else's.
pub(super) async fn rename(
    tx: &mut Tx,
    id: AuthenticatorId,
    user_id: UserId,
    name: DisplayName,
) -> Result<bool, Internal> {
    tx.query("UPDATE authenticators SET name = $3 WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL")
        .bind(id)
        .bind(user_id)
        .bind(String::from(name))
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// False when it is not there, or somebody else's.
pub(super) async fn remove(tx: &mut Tx, id: AuthenticatorId, user_id: UserId) -> Result<bool, Internal> {
    tx.query("DELETE FROM authenticators WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL")
        .bind(id)
        .bind(user_id)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Removes apps that came into use at that moment or later, and says how many; recovery codes made since as well, and all of them
/// where no app is left.
pub(crate) async fn remove_since(tx: &mut Tx, user_id: UserId, since: Timestamp) -> Result<u64, Internal> {
    let removed = tx
        .query("DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at >= $2")
        .bind(user_id)
        .bind(since)
        .execute()
        .await?;
    tx.query(
        "DELETE FROM recovery_codes WHERE user_id = $1 AND (created_at >= $2 OR NOT EXISTS \
         (SELECT 1 FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL))",
    )
    .bind(user_id)
    .bind(since)
    .execute()
    .await?;
    Ok(removed)
}

/// Removes at most `limit` set-ups that nobody confirmed in time; says how many.
pub(crate) async fn delete_unconfirmed(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM authenticators WHERE id IN (SELECT id FROM authenticators WHERE expires_at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}

/// A recovery code, as far as anybody knows it.
#[derive(sqlx::FromRow)]
pub(super) struct RecoveryRow {
    pub(super) created_at: Timestamp,
    pub(super) used_at: Option<Timestamp>,
}

pub(super) async fn recovery_codes(conn: &mut Conn, user_id: UserId) -> Result<Vec<RecoveryRow>, Internal> {
    conn.query("SELECT created_at, used_at FROM recovery_codes WHERE user_id = $1").bind(user_id).all().await
}

pub(super) async fn recovery_codes_left(conn: &mut Conn, user_id: UserId) -> Result<i64, Internal> {
    conn.query("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL")
        .bind(user_id)
        .scalar()
        .await
}

pub(super) async fn insert_recovery_code(
    tx: &mut Tx,
    digest: Digest,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query("INSERT INTO recovery_codes (digest, user_id, created_at) VALUES ($1, $2, $3)")
        .bind(digest)
        .bind(user_id)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

pub(super) async fn delete_recovery_codes(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    tx.query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user_id).execute().await.map(drop)
}

/// True when it was not used until now.
pub(super) async fn use_recovery_code(
    tx: &mut Tx,
    digest: Digest,
    user_id: UserId,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query("UPDATE recovery_codes SET used_at = $3 WHERE digest = $1 AND user_id = $2 AND used_at IS NULL")
        .bind(digest)
        .bind(user_id)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}
