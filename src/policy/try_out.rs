//! Trying a text of policies on decisions of the past before it counts: what would be different?

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use super::{
    PolicyScope, cache,
    engine::{Because, Compiled, Policies, PolicyProblem, Question},
    place::{self, Place},
    record::{self, MOST_RECORDED, Recorded},
    save, store,
};
use crate::{authz::Denied, core::Ctx, error::Internal, id::OrganizationId, org::refused};

/// Try a text.
#[derive(Clone, Debug)]
pub struct TryPolicies {
    /// Whose policies.
    pub scope: PolicyScope,
    /// The text, in Cedar.
    pub text: String,
}

/// What the text would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedOut {
    /// How many decisions it was tried on: the latest of the organisation, or of all of them.
    pub tried: usize,
    /// Those that would come out another way, the latest first.
    pub changes: Vec<Change>,
    /// How many of the policies would have decided none of them.
    pub unused: Vec<String>,
    /// What the text allows but cannot mean.
    pub warnings: Vec<PolicyProblem>,
}

/// A decision that would come out another way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was asked.
    pub question: Question,
    /// Whether it would be allowed; with the policies that count it is the other way round.
    pub allowed: bool,
    /// What would decide.
    pub because: Because,
    /// The policies of the text that would decide.
    pub policies: Vec<String>,
}

/// Why a text was not tried.
#[derive(Debug, thiserror::Error)]
pub enum TryPoliciesError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The text cannot be read, or speaks of what is not there.
    #[error("the text has mistakes")]
    Mistakes(Vec<PolicyProblem>),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(TryPoliciesError);

/// Decides the latest questions again, with the policies that count and with this text in their place.
///
/// # Errors
/// [`TryPoliciesError`]
pub async fn try_policies(ctx: &Ctx, cmd: TryPolicies) -> Result<TriedOut, TryPoliciesError> {
    let place = place::enter(ctx, &cmd.scope).await?;
    let sound = save::check(&place, cmd.text).await?.map_err(TryPoliciesError::Mistakes)?;
    // What this node decided a moment ago counts, too.
    record::write_recorded(&ctx.core).await?;
    let mut conn = ctx.core.db().read().await?;
    let recorded = store::recorded(&mut conn, place.organization_id, MOST_RECORDED).await?;
    drop(conn);
    let present = present(ctx, &recorded).await?;
    let draft = Arc::new(sound.compiled);
    let warnings = sound.warnings;
    // Two hundred questions to two hundred policies, twice: not on a thread that answers others.
    let work = move || compare(&place, &recorded, &present, &draft);
    let done = tokio::task::spawn_blocking(work).await.map_err(|cause| Internal::new("try policies", cause))?;
    Ok(TriedOut { warnings, ..done? })
}

/// The policies that count in each organisation that is asked about.
async fn present(ctx: &Ctx, recorded: &[Recorded]) -> Result<HashMap<OrganizationId, Policies>, Internal> {
    let mut present = HashMap::new();
    for id in recorded.iter().map(|one| one.question.organization) {
        if let Entry::Vacant(place) = present.entry(id) {
            place.insert(cache::find_policies(&ctx.core, id).await?);
        }
    }
    Ok(present)
}

fn compare(
    place: &Place,
    recorded: &[Recorded],
    present: &HashMap<OrganizationId, Policies>,
    draft: &Arc<Compiled>,
) -> Result<TriedOut, Internal> {
    let mut unused: Vec<String> = draft.policies().into_iter().map(|name| name.id.clone()).collect();
    let mut changes = Vec::new();
    for Recorded { question, .. } in recorded {
        let now = present.get(&question.organization).cloned().unwrap_or_default();
        let then = match place.organization_id {
            None => Policies { instance: Some(Arc::clone(draft)), ..now.clone() },
            Some(id) => Policies { organization: Some((id, Arc::clone(draft))), ..now.clone() },
        };
        let (now, then) = (now.decide(question)?, then.decide(question)?);
        let said = if place.organization_id.is_some() { &then.organization } else { &then.instance };
        let applying = said.forbids.iter().chain(&said.permits).chain(said.failed.iter().map(|failed| &failed.policy));
        let policies: Vec<String> = applying.map(|name| name.id.clone()).collect();
        unused.retain(|id| !policies.contains(id));
        if now.allowed != then.allowed {
            let question = question.clone();
            changes.push(Change { question, allowed: then.allowed, because: then.because, policies });
        }
    }
    Ok(TriedOut { tried: recorded.len(), changes, unused, warnings: Vec::new() })
}
