//! Entity tags: the version of an object. A change or removal with `If-Match` is carried out only on what was seen
//! (RFC 9110 §13.1.1).

use http::{HeaderMap, HeaderName, header};

use super::problem::{self, Problem};

/// The tag of an object at this version, as a header.
pub(super) fn of(version: i64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}

/// The version that `If-Match` asks for. Any when it is not there or `*`; a tag that is none of ours cannot match.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(tag) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let tag = tag.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
    version.map(Some).ok_or_else(problem::changed)
}
