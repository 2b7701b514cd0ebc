//! Remembered consent.

use sqlx::types::Json;

use super::super::details::ConsentDetails;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
    protocol::ScopeSet,
};

#[derive(sqlx::FromRow)]
struct Row {
    scope: String,
    details: Json<ConsentDetails>,
}

/// A remembered answer.
#[derive(Clone, Debug)]
pub(in crate::grant) struct Remembered {
    /// What was allowed.
    pub(in crate::grant) granted: ScopeSet,
    /// What was asked.
    pub(in crate::grant) details: ConsentDetails,
}

pub(in crate::grant) async fn find(
    conn: &mut Conn,
    user_id: UserId,
    client_id: String,
) -> Result<Option<Remembered>, Internal> {
    let row: Option<Row> = conn
        .query("SELECT scope, details FROM consents WHERE user_id = $1 AND client_id = $2")
        .bind(user_id)
        .bind(client_id)
        .optional()
        .await?;
    row.map(|row| Ok(Remembered { granted: super::grants::read_scope(&row.scope)?, details: row.details.0 }))
        .transpose()
}

pub(in crate::grant) async fn save(
    tx: &mut Tx,
    user_id: UserId,
    client_id: String,
    consent: Remembered,
    now: Timestamp,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO consents (user_id, client_id, scope, details, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (user_id, client_id) \
         DO UPDATE SET scope = excluded.scope, details = excluded.details, updated_at = excluded.updated_at",
    )
    .bind(user_id)
    .bind(client_id)
    .bind(consent.granted.to_string())
    .bind(Json(consent.details))
    .bind(now)
    .execute()
    .await
    .map(drop)
}
