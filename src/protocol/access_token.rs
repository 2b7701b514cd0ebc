//! Claims of JWT access tokens (RFC 9068 §2.2).
//!
//! Fields borrow where they can: a client-credentials token is made without copying its parts.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::confirmation::Confirmation;
use super::jwt::{Audience, JwtClaims};
use super::scope::ScopeSet;

/// The claims of an access token. `typ` in its header is `at+jwt`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessTokenClaims<'a> {
    /// The issuer.
    pub iss: Cow<'a, str>,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
    /// The resources it is for.
    pub aud: Audience<'a>,
    /// The person, or the client itself with client credentials (RFC 9068 §2.2).
    pub sub: Cow<'a, str>,
    /// The client it was issued to.
    pub client_id: Cow<'a, str>,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
    /// Its own identifier, by which it can be revoked.
    pub jti: Cow<'a, str>,
    /// The scopes granted (RFC 9068 §2.2.3).
    #[serde(default, skip_serializing_if = "scope_is_empty")]
    pub scope: Cow<'a, ScopeSet>,
    /// When the person proved who they are (RFC 9068 §2.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The authentication context reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<Cow<'a, str>>,
    /// How the person authenticated (RFC 8176).
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub amr: Cow<'a, [String]>,
    /// The session it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Cow<'a, str>>,
    /// What it is bound to (RFC 7800 §3.1).
    #[serde(default, skip_serializing_if = "Confirmation::is_bearer")]
    pub cnf: Cow<'a, Confirmation>,
    /// Who acts for the subject (RFC 8693 §4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Cow<'a, Value>>,
    /// What was granted in detail (RFC 9396 §9.1).
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub authorization_details: Cow<'a, [Value]>,
    /// The organisation that the person acts in (E12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_id: Option<Cow<'a, str>>,
    /// How it is called in addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_slug: Option<Cow<'a, str>>,
    /// The person's role there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Cow<'a, str>>,
    /// What they may do there, everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Cow<'a, [String]>>,
    /// First-party tokens only (D5): the name the person signs in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<Cow<'a, str>>,
    /// First-party tokens only (D5): the person's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, str>>,
}

fn scope_is_empty(scope: &ScopeSet) -> bool {
    scope.is_empty()
}

impl JwtClaims for AccessTokenClaims<'_> {
    fn issuer(&self) -> &str {
        &self.iss
    }

    fn has_audience(&self, audience: &str) -> bool {
        self.aud.contains(audience)
    }

    fn expires_at(&self) -> i64 {
        self.exp
    }

    fn issued_at(&self) -> i64 {
        self.iat
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_credentials_token_is_small() {
        let scope = ScopeSet::parse("read write").unwrap();
        let claims = AccessTokenClaims {
            iss: "https://id.example".into(),
            exp: 1_300,
            aud: Audience::One("https://api.example".into()),
            sub: "app".into(),
            client_id: "app".into(),
            iat: 1_000,
            jti: "j1".into(),
            scope: Cow::Borrowed(&scope),
            auth_time: None,
            acr: None,
            amr: Cow::Borrowed(&[]),
            sid: None,
            cnf: Cow::Owned(Confirmation::NONE),
            act: None,
            authorization_details: Cow::Borrowed(&[]),
            org_id: None,
            org_slug: None,
            role: None,
            permissions: None,
            preferred_username: None,
            email: None,
        };
        let json = serde_json::to_string(&claims).unwrap();
        assert_eq!(
            json,
            r#"{"iss":"https://id.example","exp":1300,"aud":"https://api.example","sub":"app","client_id":"app","iat":1000,"jti":"j1","scope":"read write"}"#
        );
        let back: AccessTokenClaims<'static> = serde_json::from_str(&json).unwrap();
        assert_eq!(back, claims);
        assert!(serde_json::from_str::<AccessTokenClaims<'static>>(&json.replace("\"jti\":\"j1\",", "")).is_err());
    }
}
