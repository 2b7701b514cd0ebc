//! `/connect/register`: clients register themselves (RFC 7591 §3, OIDC Registration §3) and look after their registration
//! (RFC 7592 §2). Bodies are JSON both ways; tokens are presented as RFC 6750 §2.1 says.

use axum::{
    body::Bytes,
    extract::{Extension, FromRequestParts, Path, State, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use ostiary::{
    client::registration::{
        self, ManageRegistration, ManageRegistrationError, RegisterClient, RegisterClientError, Registered,
        UpdateRegistration,
    },
    core::{Ctx, RequestMeta},
    protocol::{BearerChallenge, BearerError, BearerToken, OAuthError, OAuthErrorCode, metadata::path},
};
use serde_json::{Map, Value};

use super::wire::{self, Refused};
use crate::{
    ServerState,
    answer::{self, Refusal, Surface},
};

/// `POST /connect/register`
pub(crate) async fn post(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let token = match token(&headers) {
        Ok(token) => token,
        Err(error) => return challenge(&state, error.as_ref()),
    };
    let members = match members(&headers, body) {
        Ok(members) => members,
        Err(refused) => return refused.answer(state.issuer().as_str()),
    };
    let ctx = state.anonymous(meta);
    match registration::register_client(&ctx, RegisterClient { members, token }).await {
        Ok(registered) => information(&state, StatusCode::CREATED, &registered),
        Err(error) => refuse_registration(&state, &ctx, &error),
    }
}

fn refuse_registration(state: &ServerState, ctx: &Ctx, error: &RegisterClientError) -> Response {
    let bad = |error: &OAuthError| wire::json(StatusCode::BAD_REQUEST, error);
    match error {
        RegisterClientError::Off => answer::refuse(state, Surface::Wire, &ctx.meta, Refusal::NotFound),
        RegisterClientError::TokenNeeded => challenge(state, None),
        RegisterClientError::Token | RegisterClientError::Full => challenge(state, Some(&invalid_token(error))),
        RegisterClientError::Metadata(error) => bad(&error.to_oauth_error()),
        RegisterClientError::Statement(error) => bad(&OAuthError::new(error.code(), error.to_string())),
        RegisterClientError::TooMany(limit) => {
            let error = OAuthError::new(OAuthErrorCode::TemporarilyUnavailable, limit.to_string());
            let mut response = wire::json(StatusCode::TOO_MANY_REQUESTS, &error);
            response.headers_mut().insert(header::RETRY_AFTER, limit.retry_after_secs.into());
            response
        }
        RegisterClientError::Internal(_logged) => Refused::Internal.answer(state.issuer().as_str()),
    }
}

/// A request to look after a registration (RFC 7592 §2): whose, and the token for it.
pub(crate) struct Managing {
    state: ServerState,
    ctx: Ctx,
    cmd: ManageRegistration,
    headers: HeaderMap,
}

impl FromRequestParts<ServerState> for Managing {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Response> {
        let Path(client_id) = Path::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let Extension(meta) =
            Extension::<RequestMeta>::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        match token(&parts.headers) {
            Ok(Some(token)) => Ok(Self {
                state: state.clone(),
                ctx: state.anonymous(meta),
                cmd: ManageRegistration { client_id, token },
                headers: parts.headers.clone(),
            }),
            Ok(None) => Err(challenge(state, None)),
            Err(error) => Err(challenge(state, error.as_ref())),
        }
    }
}

/// `GET /connect/register/{client_id}` (RFC 7592 §2.1)
pub(crate) async fn get(Managing { state, ctx, cmd, .. }: Managing) -> Response {
    told(&state, registration::get_registration(&ctx, cmd).await)
}

/// `PUT /connect/register/{client_id}` (RFC 7592 §2.2)
pub(crate) async fn put(
    Managing { state, ctx, cmd, headers }: Managing,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match members(&headers, body) {
        Ok(members) => {
            let cmd = UpdateRegistration { registration: cmd, members };
            told(&state, registration::update_registration(&ctx, cmd).await)
        }
        Err(refused) => refused.answer(state.issuer().as_str()),
    }
}

/// `DELETE /connect/register/{client_id}` (RFC 7592 §2.3)
pub(crate) async fn delete(Managing { state, ctx, cmd, .. }: Managing) -> Response {
    match registration::delete_registration(&ctx, cmd).await {
        Ok(()) => {
            let headers = [
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::PRAGMA, HeaderValue::from_static("no-cache")),
            ];
            (StatusCode::NO_CONTENT, headers).into_response()
        }
        Err(error) => refuse(&state, &error),
    }
}

fn told(state: &ServerState, registered: Result<Registered, ManageRegistrationError>) -> Response {
    match registered {
        Ok(registered) => information(state, StatusCode::OK, &registered),
        Err(error) => refuse(state, &error),
    }
}

fn refuse(state: &ServerState, error: &ManageRegistrationError) -> Response {
    let bad = |error: &OAuthError| wire::json(StatusCode::BAD_REQUEST, error);
    match error {
        ManageRegistrationError::Token => challenge(state, Some(&invalid_token(error))),
        ManageRegistrationError::Metadata(error) => bad(&error.to_oauth_error()),
        ManageRegistrationError::Statement(error) => bad(&OAuthError::new(error.code(), error.to_string())),
        ManageRegistrationError::Internal(_logged) => Refused::Internal.answer(state.issuer().as_str()),
    }
}

/// The client information response (RFC 7591 §3.2.1, RFC 7592 §3).
fn information(state: &ServerState, status: StatusCode, registered: &Registered) -> Response {
    wire::json(status, &registered.to_response(&state.issuer().endpoint(path::REGISTER)))
}

fn invalid_token(why: &dyn std::fmt::Display) -> OAuthError {
    OAuthError::new(OAuthErrorCode::InvalidToken, why.to_string())
}

/// The bearer token, if there is one; an error is what the challenge says.
fn token(headers: &HeaderMap) -> Result<Option<String>, Option<OAuthError>> {
    let header = wire::authorization(headers).map_err(Some)?;
    match BearerToken::find(header, None, None) {
        Ok(token) => Ok(Some(token.expose().to_owned())),
        Err(BearerError::Missing) => Ok(None),
        Err(error) => Err(error.to_oauth_error()),
    }
}

fn members(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Map<String, Value>, Refused> {
    let bad = |why: &'static str| Refused::Error(OAuthError::new(OAuthErrorCode::InvalidClientMetadata, why));
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(bad("the body must be application/json"));
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::TooLarge,
        _ => bad("the body did not arrive whole"),
    })?;
    match serde_json::from_slice(&body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) | Err(_) => Err(bad("the body must be a JSON object")),
    }
}

/// 401 with a challenge (RFC 6750 §3); a request without a token is told nothing but the scheme.
fn challenge(state: &ServerState, error: Option<&OAuthError>) -> Response {
    let status = error.map_or(StatusCode::UNAUTHORIZED, |error| {
        StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST)
    });
    let mut response = match error {
        Some(error) => wire::json(status, error),
        None => (status, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response(),
    };
    let text = BearerChallenge { realm: state.issuer().as_str(), error, scope: None }.to_string();
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
