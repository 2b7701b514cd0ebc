//! The person decides (D10).
//!
//! What the form says is not listened to beyond yes, no, and which of the optional scopes were left in: client, scopes
//! and person come from the stored request and the session. The decision is bound to that person and that session, so
//! nobody can decide for somebody else, and nobody's decision outlives their session.

use super::{
    checks::{Situation, is_optional},
    details::{ConsentDetails, Decision, on_record},
    get_consent::{GetConsentError, Question, find_question},
    store::{
        consents::{self, Remembered},
        interactions,
    },
};
use crate::{
    audit::{self, AuditKind},
    core::Ctx,
    error::Internal,
    protocol::{Scope, ScopeSet},
    secret::PlainToken,
};

/// An answer to the consent page.
#[derive(Debug)]
pub struct DecideConsent {
    /// The request that is answered.
    pub interaction: PlainToken,
    /// Yes or no.
    pub allow: bool,
    /// Which of the optional scopes were left in. Others are not listened to.
    pub granted_optional: Vec<Scope>,
    /// Do not ask again for this much.
    pub remember: bool,
}

/// Why no decision was taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideConsentError {
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first: go to the sign-in page.
    #[error("sign in first")]
    SignIn,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Takes a decision of the person whose session asks. Go on to `/connect/resume` afterwards, also when nothing had to
/// be decided.
///
/// # Errors
/// [`DecideConsentError`]
pub async fn decide_consent(ctx: &Ctx, cmd: DecideConsent) -> Result<(), DecideConsentError> {
    let Question { client, mut pending, situation } = match find_question(ctx, &cmd.interaction).await {
        Ok(question) => question,
        Err(GetConsentError::NotNeeded) => return Ok(()),
        Err(GetConsentError::Gone) => return Err(DecideConsentError::Gone),
        Err(GetConsentError::SignIn) => return Err(DecideConsentError::SignIn),
        Err(GetConsentError::Internal(error)) => return Err(error.into()),
    };
    let Some((interaction_id, _)) = pending.stored else { return Err(DecideConsentError::Gone) };
    let signed_in = situation.signed_in.as_ref().ok_or(DecideConsentError::SignIn)?;
    let user_id = signed_in.person.user_id;
    let asked = situation.asked();
    let granted: ScopeSet = asked
        .iter()
        .filter(|scope| !is_optional(&situation.catalogue, scope) || cmd.granted_optional.contains(scope))
        .cloned()
        .collect();
    pending.state.decision = Some(Decision {
        user_id,
        session_id: signed_in.session_id,
        granted: cmd.allow.then(|| granted.clone()),
        asked: asked.clone(),
        resources: situation.request.resources.clone(),
        authorization_details: situation.request.authorization_details.clone(),
    });
    let remember = cmd.remember && cmd.allow;
    let kind = if cmd.allow { AuditKind::ConsentGiven } else { AuditKind::ConsentDenied };
    let told = if cmd.allow { &granted } else { &asked };
    let request = &situation.request;
    let mut details = on_record(told, &request.resources, &request.authorization_details);
    details.insert("remembered".to_owned(), remember.into());
    let entry = audit::Entry::about(kind, user_id).with_client(&client.id).with_details(details);

    let mut tx = ctx.core.db().write().await?;
    if !interactions::save_state(&mut tx, interaction_id, pending.state, ctx.now()).await? {
        return Err(DecideConsentError::Gone);
    }
    if remember {
        let consent = add(&situation, &asked, &granted);
        consents::save(&mut tx, user_id, client.id.clone(), consent, ctx.now()).await?;
    }
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds an answer to what was remembered: it replaces what was asked now and leaves the rest as it was.
fn add(situation: &Situation, asked: &ScopeSet, granted: &ScopeSet) -> Remembered {
    let request = &situation.request;
    let mut remembered = situation
        .remembered
        .clone()
        .unwrap_or_else(|| Remembered { granted: ScopeSet::empty(), details: ConsentDetails::default() });
    remembered.granted = remembered.granted.difference(asked).union(granted);
    let details = &mut remembered.details;
    details.asked = details.asked.union(asked);
    add_new(&mut details.resources, &request.resources);
    add_new(&mut details.authorization_details, &request.authorization_details);
    remembered
}

/// Adds what is not there, and drops the oldest of more than can be kept.
fn add_new<T: Clone + PartialEq>(known: &mut Vec<T>, new: &[T]) {
    const KEPT: usize = 64;
    for one in new {
        if !known.contains(one) {
            known.push(one.clone());
        }
    }
    known.drain(..known.len().saturating_sub(KEPT));
}
