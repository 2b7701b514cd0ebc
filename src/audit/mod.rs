//! The audit record (H1): what happened, written in the transaction that made it happen.

mod activity;
mod event;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use activity::of_organization;
pub use activity::{Activity, ActivityPage, Doer, ListActivity, MOST_ACTIVITY, OrganizationLine, list_own_activity};
pub use event::AuditKind;
use serde::Serialize;

use crate::{
    clock::Timestamp,
    core::{Actor, Ctx},
    db::{Conn, Tx},
    error::Internal,
    id::{OrganizationId, UserId},
};

/// What a command puts on record. Everything about actor, address and time comes from the context.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: AuditKind,
    /// Whom it concerns.
    pub(crate) user_id: Option<UserId>,
    /// The application it concerns.
    pub(crate) client_id: Option<&'a str>,
    /// The organisation it concerns.
    pub(crate) organization_id: Option<OrganizationId>,
    /// More about it; never a secret.
    pub(crate) details: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// An entry without details.
    pub(crate) fn new(kind: AuditKind) -> Self {
        let details = serde_json::Value::Object(serde_json::Map::new());
        Self { kind, user_id: None, client_id: None, organization_id: None, details }
    }

    /// An entry about a user, without details.
    pub(crate) fn about(kind: AuditKind, user_id: UserId) -> Self {
        Self { user_id: Some(user_id), ..Self::new(kind) }
    }

    /// The same with the application it concerns.
    pub(crate) fn with_client(self, client_id: &'a str) -> Self {
        Self { client_id: Some(client_id), ..self }
    }

    /// The same with the organisation it concerns.
    pub(crate) fn within(self, organization_id: OrganizationId) -> Self {
        Self { organization_id: Some(organization_id), ..self }
    }

    /// The same with details.
    pub(crate) fn with_details(self, details: impl Serialize) -> Self {
        Self { details: serde_json::to_value(details).unwrap_or_default(), ..self }
    }
}

/// Whether something of this kind happened to a person at that moment or later.
pub(crate) async fn happened_since(
    conn: &mut Conn,
    user_id: UserId,
    kind: AuditKind,
    since: Timestamp,
) -> Result<bool, Internal> {
    store::happened_since(conn, user_id, kind.as_str(), since).await
}

/// Writes an entry in `tx`.
pub(crate) async fn record(tx: &mut Tx, ctx: &Ctx, entry: Entry<'_>) -> Result<(), Internal> {
    let (actor_kind, actor_id) = match &ctx.actor {
        Actor::Anonymous => ("anonymous", None),
        Actor::User(user) => ("user", Some(user.user_id.to_string())),
        Actor::Client { client_id } => ("client", Some(client_id.clone())),
        Actor::Operator => ("operator", None),
        Actor::System => ("system", None),
    };
    store::insert(
        tx,
        store::NewRow {
            id: ctx.new_id(),
            at: ctx.now(),
            kind: entry.kind.as_str(),
            user_id: entry.user_id,
            actor_kind,
            actor_id,
            client_id: entry.client_id.map(str::to_owned),
            organization_id: entry.organization_id,
            ip: ctx.meta.ip.map(|ip| ip.to_string()),
            user_agent: ctx.meta.user_agent.clone(),
            correlation_id: ctx.meta.correlation_id,
            details: entry.details,
        },
    )
    .await
}
