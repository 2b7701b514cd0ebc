//! Another e-mail address (A9).

use axum::response::Response;
use ostiary::{
    account::{self, PendingEmailChange},
    authz,
    secret::{PlainToken, TokenKind},
};

use super::{
    AskedQuery,
    account::{room, to_sign_in},
    asked, hold,
    people::when,
    profile::me,
};
use crate::{
    model::{EmailPage, EmailProblem, ProveEmailPage, UndoEmailPage},
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /account/email`: asks for a fresh sign-in before anything is typed, unless a change waits for its code.
pub(crate) async fn email(visit: Visit) -> Response {
    page(&visit).await.unwrap_or_else(|instead| instead)
}

async fn page(visit: &Visit) -> Result<Response, Response> {
    let said = visit.take_said();
    let flash = if let Some(Said::Done(flash)) = said { Some(flash) } else { None };
    let (room, _) = room(visit, Next::Email, flash).await?;
    let user = me(visit, Next::Email).await?;
    let waiting = account::find_email_change(&visit.ctx).await.map_err(|cause| respond::broken(visit, &cause))?;
    let is_stale = authz::require_fresh_user(&visit.ctx).is_err();
    let (typed, problem) = match said {
        Some(Said::Email { typed, problem }) => (typed, Some(problem)),
        _ => (String::new(), None),
    };
    if is_stale && waiting.is_none() && problem.is_none() && flash.is_none() {
        return Err(respond::redirect(visit, &Next::Email.confirm(visit.site())));
    }
    hold(visit, problem.and_then(EmailProblem::hold));
    let now = visit.ctx.now();
    let waiting = waiting.map(|PendingEmailChange { email, expires_at }| (String::from(email), when(expires_at, now)));
    // A code has no field to be wrong in when nothing waits for one.
    let problem = match problem {
        Some(EmailProblem::WrongCode) if waiting.is_none() => Some(EmailProblem::UsedOrOld),
        problem => problem,
    };
    let page = EmailPage { room, is_verified: user.is_verified(), typed, waiting, is_stale, problem };
    Ok(respond::page(visit, page))
}

/// `GET /account/email/confirm?t=`: has a button and consumes nothing, for mail scanners follow links. Only for whoever is
/// signed in to the account that asked.
pub(crate) async fn prove(visit: Visit, query: AskedQuery) -> Response {
    if visit.live.is_none() {
        return to_sign_in(&visit, Next::Email);
    }
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::EmailChange, &t));
    let Some(token) = token else { return respond::page(&visit, ProveEmailPage::Dead) };
    match account::find_email_proof(&visit.ctx, &token).await {
        Ok(Some(email)) => {
            let page = ProveEmailPage::Ready { token: token.expose().to_owned(), email: email.into() };
            respond::page(&visit, page)
        }
        Ok(None) => respond::page(&visit, ProveEmailPage::Dead),
        Err(cause) => respond::broken(&visit, &cause),
    }
}

/// `GET /undo-email?t=`: has a button and consumes nothing. The link is enough: whoever reads the mail need not be able to
/// sign in any more.
pub(crate) async fn undo(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::EmailUndo, &t));
    let Some(token) = token else { return respond::page(&visit, UndoEmailPage::Dead) };
    let said = visit.take_said();
    if matches!(said, Some(Said::EmailTaken)) {
        return respond::page(&visit, UndoEmailPage::Taken);
    }
    match account::find_email_undo(&visit.ctx, &token).await {
        Ok(Some(open)) => {
            let held = if let Some(Said::LinkHeld(held)) = said { Some(held) } else { None };
            hold(&visit, held);
            let (token, email) = (token.expose().to_owned(), String::from(open.email));
            respond::page(&visit, UndoEmailPage::Ready { token, email, is_pending: open.is_pending, hold: held })
        }
        Ok(None) => respond::page(&visit, UndoEmailPage::Dead),
        Err(cause) => respond::broken(&visit, &cause),
    }
}
