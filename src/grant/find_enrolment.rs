//! What an organisation asks for that somebody has to set up on their way to an application (E7).

use super::{checks::Outcome, interaction::Pending, place::Place};
use crate::{core::Ctx, error::Internal, org::MfaMethod, secret::PlainToken};

/// What an organisation asks for that the person does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentDemand {
    /// The organisation.
    pub organization: String,
    /// What counts.
    pub methods: Vec<MfaMethod>,
}

/// What the person who asks has to set up; none when nothing is, or the request was answered, took too long, or never was.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_enrolment(ctx: &Ctx, handle: &PlainToken) -> Result<Option<EnrolmentDemand>, Internal> {
    let Some((pending, Some(client))) = Pending::find(ctx, handle).await? else { return Ok(None) };
    let (situation, outcome) = pending.outcome(ctx, &client).await?;
    let (Outcome::Enrol, Place::In(here)) = (outcome, &situation.place) else { return Ok(None) };
    let organization = &here.standing.organization;
    let methods = organization.mfa.allowed_methods.clone();
    Ok(Some(EnrolmentDemand { organization: organization.name.clone(), methods }))
}
