//! The person says for which organisation they come (C2, E12), and what they are shown on the way.

use super::{checks::Outcome, details::ChosenOrganization, interaction::Pending, place::Place, store::interactions};
use crate::{
    core::Ctx,
    error::Internal,
    id::OrganizationId,
    org::{self, ListOrganizations, MfaMethod, Mine},
    secret::PlainToken,
};

/// The organisations that the person may choose from.
#[derive(Clone, Debug)]
pub struct OrganizationQuestion {
    /// By name.
    pub organizations: Vec<Mine>,
    /// The one chosen last.
    pub preferred: Option<OrganizationId>,
}

/// What an organisation asks for that the person does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentDemand {
    /// The organisation.
    pub organization: String,
    /// What counts.
    pub methods: Vec<MfaMethod>,
}

/// What stands between a request and its answer, as far as organisations are concerned.
#[derive(Clone, Debug)]
pub enum OrganizationStep {
    /// They say for which.
    Choose(OrganizationQuestion),
    /// They set something up first.
    Enrol(EnrolmentDemand),
    /// Nothing: go on to `/connect/resume`.
    Nothing,
}

/// What the person who asks is to be asked; none when the request was answered, took too long, or never was.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_organization_step(ctx: &Ctx, handle: &PlainToken) -> Result<Option<OrganizationStep>, Internal> {
    let Some((pending, Some(client))) = Pending::find(ctx, handle).await? else { return Ok(None) };
    let (situation, outcome) = pending.outcome(ctx, &client).await?;
    Ok(Some(match (outcome, &situation.place, ctx.user()) {
        (Outcome::Organization, _, Some(actor)) => {
            let mine = org::of_user(&ctx.core, actor.user_id, ListOrganizations::first()).await?;
            let preferred = org::preferred(&ctx.core, actor.user_id).await?;
            OrganizationStep::Choose(OrganizationQuestion { organizations: mine.organizations, preferred })
        }
        (Outcome::Enrol, Place::In(here), _) => {
            let organization = &here.standing.organization;
            let methods = organization.mfa.allowed_methods.clone();
            OrganizationStep::Enrol(EnrolmentDemand { organization: organization.name.clone(), methods })
        }
        _ => OrganizationStep::Nothing,
    }))
}

/// Notes for which organisation the person who asks comes to an application, and prefers it from now on. False when they are
/// no member of it, or the request is over: the page after this one says so.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn say_organization(ctx: &Ctx, handle: &PlainToken, id: OrganizationId) -> Result<bool, Internal> {
    let Some(actor) = ctx.user() else { return Ok(false) };
    let Some((mut pending, _)) = Pending::find(ctx, handle).await? else { return Ok(false) };
    let Some((interaction, _)) = pending.stored else { return Ok(false) };
    if org::find_standing(&ctx.core, actor.user_id, id).await?.is_none() {
        return Ok(false);
    }
    pending.state.organization = Some(ChosenOrganization { user_id: actor.user_id, organization_id: id });
    let mut tx = ctx.core.db().write().await?;
    interactions::save_state(&mut tx, interaction, pending.state, ctx.now()).await?;
    org::prefer(&mut tx, actor.user_id, id).await?;
    tx.commit().await?;
    Ok(true)
}
