//! The redirect URI is one of the registered ones: the same bytes, but for the port of a loopback address (RFC 9700
//! §2.1 and §4.1.3, RFC 8252 §7.3).

use super::AuthorizationRefused;
use crate::{
    client::Client,
    protocol::{AuthorizationTarget, OAuthErrorCode},
};

pub(super) fn check(client: &Client, target: &AuthorizationTarget) -> Result<(), AuthorizationRefused> {
    let registered = &client.settings.redirect_uris;
    if registered.iter().any(|uri| uri.matches(&target.redirect_uri)) {
        return Ok(());
    }
    Err(AuthorizationRefused::Untrusted {
        error: OAuthErrorCode::InvalidRequest,
        description: "redirect_uri: not one of those registered for this application".to_owned(),
        client_name: Some(client.name.clone()),
    })
}
