//! The answer to a consent page.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    grant::{self, DecideConsent, DecideConsentError},
    protocol::Scope,
};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::ErrorKind,
    ssr::{self, respond},
};

/// The two buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decision {
    /// "Allow"
    Allow,
    /// "Deny"
    Deny,
}

/// `POST /do/consent`
#[server(name = DoConsent, prefix = "/do", endpoint = "consent", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_consent(
    i: String,
    decision: Decision,
    #[server(default)] scope: Vec<String>,
    remember: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let over = ErrorKind::InteractionOver { restart: None, caller: None };
    let Some(interaction) = ssr::interaction(Some(&i)) else { return done(respond::error(&visit, &over)) };
    let to = |path: &str| respond::redirect(&visit, &visit.site().to_with(path, Some(&i)));
    // What is no scope was not on the page, and what was not on the page is not listened to.
    let granted_optional = scope.iter().filter_map(|scope| Scope::parse(scope).ok()).collect();
    let cmd = DecideConsent {
        interaction,
        allow: decision == Decision::Allow,
        granted_optional,
        remember: remember.is_some(),
    };
    done(match grant::decide_consent(&visit.ctx, cmd).await {
        Ok(()) => to("/connect/resume"),
        Err(DecideConsentError::SignIn) => to("/sign-in"),
        Err(DecideConsentError::Gone) => respond::error(&visit, &over),
        Err(DecideConsentError::Internal(cause)) => respond::broken(&visit, &cause),
    })
}
