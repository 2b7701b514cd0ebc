//! `GET` and `POST /connect/userinfo`: claims about the person, for who holds an access token (OIDC Core §5.3). Errors as in
//! RFC 6750 §3.

use axum::{
    body::Bytes,
    extract::{Extension, RawQuery, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    core::RequestMeta,
    grant::{self, UserInfo, UserInfoError},
    protocol::{BearerChallenge, BearerError, BearerToken, OAuthError, OAuthErrorCode, Params, Scope, ScopeSet},
};

use super::wire;
use crate::ServerState;

/// `GET`: the token is in the header.
pub(crate) async fn get(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    answer(&state, meta, query, &headers, None).await
}

/// `POST`: the token is in the header or, as a form, in the body (RFC 6750 §2.2).
pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    // A body that is no form is nobody's business: the token is in the header then.
    let form = if wire::is_form(&headers) { Some(wire::form(&headers, body)) } else { None };
    match form.transpose() {
        Ok(form) => answer(&state, meta, query, &headers, form.as_ref()).await,
        Err(refused) => refused.answer(state.issuer().as_str()),
    }
}

async fn answer(
    state: &ServerState,
    meta: RequestMeta,
    query: Option<String>,
    headers: &HeaderMap,
    form: Option<&Params>,
) -> Response {
    let realm = state.issuer().as_str();
    let query = query.and_then(|query| Params::parse(query.as_bytes()).ok());
    let found = wire::authorization(headers)
        .map_err(Some)
        .and_then(|header| BearerToken::find(header, form, query.as_ref()).map_err(BearerError::to_oauth_error));
    let token = match found {
        Ok(token) => token,
        Err(error) => return challenge(realm, error.as_ref()),
    };
    match grant::user_info(&state.anonymous(meta), token.expose()).await {
        Ok(UserInfo::Claims(claims)) => wire::json(StatusCode::OK, &claims),
        Ok(UserInfo::Jwt(jwt)) => wire::token("application/jwt", jwt),
        Err(error @ UserInfoError::InvalidToken) => {
            challenge(realm, Some(&OAuthError::new(OAuthErrorCode::InvalidToken, error.to_string())))
        }
        Err(error @ UserInfoError::InsufficientScope) => {
            challenge(realm, Some(&OAuthError::new(OAuthErrorCode::InsufficientScope, error.to_string())))
        }
        Err(UserInfoError::Internal(_)) => wire::Refused::Internal.answer(realm),
    }
}

/// A refusal: status, body and challenge say the same; a request without a token is told nothing but the scheme (§3.1).
fn challenge(realm: &str, error: Option<&OAuthError>) -> Response {
    let status = error.map_or(StatusCode::UNAUTHORIZED, |error| {
        StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST)
    });
    let mut response = match error {
        Some(error) => wire::json(status, error),
        None => status.into_response(),
    };
    let needs_openid = error.is_some_and(|error| error.code() == OAuthErrorCode::InsufficientScope);
    let scope: Option<ScopeSet> = needs_openid.then(|| [Scope::OPENID].into_iter().collect());
    let text = BearerChallenge { realm, error, scope: scope.as_ref() }.to_string();
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
