//! Several accounts in one browser (C2). A session is named by its id, and counts only if this very browser holds it: of any
//! other the answer is the page one came from, unchanged.

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    error::Internal,
    grant,
    id::OrganizationId,
    logout::{self, CompleteLogout, LoggedOut},
    org::{self, ChooseOrganizationError},
    secret::PlainToken,
};
use serde::Deserialize;

use super::{done, encoding::Form, interaction, sign_in::back, visit};
use crate::ssr::{Next, Visit, respond, said::Said};

/// `POST /do/choose-account`: the account, and with it the organisation to act in.
#[server(name = DoChooseAccount, prefix = "/do", endpoint = "choose-account", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_choose_account(
    r#as: String,
    organization: Option<String>,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let way = Way::of(i.as_deref(), next.as_deref());
    // One that cannot be read, or is not theirs, is as good as none.
    let organization = organization.and_then(|id| id.parse().ok());
    done(choose(&visit, &r#as, organization, &way).await.unwrap_or_else(|cause| respond::broken(&visit, &cause)))
}

async fn choose(
    visit: &Visit,
    session: &str,
    organization: Option<OrganizationId>,
    way: &Way,
) -> Result<Response, Internal> {
    let accounts = visit.accounts().await?;
    let Some(account) = accounts.into_iter().find(|account| account.session_id.to_string() == session) else {
        return Ok(respond::redirect(visit, &way.to_chooser(visit)));
    };
    let Some(ctx) = visit.turn_to(account.session_id).await? else {
        let to = back(visit, way.i.as_deref(), way.next);
        let username = account.user.email;
        visit.say(&to, Said::SignIn { username, stay: false, problem: None, done: None });
        return Ok(respond::redirect(visit, &to));
    };
    let to = if let Some(i) = &way.i {
        if let Some(handle) = crate::ssr::interaction(Some(i)) {
            grant::choose_account(&ctx, &handle, organization).await?;
        }
        visit.site().to_with("/connect/resume", Some(i))
    } else {
        if let Some(id) = organization
            && let Err(ChooseOrganizationError::Internal(cause)) = org::choose_organization(&ctx, &id.into()).await
        {
            return Err(cause);
        }
        visit.site().to(way.next.path())
    };
    Ok(respond::redirect(visit, &to))
}

/// `POST /do/leave-account`: signs one of them out, or forgets one that is over.
#[server(name = DoLeaveAccount, prefix = "/do", endpoint = "leave-account", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_leave_account(
    r#as: String,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let way = Way::of(i.as_deref(), next.as_deref());
    done(leave(&visit, &r#as, &way).await.unwrap_or_else(|cause| respond::broken(&visit, &cause)))
}

async fn leave(visit: &Visit, session: &str, way: &Way) -> Result<Response, Internal> {
    let accounts = visit.accounts().await?;
    let Some(account) = accounts.into_iter().find(|account| account.session_id.to_string() == session) else {
        return Ok(respond::redirect(visit, &way.to_chooser(visit)));
    };
    let told = match visit.ctx_of(account.session_id).await? {
        Some(ctx) => handle(logout::complete_logout(&ctx, CompleteLogout { logout: None }).await?),
        None => None,
    };
    visit.forget_one(account.session_id).await?;
    Ok(match told {
        // Applications that only this browser can tell have to be told first.
        Some(told) => respond::redirect(visit, &visit.site().to_with("/signed-out", Some(told.expose()))),
        None => respond::redirect(visit, &way.to_chooser(visit)),
    })
}

/// `POST /do/sign-out-all`
#[server(name = DoSignOutAll, prefix = "/do", endpoint = "sign-out-all", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_out_all() -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(sign_out_all(&visit).await.unwrap_or_else(|cause| respond::broken(&visit, &cause)))
}

async fn sign_out_all(visit: &Visit) -> Result<Response, Internal> {
    let mut told = Vec::new();
    for account in visit.accounts().await? {
        if let Some(ctx) = visit.ctx_of(account.session_id).await? {
            told.extend(handle(logout::complete_logout(&ctx, CompleteLogout { logout: None }).await?));
        }
    }
    visit.forget_all().await?;
    let told = told.iter().map(PlainToken::expose).collect::<Vec<_>>().join(".");
    Ok(respond::redirect(visit, &visit.site().to_query("/signed-out", "i", &told)))
}

/// The page that tells applications, if there is one to be told.
fn handle(done: LoggedOut) -> Option<PlainToken> {
    match done {
        LoggedOut::Page { logout } => logout,
        LoggedOut::Return { .. } => None,
    }
}

/// Where somebody is on their way to.
struct Way {
    i: Option<String>,
    next: Next,
}

impl Way {
    fn of(i: Option<&str>, next: Option<&str>) -> Self {
        Self { i: interaction(i), next: Next::parse(next) }
    }

    /// The accounts of this browser.
    fn to_chooser(&self, visit: &Visit) -> String {
        self.next.along(visit.site(), "/sign-in/choose", self.i.as_deref(), &[])
    }
}
