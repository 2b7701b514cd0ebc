//! `POST /connect/device_authorization`: a device asks for a code (RFC 8628 §3.1).

use axum::response::Response;
use http::StatusCode;
use ostiary::{
    grant::decoupled::{BeginDevice, begin_device},
    protocol::{OAuthError, OAuthErrorCode, ScopeSet, TokenAim, metadata::path},
};
use serde::Serialize;

use super::wire::{self, Call, Posted, Refused};

/// RFC 8628 §3.2
#[derive(Serialize)]
struct Begun<'a> {
    device_code: &'a str,
    user_code: &'a str,
    verification_uri: &'a str,
    verification_uri_complete: &'a str,
    expires_in: u64,
    interval: u32,
}

/// Makes a code for the device and one for the person.
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(begin).await
}

async fn begin(posted: Posted) -> Result<Response, Refused> {
    let Call { state, ctx, client, params, .. } = posted.authenticated().await?;
    params.refuse_duplicates().map_err(OAuthError::from)?;
    let scope = ScopeSet::parse(params.get("scope").unwrap_or_default())
        .map_err(|error| OAuthError::new(OAuthErrorCode::InvalidScope, error.to_string()))?;
    let begun = begin_device(&ctx, BeginDevice { client, scope, aim: TokenAim::parse(&params)? }).await?;
    let verification_uri = state.issuer().endpoint(path::DEVICE);
    let user_code = begun.user_code.to_string();
    let answer = Begun {
        device_code: begun.device_code.expose(),
        verification_uri_complete: &format!("{verification_uri}?user_code={user_code}"),
        user_code: &user_code,
        verification_uri: &verification_uri,
        expires_in: begun.expires_in,
        interval: begun.interval,
    };
    Ok(wire::json(StatusCode::OK, &answer))
}
