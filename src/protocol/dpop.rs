//! DPoP proofs (RFC 9449 §4): a JWT that shows, for one request, that its sender holds a key.
//!
//! Here a proof is read and judged by what it says. That it was not used before, and that it carries a nonce of ours, is
//! for `grant::dpop`, which knows the clock and the database.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use super::error::{OAuthError, OAuthErrorCode};
use super::foreign::{ForeignClaims, ForeignJws, ForeignKeys};
use super::jwt::JwtError;
use super::signing_alg::SigningAlg;
use crate::secret::Digest;

/// What proofs may be signed with. Not RS256: nothing that makes proofs needs it, and FAPI 2.0 Security Profile §5.4
/// forbids it.
pub const DPOP_ALGS: &[SigningAlg] = &[SigningAlg::Es256, SigningAlg::EdDsa, SigningAlg::Ps256];

/// How far `iat` may be from now in either direction, in seconds (RFC 9449 §11.1).
pub const WINDOW: i64 = 60;
/// Longest `jti`, in bytes.
const MAX_ID_BYTES: usize = 512;
/// How long after its `exp` a proof that has one is still taken, in seconds.
const LATE: i64 = 5;

/// Why a proof is not accepted (RFC 9449 §4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DpopError {
    /// Not exactly one header.
    #[error("there must be one DPoP header")]
    Several,
    /// Not a signed JWT, or a claim of another form than it must have.
    #[error("the proof is not a well-formed JWT")]
    Malformed,
    /// Another `typ`.
    #[error("typ must be dpop+jwt")]
    Type,
    /// Another algorithm than those of the discovery document.
    #[error("alg is not one of dpop_signing_alg_values_supported")]
    Alg,
    /// No `jwk` in the header, or more than a public key.
    #[error("jwk must be a public key")]
    Key,
    /// Signed with another key.
    #[error("the signature was not made with jwk")]
    Signature,
    /// Made for another method.
    #[error("htm is not the method of the request")]
    Method,
    /// Made for another place.
    #[error("htu is not the URL of the request")]
    Target,
    /// Too old, or from the future.
    #[error("iat is more than a minute from now, or exp has passed")]
    Time,
    /// It cannot be told from others.
    #[error("jti is missing or too long")]
    Id,
    /// Made for another access token, or for none.
    #[error("ath is not the hash of the access token")]
    Token,
    /// It was used before (§11.1).
    #[error("the proof was used before")]
    Replayed,
}

impl DpopError {
    /// `invalid_dpop_proof` (RFC 9449 §5, §7.1).
    pub fn to_oauth_error(self) -> OAuthError {
        OAuthError::new(OAuthErrorCode::InvalidDpopProof, format!("DPoP: {self}"))
    }
}

/// A proof as it arrived.
#[derive(Debug)]
pub struct UnverifiedProof(ForeignJws);

/// What the request is that a proof must have been made for.
#[derive(Debug, Clone, Copy)]
pub struct ProofOf<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its URL as the world knows it; query and fragment do not count.
    pub url: &'a str,
    /// The access token it carries, if it carries one.
    pub access_token: Option<&'a str>,
}

/// A proof that was made for this request, just now, by who holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DpopProof {
    /// The thumbprint of the key (RFC 9449 §6.1).
    pub jkt: String,
    /// Its identifier.
    pub jti: String,
    /// When it was made, in seconds since the epoch.
    pub iat: i64,
}

impl UnverifiedProof {
    /// Reads the value of a `DPoP` header.
    ///
    /// # Errors
    /// [`DpopError::Malformed`], or [`DpopError::Alg`] for `none` and its like.
    pub fn parse(text: &str) -> Result<Self, DpopError> {
        match ForeignJws::parse(text) {
            Ok(jws) => Ok(Self(jws)),
            Err(JwtError::Header) => Err(DpopError::Key),
            Err(_) => Err(DpopError::Malformed),
        }
    }

    /// The nonce it claims to answer. What it is worth shows when the proof is verified; a stale one is known before.
    pub fn nonce(&self) -> Option<&str> {
        self.0.unverified().get("nonce").and_then(serde_json::Value::as_str)
    }

    /// Verifies the proof, for the request and for `now` (RFC 9449 §4.3).
    ///
    /// # Errors
    /// [`DpopError`] names the rule.
    pub fn verify(&self, request: &ProofOf<'_>, now: i64) -> Result<DpopProof, DpopError> {
        if self.0.typ() != Some("dpop+jwt") {
            return Err(DpopError::Type);
        }
        let key = self.0.embedded_key().ok_or(DpopError::Key)?;
        let claims = self.0.verify(&ForeignKeys::one(key.clone()), DPOP_ALGS).map_err(|error| match error {
            JwtError::Header => DpopError::Alg,
            JwtError::Key => DpopError::Key,
            _ => DpopError::Signature,
        })?;
        let claims = ForeignClaims::new(claims).map_err(|_| DpopError::Malformed)?;
        if claims.str("htm") != Ok(Some(request.method)) {
            return Err(DpopError::Method);
        }
        if !is_same_place(claims.required_str("htu").unwrap_or_default(), request.url) {
            return Err(DpopError::Target);
        }
        let iat = claims.iat().ok_or(DpopError::Time)?;
        let is_early = claims.nbf().is_some_and(|nbf| nbf > now + WINDOW);
        let is_late = claims.exp().is_some_and(|exp| now - LATE >= exp);
        if iat.abs_diff(now) > WINDOW.unsigned_abs() || is_early || is_late {
            return Err(DpopError::Time);
        }
        if let Some(token) = request.access_token {
            let hash = URL_SAFE_NO_PAD.encode(Digest::of(token.as_bytes()).as_bytes());
            if claims.str("ath") != Ok(Some(&hash)) {
                return Err(DpopError::Token);
            }
        }
        let jti = claims.required_str("jti").ok().filter(|jti| jti.len() <= MAX_ID_BYTES).ok_or(DpopError::Id)?;
        Ok(DpopProof { jkt: key.thumbprint(), jti: jti.to_owned(), iat })
    }
}

/// RFC 9449 §4.3: compared after normalisation (RFC 3986 §6.2.2, §6.2.3), without query and fragment.
fn is_same_place(claimed: &str, url: &str) -> bool {
    let bare = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    bare(claimed).is_some_and(|claimed| bare(url).is_some_and(|url| claimed == url))
}

/// Whether a `dpop_jkt` can be the thumbprint of a key (RFC 9449 §10, RFC 7638): 32 bytes in base64url.
pub fn is_thumbprint(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::Signer;

    const URL: &str = "https://id.example/connect/token";
    const NOW: i64 = 1_700_000_000;

    fn proof(signer: &Signer, header: &Value, changes: &Value) -> String {
        let mut head = json!({ "typ": "dpop+jwt", "jwk": signer.jwk() });
        let mut claims = json!({ "htm": "POST", "htu": URL, "iat": NOW, "jti": "one" });
        for (target, changes) in [(&mut head, header), (&mut claims, changes)] {
            for (name, value) in changes.as_object().unwrap() {
                target[name] = value.clone();
            }
            target.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        }
        signer.sign(&head, &claims)
    }

    fn judge(text: &str, access_token: Option<&str>) -> Result<DpopProof, DpopError> {
        UnverifiedProof::parse(text)?.verify(&ProofOf { method: "POST", url: URL, access_token }, NOW)
    }

    /// D8, RFC 9449 §4.3: each rule of the list.
    #[test]
    fn each_rule_of_a_proof() {
        use DpopError as E;

        let signer = Signer::es256();
        let good = judge(&proof(&signer, &json!({}), &json!({})), None).unwrap();
        assert_eq!(good, DpopProof { jkt: signer.thumbprint(), jti: "one".to_owned(), iat: NOW });
        let with_private = {
            let mut jwk = signer.jwk();
            jwk["d"] = json!("AAAA");
            jwk
        };
        let headers = [
            (json!({ "typ": "application/DPoP+JWT" }), None),
            (json!({ "typ": "JWT" }), Some(E::Type)),
            (json!({ "typ": null }), Some(E::Type)),
            (json!({ "jwk": null }), Some(E::Key)),
            (json!({ "jwk": with_private }), Some(E::Key)),
            (json!({ "jwk": Signer::es256().jwk() }), Some(E::Signature)),
            (json!({ "alg": "none" }), Some(E::Key)),
            (json!({ "alg": "HS256" }), Some(E::Alg)),
            (json!({ "alg": "EdDSA" }), Some(E::Key)),
            (json!({ "kid": "other" }), None),
            (json!({ "crit": ["exp"] }), Some(E::Key)),
        ];
        for (header, expected) in headers {
            assert_eq!(judge(&proof(&signer, &header, &json!({})), None).err(), expected, "{header}");
        }
        let claims = [
            (json!({ "htm": "GET" }), Some(E::Method)),
            (json!({ "htm": "post" }), Some(E::Method)),
            (json!({ "htm": null }), Some(E::Method)),
            (json!({ "htu": null }), Some(E::Target)),
            (json!({ "htu": "https://id.example/connect/userinfo" }), Some(E::Target)),
            (json!({ "htu": "http://id.example/connect/token" }), Some(E::Target)),
            (json!({ "htu": "https://id.example:444/connect/token" }), Some(E::Target)),
            (json!({ "htu": "https://evil@id.example/connect/token" }), Some(E::Target)),
            (json!({ "htu": "/connect/token" }), Some(E::Target)),
            (json!({ "htu": "HTTPS://ID.example:443/a/../connect/token?x=1#y" }), None),
            (json!({ "iat": null }), Some(E::Time)),
            (json!({ "iat": NOW - 60 }), None),
            (json!({ "iat": NOW + 60 }), None),
            (json!({ "iat": NOW - 61 }), Some(E::Time)),
            (json!({ "iat": NOW + 61 }), Some(E::Time)),
            (json!({ "iat": i64::MIN }), Some(E::Time)),
            (json!({ "iat": "now" }), Some(E::Malformed)),
            (json!({ "exp": NOW + 60, "nbf": NOW }), None),
            (json!({ "exp": NOW - 5 }), Some(E::Time)),
            (json!({ "nbf": NOW + 61 }), Some(E::Time)),
            (json!({ "jti": null }), Some(E::Id)),
            (json!({ "jti": "" }), Some(E::Id)),
            (json!({ "jti": "x".repeat(513) }), Some(E::Id)),
            (json!({ "ath": "of another" }), None),
        ];
        for (changes, expected) in claims {
            assert_eq!(judge(&proof(&signer, &json!({}), &changes), None).err(), expected, "{changes}");
        }
        for text in ["", "x", "a.b", "a.b.c.d", &"x".repeat(20_000)] {
            assert_eq!(judge(text, None), Err(E::Malformed));
        }
    }

    /// RFC 9449 §4.3, FAPI 2.0 Security Profile §5.4: asymmetric algorithms, but not RS256.
    #[test]
    fn algorithms() {
        for (alg, expected) in [
            (SigningAlg::Es256, None),
            (SigningAlg::EdDsa, None),
            (SigningAlg::Ps256, None),
            (SigningAlg::Rs256, Some(DpopError::Alg)),
        ] {
            let signer = Signer::new(alg);
            assert_eq!(judge(&proof(&signer, &json!({}), &json!({})), None).err(), expected, "{alg}");
        }
    }

    /// RFC 9449 §4.2, §7: beside an access token the proof names it.
    #[test]
    fn a_proof_for_a_resource_names_the_token() {
        let signer = Signer::es256();
        // RFC 9449 §7.1's example of a token and its hash.
        let (token, hash) =
            ("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        let with = |ath: Value| judge(&proof(&signer, &json!({}), &json!({ "ath": ath })), Some(token));
        assert!(with(json!(hash)).is_ok());
        for ath in [Value::Null, json!(""), json!(token), json!(format!("{hash}=")), json!(7)] {
            assert_eq!(with(ath), Err(DpopError::Token));
        }
    }

    #[test]
    fn thumbprints() {
        assert!(is_thumbprint("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        for wrong in ["", "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9X", "NzbLsXh8uDCcd+6MNwXF4W/7noWXFZAfHkxZsRGC9Xs"] {
            assert!(!is_thumbprint(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_proofs_never_panic(text in any::<String>()) {
            prop_assert!(judge(&text, None).is_err());
        }
    }
}
