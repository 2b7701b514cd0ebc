//! Problems that many commands share.

use http::StatusCode;
use ostiary::{core::RequestMeta, limits::TooMany};

use super::problem::Problem;

/// 401: somebody has to say who they are (RFC 6750 §3).
pub(super) fn unauthenticated() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first")
        .with_challenge("Bearer realm=\"Ostiary\"")
}

/// 429 (I5).
pub(super) fn too_many(TooMany { retry_after_secs }: TooMany) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many tries from here")
        .with_retry_after(retry_after_secs)
}

/// 503: more passwords wait to be hashed than we take on (I10).
pub(super) fn busy(retry_after_secs: u64) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much to do at the moment")
        .with_retry_after(retry_after_secs)
}

/// 500, with the reference that finds the cause in the log.
pub(super) fn internal(meta: &RequestMeta) -> Problem {
    let title = "Something broke on our side, and nothing was changed";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", title).with_reference(meta)
}
