//! Claims of logout tokens (Back-Channel Logout §2.4).

use std::borrow::Cow;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

/// What makes a token a logout token (§2.4).
pub const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a logout token: the session `sid` of `sub` has ended. There is no `nonce`, ever, so that no logout token
/// can pass as an ID token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogoutTokenClaims<'a> {
    /// The issuer.
    pub iss: Cow<'a, str>,
    /// The person, as the client knows them.
    pub sub: Cow<'a, str>,
    /// The client it is for.
    pub aud: Cow<'a, str>,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
    /// When it ends, in seconds since the epoch; two minutes later at most (§2.4 recommends it).
    pub exp: i64,
    /// Unique, so that the client can refuse a second use.
    pub jti: Cow<'a, str>,
    /// The session, as the client knows it.
    pub sid: Cow<'a, str>,
    /// What happened.
    pub events: LogoutEvents,
}

/// The `events` claim (RFC 8417 §2.2) with the one event there is, and nothing more to say about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogoutEvents;

impl Serialize for LogoutEvents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events = serializer.serialize_map(Some(1))?;
        events.serialize_entry(LOGOUT_EVENT, &serde_json::Map::new())?;
        events.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D9, Back-Channel Logout §2.4: these members and no others.
    #[test]
    fn the_claims() {
        let claims = LogoutTokenClaims {
            iss: "https://id.example".into(),
            sub: "person".into(),
            aud: "app".into(),
            iat: 10,
            exp: 130,
            jti: "j".into(),
            sid: "s".into(),
            events: LogoutEvents,
        };
        let expected = serde_json::json!({
            "iss": "https://id.example", "sub": "person", "aud": "app", "iat": 10, "exp": 130, "jti": "j", "sid": "s",
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        assert_eq!(serde_json::to_value(claims).unwrap(), expected);
    }
}
