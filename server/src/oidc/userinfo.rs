//! `GET` and `POST /connect/userinfo` (OIDC Core §5.3, RFC 6750).

use axum::{
    body::Bytes,
    extract::{Extension, RawQuery, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    core::RequestMeta,
    grant::{UserInfoError, user_info},
    protocol::{BearerChallenge, BearerToken, OAuthError, OAuthErrorCode, Params},
};

use super::form;
use crate::ServerState;

pub(crate) async fn get(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&state, meta, &headers, query, None).await
}

pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // A POST may carry its token in the header and no body, or a body of no type at all.
    let params = if body.is_empty() { None } else { form::params(&headers, &body).ok() };
    answer(&state, meta, &headers, query, params).await
}

async fn answer(
    state: &ServerState,
    meta: RequestMeta,
    headers: &HeaderMap,
    query: Option<String>,
    body: Option<Params>,
) -> Response {
    let query = query.and_then(|query| Params::parse(query.as_bytes()).ok());
    let token = match BearerToken::find(form::authorization(headers), body.as_ref(), query.as_ref()) {
        Ok(token) => token,
        Err(cause) => return refuse(cause.to_oauth_error()),
    };
    match user_info(&state.anonymous(meta), token.expose()).await {
        Ok(claims) => form::json(StatusCode::OK, &claims),
        Err(UserInfoError::InvalidToken) => {
            refuse(Some(OAuthError::new(OAuthErrorCode::InvalidToken, "the access token is not valid, or has ended")))
        }
        Err(UserInfoError::InsufficientScope) => {
            refuse(Some(OAuthError::new(OAuthErrorCode::InsufficientScope, "the access token lacks the scope openid")))
        }
        Err(UserInfoError::Internal(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// RFC 6750 §3: a challenge; without any token it carries no error code (§3.1).
fn refuse(error: Option<OAuthError>) -> Response {
    let status = error.as_ref().map_or(StatusCode::UNAUTHORIZED, |error| {
        StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::UNAUTHORIZED)
    });
    let challenge = BearerChallenge { realm: "Ostiary", error: error.as_ref(), scope: None }.to_string();
    let mut response = match &error {
        Some(error) => form::json(status, error),
        None => status.into_response(),
    };
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
