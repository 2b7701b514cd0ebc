//! All SQL about known browsers.

use crate::{clock::Timestamp, db::Tx, error::Internal, id::UserId, secret::Digest};

/// Notes its use. False when it is not known.
pub(super) async fn used(tx: &mut Tx, user_id: UserId, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE known_browsers SET last_used_at = $3 WHERE user_id = $1 AND digest = $2")
        .bind(user_id)
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

pub(super) async fn has_any(tx: &mut Tx, user_id: UserId) -> Result<bool, Internal> {
    tx.query("SELECT EXISTS (SELECT 1 FROM known_browsers WHERE user_id = $1)").bind(user_id).scalar().await
}

pub(super) async fn insert(tx: &mut Tx, user_id: UserId, digest: Digest, now: Timestamp) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO known_browsers (user_id, digest, created_at, last_used_at) VALUES ($1, $2, $3, $3) \
         ON CONFLICT DO NOTHING",
    )
    .bind(user_id)
    .bind(digest)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Forgets at most `limit` that were not used since `before`; says how many.
pub(crate) async fn delete_unused(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM known_browsers WHERE (user_id, digest) IN (SELECT user_id, digest FROM known_browsers \
         WHERE last_used_at < $1 LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
