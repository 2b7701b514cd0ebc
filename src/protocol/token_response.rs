//! Answers of the token and the introspection endpoint (RFC 6749 §5.1, OIDC Core §3.1.3.3,
//! RFC 7662 §2.2). Both carry `Cache-Control: no-store`.

use serde::Serialize;
use serde_json::Value;

use super::confirmation::Confirmation;
use super::jwt::Audience;
use super::scope::ScopeSet;

/// Tokens as they are answered. `Debug` is left out on purpose.
#[derive(Serialize)]
pub struct TokenResponse<'a> {
    /// The access token.
    pub access_token: &'a str,
    /// How it is presented.
    pub token_type: AccessTokenType,
    /// How long the access token lasts, in seconds.
    pub expires_in: i64,
    /// The refresh token, when one is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<&'a str>,
    /// The ID token, when `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<&'a str>,
    /// What was granted; always told, because it may be less than what was asked for.
    pub scope: &'a ScopeSet,
    /// What was granted in detail (RFC 9396 §7).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub authorization_details: &'a [Value],
    /// What kind of token a token exchange made (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_token_type: Option<&'a str>,
}

text_enum! {
    /// How an access token is presented.
    pub enum AccessTokenType {
        /// By whoever bears it (RFC 6750 §6.1.1), or whoever has the certificate it is bound to (RFC 8705 §3).
        Bearer = "Bearer",
        /// With a proof of the key it is bound to (RFC 9449 §5).
        Dpop = "DPoP",
    }
}

/// What introspection tells about a token. An inactive one is told nothing about but that
/// (RFC 7662 §2.2): see [`Introspection::INACTIVE`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Introspection<'a> {
    /// Whether the token can be used now.
    pub active: bool,
    /// Its scopes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<&'a ScopeSet>,
    /// The client it was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<&'a str>,
    /// The name the person signs in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<&'a str>,
    /// `Bearer` for access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<AccessTokenType>,
    /// When it ends, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// When it was issued, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// The person, or the client itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<&'a str>,
    /// The resources it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<&'a Audience<'a>>,
    /// The issuer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<&'a str>,
    /// Its identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<&'a str>,
    /// When the person proved who they are (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The authentication context reached (RFC 9470 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<&'a str>,
    /// What it is bound to (RFC 8705 §3.2, RFC 9449 §6.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<&'a Confirmation>,
    /// Who acts (RFC 8693 §4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<&'a Value>,
    /// What was granted in detail (RFC 9396 §9.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<&'a [Value]>,
    /// The organisation that the person acts in (E12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_id: Option<&'a str>,
    /// How it is called in addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org_slug: Option<&'a str>,
    /// The person's role there, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    /// What they may do there, as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<&'a [String]>,
}

impl Introspection<'_> {
    /// The answer for every token that is unknown, expired, revoked or not the caller's business.
    pub const INACTIVE: &'static str = r#"{"active":false}"#;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_the_token_endpoint() {
        let scope = ScopeSet::parse("read").unwrap();
        let response = TokenResponse {
            access_token: "a.b.c",
            token_type: AccessTokenType::Bearer,
            expires_in: 300,
            refresh_token: None,
            id_token: None,
            scope: &scope,
            authorization_details: &[],
            issued_token_type: None,
        };
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"access_token":"a.b.c","token_type":"Bearer","expires_in":300,"scope":"read"}"#
        );
    }

    #[test]
    fn an_inactive_token_is_told_nothing_about() {
        assert_eq!(serde_json::to_string(&Introspection::default()).unwrap(), Introspection::INACTIVE);
    }
}
