//! What browsers send: the JSON of `PublicKeyCredential.toJSON()` (WebAuthn L3 §5.1), read once at the edge.

use std::fmt;

use serde::Deserialize;
use serde_cbor_2::Value as Cbor;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// Longer texts are not read. The largest answers, with a chain of certificates, have a few thousand characters.
const MAX_CHARS: usize = 32 * 1024;
/// Longest id of a credential, in bytes (WebAuthn L3 §4).
const MAX_ID: usize = 1023;

fn read<'t, T: Deserialize<'t>>(json: &'t str) -> Option<T> {
    if json.len() > MAX_CHARS {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// A key that an authenticator has just made.
#[derive(Clone)]
pub struct NewCredential(pub(super) Box<RegisterPublicKeyCredential>);

impl NewCredential {
    /// Reads the answer to `navigator.credentials.create()`; `None` when it is none.
    pub fn parse(json: &str) -> Option<Self> {
        let read: RegisterPublicKeyCredential = read(json)?;
        (1..=MAX_ID).contains(&read.raw_id.len()).then(|| Self(Box::new(read)))
    }

    pub(super) fn id(&self) -> Vec<u8> {
        self.0.raw_id.clone()
    }

    /// The model of the authenticator, as it says itself; nil when it does not.
    ///
    /// Without attestation the library leaves it out, so it is read from the authenticator data: 32 bytes of a digest, one
    /// of flags, four of a counter, and then 16 of the model (WebAuthn L3 §6.1, §6.5.2).
    pub(super) fn aaguid(&self) -> Uuid {
        let Ok(Cbor::Map(object)) = serde_cbor_2::from_slice(&self.0.response.attestation_object) else {
            return Uuid::nil();
        };
        let Some(Cbor::Bytes(data)) = object.get(&Cbor::Text("authData".to_owned())) else { return Uuid::nil() };
        data.get(37..53).and_then(|bytes| Uuid::from_slice(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewCredential(…)")
    }
}

/// A signature that an authenticator has just made.
#[derive(Clone)]
pub struct Assertion(pub(super) Box<PublicKeyCredential>);

impl Assertion {
    /// Reads the answer to `navigator.credentials.get()`; `None` when it is none.
    pub fn parse(json: &str) -> Option<Self> {
        let read: PublicKeyCredential = read(json)?;
        (1..=MAX_ID).contains(&read.raw_id.len()).then(|| Self(Box::new(read)))
    }

    pub(super) fn credential_id(&self) -> Vec<u8> {
        self.0.raw_id.clone()
    }

    /// Whose key it is, as the authenticator remembers.
    pub(super) fn user_id(&self) -> Option<crate::id::UserId> {
        Uuid::from_slice(self.0.get_user_unique_id()?).ok().map(Into::into)
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion(…)")
    }
}
