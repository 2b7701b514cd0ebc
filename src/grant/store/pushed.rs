//! Pushed authorization requests.

use sqlx::types::Json;

use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    protocol::AuthorizationRequest,
    secret::Digest,
};

pub(in crate::grant) struct NewPushed {
    pub(in crate::grant) digest: Digest,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) request: AuthorizationRequest,
    pub(in crate::grant) expires_at: Timestamp,
}

pub(in crate::grant) async fn insert(tx: &mut Tx, pushed: NewPushed) -> Result<(), Internal> {
    tx.query("INSERT INTO pushed_requests (digest, client_id, request, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(pushed.digest)
        .bind(pushed.client_id)
        .bind(Json(pushed.request))
        .bind(pushed.expires_at)
        .execute()
        .await
        .map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    request: Json<AuthorizationRequest>,
}

/// A request of this client that can still be used.
pub(in crate::grant) async fn find(
    conn: &mut Conn,
    digest: Digest,
    client_id: String,
    now: Timestamp,
) -> Result<Option<AuthorizationRequest>, Internal> {
    let row: Option<Row> = conn
        .query(
            "SELECT request FROM pushed_requests \
             WHERE digest = $1 AND client_id = $2 AND used_at IS NULL AND expires_at > $3",
        )
        .bind(digest)
        .bind(client_id)
        .bind(now)
        .optional()
        .await?;
    Ok(row.map(|row| row.request.0))
}

/// Uses a request up: true for exactly one of all who try. Its time does not count any more: the person was shown a page
/// while it did.
pub(in crate::grant) async fn mark_used(tx: &mut Tx, digest: Digest, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE pushed_requests SET used_at = $2 WHERE digest = $1 AND used_at IS NULL")
        .bind(digest)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}
