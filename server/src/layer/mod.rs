//! What happens around every request, one concern a file, in this order:
//!
//! 1. [`meta`]: from where it comes, and the id that ties together everything it causes; [`certificate`]: what a proxy tells
//!    of the client's certificate.
//! 2. [`https`]: what a trusted proxy received in the clear is sent to HTTPS.
//! 3. [`origin`]: a state change by cookie has to come from our own pages.
//! 4. [`cors`]: which scripts of other sites may read the answer.
//! 5. [`body`]: no body is larger than it may be; [`compression`]: no answer is compressed that holds a secret.
//! 6. [`time`]: none takes longer than it may, and [`panic`]: one that breaks takes no other with it.
//! 7. [`headers`]: what every answer carries.
//!
//! They are plain functions called by one middleware rather than six layers of tower: each layer would box the future once
//! more, on paths where every microsecond is counted.

mod body;
mod certificate;
mod compression;
mod cors;
mod headers;
mod https;
mod meta;
mod origin;
mod panic;
mod time;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use tracing::Instrument as _;

use crate::{
    ServerState,
    answer::{self, Surface},
};

/// Puts all of it around `router`.
pub(crate) fn around(router: Router, state: &ServerState) -> Router {
    router.layer(middleware::from_fn_with_state(state.clone(), edge))
}

async fn edge(State(state): State<ServerState>, mut request: Request, next: Next) -> Response {
    let meta = meta::read(&state, &request);
    request.extensions_mut().insert(meta.clone());
    certificate::read(&state, &mut request);
    let surface = Surface::of(request.uri().path());
    let span = tracing::info_span!(
        "request",
        id = %meta.correlation_id,
        method = %request.method(),
        path = request.uri().path(),
    );
    let work = async {
        if let Some(redirect) = https::redirect(&state, &request) {
            return redirect;
        }
        let readable = match cors::judge(&state, request.method(), request.uri().path(), request.headers()).await {
            cors::Verdict::Preflight(answer) => return answer,
            cors::Verdict::Readable(origin) => Some(origin),
            cors::Verdict::Silent => None,
        };
        compression::limit(&mut request);
        let admitted = https::check(&state, &request)
            .and_then(|()| origin::check(&state, &request))
            .and_then(|()| body::limit(&state, request));
        let done = match admitted {
            Ok(request) => time::limited(&state, panic::caught(next.run(request))).await,
            Err(refusal) => Err(refusal),
        };
        let mut response = done.unwrap_or_else(|refusal| answer::refuse(&state, surface, &meta, refusal));
        if let Some(origin) = readable {
            cors::allow(response.headers_mut(), origin);
        }
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    };
    let mut response = work.instrument(span).await;
    headers::complete(&state, &meta, response.headers_mut());
    response
}
