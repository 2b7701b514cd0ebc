//! `POST /connect/introspect`: token introspection (RFC 7662). For confidential clients only (§2.1).

use axum::{
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{self, Introspect, Introspected},
    protocol::{OAuthError, OAuthErrorCode, TokenLookup},
};

use super::wire::{self, Refused};
use crate::ServerState;

/// Tells a client about a token.
pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match look(&state, meta, &headers, body).await {
        Ok(found) => wire::json(StatusCode::OK, &found.to_response()),
        Err(refused) => refused.answer(state.issuer().as_str()),
    }
}

async fn look(
    state: &ServerState,
    meta: RequestMeta,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Introspected, Refused> {
    let params = wire::form(headers, body)?;
    let (ctx, client) = wire::client(state, meta, headers, &params).await?;
    if !client.settings.auth_method.is_confidential() {
        let why = "introspection needs a client that can prove itself";
        return Err(OAuthError::new(OAuthErrorCode::InvalidClient, why).into());
    }
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    Ok(grant::introspect(&ctx, Introspect { client, token, hint }).await?)
}
