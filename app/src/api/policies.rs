//! The policies of an organisation (E8).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    org::{OrganizationRef, Refused},
    policy::{
        self, ActivatePolicies, ActivatePoliciesError, PolicyScope, SavePolicies, SavePoliciesError, TryPolicies,
        TryPoliciesError, engine::PolicyProblem,
    },
};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash, PoliciesProblem},
    show::{
        organizations::refuse,
        policies::{self, Typed, mistake},
    },
    ssr::{Visit, respond, said::Said},
};

/// Back to the page, which says this.
fn back(visit: &Visit, slug: &str, flash: Flash) -> Response {
    let to = visit.site().to(&format!("/organizations/{slug}/policies"));
    visit.say(&to, Said::Done(flash));
    respond::redirect(visit, &to)
}

/// The page again, with what was typed: it is too long to travel.
async fn again(visit: &Visit, organization: &str, status: StatusCode, typed: Typed) -> Response {
    let inside = match policies::enter(visit, organization).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    match policies::page(visit, inside, None, typed).await {
        Ok(page) => respond::page_with(visit, status, page),
        Err(instead) => instead,
    }
}

fn mistakes(found: Vec<PolicyProblem>) -> Vec<PoliciesProblem> {
    found.into_iter().map(|problem| PoliciesProblem::Mistake(mistake(problem))).collect()
}

/// `POST /do/policies`: saves a draft, or tries it on what was decided lately.
#[server(name = DoPolicies, prefix = "/do", endpoint = "policies", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_policies(
    organization: String,
    newest: i64,
    text: String,
    comment: String,
    #[server(default)] r#do: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(which) = OrganizationRef::parse(&organization) else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    let scope = PolicyScope::Organization(which);
    // Browsers send lines with both ends.
    let text = text.replace("\r\n", "\n");
    let typed = Typed { text: Some(text.clone()), comment: comment.clone(), newest: Some(newest), ..Typed::default() };
    if r#do == "try" {
        return done(match policy::try_policies(&visit.ctx, TryPolicies { scope, text }).await {
            Ok(tried) => {
                let warnings = tried.warnings.iter().cloned().map(mistake).collect();
                again(&visit, &organization, StatusCode::OK, Typed { tried: Some(tried), warnings, ..typed }).await
            }
            Err(TryPoliciesError::Mistakes(found)) => {
                let typed = Typed { problems: mistakes(found), ..typed };
                again(&visit, &organization, StatusCode::UNPROCESSABLE_ENTITY, typed).await
            }
            Err(TryPoliciesError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
            Err(TryPoliciesError::Denied(denied)) => refuse(&visit, Refused::Denied(denied)),
            Err(TryPoliciesError::Internal(cause)) => respond::broken(&visit, &cause),
        });
    }
    let problems = match policy::save_policies(&visit.ctx, SavePolicies { scope, text, comment, newest }).await {
        Ok(_) => return done(back(&visit, &organization, Flash::PoliciesSaved)),
        Err(SavePoliciesError::Mistakes(found)) => mistakes(found),
        Err(SavePoliciesError::Comment) => vec![PoliciesProblem::Comment],
        Err(SavePoliciesError::Changed) => vec![PoliciesProblem::Changed],
        Err(SavePoliciesError::NotFound) => return done(respond::error(&visit, &ErrorKind::NotFound)),
        Err(SavePoliciesError::Denied(denied)) => return done(refuse(&visit, Refused::Denied(denied))),
        Err(SavePoliciesError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
    };
    // Whoever saves again has seen that there is another version.
    let newest = (!problems.contains(&PoliciesProblem::Changed)).then_some(newest);
    done(again(&visit, &organization, StatusCode::UNPROCESSABLE_ENTITY, Typed { newest, problems, ..typed }).await)
}

/// `POST /do/activate-policies`
#[server(name = DoActivatePolicies, prefix = "/do", endpoint = "activate-policies", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_activate_policies(
    organization: String,
    number: String,
    active: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(which) = OrganizationRef::parse(&organization) else {
        return done(respond::error(&visit, &ErrorKind::NotFound));
    };
    let (Ok(number), Ok(active)) = (version(&number), version(&active)) else {
        return done(respond::error(&visit, &ErrorKind::BadForm));
    };
    let cmd = ActivatePolicies { scope: PolicyScope::Organization(which), number, active };
    done(match policy::activate_policies(&visit.ctx, cmd).await {
        Ok(()) => {
            back(&visit, &organization, if number.is_some() { Flash::PoliciesActivated } else { Flash::PoliciesOff })
        }
        Err(ActivatePoliciesError::Changed) => back(&visit, &organization, Flash::SomebodyChanged),
        Err(ActivatePoliciesError::Mistakes(found)) => {
            let typed = Typed { problems: mistakes(found), ..Typed::default() };
            again(&visit, &organization, StatusCode::UNPROCESSABLE_ENTITY, typed).await
        }
        Err(ActivatePoliciesError::NotFound) => respond::error(&visit, &ErrorKind::NotFound),
        Err(ActivatePoliciesError::Denied(denied)) => refuse(&visit, Refused::Denied(denied)),
        Err(ActivatePoliciesError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}

/// A version's number; empty for none.
fn version(text: &str) -> Result<Option<i64>, std::num::ParseIntError> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}
