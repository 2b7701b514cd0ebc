//! All SQL about the audit record.

use sqlx::types::Json;

use super::{Activity, AuditKind, Doer, OrganizationLine};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{AuditId, CorrelationId, OrganizationId, UserId},
};

pub(super) struct NewRow {
    pub(super) id: AuditId,
    pub(super) at: Timestamp,
    pub(super) kind: &'static str,
    pub(super) user_id: Option<UserId>,
    pub(super) actor_kind: &'static str,
    pub(super) actor_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) correlation_id: CorrelationId,
    pub(super) details: serde_json::Value,
}

pub(super) async fn insert(tx: &mut Tx, row: NewRow) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO audit (id, at, kind, user_id, actor_kind, actor_id, client_id, ip, user_agent, correlation_id, \
         details, organization_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
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
    .bind(row.organization_id)
    .execute()
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: AuditId,
    at: Timestamp,
    kind: String,
    actor_kind: String,
    actor_id: Option<String>,
    client_id: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    details: Json<serde_json::Value>,
}

impl Row {
    /// As `owner` may see it; `None` for kinds that a newer version wrote.
    pub(super) fn into_activity(self, owner: UserId) -> Option<Activity> {
        let kind = AuditKind::parse(&self.kind)?;
        let by = Doer::of(kind, owner, &self.actor_kind, self.actor_id.as_deref());
        let (ip, user_agent) = if by == Doer::Person { (self.ip, self.user_agent) } else { (None, None) };
        Some(Activity {
            id: self.id,
            at: self.at,
            kind,
            by,
            client_id: self.client_id,
            ip,
            user_agent,
            details: self.details.0,
        })
    }
}

/// Whether something of this kind happened to a user at that moment or later.
pub(super) async fn happened_since(
    conn: &mut Conn,
    user_id: UserId,
    kind: &'static str,
    since: Timestamp,
) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM audit WHERE user_id = $1 AND kind = $2 AND at >= $3)")
        .bind(user_id)
        .bind(kind)
        .bind(since)
        .scalar()
        .await
}

/// Lines about a user that are older than `after`, the newest first, but for those that nobody asks about.
pub(super) async fn list_of_user(
    conn: &mut Conn,
    user_id: UserId,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Row>, Internal> {
    conn.query(
        "SELECT id, at, kind, actor_kind, actor_id, client_id, ip, user_agent, details FROM audit \
         WHERE user_id = $1 AND kind NOT IN ('tokens_issued', 'password_rehashed') \
         AND ((at, id) < (SELECT b.at, b.id FROM audit b WHERE b.id = $2 AND b.user_id = $1) OR $2 IS NULL) \
         ORDER BY at DESC, id DESC LIMIT $3",
    )
    .bind(user_id)
    .bind(after)
    .bind(limit)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
pub(super) struct OrganizationRow {
    pub(super) id: AuditId,
    at: Timestamp,
    kind: String,
    user_id: Option<UserId>,
    actor_kind: String,
    actor_id: Option<String>,
    details: Json<serde_json::Value>,
}

impl OrganizationRow {
    /// As those may see it who look after the organisation; `None` for kinds that a newer version wrote.
    pub(super) fn into_line(self) -> Option<OrganizationLine> {
        let by_member = (self.actor_kind == "user").then_some(self.actor_id).flatten();
        Some(OrganizationLine {
            id: self.id,
            at: self.at,
            kind: AuditKind::parse(&self.kind)?,
            about: self.user_id,
            by: by_member.and_then(|id| id.parse().ok()),
            is_by_house: self.actor_kind == "system",
            details: self.details.0,
        })
    }
}

/// Lines about an organisation that are older than `after`, the newest first.
pub(super) async fn list_of_organization(
    conn: &mut Conn,
    organization_id: OrganizationId,
    after: Option<AuditId>,
    limit: i64,
) -> Result<Vec<OrganizationRow>, Internal> {
    conn.query(
        "SELECT id, at, kind, user_id, actor_kind, actor_id, details FROM audit WHERE organization_id = $1 \
         AND ((at, id) < (SELECT b.at, b.id FROM audit b WHERE b.id = $2 AND b.organization_id = $1) OR $2 IS NULL) \
         ORDER BY at DESC, id DESC LIMIT $3",
    )
    .bind(organization_id)
    .bind(after)
    .bind(limit)
    .all()
    .await
}
