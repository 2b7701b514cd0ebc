//! All SQL about what people answered who were offered a passkey.

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
};

/// They have no passkey and did not put the question off.
pub(super) async fn is_open(conn: &mut Conn, user_id: UserId, now: Timestamp) -> Result<bool, Internal> {
    conn.query(
        "SELECT NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1) AND NOT EXISTS (SELECT 1 FROM passkey_offers \
         WHERE user_id = $1 AND (again_at IS NULL OR again_at > $2))",
    )
    .bind(user_id)
    .bind(now)
    .scalar()
    .await
}

pub(super) async fn save(tx: &mut Tx, user_id: UserId, again_at: Option<Timestamp>) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO passkey_offers (user_id, again_at) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET again_at = excluded.again_at",
    )
    .bind(user_id)
    .bind(again_at)
    .execute()
    .await
    .map(drop)
}
