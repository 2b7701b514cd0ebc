//! `POST /connect/token`: the token endpoint (RFC 6749 §3.2, OIDC Core §3.1.3).

use axum::response::Response;
use http::StatusCode;
use ostiary::{
    grant::{
        self, ClientCredentialsGrant, ExchangeCode, ExchangeToken, JwtBearer, Refresh,
        decoupled::{self, CollectTokens, DecoupledKind},
    },
    protocol::{OAuthError, OAuthErrorCode, TokenAim, TokenRequest},
};

use super::wire::{self, Call, Posted, Refused};

/// Trades a code, a refresh token or the client's own credentials for tokens.
pub(crate) async fn post(posted: Posted) -> Response {
    let mut response = posted.answer(issue).await;
    // Here even `access_denied` is a 400 (RFC 6749 §5.2, RFC 8628 §3.5, CIBA §11).
    if response.status() == StatusCode::FORBIDDEN {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

async fn issue(posted: Posted) -> Result<Response, Refused> {
    let (Call { ctx, client, params, .. }, proved) = posted.proved().await?;
    let request = TokenRequest::parse(&params)?;
    if !client.settings.allows(request.grant_type()) {
        let why = "the client is not registered for this grant type";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, why).into());
    }
    let confirmation = proved.confirmation(&client)?;
    let aim = TokenAim::parse(&params)?;
    let issued = match request {
        TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier } => {
            grant::exchange_code(&ctx, ExchangeCode { client, code, redirect_uri, code_verifier, confirmation, aim })
                .await?
        }
        TokenRequest::RefreshToken { refresh_token, scope } => {
            grant::refresh(&ctx, Refresh { client, refresh_token, scope, confirmation, aim }).await?
        }
        TokenRequest::DeviceCode { device_code } => {
            let cmd = CollectTokens { client, kind: DecoupledKind::Device, code: device_code, confirmation, aim };
            decoupled::collect_tokens(&ctx, cmd).await?
        }
        TokenRequest::Ciba { auth_req_id } => {
            let cmd = CollectTokens { client, kind: DecoupledKind::Backchannel, code: auth_req_id, confirmation, aim };
            decoupled::collect_tokens(&ctx, cmd).await?
        }
        TokenRequest::TokenExchange(request) => {
            let cmd = ExchangeToken { client, request: *request, resources: aim.resources, confirmation };
            grant::exchange_token(&ctx, cmd).await?
        }
        TokenRequest::JwtBearer { assertion, scope } => {
            grant::jwt_bearer(&ctx, JwtBearer { client, assertion, scope, confirmation, aim }).await?
        }
        TokenRequest::ClientCredentials { scope } => {
            // RFC 8707 §2 calls it `resource`, RFC 8693 §2.1 `audience`; both may repeat.
            let TokenAim { mut resources, authorization_details } = aim;
            resources.extend(params.all("audience").map(str::to_owned));
            let cmd =
                ClientCredentialsGrant { client, scope, audience: resources, authorization_details, confirmation };
            grant::client_credentials(&ctx, cmd).await?
        }
    };
    Ok(wire::json(StatusCode::OK, &issued.to_response()))
}
