//! Stored authorization requests.

use sqlx::types::Json;

use super::super::details::InteractionState;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::InteractionId,
    protocol::AuthorizationRequest,
    secret::Digest,
};

#[derive(sqlx::FromRow)]
pub(in crate::grant) struct InteractionRow {
    pub(in crate::grant) id: InteractionId,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) request: Json<AuthorizationRequest>,
    pub(in crate::grant) state: Json<InteractionState>,
    pub(in crate::grant) created_at: Timestamp,
}

pub(in crate::grant) async fn insert(
    tx: &mut Tx,
    row: InteractionRow,
    digest: Digest,
    expires_at: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO interactions (id, digest, client_id, request, state, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.id)
    .bind(digest)
    .bind(row.client_id)
    .bind(row.request)
    .bind(row.state)
    .bind(row.created_at)
    .bind(expires_at)
    .execute()
    .await
    .map(drop)
}

/// One that still waits for its answer.
pub(in crate::grant) async fn find(
    conn: &mut Conn,
    digest: Digest,
    now: Timestamp,
) -> Result<Option<InteractionRow>, Internal> {
    conn.query(
        "SELECT id, client_id, request, state, created_at FROM interactions \
         WHERE digest = $1 AND finished_at IS NULL AND expires_at > $2",
    )
    .bind(digest)
    .bind(now)
    .optional()
    .await
}

/// False when it was answered meanwhile.
pub(in crate::grant) async fn save_state(
    tx: &mut Tx,
    id: InteractionId,
    state: InteractionState,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query("UPDATE interactions SET state = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $3")
        .bind(id)
        .bind(Json(state))
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}

/// False when it was answered before.
pub(in crate::grant) async fn finish(tx: &mut Tx, id: InteractionId, now: Timestamp) -> Result<bool, Internal> {
    tx.query("UPDATE interactions SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL AND expires_at > $2")
        .bind(id)
        .bind(now)
        .execute()
        .await
        .map(|changed| changed > 0)
}
