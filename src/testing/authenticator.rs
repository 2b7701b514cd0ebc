//! An authenticator made of software, which answers as a browser would send it. It can be told to lie.

use std::collections::BTreeMap;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::secret::Digest;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const WITH_CREDENTIAL: u8 = 0x40;

/// One authenticator with room for one passkey, and the browser in front of it.
#[derive(Debug)]
pub struct SoftAuthenticator {
    /// The origin whose page asks.
    pub origin: String,
    /// The relying party id that is signed for; what the options say, when there is none.
    pub rp_id: Option<String>,
    /// The model.
    pub aaguid: Uuid,
    /// How often it signed; stays at zero for one that does not count.
    pub counter: u32,
    /// It counts.
    pub counts: bool,
    /// It verifies its person.
    pub verifies: bool,
    /// Its key may be copied to other devices.
    pub is_synced: bool,
    /// The account it remembers.
    pub user_handle: Vec<u8>,
    credential_id: Vec<u8>,
    key: EcdsaKeyPair,
}

impl SoftAuthenticator {
    /// An authenticator that does all as it should, in front of a page of `origin`.
    pub fn new(origin: &str) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self {
            origin: origin.to_owned(),
            rp_id: None,
            aaguid: Uuid::nil(),
            counter: 0,
            counts: true,
            verifies: true,
            is_synced: false,
            user_handle: Vec::new(),
            credential_id: Digest::of(key.public_key().as_ref()).as_bytes().to_vec(),
            key,
        }
    }

    /// The id of its credential, in base64url.
    pub fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.credential_id)
    }

    /// Answers `navigator.credentials.create()`.
    pub fn create(&mut self, options: &Value) -> String {
        self.user_handle = decode(&options["user"]["id"]);
        let point = self.key.public_key().as_ref();
        // RFC 9053 §7.1.1: an ES256 key on P-256.
        let cose = Cbor::Map(BTreeMap::from([
            (Cbor::Integer(1), Cbor::Integer(2)),
            (Cbor::Integer(3), Cbor::Integer(-7)),
            (Cbor::Integer(-1), Cbor::Integer(1)),
            (Cbor::Integer(-2), Cbor::Bytes(point[1..33].to_vec())),
            (Cbor::Integer(-3), Cbor::Bytes(point[33..].to_vec())),
        ]));
        let mut data = self.data(&options["rp"]["id"], WITH_CREDENTIAL);
        data.extend(self.aaguid.as_bytes());
        data.extend(u16::try_from(self.credential_id.len()).unwrap().to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(serde_cbor_2::to_vec(&cose).unwrap());
        let text = |text: &str| Cbor::Text(text.to_owned());
        let object = Cbor::Map(BTreeMap::from([
            (text("fmt"), text("none")),
            (text("attStmt"), Cbor::Map(BTreeMap::new())),
            (text("authData"), Cbor::Bytes(data)),
        ]));
        let client = self.client_data("webauthn.create", options);
        self.answer(&json!({
            "clientDataJSON": encode(client.as_bytes()),
            "attestationObject": encode(&serde_cbor_2::to_vec(&object).unwrap()),
            "transports": ["internal", "hybrid"],
        }))
    }

    /// Answers `navigator.credentials.get()`.
    pub fn get(&mut self, options: &Value) -> String {
        let data = self.data(&options["rpId"], 0);
        let client = self.client_data("webauthn.get", options);
        let signed = [data.as_slice(), Digest::of(client.as_bytes()).as_bytes()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.answer(&json!({
            "clientDataJSON": encode(client.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
            "userHandle": encode(&self.user_handle),
        }))
    }

    /// Authenticator data up to the counter (WebAuthn L3 §6.1).
    fn data(&mut self, rp_id: &Value, mut flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().or(rp_id.as_str()).unwrap();
        flags |= PRESENT;
        if self.verifies {
            flags |= VERIFIED;
        }
        if self.is_synced {
            flags |= MAY_BE_COPIED;
        }
        if self.counts {
            self.counter += 1;
        }
        [Digest::of(rp_id.as_bytes()).as_bytes().as_slice(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn answer(&self, response: &Value) -> String {
        let id = self.credential_id();
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
        })
        .to_string()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}
