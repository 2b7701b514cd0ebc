//! "It was not me" (B9).

use axum::response::Response;
use ostiary::{
    account,
    secret::{PlainToken, TokenKind},
};

use super::{AskedQuery, asked, hold, people::when};
use crate::{
    model::NotMePage,
    ssr::{Visit, respond, said::Said},
};

/// `GET /not-me?t=`: has a button and consumes nothing. The link is enough: whoever reads the mail need not be able to sign in
/// any more.
pub(crate) async fn not_me(visit: Visit, query: AskedQuery) -> Response {
    let token = asked(query).t.and_then(|t| PlainToken::parse(TokenKind::ShutOut, &t));
    let Some(token) = token else { return respond::page(&visit, NotMePage::Dead) };
    let held = if let Some(Said::LinkHeld(held)) = visit.take_said() { Some(held) } else { None };
    match account::find_shut_out(&visit.ctx, &token).await {
        Ok(Some(open)) => {
            hold(&visit, held);
            let since = when(open.since, visit.ctx.now());
            let (token, email) = (token.expose().to_owned(), String::from(open.email));
            respond::page(&visit, NotMePage::Ready { token, email, since, hold: held })
        }
        Ok(None) => respond::page(&visit, NotMePage::Dead),
        Err(cause) => respond::broken(&visit, &cause),
    }
}
