//! Signing out, and making room for somebody else.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::logout::{self, CompleteLogout};
use serde::Deserialize;

use super::{done, encoding::Form, interaction, visit};
use crate::ssr::{self, Next, respond};

/// `POST /do/sign-out`
#[server(name = DoSignOut, prefix = "/do", endpoint = "sign-out", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_sign_out(i: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let cmd = CompleteLogout { logout: ssr::logout(i.as_deref()) };
    done(match logout::complete_logout(&visit.ctx, cmd).await {
        Ok(done) => respond::logged_out(&visit, done).await,
        Err(cause) => respond::broken(&visit, &cause),
    })
}

/// `POST /do/switch-account`: "Use another account" on the consent page and where devices are connected.
#[server(name = DoSwitchAccount, prefix = "/do", endpoint = "switch-account", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_switch_account(i: Option<String>, next: Option<String>) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let to = match interaction(i.as_deref()) {
        Some(i) => visit.site().to_with("/sign-in", Some(&i)),
        None => Next::parse(next.as_deref()).sign_in(visit.site()),
    };
    done(match visit.leave().await {
        Ok(()) => respond::redirect(&visit, &to),
        Err(cause) => respond::broken(&visit, &cause),
    })
}
