//! One public key of somebody else (RFC 7517 §4).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value, json};

use super::keys::ForeignKeysError;
use crate::protocol::jwk::{Curve, KeyMaterial, OkpCurve, unsigned};
use crate::protocol::signing_alg::SigningAlg;

/// Members that only private or symmetric keys have (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Longest `kid` and the like, in bytes.
const MAX_WORD_BYTES: usize = 512;
/// Most certificates of a chain.
const MAX_CERTIFICATES: usize = 8;

/// A public key: P-256, RSA of 2048 to 8192 bits, or Ed25519.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub(super) material: KeyMaterial,
    pub(super) kid: Option<String>,
    key_use: Option<String>,
    alg: Option<String>,
    key_ops: Option<Vec<String>>,
    x5c: Vec<String>,
}

impl ForeignKey {
    /// Reads a JSON Web Key.
    ///
    /// # Errors
    /// [`ForeignKeysError::Private`] when it is more than a public key, [`ForeignKeysError::Unsupported`] when it is of a
    /// kind, curve or size that is not used here or its members are not well-formed.
    pub fn parse(jwk: &Value) -> Result<Self, ForeignKeysError> {
        let members = jwk.as_object().ok_or(ForeignKeysError::Form)?;
        let kty = members.get("kty").and_then(Value::as_str);
        if kty == Some("oct") || PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(ForeignKeysError::Private);
        }
        let read = || {
            Some(Self {
                material: read_material(kty?, members)?,
                kid: word(members, "kid")?,
                key_use: word(members, "use")?,
                alg: word(members, "alg")?,
                key_ops: words(members, "key_ops", MAX_WORD_BYTES)?,
                x5c: words(members, "x5c", usize::MAX)?.unwrap_or_default(),
            })
        };
        read().ok_or(ForeignKeysError::Unsupported)
    }

    /// The key as JSON, without what we do not know.
    pub fn to_json(&self) -> Value {
        let mut json = json!(self.material);
        let Some(members) = json.as_object_mut() else { return json };
        for (name, value) in [("kid", &self.kid), ("use", &self.key_use), ("alg", &self.alg)] {
            if let Some(value) = value {
                members.insert(name.to_owned(), json!(value));
            }
        }
        if let Some(key_ops) = &self.key_ops {
            members.insert("key_ops".to_owned(), json!(key_ops));
        }
        if !self.x5c.is_empty() {
            members.insert("x5c".to_owned(), json!(self.x5c));
        }
        json
    }

    /// Its SHA-256 thumbprint, base64url (RFC 7638 §3): `jkt` of RFC 9449 §6.
    pub fn thumbprint(&self) -> String {
        self.material.thumbprint()
    }

    /// Its identifier, as its owner chose it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The key itself.
    pub const fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// The certificates that come with it, base64 (not base64url) of DER, the key's own first (RFC 7517 §4.7). Nothing
    /// about them was checked.
    pub fn certificates(&self) -> &[String] {
        &self.x5c
    }

    /// The algorithms whose signatures it may verify: those of its kind, or the one it names; none when it is for
    /// something else (`use`, `key_ops`, RFC 7517 §4.2–4.4).
    pub fn signing_algs(&self) -> Vec<SigningAlg> {
        let fitting: &[_] = match self.material {
            KeyMaterial::Ec { crv: Curve::P256, .. } => &[SigningAlg::Es256],
            KeyMaterial::Rsa { .. } => &[SigningAlg::Ps256, SigningAlg::Rs256],
            KeyMaterial::Okp { crv: OkpCurve::Ed25519, .. } => &[SigningAlg::EdDsa],
        };
        fitting.iter().copied().filter(|&alg| self.verifies(alg)).collect()
    }

    /// Whether it may verify signatures made with `alg`, by what it says of itself.
    fn verifies(&self, alg: SigningAlg) -> bool {
        self.key_use.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"))
            && self.alg.as_deref().is_none_or(|own| own == alg.as_str())
    }

    /// Whether it may be encrypted to with the key management `alg`, by what it says of itself.
    pub fn may_encrypt(&self, alg: &str) -> bool {
        const ENCRYPTION: [&str; 4] = ["encrypt", "wrapKey", "deriveKey", "deriveBits"];
        self.key_use.as_deref().is_none_or(|purpose| purpose == "enc")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| ENCRYPTION.contains(&op.as_str())))
            && self.alg.as_deref().is_none_or(|own| own == alg)
    }

    /// Whether it says itself that it is for encryption.
    pub fn is_for_encryption(&self) -> bool {
        self.key_use.as_deref() == Some("enc")
    }

    pub(super) fn decoding_key(&self) -> Option<DecodingKey> {
        match &self.material {
            KeyMaterial::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y),
            KeyMaterial::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
            KeyMaterial::Okp { x, .. } => DecodingKey::from_ed_components(x),
        }
        .ok()
    }
}

/// The key, in its one canonical form so that its thumbprint is the one that everybody computes.
fn read_material(kty: &str, members: &Map<String, Value>) -> Option<KeyMaterial> {
    let text = |name: &str| members.get(name)?.as_str();
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    let octets = |name: &str| bytes(name)?.try_into().ok();
    match kty {
        "EC" if text("crv") == Some(Curve::P256.as_str()) => {
            let (x, y): ([u8; 32], [u8; 32]) = (octets("x")?, octets("y")?);
            // Refuses what is no point of the curve.
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, [&[4][..], &x, &y].concat()).ok()?;
            Some(KeyMaterial::Ec { crv: Curve::P256, x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) })
        }
        "RSA" => {
            // `Base64urlUInt` has no leading zeros, though some libraries write one (RFC 7518 §6.3.1.1).
            let (n, e) = (unsigned(&bytes("n")?), unsigned(&bytes("e")?));
            let parts =
                RsaPublicKeyComponents { n: URL_SAFE_NO_PAD.decode(&n).ok()?, e: URL_SAFE_NO_PAD.decode(&e).ok()? };
            parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?;
            let is_strong = match parts.n.as_slice() {
                [first, rest @ ..] if rest.len() == 255 => *first >= 0x80,
                more => (257..=1024).contains(&more.len()),
            };
            is_strong.then_some(KeyMaterial::Rsa { n, e })
        }
        "OKP" if text("crv") == Some(OkpCurve::Ed25519.as_str()) => {
            let x: [u8; 32] = octets("x")?;
            Some(KeyMaterial::Okp { crv: OkpCurve::Ed25519, x: URL_SAFE_NO_PAD.encode(x) })
        }
        _ => None,
    }
}

/// An optional member of text; the outer none when it is something else or too long.
#[expect(clippy::option_option, reason = "absent and malformed differ")]
fn word(members: &Map<String, Value>, name: &str) -> Option<Option<String>> {
    match members.get(name) {
        None => Some(None),
        Some(Value::String(text)) if text.len() <= MAX_WORD_BYTES => Some(Some(text.clone())),
        Some(_) => None,
    }
}

/// An optional member that is a short list of text, read like [`word`].
#[expect(clippy::option_option, reason = "absent and malformed differ")]
fn words(members: &Map<String, Value>, name: &str, longest: usize) -> Option<Option<Vec<String>>> {
    let Some(value) = members.get(name) else { return Some(None) };
    let items = value.as_array().filter(|items| items.len() <= MAX_CERTIFICATES)?;
    let text = |item: &Value| item.as_str().filter(|text| text.len() <= longest).map(str::to_owned);
    items.iter().map(text).collect::<Option<_>>().map(Some)
}
