//! Making the first administrator.

use axum::response::Response;
use ostiary::{
    account,
    secret::{PlainToken, TokenKind},
};

use super::{AskedQuery, asked, hold, open_rules};
use crate::{
    model::{RegisterValues, SetupPage, SetupProblem},
    ssr::{Visit, respond, said::Said},
};

/// `GET /setup?t=`
pub(crate) async fn setup(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::SetUp, &t));
    let Some(token) = token else { return respond::page(&visit, SetupPage::Dead) };
    match account::find_set_up(&visit.ctx, &token).await {
        Ok(true) => {}
        Ok(false) => return respond::page(&visit, SetupPage::Dead),
        Err(cause) => return respond::broken(&visit, &cause),
    }
    let (values, rules, problems) = match visit.take_said() {
        Some(Said::Setup { values, rules, problems }) => (values, rules, problems),
        _ => (RegisterValues::default(), open_rules(&visit.ctx.config().password), Vec::new()),
    };
    hold(&visit, problems.iter().find_map(|p| if let SetupProblem::Held(held) = p { Some(*held) } else { None }));
    respond::page(&visit, SetupPage::Ready { token: token.expose().to_owned(), values, rules, problems })
}
