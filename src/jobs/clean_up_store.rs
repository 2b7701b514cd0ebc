//! SQL that removes expired browser records and sessions.

use crate::{clock::Timestamp, db::Tx, error::Internal};

pub(super) async fn delete_browsers(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM browsers WHERE digest IN (SELECT digest FROM browsers WHERE expires_at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}

/// A session that a grant still names is kept: a grant that lost its session would seem to outlive it rightfully.
pub(super) async fn delete_sessions(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query(
        "DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.session_id = s.id) LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute()
    .await
}
