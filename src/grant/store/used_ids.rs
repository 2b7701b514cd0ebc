//! Identifiers that may be used once.

use crate::{clock::Timestamp, db::Conn, error::Internal, secret::Digest};

/// True for the first who brings it.
pub(in crate::grant) async fn insert(conn: &mut Conn, digest: Digest, expires_at: Timestamp) -> Result<bool, Internal> {
    conn.query("INSERT INTO used_ids (digest, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(digest)
        .bind(expires_at)
        .execute()
        .await
        .map(|changed| changed > 0)
}
