//! Claims of ID tokens (OIDC Core §2, §3.1.3.6, §3.3.2.11).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::jwt::{Audience, JwtClaims};
use super::signing_alg::SigningAlg;

/// Claims that only the protocol sets: an extra claim may not take their place.
pub const RESERVED_CLAIMS: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "sid",
    "events",
    "cnf",
];

/// The claims of an ID token. Absent ones are left out, never `null` (OIDC Core §5.3.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdTokenClaims<'a> {
    /// The issuer.
    pub iss: Cow<'a, str>,
    /// The person.
    pub sub: Cow<'a, str>,
    /// The client it is for.
    pub aud: Audience<'a>,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
    /// Repeated from the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<Cow<'a, str>>,
    /// When the person proved who they are, in seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The authentication context reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<Cow<'a, str>>,
    /// How the person authenticated (RFC 8176).
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub amr: Cow<'a, [String]>,
    /// The client, when the audience is several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<Cow<'a, str>>,
    /// Binds the access token issued beside it, see [`left_half_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<Cow<'a, str>>,
    /// Binds the code issued beside it, see [`left_half_hash`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<Cow<'a, str>>,
    /// The session it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Cow<'a, str>>,
    /// Claims about the person.
    #[serde(flatten)]
    pub extra: ExtraClaims,
}

impl JwtClaims for IdTokenClaims<'_> {
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

/// Claims about the person, without any that the protocol sets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct ExtraClaims(Map<String, Value>);

impl ExtraClaims {
    /// Adds a claim. A reserved name or a `null` adds nothing and answers false.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) -> bool {
        let value = value.into();
        let allowed = !value.is_null() && !RESERVED_CLAIMS.contains(&name);
        if allowed {
            self.0.insert(name.to_owned(), value);
        }
        allowed
    }

    /// The value of a claim.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }
}

impl From<Map<String, Value>> for ExtraClaims {
    fn from(claims: Map<String, Value>) -> Self {
        let mut extra = Self::default();
        for (name, value) in claims {
            extra.insert(&name, value);
        }
        extra
    }
}

/// `at_hash` of an access token or `c_hash` of a code: the left half of its hash by the algorithm of
/// the ID token's signature, base64url (OIDC Core §3.1.3.6, §3.3.2.11). The name `EdDSA` tells no hash; Ed25519 uses
/// SHA-512 inside, and that is what clients expect.
pub fn left_half_hash(alg: SigningAlg, token_or_code: &str) -> String {
    let algorithm = match alg {
        SigningAlg::Es256 | SigningAlg::Rs256 | SigningAlg::Ps256 | SigningAlg::Hs256 => &aws_lc_rs::digest::SHA256,
        SigningAlg::EdDsa => &aws_lc_rs::digest::SHA512,
    };
    let digest = aws_lc_rs::digest::digest(algorithm, token_or_code.as_bytes());
    let half = digest.as_ref().len() / 2;
    URL_SAFE_NO_PAD.encode(digest.as_ref().get(..half).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims() -> IdTokenClaims<'static> {
        IdTokenClaims {
            iss: "https://id.example".into(),
            sub: "u1".into(),
            aud: Audience::One("app".into()),
            exp: 1_300,
            iat: 1_000,
            nonce: Some("n".into()),
            auth_time: Some(900),
            acr: None,
            amr: Cow::Owned(vec!["pwd".to_owned()]),
            azp: None,
            at_hash: None,
            c_hash: None,
            sid: Some("s1".into()),
            extra: ExtraClaims::default(),
        }
    }

    /// The example of OIDC Core A.3 and A.4.
    #[test]
    fn hashes_of_the_specification() {
        assert_eq!(
            left_half_hash(SigningAlg::Rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(
            left_half_hash(SigningAlg::Es256, "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
            "LDktKdoQak3Pk0cnXxCltA"
        );
        // SHA-512 of "abc" (FIPS 180-2 appendix C.1) begins ddaf35a1…; half of it is 32 bytes.
        assert_eq!(left_half_hash(SigningAlg::EdDsa, "abc"), "3a81oZNherrMQXNJriBBMRLm-k6JqX6iCp7u5ktV05o");
    }

    #[test]
    fn absent_claims_are_left_out_and_extra_ones_are_beside_the_rest() {
        let mut claims = claims();
        assert!(claims.extra.insert("email", "ana@example.org"));
        assert!(!claims.extra.insert("name", Value::Null));
        let json = serde_json::to_value(&claims).unwrap();
        assert_eq!(
            json,
            json!({"iss":"https://id.example","sub":"u1","aud":"app","exp":1300,"iat":1000,"nonce":"n","auth_time":900,
                "amr":["pwd"],"sid":"s1","email":"ana@example.org"})
        );
        assert_eq!(serde_json::from_value::<IdTokenClaims<'static>>(json).unwrap(), claims);
    }

    #[test]
    fn extra_claims_cannot_replace_those_of_the_protocol() {
        let mut claims = claims();
        for name in RESERVED_CLAIMS {
            assert!(!claims.extra.insert(name, "forged"), "{name}");
        }
        let map = json!({"sub": "forged", "email": "a@b"}).as_object().unwrap().clone();
        claims.extra = map.into();
        assert!(claims.extra.get("sub").is_none());
        assert_eq!(serde_json::to_string(&claims).unwrap().matches("\"sub\"").count(), 1);
    }
}
