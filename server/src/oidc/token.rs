//! `POST /connect/token`: the token endpoint (RFC 6749 §3.2, OIDC Core §3.1.3).

use axum::{
    body::Bytes,
    extract::{Extension, State, rejection::BytesRejection},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{self, ClientCredentialsGrant, ExchangeCode, IssuedTokens, Refresh, TokenError},
    protocol::{OAuthError, OAuthErrorCode, TokenRequest},
};

use super::wire::{self, Refused};
use crate::ServerState;

/// Trades a code, a refresh token or the client's own credentials for tokens.
pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match issue(&state, meta, &headers, body).await {
        Ok(tokens) => wire::json(StatusCode::OK, &tokens.to_response()),
        Err(refused) => refused.answer(state.issuer().as_str()),
    }
}

async fn issue(
    state: &ServerState,
    meta: RequestMeta,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<IssuedTokens, Refused> {
    let params = wire::form(headers, body)?;
    let (ctx, client) = wire::client(state, meta, headers, &params).await?;
    let request = TokenRequest::parse(&params)?;
    if !client.settings.allows(request.grant_type()) {
        let why = "the client is not registered for this grant type";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, why).into());
    }
    let issued = match request {
        TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier } => {
            grant::exchange_code(&ctx, ExchangeCode { client, code, redirect_uri, code_verifier }).await
        }
        TokenRequest::RefreshToken { refresh_token, scope } => {
            grant::refresh(&ctx, Refresh { client, refresh_token, scope }).await
        }
        TokenRequest::ClientCredentials { scope } => {
            // RFC 8707 §2 calls it `resource`, RFC 8693 §2.1 `audience`; both may repeat.
            let audience = params.all("resource").chain(params.all("audience")).map(str::to_owned).collect();
            grant::client_credentials(&ctx, ClientCredentialsGrant { client, scope, audience }).await
        }
    };
    issued.map_err(|error| match error {
        TokenError::Refused(error) => Refused::Error(error),
        TokenError::Internal(_) => Refused::Internal,
    })
}
