//! What applications may do with the account of the person who asks (C4).

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    get_consent::{Asked, ConsentRequest, describe},
    store::{
        applications::{self, HeldRow, RememberedRow},
        grants::read_scope,
        people,
    },
};
use crate::resource::find_catalogue;
use crate::{authz, client::find_registered, clock::Timestamp, core::Ctx, error::Internal, protocol::ScopeSet};

/// An application that a person let in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct ApplicationView {
    /// Its client id.
    pub client_id: String,
    /// Who it is, and all it may do, in words.
    pub may: ConsentRequest,
    /// It belongs to the operator of the instance, and never asks.
    pub is_first_party: bool,
    /// It registered itself (RFC 7591), or is what a document at its id says.
    pub is_self_registered: bool,
    /// It is turned off: nothing of this works at present.
    pub is_off: bool,
    /// It is not asked about again.
    pub is_remembered: bool,
    /// It holds tokens, or may fetch some.
    pub holds_tokens: bool,
    /// When the oldest of this was allowed.
    pub since: Timestamp,
    /// When it last got tokens; never, when nothing of that is known any more.
    pub last_used_at: Option<Timestamp>,
}

/// What was allowed to one application, added up.
struct Allowed {
    scope: ScopeSet,
    resources: Vec<String>,
    details: Vec<Value>,
    is_remembered: bool,
    holds_tokens: bool,
    since: Timestamp,
    last_used_at: Option<Timestamp>,
}

impl Allowed {
    fn nothing(since: Timestamp) -> Self {
        Self {
            scope: ScopeSet::empty(),
            resources: Vec::new(),
            details: Vec::new(),
            is_remembered: false,
            holds_tokens: false,
            since,
            last_used_at: None,
        }
    }

    fn add(&mut self, scope: &ScopeSet, resources: Vec<String>, details: Vec<Value>, since: Timestamp) {
        self.scope = self.scope.union(scope);
        self.resources.extend(resources);
        self.resources.sort();
        self.resources.dedup();
        for detail in details {
            if !self.details.contains(&detail) {
                self.details.push(detail);
            }
        }
        self.since = self.since.min(since);
    }
}

/// Adds up what is remembered and what is held, by application.
fn add_up(remembered: Vec<RememberedRow>, held: Vec<HeldRow>) -> Result<BTreeMap<String, Allowed>, Internal> {
    let mut all = BTreeMap::new();
    for row in remembered {
        let allowed = all.entry(row.client_id).or_insert_with(|| Allowed::nothing(row.created_at));
        let details = row.details.0;
        allowed.add(&read_scope(&row.scope)?, details.resources, details.authorization_details, row.created_at);
        allowed.is_remembered = true;
    }
    for row in held {
        let allowed = all.entry(row.client_id).or_insert_with(|| Allowed::nothing(row.created_at));
        let details = row.details.0;
        // Claims may have been asked for by name only: what the person agreed to says it all.
        let scope = read_scope(&row.scope)?.union(&details.consented);
        allowed.add(&scope, details.resources, details.authorization_details, row.created_at);
        allowed.holds_tokens = true;
        allowed.last_used_at = allowed.last_used_at.max(Some(row.last_used_at));
    }
    Ok(all)
}

/// The applications that the person who asks let in: those whose consent is remembered and those that hold tokens, the
/// last used first. Nobody let anything in.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_applications(ctx: &Ctx) -> Result<Vec<ApplicationView>, Internal> {
    let Ok(actor) = authz::require_user(ctx) else { return Ok(Vec::new()) };
    let mut conn = ctx.core.db().read().await?;
    let Some(person) = people::find(&mut conn, actor.user_id).await? else { return Ok(Vec::new()) };
    let remembered = applications::list_remembered(&mut conn, actor.user_id).await?;
    let held = applications::list_held(&mut conn, actor.user_id, ctx.now()).await?;
    let mut found = Vec::new();
    for (client_id, allowed) in add_up(remembered, held)? {
        if let Some(client) = find_registered(&mut conn, &client_id).await? {
            found.push((client, allowed));
        }
    }
    drop(conn);
    let catalogue = find_catalogue(&ctx.core).await?;
    let view = |(client, allowed): (crate::client::Client, Allowed)| {
        let asked =
            Asked { scope: allowed.scope, resources: &allowed.resources, details: &allowed.details, before: None };
        ApplicationView {
            may: describe(ctx.config(), &client, &catalogue, person.clone(), asked),
            is_first_party: client.settings.first_party,
            is_self_registered: client.origin().is_some(),
            is_off: !client.is_enabled,
            client_id: client.id,
            is_remembered: allowed.is_remembered,
            holds_tokens: allowed.holds_tokens,
            since: allowed.since,
            last_used_at: allowed.last_used_at,
        }
    };
    let mut views: Vec<_> = found.into_iter().map(view).collect();
    // By name where neither, or both at the same moment, was used: sorting keeps the order of what is equal.
    views.sort_by(|a, b| a.may.client_name.cmp(&b.may.client_name));
    views.sort_by_key(|view| std::cmp::Reverse(view.last_used_at));
    Ok(views)
}
