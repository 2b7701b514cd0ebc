//! What the endpoints for programs share: reading a form, authenticating the client, and writing JSON.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    client::{AuthenticateClient, AuthenticateClientError, Client, authenticate_client},
    core::{Actor, Ctx, RequestMeta},
    error::Internal,
    grant::{self, ProofError, Proved, TokenError},
    protocol::{
        ClientCredentials, OAuthError, OAuthErrorCode, Params, PresentedCertificate, bearer::basic_challenge,
        dpop::ProofOf,
    },
};
use serde::Serialize;

use super::proof;
use crate::ServerState;

/// An answer that is not the one asked for.
#[derive(Debug)]
pub(super) enum Refused {
    /// The error of RFC 6749 §5.2.
    Error(OAuthError),
    /// Too many requests: worth another try after so many seconds.
    TooMany { seconds: u64 },
    /// The body is larger than it may be.
    TooLarge,
    /// Our fault; it is logged.
    Internal,
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::Error(error)
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Refused(error) => Self::Error(error),
            TokenError::TooMany(limit) => Self::TooMany { seconds: limit.retry_after_secs },
            TokenError::Internal(_logged) => Self::Internal,
        }
    }
}

impl From<ProofError> for Refused {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Wrong(_) | ProofError::UseNonce => Self::Error(error.to_oauth_error()),
            ProofError::Internal(_logged) => Self::Internal,
        }
    }
}

impl From<Internal> for Refused {
    fn from(_logged: Internal) -> Self {
        Self::Internal
    }
}

impl Refused {
    /// The answer, with a challenge for `realm` beside `invalid_client` (RFC 6749 §5.2).
    pub(super) fn answer(self, realm: &str) -> Response {
        let retry_after = if let Self::TooMany { seconds } = self { Some(seconds) } else { None };
        let (status, error) = match self {
            Self::TooMany { .. } => {
                let why = "too many requests from this address";
                (StatusCode::TOO_MANY_REQUESTS, OAuthError::new(OAuthErrorCode::TemporarilyUnavailable, why))
            }
            Self::Error(error) => (StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::BAD_REQUEST), error),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, OAuthError::invalid_request("the body is too large")),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, OAuthError::bare(OAuthErrorCode::ServerError)),
        };
        let mut response = json(status, &error);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED
            && let Ok(challenge) = HeaderValue::try_from(basic_challenge(realm))
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// A JSON answer that nobody keeps (RFC 6749 §5.1).
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let Ok(body) = serde_json::to_vec(body) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (status, headers, body).into_response()
}

/// An answer that is one token, which nobody keeps.
pub(super) fn token(kind: &'static str, token: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    (headers, token).into_response()
}

/// Whether the request names exactly this media type as one it accepts (RFC 9110 §12.5.1). Wildcards do not count: they
/// mean whatever is usual.
pub(super) fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let named = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let is_kind = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(kind));
        // A weight of nought means anything but this.
        let is_refused = |part: &str| {
            part.split_once('=').is_some_and(|(name, weight)| {
                name.trim().eq_ignore_ascii_case("q") && weight.trim().parse() == Ok(0.0_f32)
            })
        };
        is_kind && !parts.any(is_refused)
    };
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(named)
}

/// The one `Authorization` header.
///
/// # Errors
/// Several of them, or one that is not text: two readers would see two requests.
pub(super) fn authorization(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => match value.to_str() {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(OAuthError::invalid_request("the Authorization header is not text")),
        },
        (Some(_), Some(_)) => Err(OAuthError::invalid_request("there are several Authorization headers")),
    }
}

/// Reads a form body (RFC 6749 §3.2, Appendix B).
///
/// # Errors
/// Not a form, too large, or not text.
pub(super) fn form(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Params, Refused> {
    if !is_form(headers) {
        return Err(OAuthError::invalid_request("the body must be application/x-www-form-urlencoded").into());
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refused::TooLarge,
        _ => Refused::Error(OAuthError::invalid_request("the body did not arrive whole")),
    })?;
    Ok(Params::parse(&body).map_err(OAuthError::from)?)
}

/// Whether the body is a form, whatever parameters follow the type.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A form that a program posted, not yet looked at. The argument of every endpoint for clients.
pub(super) struct Posted {
    state: ServerState,
    /// The URL it was posted to, as the world knows it.
    endpoint: String,
    meta: RequestMeta,
    headers: HeaderMap,
    certificate: Option<Arc<PresentedCertificate>>,
    body: Result<Bytes, BytesRejection>,
}

impl FromRequest<ServerState> for Posted {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &ServerState) -> Result<Self, Infallible> {
        let meta = request.extensions().get::<RequestMeta>().cloned();
        let meta = meta.unwrap_or_else(|| RequestMeta::none(state.core().new_id()));
        let endpoint = state.issuer().endpoint(request.uri().path());
        let headers = request.headers().clone();
        let certificate = proof::certificate(state, request.extensions());
        let body = Bytes::from_request(request, state).await;
        Ok(Self { state: state.clone(), endpoint, meta, headers, certificate, body })
    }
}

/// A request of a client that has proved who it is.
pub(super) struct Call {
    pub(super) state: ServerState,
    pub(super) headers: HeaderMap,
    pub(super) params: Params,
    pub(super) client: Arc<Client>,
    /// What the client's commands are given.
    pub(super) ctx: Ctx,
}

impl Posted {
    /// Runs an endpoint: its answer, or the refusal in the form of RFC 6749 §5.2.
    pub(super) async fn answer<F>(self, work: impl FnOnce(Self) -> F) -> Response
    where
        F: Future<Output = Result<Response, Refused>>,
    {
        let state = self.state.clone();
        let brings_proof = proof::is_there(&self.headers);
        let mut response = work(self).await.unwrap_or_else(|refused| refused.answer(state.issuer().as_str()));
        if brings_proof {
            proof::add_nonce(&state, &mut response);
        }
        response
    }

    /// The same as [`Posted::authenticated`], with what the request proves besides: the key of its DPoP proof, and the
    /// certificate of its connection. The proof is used up.
    ///
    /// # Errors
    /// `use_dpop_nonce` before anything else, `invalid_dpop_proof` after all of [`Posted::authenticated`].
    pub(super) async fn proved(self) -> Result<(Call, Proved), Refused> {
        let proof = proof::read(&self.state, &self.headers)?;
        let (endpoint, certificate) = (self.endpoint.clone(), self.certificate.clone());
        let call = self.authenticated().await?;
        let dpop_key = match proof {
            Some(proof) => {
                let request = ProofOf { method: "POST", url: &endpoint, access_token: None };
                let proof = grant::verify_proof(&call.ctx.core, &proof, &request)?;
                grant::use_proof(&call.ctx.core, &proof).await?;
                Some(proof.jkt)
            }
            None => None,
        };
        Ok((call, Proved { dpop_key, certificate }))
    }

    /// Reads the form and authenticates the client.
    ///
    /// # Errors
    /// `invalid_client`, or `invalid_request` for more than one method; whatever [`form`] refuses.
    pub(super) async fn authenticated(self) -> Result<Call, Refused> {
        let Self { state, endpoint, meta, headers, certificate, body } = self;
        let params = form(&headers, body)?;
        let credentials =
            ClientCredentials::parse(authorization(&headers)?, &params).map_err(|error| error.to_oauth_error())?;
        let mut ctx = state.anonymous(meta);
        let shown =
            AuthenticateClient { credentials: &credentials, endpoint: &endpoint, certificate: certificate.as_deref() };
        let client = authenticate_client(&ctx, shown).await.map_err(|error| match error {
            AuthenticateClientError::Refused | AuthenticateClientError::Assertion(_) => {
                Refused::Error(OAuthError::new(OAuthErrorCode::InvalidClient, error.to_string()))
            }
            AuthenticateClientError::Internal(_) => Refused::Internal,
        })?;
        ctx.actor = Actor::Client { client_id: client.id.clone() };
        Ok(Call { state, headers, params, client, ctx })
    }
}
