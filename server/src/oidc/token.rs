//! `POST /connect/token` (RFC 6749 §3.2).

use axum::{
    body::Bytes,
    extract::{Extension, State},
    response::Response,
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    core::RequestMeta,
    grant::{
        ClientCredentialsGrant, ExchangeCode, IssuedTokens, Refresh, TokenError, client_credentials, exchange_code,
        refresh,
    },
    protocol::{OAuthError, OAuthErrorCode, TokenRequest},
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
    let request = TokenRequest::parse(&params)?;
    if !client.settings.allows(request.grant_type()) {
        let text = "the client may not use this grant type";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, text).into());
    }
    let issued = match request {
        TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier } => {
            exchange_code(&ctx, ExchangeCode { client, code, redirect_uri, code_verifier }).await
        }
        TokenRequest::RefreshToken { refresh_token, scope } => {
            refresh(&ctx, Refresh { client, refresh_token, scope }).await
        }
        TokenRequest::ClientCredentials { scope } => {
            let audience = Vec::new();
            client_credentials(&ctx, ClientCredentialsGrant { client, scope, audience }).await
        }
    };
    answer(issued)
}

fn answer(issued: Result<IssuedTokens, TokenError>) -> Result<Response, WireError> {
    match issued {
        Ok(tokens) => Ok(form::json(StatusCode::OK, &tokens.to_response())),
        Err(TokenError::Refused(error)) => Err(error.into()),
        Err(TokenError::Internal(_)) => Err(WireError::internal()),
    }
}
