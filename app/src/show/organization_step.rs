//! For which organisation somebody comes to an application, and what it asks of them (C2, E7, E12).

use axum::response::Response;
use ostiary::{
    grant::{self, OrganizationQuestion, OrganizationStep},
    org::MfaMethod,
};

use super::{AskedQuery, Going, asked, caller, going};
use crate::{
    model::{EnrolPage, ErrorKind, OrganizationChoice, OrganizationChoicePage, Person},
    ssr::{Visit, respond},
};

/// `GET /sign-in/organization?i=`
pub(crate) async fn choose(visit: Visit, query: AskedQuery) -> Response {
    let (going, person, step) = match found(&visit, query).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let OrganizationStep::Choose(question) = step else { return on(&visit, &going) };
    let page = OrganizationChoicePage {
        interaction: going.text(),
        caller: caller(&going.view),
        person,
        organizations: choices(question),
    };
    respond::page(&visit, page)
}

/// `GET /sign-in/enrol?i=`
pub(crate) async fn enrol(visit: Visit, query: AskedQuery) -> Response {
    let (going, person, step) = match found(&visit, query).await {
        Ok(found) => found,
        Err(instead) => return instead,
    };
    let OrganizationStep::Enrol(demand) = step else { return on(&visit, &going) };
    let page = EnrolPage {
        interaction: going.text(),
        caller: caller(&going.view),
        person,
        organization: demand.organization,
        by_app: demand.methods.contains(&MfaMethod::Totp),
        by_sms: demand.methods.contains(&MfaMethod::Sms) && visit.ctx.config().sms.is_on(),
    };
    respond::page(&visit, page)
}

/// The request, who is asked, and what; or the page to show instead.
async fn found(visit: &Visit, query: AskedQuery) -> Result<(Going, Person, OrganizationStep), Response> {
    let asked = asked(query);
    let over = || respond::error(visit, &ErrorKind::InteractionOver { restart: None, caller: None });
    let going = going(visit, asked.i.as_deref()).await?.ok_or_else(over)?;
    let step = grant::find_organization_step(&visit.ctx, &going.handle).await;
    let step = step.map_err(|cause| respond::broken(visit, &cause))?.ok_or_else(over)?;
    let Some(live) = &visit.live else { return Err(on(visit, &going)) };
    let person = Person::of(live.actor.user_id, live.user.clone());
    Ok((going, person, step))
}

/// Nothing is asked here: whatever is, the request leads there.
fn on(visit: &Visit, going: &Going) -> Response {
    respond::redirect(visit, &visit.site().to_with("/connect/resume", Some(going.handle.expose())))
}

fn choices(question: OrganizationQuestion) -> Vec<OrganizationChoice> {
    let preferred = question.preferred;
    let mut choices: Vec<_> = question
        .organizations
        .into_iter()
        .map(|mine| OrganizationChoice {
            id: mine.organization.id.to_string(),
            role: mine.role,
            is_last: preferred == Some(mine.organization.id),
            is_personal: mine.organization.personal_of.is_some(),
            asks_for_more: mine.organization.mfa.require_mfa,
            name: mine.organization.name,
        })
        .collect();
    choices.sort_by_key(|choice| !choice.is_last);
    choices
}
