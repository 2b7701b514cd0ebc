//! What programs send to protocol endpoints: form bodies, with the client's credentials in them or beside them.

use std::sync::Arc;

use axum::{
    body::Bytes,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    client::{AuthenticateClientError, Client, authenticate_client},
    core::{Actor, Ctx},
    protocol::{ClientCredentials, OAuthError, OAuthErrorCode, Params, ParamsError, bearer::basic_challenge},
};
use serde::Serialize;

/// An error of a protocol endpoint (RFC 6749 §5.2).
pub(super) struct WireError {
    status: StatusCode,
    error: OAuthError,
    challenge: Option<String>,
}

impl WireError {
    /// The error with the status that its code has.
    pub(super) fn new(error: OAuthError) -> Self {
        let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, error, challenge: None }
    }

    /// A fault of ours, which the log explains.
    pub(super) fn internal() -> Self {
        let error = OAuthError::new(OAuthErrorCode::ServerError, "something broke on our side");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, error, challenge: None }
    }

    /// RFC 6749 §5.2: a client that used `Authorization` is answered with a challenge; we always send one with a 401.
    fn unauthenticated(error: OAuthError) -> Self {
        let challenge = (error.code() == OAuthErrorCode::InvalidClient).then(|| basic_challenge("Ostiary"));
        let status = if challenge.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, challenge }
    }
}

impl From<ParamsError> for WireError {
    fn from(cause: ParamsError) -> Self {
        Self::new(cause.into())
    }
}

impl From<OAuthError> for WireError {
    fn from(error: OAuthError) -> Self {
        Self::new(error)
    }
}

impl IntoResponse for WireError {
    fn into_response(self) -> Response {
        let mut response = json(self.status, &self.error);
        if let Some(challenge) = self.challenge.and_then(|text| HeaderValue::try_from(text).ok()) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A JSON answer that nobody may keep (RFC 6749 §5.1).
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::PRAGMA, HeaderValue::from_static("no-cache")),
            ];
            (status, headers, body).into_response()
        }
        Err(cause) => {
            tracing::error!(%cause, "cannot write an answer");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Reads a form body. Anything else is refused: a body of another type cannot hold what the endpoint needs.
pub(super) fn params(headers: &HeaderMap, body: &Bytes) -> Result<Params, WireError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(WireError::new(OAuthError::invalid_request("the body must be application/x-www-form-urlencoded")));
    }
    Ok(Params::parse(body)?)
}

/// The text of the `Authorization` header. A header that is no text, or is there twice, is a wrong credential, not none.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let first = values.next()?;
    match values.next() {
        Some(_) => Some(""),
        None => Some(first.to_str().unwrap_or_default()),
    }
}

/// Reads the body and finds out which client sent it (RFC 6749 §2.3).
pub(super) async fn authenticated(
    ctx: &Ctx,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Ctx, Arc<Client>, Params), WireError> {
    let params = params(headers, body)?;
    let credentials = ClientCredentials::parse(authorization(headers), &params)
        .map_err(|cause| WireError::unauthenticated(cause.to_oauth_error()))?;
    let client = match authenticate_client(ctx, &credentials).await {
        Ok(client) => client,
        Err(AuthenticateClientError::Refused) => {
            let error = OAuthError::new(OAuthErrorCode::InvalidClient, "the client could not be authenticated");
            return Err(WireError::unauthenticated(error));
        }
        Err(AuthenticateClientError::Internal(_)) => return Err(WireError::internal()),
    };
    let ctx = ctx.core.ctx(Actor::Client { client_id: client.id.clone() }, ctx.meta.clone());
    Ok((ctx, client, params))
}
