//! Passwords: forgotten, new, changed.

use axum::response::Response;
use ostiary::{
    account,
    secret::{PlainToken, TokenKind},
};

use super::{AskedQuery, account::room, asked, going, hold, open_rules};
use crate::{
    model::{
        AddressProblem, ChangePasswordPage, ChangePasswordProblem, ForgotPasswordPage, NewPasswordPage,
        NewPasswordProblem,
    },
    ssr::{Next, Visit, respond, said::Said},
};

/// `GET /forgot-password[?i=]`
pub(crate) async fn forgot(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let going = match going(&visit, asked.i.as_deref()).await {
        Ok(going) => going,
        Err(instead) => return instead,
    };
    let interaction = going.as_ref().map(super::Going::text);
    let (email, problem, sent) = match visit.take_said() {
        Some(Said::Forgot { email, problem }) => (email, problem, problem.is_none()),
        _ => (String::new(), None, false),
    };
    if let Some(AddressProblem::Held(held)) = problem {
        hold(&visit, Some(held));
    }
    respond::page(&visit, ForgotPasswordPage { interaction, email, problem, sent })
}

/// `GET /reset-password?t=`
pub(crate) async fn reset(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::PasswordReset, &t));
    let Some(token) = token else { return respond::page(&visit, NewPasswordPage::Dead) };
    let open = match account::find_reset(&visit.ctx, &token).await {
        Ok(Some(open)) => open,
        Ok(None) => return respond::page(&visit, NewPasswordPage::Dead),
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let (rules, problems) = match visit.take_said() {
        Some(Said::Reset { rules, problems }) => (rules, problems),
        _ => (open_rules(&visit.ctx.config().password), Vec::new()),
    };
    hold(&visit, problems.iter().find_map(|p| if let NewPasswordProblem::Held(held) = p { Some(*held) } else { None }));
    let (token, email) = (token.expose().to_owned(), Some(open.email.as_str().to_owned()));
    respond::page(&visit, NewPasswordPage::Ready { token, email, rules, problems })
}

/// `GET /account/password`
pub(crate) async fn change(visit: Visit) -> Response {
    let said = visit.take_said();
    let flash = if let Some(Said::Done(flash)) = said { Some(flash) } else { None };
    let room = match room(&visit, Next::Password, flash).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let (rules, problems) = match said {
        Some(Said::Change { rules, problems }) => (rules, problems),
        _ => (open_rules(&visit.ctx.config().password), Vec::new()),
    };
    hold(
        &visit,
        problems.iter().find_map(|p| if let ChangePasswordProblem::Held(held) = p { Some(*held) } else { None }),
    );
    respond::page(&visit, ChangePasswordPage { room, rules, problems })
}
