//! All SQL about signing in.

use sqlx::types::Json;

use super::{
    pending::NewPending,
    steps::{self, Amr, Least},
};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{SessionId, Stamp, UserId},
    password::StoredHash,
    secret::Digest,
    session::SessionKind,
};

/// Says whether the account is still as it was read: with this password and stamp, neither paused nor deactivated. Holds
/// its row until the transaction ends.
pub(super) async fn is_unchanged(
    tx: &mut Tx,
    id: UserId,
    hash: StoredHash,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET failures = failures WHERE id = $1 AND password_hash = $2 AND security_stamp = $3 \
         AND is_active AND deleted_at IS NULL AND (locked_until IS NULL OR locked_until <= $4)",
    )
    .bind(id)
    .bind(hash)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Holds the row of an account that is active and has this stamp until the transaction ends. False when it has not.
pub(super) async fn is_as_before(tx: &mut Tx, id: UserId, stamp: Stamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET failures = failures WHERE id = $1 AND security_stamp = $2 AND is_active AND deleted_at IS NULL",
    )
    .bind(id)
    .bind(stamp)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// The sign-in is whole: forgets failures and notes the time. False when the account was paused, deactivated, or changed
/// (A8) in the meantime.
pub(super) async fn complete(tx: &mut Tx, id: UserId, stamp: Stamp, now: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE users SET failures = 0, last_failure_at = NULL, locked_until = NULL, last_sign_in_at = $3 \
         WHERE id = $1 AND security_stamp = $2 AND is_active AND deleted_at IS NULL \
         AND (locked_until IS NULL OR locked_until <= $3)",
    )
    .bind(id)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Forgets failures without a sign-in: the password was right, and nothing else can be asked.
pub(super) async fn forgive(tx: &mut Tx, id: UserId) -> Result<(), Internal> {
    tx.query("UPDATE users SET failures = 0, last_failure_at = NULL, locked_until = NULL WHERE id = $1")
        .bind(id)
        .execute()
        .await
        .map(drop)
}

/// Replaces the hash of the same password (A3): nobody notices.
pub(super) async fn replace_hash(tx: &mut Tx, id: UserId, old: StoredHash, new: StoredHash) -> Result<bool, Internal> {
    tx.query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(id)
        .bind(old)
        .bind(new)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// A sign-in that waits.
#[derive(sqlx::FromRow)]
pub(super) struct PendingRow {
    pub(super) user_id: UserId,
    #[sqlx(rename = "security_stamp")]
    pub(super) stamp: Stamp,
    kind: String,
    amr: Json<Vec<String>>,
    #[sqlx(rename = "stay_signed_in")]
    pub(super) stay: bool,
    pub(super) expires_at: Timestamp,
    pub(super) session_id: Option<SessionId>,
    pub(super) shown_at: Option<Timestamp>,
    least: Option<String>,
}

impl PendingRow {
    /// What has to be reached; a word of another version asks for the most that this one knows.
    pub(super) fn least(&self) -> Option<Least> {
        self.least.as_deref().map(|word| word.parse().unwrap_or(Least::PhishingResistant))
    }

    pub(super) fn kind(&self) -> SessionKind {
        SessionKind::parse(&self.kind)
    }

    /// What was proven so far; what another version meant by other words counts for nothing.
    pub(super) fn amr(&self) -> Vec<Amr> {
        self.amr.0.iter().filter_map(|word| word.parse().ok()).collect()
    }
}

pub(super) async fn insert_pending(
    tx: &mut Tx,
    digest: Digest,
    new: NewPending<'_>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO pending_sign_ins (digest, user_id, security_stamp, kind, amr, stay_signed_in, created_at, \
         expires_at, session_id, shown_at, least) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(digest)
    .bind(new.user.id)
    .bind(new.user.stamp)
    .bind(new.kind.as_str())
    .bind(Json(steps::words(&new.amr)))
    .bind(new.stay)
    .bind(now)
    .bind(expires_at)
    .bind(new.on_top.map(|on_top| on_top.session_id))
    .bind(new.on_top.map(|on_top| on_top.shown_at))
    .bind(new.on_top.map(|on_top| on_top.least.as_str()))
    .execute()
    .await
    .map(drop)
}

/// The one behind a handle, unless used or too old.
pub(super) async fn find_pending(
    conn: &mut Conn,
    digest: Digest,
    now: Timestamp,
) -> Result<Option<PendingRow>, Internal> {
    conn.query(
        "SELECT user_id, security_stamp, kind, amr, stay_signed_in, expires_at, session_id, shown_at, least \
         FROM pending_sign_ins WHERE digest = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(digest)
    .bind(now)
    .optional()
    .await
}

/// Holds the row of a sign-in that waits until the transaction ends. False when it waits no longer.
pub(super) async fn is_open(tx: &mut Tx, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE pending_sign_ins SET used_at = NULL WHERE digest = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// True for the one who comes first.
pub(super) async fn consume_pending(tx: &mut Tx, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE pending_sign_ins SET used_at = $2 WHERE digest = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Removes at most `limit` sign-ins that nobody completed in time; says how many.
pub(crate) async fn delete_expired_pending(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM pending_sign_ins WHERE digest IN (SELECT digest FROM pending_sign_ins WHERE expires_at < $1 \
         LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
