//! Another e-mail address (A9).

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{
        self, ConfirmEmailChange, ConfirmEmailChangeError, RequestEmailChange, RequestEmailChangeError,
        UndoEmailChange, UndoEmailChangeError,
    },
    secret::{PlainToken, TokenKind},
    text::{EmailAddress, TextError},
};
use serde::Deserialize;

use super::{done, encoding::Form, too_many, visit};
use crate::{
    model::{EmailProblem, Flash},
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

/// Back to the page, which says this.
fn back(visit: &Visit, said: Said) -> Response {
    let to = visit.site().to(Next::Email.path());
    visit.say(&to, said);
    respond::redirect(visit, &to)
}

/// `POST /do/change-email`
#[server(name = DoChangeEmail, prefix = "/do", endpoint = "change-email", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_change_email(email: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let (site, next) = (visit.site(), Next::Email);
    let shown = typed(&email, 320);
    let problem = match EmailAddress::try_from(email) {
        Err(TextError::Missing) => EmailProblem::Missing,
        Err(TextError::TooLong | TextError::Malformed) => EmailProblem::Syntax,
        Ok(email) => match account::request_email_change(&visit.ctx, RequestEmailChange { email }).await {
            Ok(()) => return done(back(&visit, Said::Done(Flash::EmailAsked))),
            Err(RequestEmailChangeError::Denied(_)) => return done(respond::redirect(&visit, &next.sign_in(site))),
            Err(RequestEmailChangeError::SignInAgain) => return done(respond::redirect(&visit, &next.confirm(site))),
            Err(RequestEmailChangeError::Same) => EmailProblem::Same,
            Err(RequestEmailChangeError::TooMany(limit)) => EmailProblem::Held(too_many(limit)),
            Err(RequestEmailChangeError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
        },
    };
    done(back(&visit, Said::Email { typed: shown, problem }))
}

/// `POST /do/confirm-email`
#[server(name = DoConfirmEmail, prefix = "/do", endpoint = "confirm-email", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_confirm_email(code: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(confirm(&visit, ConfirmEmailChange::Code(code)).await)
}

/// `POST /do/confirm-email-link`
#[server(name = DoConfirmEmailLink, prefix = "/do", endpoint = "confirm-email-link", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_confirm_email_link(t: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(match PlainToken::parse(TokenKind::EmailChange, &t) {
        Some(token) => confirm(&visit, ConfirmEmailChange::Link(token)).await,
        None => back(&visit, Said::Email { typed: String::new(), problem: EmailProblem::UsedOrOld }),
    })
}

async fn confirm(visit: &Visit, cmd: ConfirmEmailChange) -> Response {
    let problem = match account::confirm_email_change(&visit.ctx, cmd).await {
        Ok(_) => {
            return match visit.renew_cookie().await {
                Ok(()) => back(visit, Said::Done(Flash::EmailChanged)),
                Err(cause) => respond::broken(visit, &cause),
            };
        }
        Err(ConfirmEmailChangeError::Denied(_)) => {
            return respond::redirect(visit, &Next::Email.sign_in(visit.site()));
        }
        Err(ConfirmEmailChangeError::Internal(cause)) => return respond::broken(visit, &cause),
        Err(ConfirmEmailChangeError::WrongCode) => EmailProblem::WrongCode,
        Err(ConfirmEmailChangeError::Unknown) => EmailProblem::UsedOrOld,
        Err(ConfirmEmailChangeError::Taken) => EmailProblem::Taken,
        Err(ConfirmEmailChangeError::TooMany(limit)) => EmailProblem::Held(too_many(limit)),
    };
    back(visit, Said::Email { typed: String::new(), problem })
}

/// `POST /do/undo-email`: on to a new password, or back to the page, which says by itself that a link is dead.
#[server(name = DoUndoEmail, prefix = "/do", endpoint = "undo-email", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_undo_email(t: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::EmailUndo, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/undo-email")));
    };
    let again = visit.site().to_query("/undo-email", "t", token.expose());
    match account::undo_email_change(&visit.ctx, UndoEmailChange { token }).await {
        Ok(undone) => {
            let to = visit.site().to_query("/reset-password", "t", undone.reset.expose());
            return done(respond::redirect(&visit, &to));
        }
        Err(UndoEmailChangeError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
        Err(UndoEmailChangeError::Unknown) => {}
        Err(UndoEmailChangeError::Taken) => visit.say(&again, Said::EmailTaken),
        Err(UndoEmailChangeError::TooMany(limit)) => visit.say(&again, Said::LinkHeld(too_many(limit))),
    }
    done(respond::redirect(&visit, &again))
}
