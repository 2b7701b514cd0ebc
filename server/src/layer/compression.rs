//! Which answers are compressed.
//!
//! A compressed answer tells an eavesdropper by its length whether something he had put into it stands in it twice (BREACH).
//! So only pages that hold no secret are compressed: the ones in front of the door, asked for by `GET`. Stylesheet and
//! script bring compressed forms of their own. Everything else loses its `Accept-Encoding` here, before a handler sees it.

use axum::extract::Request;
use http::{Method, header};

/// Pages that show nothing but what the asker sent, and no secret.
const PAGES: [&str; 4] = ["/sign-in", "/register", "/forgot-password", "/signed-out"];

/// Takes away the wish for compression where it is not granted.
pub(super) fn limit(request: &mut Request) {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let granted = reads && (path.starts_with("/assets/") || path == "/favicon.svg" || PAGES.contains(&path));
    if !granted {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
}
