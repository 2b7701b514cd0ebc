//! Leaving for a while, leaving for good, and staying (A10).

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, ComeBack, ComeBackError, LeaveError},
    clock::Timestamp,
    secret::{PlainToken, TokenKind},
};

use super::{done, encoding::Form, too_many, visit};
use crate::{
    model::{ErrorKind, Flash},
    ssr::{Next, Visit, respond, said::Said},
};
use serde::Deserialize;

/// Out of a browser whose session has ended, to the page that says so.
async fn out(visit: &Visit, erase_at: Option<Timestamp>) -> Response {
    if let Err(cause) = visit.forget().await {
        return respond::broken(visit, &cause);
    }
    let to = visit.site().to("/left");
    visit.say(&to, Said::Left { erase_at });
    respond::redirect(visit, &to)
}

fn not_left(visit: &Visit, error: LeaveError, next: Next) -> Response {
    match error {
        LeaveError::Denied(_) => respond::redirect(visit, &next.sign_in(visit.site())),
        LeaveError::SignInAgain => respond::redirect(visit, &next.confirm(visit.site())),
        // The page says why.
        LeaveError::LastAdmin | LeaveError::OwnsOrganizations(_) => {
            respond::redirect(visit, &visit.site().to(Next::Data.path()))
        }
        LeaveError::Internal(cause) => respond::broken(visit, &cause),
    }
}

/// `POST /do/deactivate`
#[server(name = DoDeactivate, prefix = "/do", endpoint = "deactivate", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_deactivate() -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(match account::deactivate_account(&visit.ctx).await {
        Ok(()) => out(&visit, None).await,
        Err(error) => not_left(&visit, error, Next::Deactivate),
    })
}

/// `POST /do/delete-account`
#[server(name = DoDeleteAccount, prefix = "/do", endpoint = "delete-account", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_delete_account() -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(match account::schedule_deletion(&visit.ctx).await {
        Ok(erase_at) => out(&visit, Some(erase_at)).await,
        Err(error) => not_left(&visit, error, Next::DeleteAccount),
    })
}

/// `POST /do/keep-account`
#[server(name = DoKeepAccount, prefix = "/do", endpoint = "keep-account", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_keep_account() -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(match account::keep_account(&visit.ctx).await {
        Ok(()) => {
            let to = visit.site().to(Next::Data.path());
            visit.say(&to, Said::Done(Flash::AccountKept));
            respond::redirect(&visit, &to)
        }
        Err(error) => not_left(&visit, error, Next::Data),
    })
}

/// `POST /do/come-back`: on to sign-in, or back to the page, which says by itself that a link is dead.
#[server(name = DoComeBack, prefix = "/do", endpoint = "come-back", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_come_back(t: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::ComeBack, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/come-back")));
    };
    let again = visit.site().to_query("/come-back", "t", token.expose());
    done(match account::come_back(&visit.ctx, ComeBack { token }).await {
        Ok(email) => {
            let to = visit.site().to("/sign-in");
            let username = String::from(email);
            visit.say(&to, Said::SignIn { username, stay: false, problem: None, done: Some(Flash::CameBack) });
            respond::redirect(&visit, &to)
        }
        Err(ComeBackError::Unknown) => respond::redirect(&visit, &again),
        Err(ComeBackError::TooMany(limit)) => respond::error(&visit, &ErrorKind::Held(too_many(limit))),
        Err(ComeBackError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
