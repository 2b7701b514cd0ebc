//! What every answer carries, unless its handler decided otherwise.
//!
//! - `Cache-Control: no-store`: what may be kept says so itself.
//! - A content security policy that allows nothing, for everything that is not a page.
//! - `Referrer-Policy: same-origin`: links in mails carry secrets in their query, which no other site may learn. Not
//!   `no-referrer`: with it browsers send `Origin: null` with our own forms (Fetch §3.2), and [`super::origin`] needs it.
//! - `Strict-Transport-Security` where the public URL is HTTPS. Without `includeSubDomains`: they may be somebody else's.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use ostiary::core::RequestMeta;

use crate::ServerState;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Adds what is missing.
pub(super) fn complete(state: &ServerState, meta: &RequestMeta, headers: &mut HeaderMap) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::CACHE_CONTROL, "no-store");
    add(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    add(header::REFERRER_POLICY, "same-origin");
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::X_FRAME_OPTIONS, "DENY");
    if state.core().config().is_https() {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(id) = HeaderValue::try_from(meta.correlation_id.to_string()) {
        headers.insert(REQUEST_ID.clone(), id);
    }
}
