//! `POST /connect/introspect`: token introspection (RFC 7662). For confidential clients only (§2.1).

use axum::response::Response;
use http::StatusCode;
use ostiary::{
    grant::{self, Introspect},
    protocol::{OAuthError, OAuthErrorCode, TokenLookup},
};

use super::wire::{self, Call, Posted, Refused};

/// Tells a client about a token.
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(look).await
}

async fn look(posted: Posted) -> Result<Response, Refused> {
    let Call { ctx, client, params, .. } = posted.authenticated().await?;
    if !client.settings.auth_method.is_confidential() {
        let why = "introspection needs a client that can prove itself";
        return Err(OAuthError::new(OAuthErrorCode::InvalidClient, why).into());
    }
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    let found = grant::introspect(&ctx, Introspect { client, token, hint }).await?;
    Ok(wire::json(StatusCode::OK, &found.to_response()))
}
