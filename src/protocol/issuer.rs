//! The issuer identifier: the provider's public base URL (OIDC Discovery §3, RFC 8414 §2, D1).
//!
//! It is compared byte for byte by every client, so it is kept as it is written, without a trailing
//! slash. It may have a path, and then every endpoint lives below that path. Whether plain `http` may be
//! used is for the configuration to decide; here both schemes have the right form.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Why a text cannot be an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not an absolute `https` or `http` URL.
    #[error("the issuer is not an http or https URL")]
    NotAUrl,
    /// A query, fragment or user information (RFC 8414 §2).
    #[error("the issuer has a query, a fragment or user information")]
    Extra,
    /// Written differently from how clients will print it: upper-case host, default port, `/../`; or with an empty part
    /// in its path, which at the beginning of an address means another host.
    #[error("the issuer is not written in its plain form")]
    NotPlain,
}

/// A checked issuer identifier without trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer {
    text: String,
    /// Where the path begins in `text`.
    path_at: usize,
}

impl Issuer {
    /// Checks an issuer; one trailing slash is dropped.
    ///
    /// # Errors
    /// Not `https` or `http`, a query or fragment, or not in plain form.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let url = Url::parse(text).map_err(|_| IssuerError::NotAUrl)?;
        if url.host().is_none() || !matches!(url.scheme(), "https" | "http") {
            return Err(IssuerError::NotAUrl);
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(IssuerError::Extra);
        }
        if url.as_str().strip_suffix('/').unwrap_or(url.as_str()) != text || url.path().contains("//") {
            return Err(IssuerError::NotPlain);
        }
        let path_at = if url.path() == "/" { text.len() } else { text.len() - url.path().len() };
        Ok(Self { text: text.to_owned(), path_at })
    }

    /// The identifier, as it stands in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        self.text.get(..self.path_at).unwrap_or_default()
    }

    /// The path without trailing slash: empty for an issuer at the root of its host.
    pub fn path(&self) -> &str {
        self.text.get(self.path_at..).unwrap_or_default()
    }

    /// Whether the issuer is reached over TLS, so that cookies may be marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// The URL of a path below the issuer; `path` begins with a slash.
    pub fn endpoint(&self, path: &str) -> String {
        [self.text.as_str(), path].concat()
    }

    /// Where RFC 8414 §3.1 looks for the metadata: before the issuer's path, not after it.
    pub fn oauth_metadata_path(&self) -> String {
        ["/.well-known/oauth-authorization-server", self.path()].concat()
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for Issuer {
    type Err = IssuerError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Issuer {
    type Error = IssuerError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_and_a_path() {
        let root = Issuer::parse("http://localhost:8080/").unwrap();
        assert_eq!((root.as_str(), root.path()), ("http://localhost:8080", ""));
        assert_eq!(root.endpoint("/connect/token"), "http://localhost:8080/connect/token");
        assert_eq!(root.oauth_metadata_path(), "/.well-known/oauth-authorization-server");

        let below = Issuer::parse("https://example.org/id/a").unwrap();
        assert_eq!((below.origin(), below.path()), ("https://example.org", "/id/a"));
        assert_eq!(below.endpoint("/connect/token"), "https://example.org/id/a/connect/token");
        assert_eq!(below.oauth_metadata_path(), "/.well-known/oauth-authorization-server/id/a");
        assert!(below.is_https() && !root.is_https());
    }

    #[test]
    fn what_cannot_be_an_issuer() {
        use IssuerError as E;
        for (text, error) in [
            ("", E::NotAUrl),
            ("example.org", E::NotAUrl),
            ("ftp://example.org", E::NotAUrl),
            ("https://@example.org", E::NotPlain),
            ("https:example.org", E::NotPlain),
            ("https://example.org?x", E::Extra),
            ("https://example.org#x", E::Extra),
            ("https://a@example.org", E::Extra),
            ("https://Example.org", E::NotPlain),
            ("https://example.org:443", E::NotPlain),
            ("https://example.org/a/../b", E::NotPlain),
            ("https://example.org//", E::NotPlain),
            ("https://example.org//evil.example", E::NotPlain),
            ("https://example.org/a//b", E::NotPlain),
            (" https://example.org", E::NotPlain),
        ] {
            assert_eq!(Issuer::parse(text), Err(error), "{text:?}");
        }
        assert!(Issuer::parse("http://127.0.0.1:8080").is_ok());
        assert!(Issuer::parse("https://example.org/@door").is_ok());
        assert!(Issuer::parse("http://[::1]:8080/x").is_ok());
    }
}
