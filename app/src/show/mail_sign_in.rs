//! Signing in by e-mail (B5). Where the instance lets nobody do so, none of these pages is there.

use axum::response::Response;
use ostiary::{
    account,
    secret::{PlainToken, TokenKind},
};

use super::{AskedQuery, Going, asked, caller, going, hold};
use crate::{
    model::{AddressProblem, AskSignInMailPage, ErrorKind, MailCodeProblem, SignInCodePage, SignInLinkPage},
    ssr::{Attempts, Next, Visit, respond, said::Said},
};

/// `GET /sign-in/mail[?i=][&next=]`
pub(crate) async fn ask(visit: Visit, query: AskedQuery) -> Response {
    if !visit.ctx.config().sign_in.by_email {
        return respond::error(&visit, &ErrorKind::NotFound);
    }
    let asked = asked(query);
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let hint = going.as_ref().and_then(|going| going.view.login_hint.clone());
    let (email, problem) = match visit.take_said() {
        Some(Said::SignInMail { email, problem }) => (email, Some(problem)),
        _ => (visit.mail().or(hint).unwrap_or_default(), None),
    };
    if let Some(AddressProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    let page = AskSignInMailPage {
        interaction: going.as_ref().map(Going::text),
        caller: going.as_ref().map(|going| caller(&going.view)),
        next: Next::parse(asked.next.as_deref()).code(),
        email,
        problem,
    };
    respond::page(&visit, page)
}

/// `GET /sign-in/mail/code[?i=][&next=]`
pub(crate) async fn code(visit: Visit, query: AskedQuery) -> Response {
    if !visit.ctx.config().sign_in.by_email {
        return respond::error(&visit, &ErrorKind::NotFound);
    }
    let asked = asked(query);
    let next = Next::parse(asked.next.as_deref());
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let interaction = going.as_ref().map(Going::text);
    let Some(email) = visit.mail() else {
        let to = next.along(visit.site(), "/sign-in/mail", interaction.as_deref(), &[]);
        return respond::redirect(&visit, &to);
    };
    let (stay, problem) = match visit.take_said() {
        Some(Said::SignInCode { stay, problem }) => (stay, Some(problem)),
        _ => (false, None),
    };
    if let Some(MailCodeProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    let page = SignInCodePage {
        interaction,
        caller: going.as_ref().map(|going| caller(&going.view)),
        next: next.code(),
        number: Some(Attempts::number(visit.house().core())),
        email,
        works_for: visit.ctx.config().sign_in.email_ttl.as_secs(),
        stay,
        problem,
    };
    respond::page(&visit, page)
}

/// `GET /sign-in/link?t=`: has a button and consumes nothing, for mail scanners follow links.
pub(crate) async fn link(visit: Visit, query: AskedQuery) -> Response {
    if !visit.ctx.config().sign_in.by_email {
        return respond::error(&visit, &ErrorKind::NotFound);
    }
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::EmailSignIn, &t));
    let Some(token) = token else { return respond::page(&visit, SignInLinkPage::Dead) };
    let open = match account::find_sign_in_link(&visit.ctx, &token).await {
        Ok(Some(open)) => open,
        Ok(None) => return respond::page(&visit, SignInLinkPage::Dead),
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let held = if let Some(Said::LinkHeld(held)) = visit.take_said() { Some(held) } else { None };
    hold(&visit, held);
    let page = SignInLinkPage::Ready {
        token: token.expose().to_owned(),
        number: Some(Attempts::number(visit.house().core())),
        email: open.email.into(),
        hold: held,
    };
    respond::page(&visit, page)
}
