//! HTTPS is the rule where the public URL says so (I6). A proxy of ours that terminates TLS tells in `X-Forwarded-Proto` what
//! it received; what came in the clear is sent to HTTPS when it only reads, and refused when it carries something: its
//! content has then been seen already, and a redirect would hide that.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};

use super::meta;
use crate::{ServerState, answer::Refusal};

static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

fn came_in_the_clear(state: &ServerState, request: &Request) -> bool {
    state.core().config().is_https()
        && request.headers().get(&FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"http"))
        && meta::from_trusted_proxy(state, request)
}

/// The way to HTTPS for a request that only reads and came in the clear.
pub(super) fn redirect(state: &ServerState, request: &Request) -> Option<Response> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !came_in_the_clear(state, request) {
        return None;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = HeaderValue::try_from(state.core().config().url(path)).ok()?;
    Some((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response())
}

/// Refuses what came in the clear and was not sent on.
pub(super) fn check(state: &ServerState, request: &Request) -> Result<(), Refusal> {
    if came_in_the_clear(state, request) { Err(Refusal::Insecure) } else { Ok(()) }
}
