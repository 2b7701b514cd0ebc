//! D4, D8: what others sign is believed only when one of their keys signed it, by an algorithm that is the key's own.

mod keys;

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    hmac,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    protocol::{
        SigningAlg,
        jwt::{JwtError, MAX_TOKEN_BYTES},
    },
    secret::SecretString,
};

/// A private key of somebody else that signs whatever it is told to.
enum Signer {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Ed(Ed25519KeyPair),
    Secret(Vec<u8>),
}

impl Signer {
    fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    fn pkcs8(&self) -> Vec<u8> {
        match self {
            Self::Ec(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Self::Rsa(pair) => {
                let document: Pkcs8V1Der<'_> = pair.as_der().unwrap();
                document.as_ref().to_vec()
            }
            Self::Ed(pair) => pair.to_pkcs8v1().unwrap().as_ref().to_vec(),
            Self::Secret(_) => panic!("a secret is no key pair"),
        }
    }

    /// The public half, without `use`, `alg` and `kid`.
    fn jwk(&self) -> Value {
        let alg = match self {
            Self::Rsa(_) => SigningAlg::Rs256,
            Self::Ed(_) => SigningAlg::EdDsa,
            Self::Ec(_) | Self::Secret(_) => SigningAlg::Es256,
        };
        let key = crate::protocol::SigningKey::from_pkcs8(alg, &self.pkcs8()).unwrap();
        json!(key.public_jwk().material)
    }

    fn keys(&self, more: &Value) -> ForeignKeys {
        ForeignKeys::parse(&json!({ "keys": [with(self.jwk(), more)] })).unwrap()
    }

    fn sign(&self, header: &Value, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims));
        let signature = match self {
            Self::Secret(secret) => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes()).as_ref().to_vec()
            }
            pair => {
                let key = pair.pkcs8();
                let alg = match pair {
                    Self::Rsa(_) if header["alg"] == "PS256" => jsonwebtoken::Algorithm::PS256,
                    Self::Rsa(_) => jsonwebtoken::Algorithm::RS256,
                    Self::Ed(_) => jsonwebtoken::Algorithm::EdDSA,
                    Self::Ec(_) | Self::Secret(_) => jsonwebtoken::Algorithm::ES256,
                };
                let key = match pair {
                    // The crate wants the bare RSA key.
                    Self::Rsa(_) => {
                        let pem = pem_of(&key);
                        jsonwebtoken::EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()
                    }
                    Self::Ed(_) => jsonwebtoken::EncodingKey::from_ed_der(&key),
                    Self::Ec(_) | Self::Secret(_) => jsonwebtoken::EncodingKey::from_ec_der(&key),
                };
                let text = jsonwebtoken::crypto::sign(message.as_bytes(), &key, alg).unwrap();
                return format!("{message}.{text}");
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn pem_of(pkcs8: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(pkcs8);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

fn with(mut object: Value, more: &Value) -> Value {
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

fn parse_error(text: &str) -> JwtError {
    ForeignJws::parse(text).unwrap_err()
}

const CLAIMS: &str = r#"{"iss":"app","aud":"https://id.example","exp":1300}"#;

/// D7, RFC 7515: every algorithm verifies with its own kind of key, and with no other.
#[test]
fn each_algorithm_with_its_own_kind_of_key() {
    let secret = SecretString::new("s".repeat(32));
    let cases = [
        ("ES256", Signer::ec()),
        ("RS256", Signer::rsa()),
        ("PS256", Signer::rsa()),
        ("EdDSA", Signer::ed()),
        ("HS256", Signer::Secret(secret.expose().as_bytes().to_vec())),
    ];
    let sets: Vec<_> = cases
        .iter()
        .map(|(_, signer)| match signer {
            Signer::Secret(_) => ForeignKeys::from_secret(&secret),
            signer => signer.keys(&json!({})),
        })
        .collect();
    for (place, (alg, signer)) in cases.iter().enumerate() {
        let text = signer.sign(&json!({"alg": alg, "typ": "Application/DPoP+JWT"}), CLAIMS);
        let token = ForeignJws::parse(&text).unwrap();
        assert_eq!((token.alg().as_str(), token.typ(), token.kid()), (*alg, Some("dpop+jwt"), None));
        for (other, keys) in sets.iter().enumerate() {
            let found = token.verify(keys, SigningAlg::ALL);
            assert_eq!(found.is_ok(), place == other, "{alg} with keys {other}");
        }
        assert_eq!(token.verify(&sets[place], &[]), Err(JwtError::Header), "{alg} must be allowed");
        // Another signature, other claims.
        let (message, signature) = text.rsplit_once('.').unwrap();
        let changed = format!("{}.{}.{signature}", message.split('.').next().unwrap(), URL_SAFE_NO_PAD.encode("{}"));
        assert_eq!(
            ForeignJws::parse(&changed).unwrap().verify(&sets[place], SigningAlg::ALL),
            Err(JwtError::Signature)
        );
        let unsigned = ForeignJws::parse(&format!("{message}.")).unwrap();
        assert_eq!(unsigned.verify(&sets[place], SigningAlg::ALL), Err(JwtError::Signature));
    }
}

/// RFC 8725 §2.1: a public key is never an HMAC secret, in none of the forms it is published in.
#[test]
fn a_public_key_is_no_secret() {
    let rsa = Signer::rsa();
    let Signer::Rsa(pair) = &rsa else { panic!() };
    let public = aws_lc_rs::signature::KeyPair::public_key(pair);
    let spki: aws_lc_rs::encoding::PublicKeyX509Der<'_> = public.as_der().unwrap();
    let keys = rsa.keys(&json!({"kid": "k"}));
    for secret in [
        public.as_ref().to_vec(),
        spki.as_ref().to_vec(),
        URL_SAFE_NO_PAD.decode(rsa.jwk()["n"].as_str().unwrap()).unwrap(),
        keys.to_json().to_string().into_bytes(),
        Vec::new(),
    ] {
        for header in [json!({"alg": "HS256", "kid": "k"}), json!({"alg": "HS256"})] {
            let token = ForeignJws::parse(&Signer::Secret(secret.clone()).sign(&header, CLAIMS)).unwrap();
            assert_eq!(token.verify(&keys, SigningAlg::ALL), Err(JwtError::Key));
        }
    }
}

/// RFC 8725 §3.1: `none`, unknown and missing algorithms, critical extensions and headers of another form.
#[test]
fn headers_that_are_refused() {
    let signer = Signer::ec();
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": ""}),
        json!({"alg": "ES512"}),
        json!({"alg": ["ES256"]}),
        json!({}),
        json!({"alg": "ES256", "crit": ["exp"]}),
        json!({"alg": "ES256", "crit": []}),
        json!({"alg": "ES256", "b64": false}),
        json!({"alg": "ES256", "kid": 1}),
        json!({"alg": "ES256", "kid": null}),
        json!({"alg": "ES256", "typ": {}}),
        json!({"alg": "ES256", "jwk": "text"}),
    ] {
        assert_eq!(parse_error(&signer.sign(&header, CLAIMS)), JwtError::Header, "{header}");
    }
}

/// RFC 7515 §4, RFC 7519 §4: what two readers could read differently is not read at all.
#[test]
fn forms_that_are_refused() {
    let b64 = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = b64(r#"{"alg":"ES256"}"#);
    let long = format!("{header}.{}.AA", b64(&format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_TOKEN_BYTES))));
    for text in [
        String::new(),
        "..".to_owned(),
        format!("{header}.{}", b64("{}")),
        format!("{header}.{}.AA.AA", b64("{}")),
        format!("{header}=.{}.AA", b64("{}")),
        format!("{header}.{}.A", b64("{}")),
        format!("{header}.{}.A+", b64("{}")),
        format!("{}.{}.AA", b64(r#"{"alg":"none","alg":"ES256"}"#), b64("{}")),
        format!("{}.{}.AA", b64("[]"), b64("{}")),
        long,
    ] {
        assert_eq!(parse_error(&text), JwtError::Malformed, "{text}");
    }
    for claims in ["", "[]", "\"text\"", "1", "{", r#"{"sub":"a","sub":"b"}"#, r#"{"cnf":{"jkt":"a","jkt":"b"}}"#] {
        assert_eq!(parse_error(&format!("{header}.{}.AA", b64(claims))), JwtError::Claims, "{claims}");
    }
}

/// RFC 7519 §4.1: times, audiences and their forms.
#[test]
fn claims() {
    let read =
        |claims: &Value| ForeignClaims::new(claims.as_object().unwrap()).map(|claims| claims.check_times(1_000, 10));
    for (claims, expected) in [
        (json!({}), Ok(())),
        (json!({"exp": 991, "nbf": 1_010, "iat": 1_010}), Ok(())),
        (json!({"exp": 990}), Err(JwtError::Expired)),
        (json!({"exp": 990.9}), Err(JwtError::Expired)),
        (json!({"nbf": 1_011}), Err(JwtError::NotYet)),
        (json!({"iat": 1_011.5}), Err(JwtError::NotYet)),
        (json!({"exp": i64::MAX, "nbf": i64::MIN}), Ok(())),
    ] {
        assert_eq!(read(&claims), Ok(expected), "{claims}");
    }
    for claims in [
        json!({"exp": "1300"}),
        json!({"exp": null}),
        json!({"nbf": true}),
        json!({"iat": 1e300}),
        json!({"aud": 1}),
        json!({"aud": ["a", 1]}),
        json!({"aud": null}),
    ] {
        assert_eq!(read(&claims), Err(JwtError::Claims), "{claims}");
    }
    let document = json!({"aud": ["a"], "iss": "app", "n": 1, "e": ""});
    let claims = ForeignClaims::new(document.as_object().unwrap()).unwrap();
    assert_eq!((claims.audiences(), claims.aud_is_array()), (vec!["a"], true));
    assert_eq!(
        (claims.str("iss"), claims.str("sub"), claims.str("n")),
        (Ok(Some("app")), Ok(None), Err(JwtError::Claims))
    );
    assert_eq!(claims.required_str("iss"), Ok("app"));
    assert_eq!((claims.required_str("sub"), claims.required_str("e")), (Err(JwtError::Claims), Err(JwtError::Claims)));
    let document = json!({"aud": "a"});
    let claims = ForeignClaims::new(document.as_object().unwrap()).unwrap();
    assert_eq!((claims.audiences(), claims.aud_is_array()), (vec!["a"], false));
}

proptest! {
    /// Whatever is sent, reading it ends in an answer, and nothing is verified that was not signed.
    #[test]
    fn arbitrary_tokens_never_panic(text in "\\PC{0,100}", header in "\\{?[a-z0-9\":,{}\\[\\]]{0,60}\\}?", claims in "\\PC{0,60}") {
        let _ = ForeignJws::parse(&text);
        let composed = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        if let Ok(token) = ForeignJws::parse(&composed) {
            prop_assert!(token.verify(&ForeignKeys::from_secret(&"s".repeat(32).as_str().into()), SigningAlg::ALL).is_err());
        }
    }

    /// A set that was read is read again as the same.
    #[test]
    fn arbitrary_sets_never_panic(kty in "EC|RSA|OKP|oct", crv in "P-256|Ed25519|x", x in "[A-Za-z0-9_-]{0,44}", y in "[A-Za-z0-9_-]{43}", n in "[A-Za-z0-9_-]{0,400}") {
        let document = json!({"keys": [{"kty": kty, "crv": crv, "x": x, "y": y, "n": n, "e": "AQAB"}]});
        if let Ok(keys) = ForeignKeys::parse(&document) {
            prop_assert_eq!(ForeignKeys::parse(&keys.to_json()), Ok(keys));
        }
    }
}
