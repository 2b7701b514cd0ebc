//! Signing out.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::logout::{self, CompleteLogout};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::ssr::{self, respond};

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
