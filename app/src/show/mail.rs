//! Confirming an address.

use axum::response::Response;
use ostiary::{
    account,
    secret::{PlainToken, TokenKind},
};

use super::{AskedQuery, asked, caller, going, hold};
use crate::{
    model::{CheckMailPage, CodeProblem, VerifyLinkPage},
    ssr::{Visit, respond, said::Said},
};

/// `GET /check-mail[?i=]`
pub(crate) async fn check_mail(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let (problem, flash) = match visit.take_said() {
        Some(Said::Code(problem)) => (Some(problem), None),
        Some(Said::Done(flash)) => (None, Some(flash)),
        _ => (None, None),
    };
    if let Some(CodeProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    let hours = visit.ctx.config().verification.ttl.as_secs() / 3600;
    let page = CheckMailPage {
        interaction: going.as_ref().map(super::Going::text),
        caller: going.as_ref().map(|going| caller(&going.view)),
        email: visit.mail(),
        valid_hours: u32::try_from(hours).unwrap_or(0),
        problem,
        flash,
    };
    respond::page(&visit, page)
}

/// `GET /verify?t=`: has a button and consumes nothing, for mail scanners follow links.
pub(crate) async fn verify(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::EmailVerification, &t));
    let found = match &token {
        Some(token) => match account::find_verification(&visit.ctx, token).await {
            Ok(found) => found,
            Err(cause) => return respond::broken(&visit, &cause),
        },
        None => None,
    };
    let page = match (token, found, visit.take_said()) {
        (Some(token), Some(_), Some(Said::LinkHeld(held))) => {
            hold(&visit, Some(held));
            VerifyLinkPage::Held { token: token.expose().to_owned(), hold: held }
        }
        (Some(token), Some(open), _) => {
            VerifyLinkPage::Ready { token: token.expose().to_owned(), email: Some(open.email.as_str().to_owned()) }
        }
        _ => VerifyLinkPage::Dead { can_resend: visit.mail().is_some() },
    };
    respond::page(&visit, page)
}
