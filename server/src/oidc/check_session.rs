//! `GET /connect/checksession`: the OP iframe (OpenID Connect Session Management 1.0 §3.3).
//!
//! An empty page that applications load inside of theirs; its script (`public/check-session.js`) answers whether the
//! browser state is still the one they know. It is the same for everybody, may be framed by everybody, and may do nothing
//! but run that one script: no form, no request, no other file. What it can say needs a `session_state` to ask with.
//!
//! Browsers that block third-party cookies hide the browser state from it when the application is on another site. It then
//! answers "changed", and the application, which has to ask with `prompt=none` before it believes that (§3.1), is told
//! `login_required` there for the same reason. Applications on the same site, and back-channel logout, are not concerned.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use ostiary_app::assets;

use crate::ServerState;

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *",
);

/// `GET /connect/checksession`
pub(crate) async fn get(State(state): State<ServerState>) -> Response {
    // Both values are made of our own configuration and hold no character that HTML would want escaped.
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\" data-cookie=\"{}\"><head><meta charset=\"utf-8\"><title>Session</title>\
         <script type=\"module\" src=\"{}\"></script></head><body></body></html>",
        state.house().cookies().state(),
        assets::url(state.site(), "check-session.js"),
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, page).into_response()
}
