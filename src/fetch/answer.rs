//! What came back.

use std::time::Duration;

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap};
use serde_json::Value;

use super::FetchError;

/// What came back: the body, whole, and what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The status, one of success.
    pub status: u16,
    /// The media type, lower case and without parameters (RFC 9110 §8.3.1).
    pub content_type: Option<String>,
    /// How long it may be kept (RFC 9111 §5.2.2.1); zero when it may not be.
    pub max_age: Option<Duration>,
    /// Its validator (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Fetched {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: Vec<u8>) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let essence = |kind: &str| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Self {
            status,
            content_type: text(CONTENT_TYPE).map(essence),
            max_age: max_age(headers),
            etag: text(ETAG).map(str::to_owned),
            body,
        }
    }

    /// Whether it says that it is one of these media types. `application/*+json` stands for every type with that
    /// suffix (RFC 6839 §3.1).
    pub fn has_type(&self, types: &[&str]) -> bool {
        let Some(own) = self.content_type.as_deref() else { return false };
        types.iter().any(|wanted| match wanted.split_once('*') {
            Some((start, end)) => own.len() > start.len() + end.len() && own.starts_with(start) && own.ends_with(end),
            None => own == *wanted,
        })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`FetchError::Malformed`] when it does not say that it is JSON, or is none.
    pub fn json(&self) -> Result<Value, FetchError> {
        if !self.has_type(&["application/json", "application/*+json"]) {
            return Err(FetchError::Malformed);
        }
        serde_json::from_slice(&self.body).map_err(|_| FetchError::Malformed)
    }
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let mut found = None;
    for value in headers.get_all(CACHE_CONTROL) {
        for directive in value.to_str().unwrap_or_default().split(',') {
            let (name, argument) = directive.split_once('=').unwrap_or((directive, ""));
            let name = name.trim();
            if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
                return Some(Duration::ZERO);
            }
            if name.eq_ignore_ascii_case("max-age") {
                found = argument.trim().trim_matches('"').parse().ok().map(Duration::from_secs);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(kind: &'static str, cache: &'static str) -> Fetched {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        headers.insert(CACHE_CONTROL, cache.parse().unwrap());
        Fetched::new(200, &headers, b"{}".to_vec())
    }

    #[test]
    fn types_are_compared_without_their_parameters() {
        let jwks = ["application/json", "application/jwk-set+json"];
        assert!(fetched("Application/JSON; charset=utf-8", "").has_type(&jwks));
        assert!(fetched("application/jwk-set+json", "").has_type(&jwks));
        for other in ["text/html", "application/jsonp", "", "application/xml+json2"] {
            assert!(!fetched(other, "").has_type(&jwks), "{other}");
            assert_eq!(fetched(other, "").json(), Err(FetchError::Malformed), "{other}");
        }
        assert!(fetched("application/jwk-set+json", "").json().is_ok());
        assert!(!fetched("application/+json", "").has_type(&["application/*+json"]));
    }

    #[test]
    fn how_long_it_may_be_kept() {
        let secs = |cache| fetched("a/b", cache).max_age.map(|age| age.as_secs());
        assert_eq!(secs("public, max-age=600"), Some(600));
        assert_eq!(secs("Max-Age=5, must-revalidate"), Some(5));
        assert_eq!(secs("max-age=600, no-store"), Some(0));
        assert_eq!(secs("no-cache"), Some(0));
        assert_eq!(secs("max-age=soon"), None);
        assert_eq!(secs("public"), None);
    }
}
