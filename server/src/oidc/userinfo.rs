//! `GET` and `POST /connect/userinfo`: claims about the person, for who holds an access token (OIDC Core §5.3). Errors as in
//! RFC 6750 §3 and RFC 9449 §7.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::Bytes,
    extract::{FromRequestParts, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use ostiary::{
    core::RequestMeta,
    grant::{self, GetUserInfo, ProofError, UserInfo, UserInfoError},
    protocol::{
        AccessTokenType, BearerChallenge, BearerError, BearerToken, DpopChallenge, OAuthError, OAuthErrorCode, Params,
        PresentedCertificate, Scope, ScopeSet,
        dpop::{DpopError, ProofOf},
        metadata::path,
    },
};

use super::{proof, wire};
use crate::ServerState;

/// A request for claims, as far as every handler has it.
pub(crate) struct Asked {
    state: ServerState,
    meta: RequestMeta,
    method: Method,
    query: Option<Params>,
    headers: HeaderMap,
    certificate: Option<Arc<PresentedCertificate>>,
}

impl FromRequestParts<ServerState> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Infallible> {
        let meta = parts.extensions.get::<RequestMeta>().cloned();
        Ok(Self {
            state: state.clone(),
            meta: meta.unwrap_or_else(|| RequestMeta::none(state.core().new_id())),
            method: parts.method.clone(),
            query: parts.uri.query().and_then(|query| Params::parse(query.as_bytes()).ok()),
            headers: parts.headers.clone(),
            certificate: proof::certificate(state, &parts.extensions),
        })
    }
}

/// `GET`: the token is in the header.
pub(crate) async fn get(asked: Asked) -> Response {
    answer(asked, None).await
}

/// `POST`: the token is in the header or, as a form, in the body (RFC 6750 §2.2).
pub(crate) async fn post(asked: Asked, body: Result<Bytes, BytesRejection>) -> Response {
    // A body that is no form is nobody's business: the token is in the header then.
    let form = if wire::is_form(&asked.headers) { Some(wire::form(&asked.headers, body)) } else { None };
    match form.transpose() {
        Ok(form) => answer(asked, form.as_ref()).await,
        Err(refused) => refused.answer(asked.state.issuer().as_str()),
    }
}

async fn answer(asked: Asked, form: Option<&Params>) -> Response {
    let realm = asked.state.issuer().as_str();
    let mut response = match look(&asked, form).await {
        Ok(UserInfo::Claims(claims)) => wire::json(StatusCode::OK, &claims),
        Ok(UserInfo::Jwt(jwt)) => wire::token("application/jwt", jwt),
        Err(Refusal { error: Some(error), .. }) if error.code() == OAuthErrorCode::ServerError => {
            wire::Refused::Internal.answer(realm)
        }
        Err(refusal) => challenge(realm, &refusal),
    };
    if proof::is_there(&asked.headers) {
        proof::add_nonce(&asked.state, &mut response);
    }
    response
}

/// Why there are no claims, and the way of presenting the token that this is about.
struct Refusal {
    scheme: AccessTokenType,
    error: Option<OAuthError>,
}

async fn look(asked: &Asked, form: Option<&Params>) -> Result<UserInfo, Refusal> {
    let refuse = |scheme, error| Refusal { scheme, error };
    let found = wire::authorization(&asked.headers).map_err(Some).and_then(|header| {
        BearerToken::find_any(header, form, asked.query.as_ref()).map_err(BearerError::to_oauth_error)
    });
    let (scheme, token) = found.map_err(|error| refuse(AccessTokenType::Bearer, error))?;
    let proof = match scheme {
        AccessTokenType::Bearer => None,
        AccessTokenType::Dpop => {
            let wrong = |error: ProofError| refuse(scheme, Some(error.to_oauth_error()));
            let proof = proof::read(&asked.state, &asked.headers).map_err(wrong)?;
            let proof = proof.ok_or_else(|| wrong(DpopError::Several.into()))?;
            let url = asked.state.issuer().endpoint(path::USERINFO);
            let request = ProofOf { method: asked.method.as_str(), url: &url, access_token: Some(token.expose()) };
            Some(grant::verify_proof(asked.state.core(), &proof, &request).map_err(wrong)?)
        }
    };
    let cmd = GetUserInfo { access_token: token.expose(), scheme, proof, certificate: asked.certificate.as_deref() };
    grant::user_info(&asked.state.anonymous(asked.meta.clone()), cmd).await.map_err(|error| {
        let code = match &error {
            UserInfoError::InvalidToken | UserInfoError::NotTheirs => OAuthErrorCode::InvalidToken,
            UserInfoError::InsufficientScope => OAuthErrorCode::InsufficientScope,
            UserInfoError::Proof(error) => return refuse(scheme, Some(error.to_oauth_error())),
            UserInfoError::Internal(_) => OAuthErrorCode::ServerError,
        };
        refuse(scheme, Some(OAuthError::new(code, error.to_string())))
    })
}

/// A refusal: status, body and challenge say the same; a request without a token is told nothing but the schemes (RFC 6750
/// §3.1). Both schemes are always told, the one that was used first (RFC 9449 §7.1). `resource_metadata` (RFC 9728 §5.1) is
/// not: what we publish names the issuer as the resource, so a client that comes from here would have to drop it (§3.3).
fn challenge(realm: &str, refusal: &Refusal) -> Response {
    let error = refusal.error.as_ref();
    let status = match error.map(OAuthError::code) {
        None | Some(OAuthErrorCode::InvalidDpopProof | OAuthErrorCode::UseDpopNonce) => StatusCode::UNAUTHORIZED,
        Some(code) => StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::BAD_REQUEST),
    };
    let mut response = match error {
        Some(error) => wire::json(status, error),
        None => status.into_response(),
    };
    let needs_openid = error.is_some_and(|error| error.code() == OAuthErrorCode::InsufficientScope);
    let scope: Option<ScopeSet> = needs_openid.then(|| [Scope::OPENID].into_iter().collect());
    let (of_bearer, of_dpop) = match refusal.scheme {
        AccessTokenType::Bearer => (error, None),
        AccessTokenType::Dpop => (None, error),
    };
    let bearer = BearerChallenge { realm, error: of_bearer, scope: scope.as_ref() }.to_string();
    let dpop = DpopChallenge { realm, error: of_dpop }.to_string();
    let challenges = match refusal.scheme {
        AccessTokenType::Bearer => [bearer, dpop],
        AccessTokenType::Dpop => [dpop, bearer],
    };
    for text in challenges {
        if let Ok(value) = HeaderValue::try_from(text) {
            response.headers_mut().append(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}
