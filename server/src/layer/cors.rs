//! Which scripts of other sites may read our answers (Fetch §3.3, I6).
//!
//! Only the protocol endpoints that an application in a browser needs: token, userinfo, revocation. Only for origins that a
//! client is registered with. Never with credentials: what counts is in the body or the `Authorization` header, and a
//! cookie never helps here. Discovery and keys are for everybody and say `*` themselves.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use ostiary::{client, protocol::metadata::path};

use crate::ServerState;

/// What a script may send and read, seconds that a browser may remember it.
const METHODS: &str = "GET, POST";
const REQUEST_HEADERS: &str = "authorization, content-type, dpop";
const EXPOSED: &str = "www-authenticate, x-request-id, dpop-nonce";
const REMEMBER: &str = "600";

/// Whether scripts of other sites have any business here.
fn is_for_scripts(path: &str) -> bool {
    matches!(path, path::TOKEN | path::USERINFO | path::REVOCATION)
}

/// What a request's `Origin` leads to.
pub(super) enum Verdict {
    /// Nothing: it has none, or has no business here.
    Silent,
    /// The answer may be read by this origin.
    Readable(HeaderValue),
    /// It was a preflight, and this is its answer.
    Preflight(Response),
}

/// Looks at the request's origin. Costs a look into memory, and only for requests that have one.
pub(super) async fn judge(state: &ServerState, method: &Method, path: &str, headers: &HeaderMap) -> Verdict {
    if !is_for_scripts(path) {
        return Verdict::Silent;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return Verdict::Silent };
    let is_known = match origin.to_str() {
        // A database that does not answer is logged there; here it means no.
        Ok(text) => client::is_allowed_origin(state.core(), text).await.unwrap_or(false),
        Err(_) => false,
    };
    let is_preflight = *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    match (is_known, is_preflight) {
        (false, false) => Verdict::Silent,
        (false, true) => Verdict::Preflight(StatusCode::FORBIDDEN.into_response()),
        (true, false) => Verdict::Readable(origin.clone()),
        (true, true) => Verdict::Preflight(preflight(origin.clone())),
    }
}

fn preflight(origin: HeaderValue) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBER));
    allow(headers, origin);
    response
}

/// Lets `origin` read the answer.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
