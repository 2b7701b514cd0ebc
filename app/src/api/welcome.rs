//! What sign-in says first after an address was confirmed, a password replaced, a house set up.

use axum::response::Response;
use ostiary::{grant, text::EmailAddress};

use crate::{
    model::Flash,
    ssr::{self, Visit, respond, said::Said},
};

/// Sends the person to sign-in, with `done` said and their address filled in. The authorization request they came with
/// is gone on with if it still waits; a mail may be opened long after that.
pub(super) async fn welcome(visit: &Visit, i: Option<&str>, email: Option<EmailAddress>, done: Flash) -> Response {
    let waits = match ssr::interaction(i) {
        Some(handle) => match grant::find_interaction(&visit.ctx, &handle).await {
            Ok(view) => view.is_some(),
            Err(cause) => return respond::broken(visit, &cause),
        },
        None => false,
    };
    let to = visit.site().to_with("/sign-in", i.filter(|_| waits));
    let username = email.map(String::from).unwrap_or_default();
    visit.say(&to, Said::SignIn { username, stay: false, problem: None, done: Some(done) });
    respond::redirect(visit, &to)
}
