//! The keys of somebody else, as a set (RFC 7517 §5).

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::key::ForeignKey;
use crate::protocol::jwt::MIN_SECRET_BYTES;
use crate::protocol::signing_alg::SigningAlg;
use crate::secret::SecretString;

/// Most keys of a set, those that are skipped included.
const MAX_KEYS: usize = 32;
/// Most keys that are tried for a token that names none.
const MAX_TRIED: usize = 4;

/// Why a key or a set of keys was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKeysError {
    /// Not of the form of RFC 7517.
    #[error("the key set is not an object with an array of keys (RFC 7517 §5)")]
    Form,
    /// More than 32 keys.
    #[error("the key set has more than 32 keys")]
    TooMany,
    /// A private or symmetric key, which must not be given to us.
    #[error("the key set holds a private or symmetric key; only public keys may be in it")]
    Private,
    /// Of a kind, curve or size that is not used here, or not well-formed. In a set such a key is skipped (RFC 7517 §5).
    #[error("the key is not a P-256, RSA (2048 to 8192 bits) or Ed25519 public key")]
    Unsupported,
}

/// Public keys of somebody else, or the one secret we share with them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForeignKeys {
    keys: Vec<ForeignKey>,
    shared: Option<Shared>,
}

/// A secret that both sides know. Redacted in `Debug`, compared in constant time.
#[derive(Debug, Clone)]
struct Shared(SecretString);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose().as_bytes().ct_eq(other.0.expose().as_bytes()).into()
    }
}

impl ForeignKeys {
    /// Reads a JWK set. Keys of a kind that is not used here are skipped (RFC 7517 §5).
    ///
    /// # Errors
    /// Not a set, too many keys, or one that is not public.
    pub fn parse(document: &Value) -> Result<Self, ForeignKeysError> {
        let jwks = document.get("keys").and_then(Value::as_array).ok_or(ForeignKeysError::Form)?;
        if jwks.len() > MAX_KEYS {
            return Err(ForeignKeysError::TooMany);
        }
        let mut keys = Vec::with_capacity(jwks.len());
        for jwk in jwks {
            match ForeignKey::parse(jwk) {
                Ok(key) => keys.push(key),
                Err(ForeignKeysError::Unsupported) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { keys, shared: None })
    }

    /// A client's secret as the key of HS256. A secret of less than 256 bits is no key (RFC 7518 §3.2): the set is empty.
    pub fn from_secret(secret: &SecretString) -> Self {
        let shared = (secret.expose().len() >= MIN_SECRET_BYTES).then(|| Shared(secret.clone()));
        Self { keys: Vec::new(), shared }
    }

    /// Exactly this key, whatever a token's `kid` says.
    pub fn one(mut key: ForeignKey) -> Self {
        key.kid = None;
        Self { keys: vec![key], shared: None }
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.shared.is_none()
    }

    /// Whether a key has this identifier.
    pub fn has_kid(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid() == Some(kid))
    }

    /// The public keys.
    pub fn iter(&self) -> impl Iterator<Item = &ForeignKey> {
        self.keys.iter()
    }

    /// The JWK set document of the public keys. A shared secret is never in it.
    pub fn to_json(&self) -> Value {
        json!({ "keys": self.keys.iter().map(ForeignKey::to_json).collect::<Vec<_>>() })
    }

    /// The keys a token may have been signed with, at most [`MAX_TRIED`].
    pub(super) fn candidates(&self, alg: SigningAlg, kid: Option<&str>) -> Vec<DecodingKey> {
        if alg.is_symmetric() {
            // There is one at most, so its name does not matter.
            return self.shared.iter().map(|shared| DecodingKey::from_secret(shared.0.expose().as_bytes())).collect();
        }
        // A key without a name cannot be told from others by name, unless there are no others.
        let is_alone = self.keys.len() == 1;
        let is_named = |key: &ForeignKey| match (kid, key.kid()) {
            (None, _) => true,
            (Some(_), None) => is_alone,
            (Some(kid), Some(own)) => kid == own,
        };
        let fitting = self.keys.iter().filter(|key| is_named(key) && key.signing_algs().contains(&alg));
        fitting.take(MAX_TRIED).filter_map(ForeignKey::decoding_key).collect()
    }
}

impl Serialize for ForeignKeys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ForeignKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Value::deserialize(deserializer)?;
        Self::parse(&document).map_err(serde::de::Error::custom)
    }
}
