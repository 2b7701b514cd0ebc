//! JWTs and keys of others.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::protocol::dpop::{ProofOf, UnverifiedProof};
use crate::secret::Digest;
use crate::testing::Signer;

/// What the proof of RFC 9449 §4.1 was made for, and when.
const RFC_REQUEST: ProofOf<'_> =
    ProofOf { method: "POST", url: "https://server.example.com/token", access_token: None };
const RFC_TIME: i64 = 1_562_262_616;

fuzzed! {
    /// RFC 7515: a token is what it was, and nothing is believed without a key that fits.
    tokens_of_others("tokens.txt", "words.txt") |text| {
        signed_text(text);
    }

    /// RFC 7515 §4, RFC 7519 §4: whatever a header and claims say.
    headers_and_claims("jws.txt") |text| {
        let (header, claims) = text.split_once('\t').unwrap_or((text, "{}"));
        let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
        signed_text(&format!("{}.AAAA", parts.join(".")));
        if let Some(members) = strict_json::object(claims.as_bytes()) {
            // Where it is strict it only ever refuses.
            assert_eq!(serde_json::from_str::<Value>(claims).unwrap(), Value::Object(members));
        }
    }

    /// RFC 7517: a set that was read holds public keys only, and is read again as the same.
    key_sets("jwks.txt") |text| {
        let Ok(document) = serde_json::from_str::<Value>(text) else { return };
        let Ok(keys) = ForeignKeys::parse(&document) else { return };
        survives(&keys);
        assert!(keys.iter().count() <= 32);
        for key in keys.iter() {
            assert_eq!(key.thumbprint().len(), 43);
            assert!(key.signing_algs().iter().all(|alg| !alg.is_symmetric()));
            assert!(key.signing_algs().is_empty() || !key.is_for_encryption());
            let json = key.to_json();
            assert!(["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().all(|name| json.get(name).is_none()));
            assert_eq!(ForeignKey::parse(&json).as_ref(), Ok(key));
        }
    }

    /// RFC 9449 §4.3: whatever becomes of a proof on its way, what is accepted is signed by the key it shows, and for this
    /// request alone.
    dpop_proofs("tokens.txt", "words.txt") |text| {
        let Ok(proof) = UnverifiedProof::parse(text) else { return };
        let _ = proof.nonce();
        let Ok(good) = proof.verify(&RFC_REQUEST, RFC_TIME) else { return };
        // RFC 9449 §6.1's name for the key of §4.1.
        assert_eq!(good.jkt, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert_eq!((good.jti.as_str(), good.iat), ("-BwC3ESc6acc2lTc", RFC_TIME));
        assert!(proof.verify(&ProofOf { method: "GET", ..RFC_REQUEST }, RFC_TIME).is_err());
        assert!(proof.verify(&ProofOf { access_token: Some("t"), ..RFC_REQUEST }, RFC_TIME).is_err());
    }

    /// RFC 9449 §4.2, §4.3: whatever a holder of a key may sign, only what the rules ask for is taken.
    dpop_claims("proofs.txt") |text| {
        let (header, claims) = text.split_once('\t').unwrap_or(("{}", text));
        let (Ok(Value::Object(more)), Ok(claims)) = (serde_json::from_str(header), serde_json::from_str(claims)) else { return };
        let signer = Signer::es256();
        let mut header = json!({ "typ": "dpop+jwt", "jwk": signer.jwk() });
        header.as_object_mut().unwrap().extend(more);
        let Ok(proof) = UnverifiedProof::parse(&signer.sign(&header, &claims)) else { return };
        for access_token in [None, Some("token")] {
            let request = ProofOf { access_token, ..RFC_REQUEST };
            let Ok(good) = proof.verify(&request, RFC_TIME) else { continue };
            assert!(header["jwk"] == signer.jwk() && good.jkt == signer.thumbprint());
            assert_eq!((claims["htm"].as_str(), claims["jti"].as_str()), (Some("POST"), Some(good.jti.as_str())));
            assert!((1..=512).contains(&good.jti.len()) && (good.iat - RFC_TIME).abs() <= dpop::WINDOW, "{claims}");
            let place = url::Url::parse(claims["htu"].as_str().unwrap()).unwrap();
            assert_eq!((place.origin().ascii_serialization().as_str(), place.path()), ("https://server.example.com", "/token"));
            if let Some(token) = access_token {
                let hash = URL_SAFE_NO_PAD.encode(Digest::of(token.as_bytes()).as_bytes());
                assert_eq!(claims["ath"].as_str(), Some(hash.as_str()));
            }
            for other in [ProofOf { method: "GET", ..request }, ProofOf { url: "https://server.example.com/other", ..request }] {
                assert!(proof.verify(&other, RFC_TIME).is_err());
            }
            assert!(proof.verify(&request, RFC_TIME + 2 * dpop::WINDOW + 1).is_err());
        }
    }
}

fn signed_text(text: &str) {
    if let Ok(header) = jwt::decode_unverified_header(text) {
        assert_eq!(header.kid.is_none(), header.alg.is_symmetric());
    }
    let Ok(token) = ForeignJws::parse(text) else { return };
    assert!(text.len() <= jwt::MAX_TOKEN_BYTES && text.matches('.').count() == 2);
    assert!(token.typ().is_none_or(|typ| !typ.contains(|c: char| c.is_ascii_uppercase())));
    let stranger = ForeignKeys::from_secret(&"somebody else's secret, 32 bytes".into());
    assert!(token.verify(&stranger, SigningAlg::ALL).is_err());
    assert_eq!(token.verify(&stranger, &[]), Err(JwtError::Header));
    if let Some(key) = token.embedded_key() {
        assert!(ForeignKey::parse(&key.to_json()).as_ref() == Ok(key));
        let _ = token.verify(&ForeignKeys::one(key.clone()), SigningAlg::ASYMMETRIC);
    }
    if let Ok(claims) = ForeignClaims::new(token.unverified()) {
        let _ = (claims.audiences(), claims.check_times(i64::MAX, i64::MAX), claims.check_times(i64::MIN, 0));
        assert!(claims.required_str("iss").is_err() || claims.str("iss").is_ok_and(|iss| iss.is_some()));
    }
    assert!(!format!("{token:?}").contains("iss"));
}
