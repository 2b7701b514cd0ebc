//! All SQL about trusted browsers.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{Stamp, TrustedBrowserId, UserId},
    secret::Digest,
};

/// A browser to be trusted.
pub(super) struct NewRow {
    pub(super) id: TrustedBrowserId,
    pub(super) digest: Digest,
    pub(super) user_id: UserId,
    pub(super) stamp: Stamp,
    pub(super) user_agent: Option<String>,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

pub(super) async fn insert(tx: &mut Tx, new: NewRow) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO trusted_browsers (id, digest, user_id, security_stamp, user_agent, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new.id)
    .bind(new.digest)
    .bind(new.user_id)
    .bind(new.stamp)
    .bind(new.user_agent)
    .bind(new.now)
    .bind(new.expires_at)
    .execute()
    .await
    .map(drop)
}

/// Notes the use of a record of this person that is not too old, and made under the present stamp. False when there is none.
pub(super) async fn used(
    tx: &mut Tx,
    digest: Digest,
    user_id: UserId,
    stamp: Stamp,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE trusted_browsers SET last_used_at = $4 WHERE digest = $1 AND user_id = $2 AND security_stamp = $3 \
         AND expires_at > $4",
    )
    .bind(digest)
    .bind(user_id)
    .bind(stamp)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// A trusted browser in its owner's list.
#[derive(sqlx::FromRow)]
pub(super) struct ListedRow {
    pub(super) id: TrustedBrowserId,
    pub(super) digest: Digest,
    pub(super) user_agent: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) expires_at: Timestamp,
}

/// Those that still count, the newest first.
pub(super) async fn list(conn: &mut Conn, user_id: UserId, now: Timestamp) -> Result<Vec<ListedRow>, Internal> {
    conn.query(
        "SELECT t.id, t.digest, t.user_agent, t.created_at, t.last_used_at, t.expires_at FROM trusted_browsers t \
         JOIN users u ON u.id = t.user_id WHERE t.user_id = $1 AND t.security_stamp = u.security_stamp \
         AND t.expires_at > $2 ORDER BY t.id DESC",
    )
    .bind(user_id)
    .bind(now)
    .all()
    .await
}

/// False when it is not there, or somebody else's.
pub(super) async fn end(tx: &mut Tx, id: TrustedBrowserId, user_id: UserId) -> Result<bool, Internal> {
    tx.query("DELETE FROM trusted_browsers WHERE id = $1 AND user_id = $2")
        .bind(id)
        .bind(user_id)
        .execute()
        .await
        .map(|changed| changed == 1)
}

pub(super) async fn end_all(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    tx.query("DELETE FROM trusted_browsers WHERE user_id = $1").bind(user_id).execute().await.map(drop)
}

/// Ends all but the newest `most`.
pub(super) async fn keep_newest(tx: &mut Tx, user_id: UserId, most: i64) -> Result<(), Internal> {
    tx.query(
        "DELETE FROM trusted_browsers WHERE user_id = $1 AND id NOT IN (SELECT id FROM trusted_browsers \
         WHERE user_id = $1 ORDER BY id DESC LIMIT $2)",
    )
    .bind(user_id)
    .bind(most)
    .execute()
    .await
    .map(drop)
}

/// Removes at most `limit` that were too old before `before`; says how many.
pub(crate) async fn delete_expired(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM trusted_browsers WHERE id IN (SELECT id FROM trusted_browsers WHERE expires_at < $1 LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
