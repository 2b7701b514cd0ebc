//! What the endpoints share to which applications send people: a form that came from somebody else's site, and the page for a
//! request that cannot be answered.

use axum::{body::Bytes, extract::rejection::BytesRejection, response::Response};
use http::HeaderMap;
use ostiary_app::{
    model::{DeveloperNote, ErrorKind, WayOn},
    ssr::{Visit, respond},
};

use super::wire;
use crate::ServerState;

/// Longest form that is sent on as a query.
const LONGEST_QUERY: usize = 8 * 1024;

/// A form that a browser posted to us.
pub(super) enum Form {
    /// To be read: whoever posts it is known here.
    Known(Bytes),
    /// Not to be read: answer this. A browser that posts from the application's site leaves our cookie at home
    /// (`SameSite=Lax`), but brings it when it follows a redirect; so somebody we do not know is sent round once by GET.
    Round(Response),
    /// Of somebody who seems to be nobody, and too long to be sent round, or not encoded as a form.
    Unknown(Bytes),
}

impl Form {
    /// Takes a form that was posted to `path`; the reason why, if it is none.
    pub(super) fn take(
        state: &ServerState,
        visit: &Visit,
        path: &str,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Self, &'static str> {
        let body = body.map_err(|_| "the body did not arrive whole or is too large")?;
        if !wire::is_form(headers) {
            return Err("the body must be application/x-www-form-urlencoded");
        }
        if visit.live.is_some() {
            return Ok(Self::Known(body));
        }
        Ok(match as_query(&body) {
            Some(query) => Self::Round(respond::redirect(visit, &format!("{}?{query}", state.site().to(path)))),
            None => Self::Unknown(body),
        })
    }
}

fn as_query(body: &[u8]) -> Option<&str> {
    let is_plain = body.len() <= LONGEST_QUERY && body.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'#');
    std::str::from_utf8(body).ok().filter(|_| is_plain)
}

/// The application cannot be answered, so the person is told, and its developer (D13).
pub(super) fn refused(visit: &Visit, kind: &ErrorKind, error: &str, why: &str) -> Response {
    tracing::info!(error, why, "a request that sent somebody here was refused");
    let note = DeveloperNote {
        error: error.to_owned(),
        why: why.to_owned(),
        reference: Some(visit.ctx.meta.correlation_id.reference()),
    };
    respond::error_page(visit.house(), kind, WayOn::None, Some(note))
}

/// Nothing can be made of the request.
pub(super) fn broken(visit: &Visit, why: &str) -> Response {
    refused(visit, &ErrorKind::BrokenRequest { caller: None }, "invalid_request", why)
}
