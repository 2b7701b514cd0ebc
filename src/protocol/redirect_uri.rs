//! Redirect URIs: which may be registered, and when a requested one is the registered one
//! (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1 and §4.1.3).
//!
//! Registration is narrow so that comparison can be dumb. A registered URI is absolute, plain visible
//! ASCII, without fragment, user information or wildcard, and a browser would not rewrite it. Then
//! two URIs match when they are the same bytes; nothing is normalised, decoded or completed first.
//!
//! The one exception is RFC 8252 §7.3: a native application that listens on the loopback address
//! takes whatever port the system gives it, so for `http://127.0.0.1` and `http://[::1]` the port is
//! not compared. `localhost` is a name, which may resolve elsewhere and which RFC 8252 §8.3 advises
//! against: it may be registered, for development, but then its port must match like all the rest.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

#[cfg(test)]
mod tests;

/// Why a redirect URI may not be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    /// More bytes than [`RedirectUri::MAX_BYTES`].
    #[error("the redirect URI is longer than 2048 bytes")]
    TooLong,
    /// A space, control or non-ASCII character, a backslash, one of `"<>^{|}` or the backtick, or a
    /// `%` without two hexadecimal digits (RFC 3986 §2).
    #[error("the redirect URI holds a character that a URI may not hold")]
    Character,
    /// No scheme, or not a URI at all.
    #[error("the redirect URI is not an absolute URI")]
    NotAbsolute,
    /// A fragment (RFC 6749 §3.1.2).
    #[error("the redirect URI has a fragment")]
    Fragment,
    /// A user name or password before the host.
    #[error("the redirect URI holds user information")]
    UserInfo,
    /// An asterisk: patterns are not supported (RFC 9700 §4.1.3).
    #[error("the redirect URI holds a wildcard")]
    Wildcard,
    /// `http` to another host than this machine.
    #[error("the redirect URI uses http to a host that is not the loopback address")]
    InsecureScheme,
    /// A scheme that is neither `https`, `http` nor a private one with a dot (RFC 8252 §7.1).
    #[error("the redirect URI's scheme is not https and not a private scheme such as com.example.app")]
    Scheme,
    /// A host or port that is missing or written in an unusual way.
    #[error("the redirect URI's host or port is not written plainly")]
    Authority,
    /// A path or query that a browser would rewrite, for example one with `/../`.
    #[error("the redirect URI's path or query is not written in its plain form")]
    NotPlain,
    /// A query parameter that the answer itself carries.
    #[error("the redirect URI's query holds a parameter that the answer uses")]
    ReservedParameter,
}

/// Parameters of authorization responses; in a registered query they would appear twice.
const RESERVED_PARAMETERS: [&str; 9] =
    ["code", "state", "iss", "error", "error_description", "error_uri", "id_token", "access_token", "response"];

/// A redirect URI that could be registered. Only comparison with [`RedirectUri::matches`] tells
/// whether it *is* registered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// The parts of a hierarchical URI as they are written.
struct Parts<'a> {
    scheme: &'a str,
    /// `None` when no `//` follows the scheme.
    authority: Option<Authority<'a>>,
    path: &'a str,
    query: Option<&'a str>,
}

struct Authority<'a> {
    host: &'a str,
    port: Option<&'a str>,
}

impl RedirectUri {
    /// The longest URI taken, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// Checks that `text` could be registered.
    ///
    /// # Errors
    /// The first rule of the module that it breaks.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// The URI exactly as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `requested` is this registered URI: the same bytes, or the same but for the port of a
    /// loopback address (RFC 8252 §7.3).
    pub fn matches(&self, requested: &Self) -> bool {
        if self.0 == requested.0 {
            return true;
        }
        match (split_at_loopback_port(&self.0), split_at_loopback_port(&requested.0)) {
            (Some(registered), Some(requested)) => registered == requested,
            _ => false,
        }
    }

    /// Whether the answer stays on this machine: `http` to a loopback address or `localhost`.
    pub fn is_loopback(&self) -> bool {
        self.0.starts_with("http:")
    }

    /// Whether an application of the operating system takes the answer (RFC 8252 §7.1).
    pub fn is_private_use(&self) -> bool {
        !self.0.starts_with("http:") && !self.0.starts_with("https:")
    }

    /// The source expression that allows this URI in a `Content-Security-Policy` directive such as
    /// `form-action`: scheme, host and port, or `scheme:` for a private-use scheme. It holds none of
    /// the characters that end a directive.
    pub fn csp_source(&self) -> &str {
        let after_scheme = self.0.find(':').map_or(self.0.len(), |colon| colon + 1);
        if self.is_private_use() {
            return self.0.get(..after_scheme).unwrap_or_default();
        }
        let start = after_scheme + 2;
        let length = self.0.get(start..).and_then(|rest| rest.find(['/', '?'])).unwrap_or(self.0.len() - start);
        self.0.get(..start + length).unwrap_or_default()
    }

    /// The host as written, for showing to a person; none for a private-use scheme without one.
    pub fn host(&self) -> Option<&str> {
        split(&self.0).ok()?.authority.map(|authority| authority.host)
    }
}

/// What stands before and after the port, when the URI is `http` to a loopback *address*.
fn split_at_loopback_port(uri: &str) -> Option<(&str, &str)> {
    for origin in ["http://127.0.0.1", "http://[::1]"] {
        let Some(rest) = uri.strip_prefix(origin) else { continue };
        let rest = match rest.strip_prefix(':') {
            Some(port) => port.trim_start_matches(|c: char| c.is_ascii_digit()),
            None => rest,
        };
        // The port ends at the path, the query or the end; anything else is another host name.
        if rest.is_empty() || rest.starts_with(['/', '?']) {
            return Some((origin, rest));
        }
    }
    None
}

fn check(text: &str) -> Result<(), RedirectUriError> {
    if text.len() > RedirectUri::MAX_BYTES {
        return Err(RedirectUriError::TooLong);
    }
    check_characters(text)?;
    if text.contains('#') {
        return Err(RedirectUriError::Fragment);
    }
    if text.contains('*') {
        return Err(RedirectUriError::Wildcard);
    }
    let parts = split(text)?;
    let host = parts.authority.as_ref().map(|authority| authority.host);
    match (parts.scheme, host) {
        ("https", Some(_)) | ("http", Some("127.0.0.1" | "[::1]" | "localhost")) => {}
        ("http", Some(_)) => return Err(RedirectUriError::InsecureScheme),
        ("https" | "http", None) => return Err(RedirectUriError::Authority),
        // `split` lets only private-use schemes through beside these two.
        _ => {}
    }
    check_plain(text, &parts)?;
    let reserved = |(name, _): (std::borrow::Cow<'_, str>, _)| RESERVED_PARAMETERS.contains(&name.as_ref());
    if parts.query.is_some_and(|query| url::form_urlencoded::parse(query.as_bytes()).any(reserved)) {
        return Err(RedirectUriError::ReservedParameter);
    }
    Ok(())
}

/// Only what RFC 3986 §2 lets a URI hold.
fn check_characters(text: &str) -> Result<(), RedirectUriError> {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            b'%' => {
                let hex = |digit: Option<u8>| digit.is_some_and(|d| d.is_ascii_hexdigit());
                hex(bytes.next()) && hex(bytes.next())
            }
            _ => byte.is_ascii_graphic(),
        };
        if !fine {
            return Err(RedirectUriError::Character);
        }
    }
    Ok(())
}

/// Takes the text apart without changing any of it.
fn split(text: &str) -> Result<Parts<'_>, RedirectUriError> {
    let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::NotAbsolute)?;
    let scheme_character = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(RedirectUriError::NotAbsolute);
    }
    if !scheme.bytes().all(scheme_character) || scheme.ends_with('.') || scheme.contains("..") {
        return Err(RedirectUriError::Scheme);
    }
    if !matches!(scheme, "https" | "http") && !scheme.contains('.') {
        return Err(RedirectUriError::Scheme);
    }
    let (before_query, query) = match rest.split_once('?') {
        Some((before, query)) => (before, Some(query)),
        None => (rest, None),
    };
    let Some(hierarchical) = before_query.strip_prefix("//") else {
        if !before_query.starts_with('/') && scheme.contains('.') {
            return Err(RedirectUriError::NotPlain);
        }
        return Ok(Parts { scheme, authority: None, path: before_query, query });
    };
    let slash = hierarchical.find('/').unwrap_or(hierarchical.len());
    let (authority, path) = hierarchical.split_at_checked(slash).unwrap_or((hierarchical, ""));
    Ok(Parts { scheme, authority: Some(split_authority(authority)?), path, query })
}

/// A plain host name, IPv4 address or bracketed IPv6 address, and a port written without leading zero.
fn split_authority(authority: &str) -> Result<Authority<'_>, RedirectUriError> {
    if authority.contains('@') {
        return Err(RedirectUriError::UserInfo);
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let plain = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(|inner| {
            inner.contains(':') && inner.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'))
        }),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')),
    };
    let port_fine = port.is_none_or(|port| {
        !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
    });
    if plain && port_fine { Ok(Authority { host, port }) } else { Err(RedirectUriError::Authority) }
}

/// Refuses what the URL standard's parser, hence a browser, would read differently from what is written.
fn check_plain(text: &str, parts: &Parts<'_>) -> Result<(), RedirectUriError> {
    let url = Url::parse(text).map_err(|_| RedirectUriError::NotAbsolute)?;
    if let Some(authority) = &parts.authority {
        let port = authority.port.and_then(|port| port.parse::<u16>().ok());
        let same_host = url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(authority.host));
        let same_port = port.is_none() || port == url.port_or_known_default();
        if !same_host || !same_port {
            return Err(RedirectUriError::Authority);
        }
    }
    let empty_path = parts.path.is_empty() && url.path() == "/";
    if url.scheme() != parts.scheme || !(url.path() == parts.path || empty_path) || url.query() != parts.query {
        return Err(RedirectUriError::NotPlain);
    }
    Ok(())
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for RedirectUri {
    type Err = RedirectUriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        check(&text)?;
        Ok(Self(text))
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}
