//! `POST /connect/introspect`: token introspection (RFC 7662). For confidential clients only (§2.1). The answer is JSON, or a
//! signed token for who asks for that or is registered so (RFC 9701 §4, §6).

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use ostiary::{
    grant::{self, Introspect},
    protocol::{OAuthError, OAuthErrorCode, TokenLookup},
};

use super::wire::{self, Call, Posted, Refused};

/// RFC 9701 §8.2.
const JWT: &str = "application/token-introspection+jwt";

/// Tells a client about a token.
pub(crate) async fn post(posted: Posted) -> Response {
    posted.answer(look).await
}

async fn look(posted: Posted) -> Result<Response, Refused> {
    let Call { ctx, client, params, headers, .. } = posted.authenticated().await?;
    if !client.settings.auth_method.is_confidential() {
        let why = "introspection needs a client that can prove itself";
        return Err(OAuthError::new(OAuthErrorCode::InvalidClient, why).into());
    }
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    let found = grant::introspect(&ctx, Introspect { client: Arc::clone(&client), token, hint }).await?;
    if client.settings.introspection_signed_response_alg.is_some() || wire::accepts(&headers, JWT) {
        let jwt = grant::sign_introspection(&ctx, &client, &found).await?;
        return Ok(wire::token(JWT, jwt));
    }
    Ok(wire::json(StatusCode::OK, &found.to_response()))
}
