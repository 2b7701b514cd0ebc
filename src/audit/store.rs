//! All SQL about the audit record.

use sqlx::types::Json;

use super::{Activity, AuditKind};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{AuditId, CorrelationId, UserId},
};

pub(super) struct NewRow {
    pub(super) id: AuditId,
    pub(super) at: Timestamp,
    pub(super) kind: &'static str,
    pub(super) user_id: Option<UserId>,
    pub(super) actor_kind: &'static str,
    pub(super) actor_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) correlation_id: CorrelationId,
    pub(super) details: serde_json::Value,
}

pub(super) async fn insert(tx: &mut Tx, row: NewRow) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO audit (id, at, kind, user_id, actor_kind, actor_id, client_id, ip, user_agent, correlation_id, \
         details) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id)
    .bind(row.at)
    .bind(row.kind)
    .bind(row.user_id)
    .bind(row.actor_kind)
    .bind(row.actor_id)
    .bind(row.client_id)
    .bind(row.ip)
    .bind(row.user_agent)
    .bind(row.correlation_id)
    .bind(Json(row.details))
    .execute()
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: AuditId,
    at: Timestamp,
    kind: String,
    client_id: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    details: Json<serde_json::Value>,
}

impl Row {
    /// `None` for kinds that a newer version wrote.
    pub(super) fn into_activity(self) -> Option<Activity> {
        Some(Activity {
            id: self.id,
            at: self.at,
            kind: AuditKind::parse(&self.kind)?,
            client_id: self.client_id,
            ip: self.ip,
            user_agent: self.user_agent,
            details: self.details.0,
        })
    }
}

pub(super) async fn list_of_user(conn: &mut Conn, user_id: UserId, limit: u32) -> Result<Vec<Row>, Internal> {
    conn.query(
        "SELECT id, at, kind, client_id, ip, user_agent, details FROM audit WHERE user_id = $1 \
         ORDER BY at DESC, id DESC LIMIT $2",
    )
    .bind(user_id)
    .bind(i64::from(limit))
    .all()
    .await
}
