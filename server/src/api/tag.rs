//! Entity tags: the version of an object. A change or removal with `If-Match` is carried out only on what was seen
//! (RFC 9110 §13.1.1).

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

use super::{
    describe::{Draft, Input},
    problem::{CHANGED, Problem},
};
use crate::ServerState;

/// The version that `If-Match` asks for. Any when it is not there or `*`; a tag that is none of ours cannot match.
#[derive(Debug)]
pub(super) struct IfMatch(pub(super) Option<i64>);

impl Input for IfMatch {
    fn describe(draft: &mut Draft) {
        draft.has_header("If-Match", "The entity tag of what was seen. What changed since is left alone.");
        draft.may_be(CHANGED);
    }
}

impl FromRequestParts<ServerState> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ServerState) -> Result<Self, Problem> {
        let Some(tag) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let tag = tag.to_str().unwrap_or_default().trim();
        if tag == "*" {
            return Ok(Self(None));
        }
        let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
        version.map(|version| Self(Some(version))).ok_or_else(|| CHANGED.into())
    }
}
