//! Signing and verifying JSON Web Tokens (RFC 7515, RFC 7519, RFC 8725).
//!
//! A [`SigningKey`] is parsed once and keeps the encoded header of each token type, so that making a
//! token is: serialise the claims, one signature, one string. (`jsonwebtoken::encode` parses the
//! private key for every token, which costs several times the signature.) The signature itself and
//! all of verification are aws-lc's and the `jsonwebtoken` crate's.
//!
//! Verification trusts nothing the token says about itself: the algorithm comes from the key (RFC
//! 8725 §3.1), the type must be the expected one (§3.11), `crit` is refused, and times are compared
//! with the `now` that is passed in, never with the system clock.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::jwk::{KeyMaterial, PublicJwk};
use super::signing_alg::SigningAlg;
use crate::secret::SecretString;

mod signing_key;
#[cfg(test)]
mod tests;

pub(in crate::protocol) use signing_key::MIN_SECRET_BYTES;
pub use signing_key::{SigningKey, sign_with_secret};

/// Longest token read, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

text_enum! {
    /// The `typ` of a token's header, which keeps one kind from passing as another (RFC 8725 §3.11).
    pub enum TokenType {
        /// An ID token (and its use as a hint).
        Jwt = "JWT",
        /// An access token (RFC 9068 §2.1).
        AccessToken = "at+jwt",
        /// An answer of the introspection endpoint (RFC 9701 §5).
        Introspection = "token-introspection+jwt",
        /// A logout token (Back-Channel Logout §2.4).
        LogoutToken = "logout+jwt",
    }
}

/// Why a token was not made or not accepted. Clients learn only that it was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// The private or public key cannot be used.
    #[error("the key cannot be used")]
    Key,
    /// The claims could not be written, or the signature not made.
    #[error("the token could not be signed")]
    Signing,
    /// Not a compact JWS of our shape, or longer than 16 KiB.
    #[error("the token is not well-formed")]
    Malformed,
    /// Another algorithm, key identifier or `crit` than this key allows.
    #[error("the token's header is not one that the key allows")]
    Header,
    /// Another `typ` than expected.
    #[error("the token is of another type")]
    Type,
    /// The signature does not fit.
    #[error("the token's signature does not fit")]
    Signature,
    /// A claim is missing or of another form.
    #[error("the token's claims are not of the expected form")]
    Claims,
    /// Another issuer.
    #[error("the token is from another issuer")]
    Issuer,
    /// Another audience.
    #[error("the token is for another audience")]
    Audience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies in the future.
    #[error("the token is not valid yet")]
    NotYet,
}

/// `aud`: one audience as a string, or several as an array (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience<'a> {
    /// One.
    One(Cow<'a, str>),
    /// Several.
    Many(Vec<Cow<'a, str>>),
}

impl Audience<'_> {
    /// Whether `audience` is among them.
    pub fn contains(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Many(many) => many.iter().any(|one| one == audience),
        }
    }
}

/// What every token of ours says about itself.
pub trait JwtClaims {
    /// `iss`.
    fn issuer(&self) -> &str;
    /// Whether `aud` holds `audience`.
    fn has_audience(&self, audience: &str) -> bool;
    /// `exp`, in seconds since the epoch.
    fn expires_at(&self) -> i64;
    /// `iat`, in seconds since the epoch.
    fn issued_at(&self) -> i64;
    /// `nbf`, in seconds since the epoch.
    fn not_before(&self) -> Option<i64> {
        None
    }
}

/// What a token must be to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The header's `typ`.
    pub typ: TokenType,
    /// `iss`, compared exactly.
    pub issuer: &'a str,
    /// An audience that `aud` must hold; none to leave it to the caller.
    pub audience: Option<&'a str>,
    /// The current time, in seconds since the epoch.
    pub now: i64,
    /// How far clocks may differ, in seconds.
    pub leeway: i64,
    /// Accept a token whose `exp` has passed: only for `id_token_hint` (OIDC Core §3.1.2.1).
    pub allow_expired: bool,
}

/// A key that verifies tokens of ours.
#[derive(Clone)]
pub struct VerifyingKey {
    /// None for a secret, which no header names.
    kid: Option<String>,
    alg: SigningAlg,
    key: DecodingKey,
    validation: Validation,
}

impl VerifyingKey {
    /// Takes a published key.
    ///
    /// # Errors
    /// [`JwtError::Key`] when its members are not base64url or do not fit its algorithm.
    pub fn from_jwk(jwk: &PublicJwk) -> Result<Self, JwtError> {
        let key = match (&jwk.material, jwk.alg) {
            (KeyMaterial::Ec { x, y, .. }, SigningAlg::Es256) => DecodingKey::from_ec_components(x, y),
            (KeyMaterial::Rsa { n, e }, SigningAlg::Rs256 | SigningAlg::Ps256) => {
                DecodingKey::from_rsa_components(n, e)
            }
            (KeyMaterial::Okp { x, .. }, SigningAlg::EdDsa) => DecodingKey::from_ed_components(x),
            _ => return Err(JwtError::Key),
        };
        Ok(Self::new(Some(jwk.kid.clone()), jwk.alg, key.map_err(|_| JwtError::Key)?))
    }

    /// Takes the secret that a client's ID tokens are signed with (OIDC Core §10.1).
    ///
    /// # Errors
    /// [`JwtError::Key`] when it has less than 256 bits (RFC 7518 §3.2).
    pub fn from_secret(secret: &SecretString) -> Result<Self, JwtError> {
        let secret = secret.expose().as_bytes();
        if secret.len() < MIN_SECRET_BYTES {
            return Err(JwtError::Key);
        }
        Ok(Self::new(None, SigningAlg::Hs256, DecodingKey::from_secret(secret)))
    }

    fn new(kid: Option<String>, alg: SigningAlg, key: DecodingKey) -> Self {
        let mut validation = Validation::new(alg.to_jsonwebtoken());
        // Registered claims are checked below, against the time that is passed in.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self { kid, alg, key, validation }
    }

    /// The only algorithm it accepts.
    pub const fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// Verifies a token and reads its claims.
    ///
    /// # Errors
    /// The first thing about the token that is not as expected.
    pub fn verify<C: JwtClaims + DeserializeOwned>(&self, token: &str, expected: &Expected<'_>) -> Result<C, JwtError> {
        let header = decode_unverified_header(token)?;
        if header.alg != self.alg || header.kid != self.kid {
            return Err(JwtError::Header);
        }
        if header.typ != Some(expected.typ) {
            return Err(JwtError::Type);
        }
        let claims =
            jsonwebtoken::decode::<C>(token, &self.key, &self.validation).map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => JwtError::Signature,
                jsonwebtoken::errors::ErrorKind::Json(_) => JwtError::Claims,
                _ => JwtError::Malformed,
            })?;
        check_claims(&claims.claims, expected)?;
        Ok(claims.claims)
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifyingKey").field("kid", &self.kid).field("alg", &self.alg).finish_non_exhaustive()
    }
}

fn check_claims(claims: &impl JwtClaims, expected: &Expected<'_>) -> Result<(), JwtError> {
    if claims.issuer() != expected.issuer {
        return Err(JwtError::Issuer);
    }
    if expected.audience.is_some_and(|audience| !claims.has_audience(audience)) {
        return Err(JwtError::Audience);
    }
    let latest = expected.now.saturating_add(expected.leeway);
    if claims.issued_at() > latest || claims.not_before().is_some_and(|not_before| not_before > latest) {
        return Err(JwtError::NotYet);
    }
    // RFC 7519 §4.1.4: the current time must be *before* `exp`.
    if !expected.allow_expired && expected.now.saturating_sub(expected.leeway) >= claims.expires_at() {
        return Err(JwtError::Expired);
    }
    Ok(())
}

/// What a token's header says, before anything is verified: only good for finding the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedHeader {
    /// The algorithm it claims.
    pub alg: SigningAlg,
    /// The key it names; none, and only then, with HS256.
    pub kid: Option<String>,
    /// Its type; none when absent or not one of ours.
    pub typ: Option<TokenType>,
}

/// Reads the header of a compact JWS of our own.
///
/// # Errors
/// [`JwtError::Malformed`] when it is none, [`JwtError::Header`] when it names no key though its
/// algorithm has one, an algorithm we never use, or critical extensions (RFC 7515 §4.1.11).
pub fn decode_unverified_header(token: &str) -> Result<UnverifiedHeader, JwtError> {
    /// `alg` and `typ` are text here: an unknown one is a wrong header, not a malformed token.
    #[derive(Deserialize)]
    struct Header {
        alg: String,
        kid: Option<String>,
        typ: Option<String>,
        crit: Option<serde_json::Value>,
    }

    if token.len() > MAX_TOKEN_BYTES || token.bytes().filter(|&b| b == b'.').count() != 2 {
        return Err(JwtError::Malformed);
    }
    let encoded = token.split('.').next().ok_or(JwtError::Malformed)?;
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| JwtError::Malformed)?;
    let header: Header = serde_json::from_slice(&json).map_err(|_| JwtError::Malformed)?;
    let alg: SigningAlg = header.alg.parse().map_err(|_| JwtError::Header)?;
    if header.crit.is_some() || header.kid.is_some() == alg.is_symmetric() {
        return Err(JwtError::Header);
    }
    Ok(UnverifiedHeader { alg, kid: header.kid, typ: header.typ.as_deref().and_then(read_type) })
}

/// A media type may carry its `application/` prefix and is compared without case (RFC 7515 §4.1.9).
fn read_type(text: &str) -> Option<TokenType> {
    let short = match text.split_at_checked(12) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => text,
    };
    TokenType::ALL.iter().copied().find(|typ| typ.as_str().eq_ignore_ascii_case(short))
}
