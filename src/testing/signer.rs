//! Somebody else's keys: what clients sign their assertions, request objects and proofs with.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeySize, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
        RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    protocol::{ForeignKey, SigningAlg},
    secret::SecretString,
};

/// A key that signs whatever a test wants, right or wrong.
pub struct Signer {
    alg: SigningAlg,
    key: Key,
}

enum Key {
    Ec(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
    Ed(Ed25519KeyPair),
    Secret(Box<aws_lc_rs::hmac::Key>),
}

impl Signer {
    /// A fresh P-256 key.
    pub fn es256() -> Self {
        Self::new(SigningAlg::Es256)
    }

    /// A fresh key for this algorithm.
    ///
    /// # Panics
    /// For an algorithm that signs with a secret.
    pub fn new(alg: SigningAlg) -> Self {
        let key = match alg {
            SigningAlg::Es256 => Key::Ec(Box::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())),
            SigningAlg::Rs256 | SigningAlg::Ps256 => {
                Key::Rsa(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
            }
            SigningAlg::EdDsa => Key::Ed(Ed25519KeyPair::generate().unwrap()),
            SigningAlg::Hs256 => panic!("a secret is given, not made"),
        };
        Self { alg, key }
    }

    /// The secret of a client as its key.
    pub fn secret(secret: &SecretString) -> Self {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.expose().as_bytes());
        Self { alg: SigningAlg::Hs256, key: Key::Secret(Box::new(key)) }
    }

    /// The public key.
    ///
    /// # Panics
    /// For a secret.
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match &self.key {
            Key::Ec(pair) => {
                let point = &pair.public_key().as_ref()[1..];
                json!({ "kty": "EC", "crv": "P-256", "x": text(&point[..32]), "y": text(&point[32..]) })
            }
            Key::Rsa(pair) => {
                let parts: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
                json!({ "kty": "RSA", "n": text(&parts.n), "e": text(&parts.e) })
            }
            Key::Ed(pair) => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref()) }),
            Key::Secret(_) => panic!("a secret is not published"),
        }
    }

    /// The public key as a set, to be registered.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// The key's thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        ForeignKey::parse(&self.jwk()).unwrap().thumbprint()
    }

    /// A JWS of `claims`; `header` adds members or replaces `alg`.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let mut head = Map::from_iter([("alg".to_owned(), json!(self.alg))]);
        head.extend(header.as_object().unwrap().clone());
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&Value::Object(head)), encode(claims));
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(self.signature(text.as_bytes())))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                match self.alg {
                    SigningAlg::Ps256 => pair.sign(&RSA_PSS_SHA256, &random, message, &mut signature),
                    _ => pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature),
                }
                .unwrap();
                signature
            }
            Key::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Key::Secret(key) => aws_lc_rs::hmac::sign(key, message).as_ref().to_vec(),
        }
    }
}
