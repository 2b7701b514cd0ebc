//! Bearer tokens in requests, and the challenges that answer them (RFC 6750 §2 and §3, RFC 7235 §2.1).
//!
//! A token travels in the `Authorization` header (§2.1) or, for a form POST, as `access_token` in the
//! body (§2.2). A token in the query (§2.3) ends up in logs and histories: it is refused, not ignored,
//! so that the developer learns of it.

use std::fmt;

use super::dpop::DPOP_ALGS;
use super::error::{OAuthError, OAuthErrorCode};
use super::params::Params;
use super::scope::ScopeSet;
use super::token_response::AccessTokenType;
use crate::secret::SecretString;

/// Longest token taken, in bytes.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Why a request carries no usable token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BearerError {
    /// None at all: answer a challenge without an error code (RFC 6750 §3.1).
    #[error("the request carries no access token")]
    Missing,
    /// Not the characters of RFC 6750 §2.1, or too long.
    #[error("the access token is not well-formed")]
    Malformed,
    /// In the header and in the body (RFC 6750 §2).
    #[error("the access token is sent more than once")]
    Twice,
    /// In the query.
    #[error("an access token may not be sent in the query")]
    InQuery,
}

impl BearerError {
    /// The error to put in the challenge; none when the request carried no token.
    pub fn to_oauth_error(self) -> Option<OAuthError> {
        let code = match self {
            Self::Missing => return None,
            Self::Malformed | Self::Twice | Self::InQuery => OAuthErrorCode::InvalidRequest,
        };
        Some(OAuthError::new(code, self.to_string()))
    }
}

/// A token of the right form, not yet verified. Redacted in `Debug`.
pub struct BearerToken(SecretString);

impl BearerToken {
    /// Finds the one token of a request. `body` is the form body of a POST, if it has one.
    /// A header of another scheme than Bearer counts as none.
    ///
    /// # Errors
    /// None, several, malformed, or in the query.
    pub fn find(
        authorization: Option<&str>,
        body: Option<&Params>,
        query: Option<&Params>,
    ) -> Result<Self, BearerError> {
        let bearer = authorization.filter(|header| after_scheme(header, AccessTokenType::Bearer).is_some());
        Self::find_any(bearer, body, query).map(|(_, token)| token)
    }

    /// The same for either way to present a token: as a bearer, or with a proof beside it (RFC 9449 §7.1).
    ///
    /// # Errors
    /// None, several, malformed, or in the query.
    pub fn find_any(
        authorization: Option<&str>,
        body: Option<&Params>,
        query: Option<&Params>,
    ) -> Result<(AccessTokenType, Self), BearerError> {
        if query.is_some_and(|query| query.get("access_token").is_some()) {
            return Err(BearerError::InQuery);
        }
        let in_header = authorization.and_then(|header| {
            AccessTokenType::ALL.iter().find_map(|&scheme| Some((scheme, after_scheme(header, scheme)?)))
        });
        let mut in_body = body.into_iter().flat_map(|body| body.all("access_token"));
        match (in_header, in_body.next(), in_body.next()) {
            (None, None, _) => Err(BearerError::Missing),
            (Some((scheme, token)), None, _) => Ok((scheme, Self::parse(token)?)),
            (None, Some(token), None) => Ok((AccessTokenType::Bearer, Self::parse(token)?)),
            _ => Err(BearerError::Twice),
        }
    }

    /// Checks the form of a token: `b64token` of RFC 6750 §2.1.
    ///
    /// # Errors
    /// Other characters, or longer than 8 KiB.
    pub fn parse(text: &str) -> Result<Self, BearerError> {
        let body = text.trim_end_matches('=');
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
        if body.is_empty() || text.len() > MAX_TOKEN_BYTES || !body.bytes().all(allowed) {
            return Err(BearerError::Malformed);
        }
        Ok(Self(SecretString::new(text.to_owned())))
    }

    /// The token, for looking it up or verifying it.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(…)")
    }
}

/// Schemes are compared without regard to case (RFC 9110 §11.1).
fn after_scheme(header: &str, wanted: AccessTokenType) -> Option<&str> {
    let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
    scheme.eq_ignore_ascii_case(wanted.as_str()).then(|| token.trim_matches(' '))
}

/// A `WWW-Authenticate: Bearer` challenge (RFC 6750 §3); `Display` writes the header's value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BearerChallenge<'a> {
    /// The protection space, usually the issuer.
    pub realm: &'a str,
    /// What was wrong; none when the request carried no token.
    pub error: Option<&'a OAuthError>,
    /// The scopes that would be needed.
    pub scope: Option<&'a ScopeSet>,
}

impl fmt::Display for BearerChallenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer realm={}", Quoted(self.realm))?;
        if let Some(error) = self.error {
            write!(f, ", error={}", Quoted(error.code().as_str()))?;
            if let Some(description) = error.description() {
                write!(f, ", error_description={}", Quoted(description))?;
            }
        }
        if let Some(scope) = self.scope {
            write!(f, ", scope={}", Quoted(&scope.to_string()))?;
        }
        Ok(())
    }
}

/// A `WWW-Authenticate: DPoP` challenge (RFC 9449 §7.1); `Display` writes the header's value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DpopChallenge<'a> {
    /// The protection space, usually the issuer.
    pub realm: &'a str,
    /// What was wrong; none when the request carried no token, or one of another kind.
    pub error: Option<&'a OAuthError>,
}

impl fmt::Display for DpopChallenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DPoP realm={}", Quoted(self.realm))?;
        if let Some(error) = self.error {
            write!(f, ", error={}", Quoted(error.code().as_str()))?;
            if let Some(description) = error.description() {
                write!(f, ", error_description={}", Quoted(description))?;
            }
        }
        let algs: Vec<&str> = DPOP_ALGS.iter().map(|alg| alg.as_str()).collect();
        write!(f, ", algs={}", Quoted(&algs.join(" ")))
    }
}

/// The value of `WWW-Authenticate` beside `invalid_client` (RFC 6749 §5.2, RFC 7617 §2.1).
pub fn basic_challenge(realm: &str) -> String {
    format!("Basic realm={}, charset=\"UTF-8\"", Quoted(realm))
}

/// A quoted string of RFC 7230 §3.2.6 that stays one whatever is inside: `"` and `\` are escaped, and
/// what is not visible ASCII or a space becomes `?`.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;

        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                ' '..='~' => f.write_char(c)?,
                _ => f.write_char('?')?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn params(text: &str) -> Params {
        Params::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn header_or_body() {
        let none = params("");
        let found = |header: Option<&str>, body: &str| {
            BearerToken::find(header, Some(&params(body)), Some(&none)).map(|token| token.expose().to_owned())
        };
        assert_eq!(found(Some("Bearer abc.def-_~+/=="), ""), Ok("abc.def-_~+/==".to_owned()));
        assert_eq!(found(Some("bearer  abc"), ""), Ok("abc".to_owned()));
        assert_eq!(found(None, "access_token=abc"), Ok("abc".to_owned()));
        assert_eq!(found(Some("Basic abc"), "access_token=abc"), Ok("abc".to_owned()));
        assert_eq!(found(None, ""), Err(BearerError::Missing));
        assert_eq!(found(Some("Basic abc"), ""), Err(BearerError::Missing));
        assert_eq!(found(Some("Bearer abc"), "access_token=abc"), Err(BearerError::Twice));
        assert_eq!(found(None, "access_token=abc&access_token=abc"), Err(BearerError::Twice));
        for header in ["Bearer", "Bearer ", "Bearer a b", "Bearer \"a\"", "Bearer ==", "Bearer a=b", "Bearer é"] {
            assert_eq!(found(Some(header), ""), Err(BearerError::Malformed), "{header}");
        }
        assert_eq!(found(Some(&format!("Bearer {}", "a".repeat(8193))), ""), Err(BearerError::Malformed));
    }

    #[test]
    fn never_in_the_query() {
        let query = params("access_token=abc");
        assert_eq!(BearerToken::find(Some("Bearer abc"), None, Some(&query)).unwrap_err(), BearerError::InQuery);
        assert_eq!(BearerToken::find(None, None, Some(&query)).unwrap_err(), BearerError::InQuery);
        assert!(BearerError::Missing.to_oauth_error().is_none());
    }

    #[test]
    fn challenges() {
        let scope = ScopeSet::parse("openid email").unwrap();
        let error = OAuthError::new(OAuthErrorCode::InsufficientScope, "more is needed");
        let challenge = BearerChallenge { realm: "https://id.example", error: Some(&error), scope: Some(&scope) };
        assert_eq!(
            challenge.to_string(),
            r#"Bearer realm="https://id.example", error="insufficient_scope", error_description="more is needed", scope="email openid""#
        );
        assert_eq!(BearerChallenge { realm: "x", ..Default::default() }.to_string(), r#"Bearer realm="x""#);
        assert_eq!(basic_challenge("a\"b\r\n"), r#"Basic realm="a\"b??", charset="UTF-8""#);
    }

    proptest! {
        #[test]
        fn a_challenge_is_always_one_header_value(realm in any::<String>(), description in any::<String>()) {
            let error = OAuthError::invalid_request(description);
            let text = BearerChallenge { realm: &realm, error: Some(&error), scope: None }.to_string();
            prop_assert!(text.bytes().all(|b| (0x20..0x7f).contains(&b)));
            let unescaped = text.replace("\\\\", "").replace("\\\"", "");
            prop_assert_eq!(unescaped.matches('"').count(), if error.description().is_some() { 6 } else { 4 });
        }

        #[test]
        fn arbitrary_headers_never_panic(header in any::<String>()) {
            let _ = BearerToken::find(Some(&header), None, None);
        }
    }
}
