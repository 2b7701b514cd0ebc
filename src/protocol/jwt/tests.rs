//! D5–D7: tokens are made once and accepted only where and when they are meant.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use serde_json::json;

use super::signing_key::PrivateKey;
use super::*;
use crate::protocol::id_token::ExtraClaims;
use crate::protocol::{AccessTokenClaims, Confirmation, IdTokenClaims, ScopeSet};

fn ec_key() -> SigningKey {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    SigningKey::from_pkcs8(SigningAlg::Es256, document.as_ref()).unwrap()
}

fn rsa_key(alg: SigningAlg) -> SigningKey {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let document: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    SigningKey::from_pkcs8(alg, document.as_ref()).unwrap()
}

fn ed_key() -> SigningKey {
    let document = Ed25519KeyPair::generate().unwrap().to_pkcs8v1().unwrap();
    SigningKey::from_pkcs8(SigningAlg::EdDsa, document.as_ref()).unwrap()
}

fn access_token() -> AccessTokenClaims<'static> {
    AccessTokenClaims {
        iss: "https://id.example".into(),
        exp: 1_300,
        aud: Audience::Many(vec!["https://api.example".into(), "https://id.example".into()]),
        sub: "u1".into(),
        client_id: "app".into(),
        iat: 1_000,
        jti: "j1".into(),
        scope: Cow::Owned(ScopeSet::parse("openid").unwrap()),
        auth_time: None,
        acr: None,
        amr: Cow::Borrowed(&[]),
        sid: None,
        cnf: Cow::Owned(Confirmation::NONE),
        act: None,
        authorization_details: Cow::Borrowed(&[]),
        org_id: None,
        org_slug: None,
        role: None,
        permissions: None,
        preferred_username: None,
        email: None,
    }
}

const EXPECTED: Expected<'static> = Expected {
    typ: TokenType::AccessToken,
    issuer: "https://id.example",
    audience: Some("https://api.example"),
    now: 1_100,
    leeway: 5,
    allow_expired: false,
};

fn verify(key: &SigningKey, token: &str, expected: &Expected<'_>) -> Result<AccessTokenClaims<'static>, JwtError> {
    VerifyingKey::from_jwk(key.public_jwk()).unwrap().verify(token, expected)
}

/// A token whose header is `header`, otherwise signed properly with `key`.
fn with_header(key: &SigningKey, header: &serde_json::Value, claims: &impl Serialize) -> String {
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims).unwrap(), &mut token);
    let PrivateKey::Ec(pair) = &key.private else { panic!("an EC key") };
    let signature = pair.sign(&SystemRandom::new(), token.as_bytes()).unwrap();
    format!("{token}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

#[test]
fn every_algorithm_signs_and_verifies() {
    let keys = [ec_key(), rsa_key(SigningAlg::Rs256), rsa_key(SigningAlg::Ps256), ed_key()];
    assert!(keys.iter().map(SigningKey::alg).eq(SigningAlg::ASYMMETRIC.iter().copied()));
    for key in keys {
        let token = key.sign(TokenType::AccessToken, &access_token()).unwrap();
        assert_eq!(verify(&key, &token, &EXPECTED).unwrap(), access_token());
        let header = decode_unverified_header(&token).unwrap();
        assert_eq!(
            (header.alg, header.kid.as_deref(), header.typ),
            (key.alg(), Some(key.kid()), Some(TokenType::AccessToken))
        );
        // The crate's own encoder agrees on the form of the header.
        let parsed = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!((parsed.typ.as_deref(), parsed.alg), (Some("at+jwt"), key.alg().to_jsonwebtoken()));
        assert!(!format!("{key:?}").contains("private"));
    }
}

#[test]
fn an_id_token_with_extra_claims() {
    let key = ec_key();
    let mut extra = ExtraClaims::default();
    extra.insert("email", "ana@example.org");
    let claims = IdTokenClaims {
        iss: "https://id.example".into(),
        sub: "u1".into(),
        aud: Audience::One("app".into()),
        exp: 1_300,
        iat: 1_000,
        nonce: None,
        auth_time: None,
        acr: None,
        amr: Cow::Borrowed(&[]),
        azp: None,
        at_hash: None,
        c_hash: None,
        sid: None,
        extra,
    };
    let token = key.sign(TokenType::Jwt, &claims).unwrap();
    let verifier = VerifyingKey::from_jwk(key.public_jwk()).unwrap();
    let hint = Expected { typ: TokenType::Jwt, audience: None, now: 99_999, allow_expired: true, ..EXPECTED };
    assert_eq!(verifier.verify::<IdTokenClaims<'static>>(&token, &hint).unwrap(), claims);
    // An ID token is not an access token, whatever else fits.
    assert_eq!(verify(&key, &token, &EXPECTED), Err(JwtError::Type));
}

#[test]
fn times_are_those_passed_in() {
    let key = ec_key();
    let token = key.sign(TokenType::AccessToken, &access_token()).unwrap();
    let at = |now| verify(&key, &token, &Expected { now, ..EXPECTED }).map(|_| ());
    assert_eq!(at(994), Err(JwtError::NotYet));
    assert_eq!(at(995), Ok(()));
    assert_eq!(at(1_304), Ok(()));
    assert_eq!(at(1_305), Err(JwtError::Expired));
    assert_eq!(at(i64::MAX), Err(JwtError::Expired));
    assert_eq!(at(i64::MIN), Err(JwtError::NotYet));
}

#[test]
fn another_issuer_audience_or_key_is_refused() {
    let key = ec_key();
    let token = key.sign(TokenType::AccessToken, &access_token()).unwrap();
    let with = |expected: Expected<'_>| verify(&key, &token, &expected).map(|_| ());
    assert_eq!(with(Expected { issuer: "https://id.example/", ..EXPECTED }), Err(JwtError::Issuer));
    assert_eq!(with(Expected { audience: Some("https://other.example"), ..EXPECTED }), Err(JwtError::Audience));
    assert_eq!(with(Expected { audience: None, ..EXPECTED }), Ok(()));
    assert_eq!(verify(&ec_key(), &token, &EXPECTED), Err(JwtError::Header));

    // The same kid, but another key.
    let mut forged = ec_key().public_jwk().clone();
    forged.kid = key.kid().to_owned();
    let verifier = VerifyingKey::from_jwk(&forged).unwrap();
    assert_eq!(verifier.verify::<AccessTokenClaims<'static>>(&token, &EXPECTED), Err(JwtError::Signature));
}

#[test]
fn a_changed_byte_anywhere_is_refused() {
    let key = ec_key();
    let token = key.sign(TokenType::AccessToken, &access_token()).unwrap();
    for index in (0..token.len()).step_by(7).chain([token.len() - 1]) {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(verify(&key, &changed, &EXPECTED).is_err(), "byte {index}");
    }
}

#[test]
fn headers_that_say_something_else_are_refused() {
    let key = ec_key();
    let kid = key.kid();
    let case =
        |header: serde_json::Value| verify(&key, &with_header(&key, &header, &access_token()), &EXPECTED).map(|_| ());
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid})), Ok(()));
    assert_eq!(case(json!({"typ": "application/AT+JWT", "alg": "ES256", "kid": kid})), Ok(()));
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "none", "kid": kid})), Err(JwtError::Header));
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "HS256", "kid": kid})), Err(JwtError::Header));
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "RS256", "kid": kid})), Err(JwtError::Header));
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "ES256"})), Err(JwtError::Header));
    assert_eq!(case(json!({"typ": "at+jwt", "alg": "ES256", "kid": kid, "crit": ["x"]})), Err(JwtError::Header));
    assert_eq!(case(json!({"alg": "ES256", "kid": kid})), Err(JwtError::Type));
    assert_eq!(case(json!({"typ": "JWT", "alg": "ES256", "kid": kid})), Err(JwtError::Type));
    assert_eq!(case(json!(["ES256"])), Err(JwtError::Malformed));
}

#[test]
fn claims_of_another_form_are_refused() {
    let key = ec_key();
    let header = json!({"typ": "at+jwt", "alg": "ES256", "kid": key.kid()});
    let good = serde_json::to_value(access_token()).unwrap();
    for (name, value) in [
        ("exp", json!("1300")),
        ("exp", json!(null)),
        ("sub", json!(1)),
        ("aud", json!({})),
        ("scope", json!(["openid"])),
    ] {
        let mut claims = good.clone();
        claims[name] = value;
        assert_eq!(verify(&key, &with_header(&key, &header, &claims), &EXPECTED), Err(JwtError::Claims), "{name}");
    }
}

/// D7, OIDC Core §10.1: a client's secret signs and verifies, if it is long enough, and nothing else passes for it.
#[test]
fn a_shared_secret() {
    let secret = SecretString::new("s".repeat(32));
    let token = sign_with_secret(&secret, TokenType::AccessToken, &access_token()).unwrap();
    let verify = |secret: &str, token: &str| {
        VerifyingKey::from_secret(&secret.into()).unwrap().verify::<AccessTokenClaims<'static>>(token, &EXPECTED)
    };
    assert_eq!(verify(secret.expose(), &token).unwrap(), access_token());
    assert_eq!(verify(&"t".repeat(32), &token), Err(JwtError::Signature));
    assert_eq!(decode_unverified_header(&token).unwrap().kid, None);
    let short = SecretString::new("s".repeat(31));
    assert_eq!(sign_with_secret(&short, TokenType::Jwt, &access_token()), Err(JwtError::Key));
    assert_eq!(VerifyingKey::from_secret(&short).unwrap_err(), JwtError::Key);
    let key = ec_key();
    let public = key.public_jwk().kid.clone().repeat(2);
    let forged = sign_with_secret(&public.as_str().into(), TokenType::AccessToken, &access_token()).unwrap();
    assert_eq!(
        verify(secret.expose(), &key.sign(TokenType::AccessToken, &access_token()).unwrap()),
        Err(JwtError::Header)
    );
    assert_eq!(
        VerifyingKey::from_jwk(key.public_jwk()).unwrap().verify::<AccessTokenClaims<'static>>(&forged, &EXPECTED),
        Err(JwtError::Header)
    );
}

/// RFC 8725 §3.1: a key has one algorithm, though its kind would do for two.
#[test]
fn an_rsa_key_keeps_to_its_padding() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let document: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let [pkcs1, pss] =
        [SigningAlg::Rs256, SigningAlg::Ps256].map(|alg| SigningKey::from_pkcs8(alg, document.as_ref()).unwrap());
    assert_eq!(pkcs1.kid(), pss.kid());
    let token = pss.sign(TokenType::AccessToken, &access_token()).unwrap();
    assert_eq!(verify(&pkcs1, &token, &EXPECTED), Err(JwtError::Header));
    let header = json!({"typ": "at+jwt", "alg": "RS256", "kid": pss.kid()});
    let (_, rest) = token.split_once('.').unwrap();
    let renamed = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()));
    assert_eq!(verify(&pkcs1, &renamed, &EXPECTED), Err(JwtError::Signature));
}

#[test]
fn what_is_no_token_is_malformed() {
    let key = ec_key();
    let long = format!("{}.a.b", "a".repeat(MAX_TOKEN_BYTES));
    for text in ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "e30.e30.", long.as_str()] {
        assert_eq!(verify(&key, text, &EXPECTED), Err(JwtError::Malformed), "{text}");
    }
}

#[test]
fn keys_must_fit_their_algorithm() {
    let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    assert_eq!(SigningKey::from_pkcs8(SigningAlg::Rs256, ec.as_ref()).unwrap_err(), JwtError::Key);
    assert_eq!(SigningKey::from_pkcs8(SigningAlg::Es256, b"junk").unwrap_err(), JwtError::Key);
    for &alg in SigningAlg::ALL {
        let mut jwk = ec_key().public_jwk().clone();
        jwk.alg = alg;
        assert_eq!(VerifyingKey::from_jwk(&jwk).err(), (alg != SigningAlg::Es256).then_some(JwtError::Key), "{alg}");
        assert!(alg == SigningAlg::Es256 || SigningKey::from_pkcs8(alg, ec.as_ref()).is_err(), "{alg}");
    }
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "[a-zA-Z0-9._=-]{0,200}|\\PC{0,100}") {
        let _ = decode_unverified_header(&text);
    }
}
