//! A compact JWS of somebody else (RFC 7515 §7.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{key::ForeignKey, keys::ForeignKeys};
use crate::protocol::jwt::{JwtError, MAX_TOKEN_BYTES};
use crate::protocol::signing_alg::SigningAlg;
use crate::protocol::strict_json;

/// A token that was read and not verified. `Debug` shows nothing it says.
#[derive(Clone)]
pub struct ForeignJws {
    alg: SigningAlg,
    kid: Option<String>,
    typ: Option<String>,
    embedded: Option<ForeignKey>,
    claims: Map<String, Value>,
    /// Header, dot and claims as they were sent, a dot, and the signature.
    text: String,
}

impl ForeignJws {
    /// Reads a compact JWS whose payload is a set of claims.
    ///
    /// # Errors
    /// [`JwtError::Malformed`] when it is none, longer than 16 KiB, or its header or claims name a member twice;
    /// [`JwtError::Header`] when the algorithm is `none` or unknown, extensions are critical (RFC 7515 §4.1.11), or a
    /// member of the header is of another form; [`JwtError::Claims`] when the claims are no JSON object.
    pub fn parse(text: &str) -> Result<Self, JwtError> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(JwtError::Malformed);
        }
        let mut parts = text.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwtError::Malformed);
        };
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwtError::Malformed);
        decode(signature)?;
        let header = strict_json::object(&decode(header)?).ok_or(JwtError::Malformed)?;
        let claims = decode(claims)?;
        let alg = header.get("alg").and_then(Value::as_str).ok_or(JwtError::Header)?;
        let alg = alg.parse().map_err(|_| JwtError::Header)?;
        // `b64` changes what is signed and must be critical (RFC 7797 §6); nothing critical is understood here.
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(JwtError::Header);
        }
        let word = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(word)) => Ok(Some(word.as_str())),
            Some(_) => Err(JwtError::Header),
        };
        let embedded = header.get("jwk").map(ForeignKey::parse).transpose().map_err(|_| JwtError::Header)?;
        Ok(Self {
            alg,
            kid: word("kid")?.map(str::to_owned),
            typ: word("typ")?.map(short_type),
            embedded,
            claims: strict_json::object(&claims).ok_or(JwtError::Claims)?,
            text: text.to_owned(),
        })
    }

    /// The algorithm that the header claims.
    pub const fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// The key that the header names.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The type that the header claims: in lower case and without `application/` (RFC 7515 §4.1.9).
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// The public key that the header brings along (`jwk`). Only DPoP proofs are verified with it (RFC 9449 §4.3).
    pub const fn embedded_key(&self) -> Option<&ForeignKey> {
        self.embedded.as_ref()
    }

    /// What the token says, before anything is verified: only good for finding out whose keys to verify it with.
    pub const fn unverified(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// Verifies the signature and hands out the claims. They are still to be checked, see
    /// [`ForeignClaims`](super::ForeignClaims).
    ///
    /// # Errors
    /// [`JwtError::Header`] when the algorithm is not `allowed`, [`JwtError::Key`] when none of the keys may have signed
    /// it, [`JwtError::Signature`] when none did.
    pub fn verify(&self, keys: &ForeignKeys, allowed: &[SigningAlg]) -> Result<&Map<String, Value>, JwtError> {
        if !allowed.contains(&self.alg) {
            return Err(JwtError::Header);
        }
        let candidates = keys.candidates(self.alg, self.kid());
        if candidates.is_empty() {
            return Err(JwtError::Key);
        }
        let (signed, signature) = self.text.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let alg = self.alg.to_jsonwebtoken();
        let fits = |key| jsonwebtoken::crypto::verify(signature, signed.as_bytes(), key, alg).unwrap_or(false);
        if candidates.iter().any(fits) { Ok(&self.claims) } else { Err(JwtError::Signature) }
    }
}

impl fmt::Debug for ForeignJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForeignJws").field("alg", &self.alg).finish_non_exhaustive()
    }
}

fn short_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    lower.strip_prefix("application/").map_or_else(|| lower.clone(), str::to_owned)
}
