//! "It was not me" (B9).

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, ShutOut, ShutOutError},
    secret::{PlainToken, TokenKind},
};
use serde::Deserialize;

use super::{done, encoding::Form, too_many, visit};
use crate::ssr::{respond, said::Said};

/// `POST /do/not-me`: on to a new password, or back to the page, which says by itself that a link is dead.
#[server(name = DoNotMe, prefix = "/do", endpoint = "not-me", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_not_me(t: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::ShutOut, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/not-me")));
    };
    let again = visit.site().to_query("/not-me", "t", token.expose());
    match account::shut_out(&visit.ctx, ShutOut { token }).await {
        Ok(out) => {
            let to = visit.site().to_query("/reset-password", "t", out.reset.expose());
            return done(respond::redirect(&visit, &to));
        }
        Err(ShutOutError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
        Err(ShutOutError::Unknown) => {}
        Err(ShutOutError::TooMany(limit)) => visit.say(&again, Said::LinkHeld(too_many(limit))),
    }
    done(respond::redirect(&visit, &again))
}
