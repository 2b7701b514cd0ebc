//! `POST /connect/introspect` (RFC 7662 §2).

use axum::{
    body::Bytes,
    extract::{Extension, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{Introspect, introspect},
    protocol::{OAuthError, OAuthErrorCode, TokenLookup},
};

use super::form::{self, WireError};
use crate::ServerState;

pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WireError> {
    let (ctx, client, params) = form::authenticated(&state.anonymous(meta), &headers, &body).await?;
    // RFC 7662 §2.1: who asks must prove itself, or anybody could try out tokens.
    if !client.settings.auth_method.is_confidential() {
        let text = "a public client may not introspect tokens";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, text).into());
    }
    let TokenLookup { token, hint } = TokenLookup::parse(&params)?;
    let found = introspect(&ctx, Introspect { client, token, hint }).await.map_err(|_| WireError::internal())?;
    Ok(form::json(StatusCode::OK, &found.to_response()))
}
