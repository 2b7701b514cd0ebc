//! Public keys as JSON Web Keys (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2) with their thumbprint (RFC 7638) as `kid`.
//!
//! Only public members exist in these types, so a private key cannot be published by mistake.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::signing_alg::SigningAlg;

/// The members that make a public key, with `kty`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum KeyMaterial {
    /// A point on P-256 (RFC 7518 §6.2).
    #[serde(rename = "EC")]
    Ec {
        /// The curve.
        crv: Curve,
        /// The x coordinate, base64url.
        x: String,
        /// The y coordinate, base64url.
        y: String,
    },
    /// An RSA key (RFC 7518 §6.3).
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus, base64url.
        n: String,
        /// The exponent, base64url.
        e: String,
    },
    /// An Edwards-curve key (RFC 8037 §2).
    #[serde(rename = "OKP")]
    Okp {
        /// The curve.
        crv: OkpCurve,
        /// The public key, base64url.
        x: String,
    },
}

text_enum! {
    /// Elliptic curves (RFC 7518 §6.2.1.1).
    pub enum Curve {
        /// NIST P-256.
        P256 = "P-256",
    }
}

text_enum! {
    /// Curves of octet key pairs (RFC 8037 §2).
    pub enum OkpCurve {
        /// Ed25519, for signatures.
        Ed25519 = "Ed25519",
    }
}

text_enum! {
    /// What a key is for (RFC 7517 §4.2).
    pub enum KeyUse {
        /// Signatures.
        Sig = "sig",
    }
}

/// A public signature key as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// The key itself.
    #[serde(flatten)]
    pub material: KeyMaterial,
    /// What it is for: signatures.
    #[serde(rename = "use")]
    pub key_use: KeyUse,
    /// The one algorithm it is used with.
    pub alg: SigningAlg,
    /// Its identifier: the SHA-256 thumbprint.
    pub kid: String,
}

impl PublicJwk {
    /// An ES256 key from the coordinates of its point, 32 bytes each.
    pub fn p256(x: &[u8; 32], y: &[u8; 32]) -> Self {
        let material = KeyMaterial::Ec { crv: Curve::P256, x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) };
        Self::new(material, SigningAlg::Es256)
    }

    /// An RSA key for RS256 or PS256 from its modulus and exponent, big-endian (leading zeros are dropped).
    pub fn rsa(alg: SigningAlg, modulus: &[u8], exponent: &[u8]) -> Self {
        let material = KeyMaterial::Rsa { n: unsigned(modulus), e: unsigned(exponent) };
        Self::new(material, alg)
    }

    /// An EdDSA key from the 32 bytes of its public half.
    pub fn ed25519(public: &[u8; 32]) -> Self {
        let material = KeyMaterial::Okp { crv: OkpCurve::Ed25519, x: URL_SAFE_NO_PAD.encode(public) };
        Self::new(material, SigningAlg::EdDsa)
    }

    fn new(material: KeyMaterial, alg: SigningAlg) -> Self {
        let kid = material.thumbprint();
        Self { material, key_use: KeyUse::Sig, alg, kid }
    }
}

impl KeyMaterial {
    /// The SHA-256 thumbprint of RFC 7638 §3, base64url: the required members in lexicographic order.
    pub fn thumbprint(&self) -> String {
        // base64url needs no escaping in JSON.
        let canonical = match self {
            Self::Ec { crv, x, y } => format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#),
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            // RFC 8037 §2: `crv`, `kty`, `x`.
            Self::Okp { crv, x } => format!(r#"{{"crv":"{crv}","kty":"OKP","x":"{x}"}}"#),
        };
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }
}

/// `Base64urlUInt` of RFC 7518 §2.
pub(super) fn unsigned(big_endian: &[u8]) -> String {
    let leading = big_endian.iter().take_while(|&&byte| byte == 0).count();
    URL_SAFE_NO_PAD.encode(big_endian.get(leading..).unwrap_or_default())
}

/// A set of public keys: the body of the JWKS document (RFC 7517 §5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    /// The keys, the one in use first.
    pub keys: Vec<PublicJwk>,
}

impl JwkSet {
    /// The key with the identifier `kid`.
    pub fn find(&self, kid: &str) -> Option<&PublicJwk> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7638 §3.1.
    #[test]
    fn the_thumbprint_of_the_rfc() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let modulus = URL_SAFE_NO_PAD.decode(n).unwrap();
        let with_zero: Vec<u8> = [&[0][..], &modulus].concat();
        let key = PublicJwk::rsa(SigningAlg::Rs256, &with_zero, &[0, 1, 0, 1]);
        assert_eq!(key.kid, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(key.material, KeyMaterial::Rsa { n: n.to_owned(), e: "AQAB".to_owned() });
    }

    /// The example of RFC 8037 Appendix A.3.
    #[test]
    fn the_thumbprint_of_an_edwards_key() {
        let public = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = PublicJwk::ed25519(&public.try_into().unwrap());
        assert_eq!(key.kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let json = serde_json::to_value(&key).unwrap();
        assert_eq!((&json["kty"], &json["crv"], &json["alg"]), (&"OKP".into(), &"Ed25519".into(), &"EdDSA".into()));
        assert_eq!(serde_json::from_value::<PublicJwk>(json).unwrap(), key);
    }

    #[test]
    fn the_document_of_an_ec_key() {
        let key = PublicJwk::p256(&[1; 32], &[0; 32]);
        let kid = key.kid.clone();
        let set = JwkSet { keys: vec![key] };
        let json = serde_json::to_value(&set).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
                "y": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "use": "sig", "alg": "ES256", "kid": kid}]})
        );
        assert_eq!(serde_json::from_value::<JwkSet>(json).unwrap(), set);
        assert!(set.find(&kid).is_some() && set.find("other").is_none());
    }
}
