//! What sign-in says first after an address was confirmed, a password replaced, a house set up.

use axum::response::Response;
use ostiary::{error::Internal, grant, text::EmailAddress};

use crate::{
    model::Flash,
    ssr::{self, Visit, respond, said::Said},
};

/// Sends the person to sign-in, with `done` said and their address filled in. The authorization request they came with
/// is gone on with if it still waits; a mail may be opened long after that.
pub(super) async fn welcome(visit: &Visit, i: Option<&str>, email: Option<EmailAddress>, done: Flash) -> Response {
    let i = match still_waits(visit, i).await {
        Ok(i) => i,
        Err(cause) => return respond::broken(visit, &cause),
    };
    let to = visit.site().to_with("/sign-in", i.as_deref());
    let username = email.map(String::from).unwrap_or_default();
    visit.say(&to, Said::SignIn { username, stay: false, problem: None, done: Some(done) });
    respond::redirect(visit, &to)
}

/// The handle of the authorization request somebody came with, if it still waits.
pub(super) async fn still_waits(visit: &Visit, i: Option<&str>) -> Result<Option<String>, Internal> {
    let Some(handle) = ssr::interaction(i) else { return Ok(None) };
    let view = grant::find_interaction(&visit.ctx, &handle).await?;
    Ok(view.map(|_| handle.expose().to_owned()))
}
