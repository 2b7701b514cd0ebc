//! D7, OIDC Core §10.2: each part as in the examples of the RFCs, and the whole as its recipient reads it.

use serde_json::json;

use super::*;
use crate::entropy::SystemEntropy;
use crate::testing::Recipient;

fn b64(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// RFC 7518 Appendix C.
#[test]
fn the_derived_key_of_the_rfc() {
    let z = b64("nlbZHYFxNdNyg0KDv4QmnPsxbqPagGpI9tqneYz-kMQ");
    let key = derive(&z, "A128GCM", b"Alice", b"Bob", 16).unwrap();
    assert_eq!(URL_SAFE_NO_PAD.encode(&*key), "VqqN6vgjbSBcIijNcacQGg");
}

/// RFC 7518 Appendix B.1.
#[test]
fn cbc_with_hmac_of_the_rfc() {
    let key: Vec<u8> = (0..32).collect();
    let iv = hex("1af38c2dc2b96ffdd86694092341bc04").try_into().unwrap();
    let plain = "A cipher system must not be required to be secret, and it must be able to fall into the hands of the \
                 enemy without inconvenience";
    let sealed = seal_cbc(&key, iv, b"The second principle of Auguste Kerckhoffs", plain.as_bytes()).unwrap();
    let expected = "c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9a94ac9b47ad2655c5f10f9aef71427e2fc\
                    6f9b3f399a221489f16362c703233609d45ac69864e3321cf82935ac4096c86e133314c54019e8ca7980dfa4b9cf1b384c\
                    486f3a54c51078158ee5d79de59fbd34d848b3d69550a67646344427ade54b8851ffb598f7f80074b9473c82e2db";
    assert_eq!(sealed.ciphertext, hex(expected));
    assert_eq!(sealed.tag, hex("652c3fa36b0a7c5b3219fab3a30bc1c4"));
}

/// RFC 7516 Appendix A.1.5, A.1.6.
#[test]
fn gcm_of_the_rfc() {
    let sealed = seal_gcm(
        &b64("saH0gFSP4XM_tAP_a5rU9ooHbltwLiJpL4LLLnrqQPw"),
        b64("48V1_ALb6US04U3b").try_into().unwrap(),
        b"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ",
        b"The true sign of intelligence is not knowledge but imagination.",
    )
    .unwrap();
    let expected = "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A";
    assert_eq!(URL_SAFE_NO_PAD.encode(sealed.ciphertext), expected);
    assert_eq!(URL_SAFE_NO_PAD.encode(sealed.tag), "XFBoMYUZodetZdvTiFvSkQ");
}

/// Every pair of algorithms: the recipient reads it, nobody else does, and not a byte may change.
#[test]
fn the_recipient_reads_it() {
    let (recipient, stranger) = (Recipient::default(), Recipient::default());
    let keys = ForeignKeys::parse(&recipient.jwks()).unwrap();
    for &alg in KeyManagementAlg::ALL {
        for &enc in ContentEncryptionAlg::ALL {
            for payload in ["", "a.b.c", &"x".repeat(1000)] {
                let text = encrypt(&keys, alg, enc, payload.as_bytes(), true, &SystemEntropy).unwrap();
                let (header, found) = recipient.open(&text).unwrap();
                assert_eq!(found, payload);
                assert_eq!((&header["alg"], &header["enc"]), (&json!(alg), &json!(enc)));
                assert_eq!(header["cty"], "JWT");
                assert!(header["kid"].as_str().unwrap().ends_with("-enc"));
                assert!(stranger.open(&text).is_none());
                for place in [4, text.len() / 2, text.len() - 2] {
                    let mut changed = text.clone().into_bytes();
                    changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
                    assert!(recipient.open(std::str::from_utf8(&changed).unwrap()).is_none(), "{alg} {enc} {place}");
                }
            }
            let plain = encrypt(&keys, alg, enc, b"{}", false, &SystemEntropy).unwrap();
            assert!(recipient.open(&plain).unwrap().0.get("cty").is_none());
        }
    }
}

/// RFC 7517 §4.2: to a key for encryption first, to one that does not say next, never to one for signatures.
#[test]
fn which_key_is_encrypted_to() {
    let recipient = Recipient::default();
    let rsa = &recipient.jwks()["keys"][0];
    let with = |changes: &serde_json::Value| {
        let mut key = rsa.clone();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                key.as_object_mut().unwrap().remove(name);
            } else {
                key[name] = value.clone();
            }
        }
        key
    };
    let (open, enc, sig) = (
        with(&json!({"use": null, "kid": "open"})),
        with(&json!({"kid": "enc", "alg": "RSA-OAEP-256"})),
        with(&json!({"use": "sig", "kid": "sig"})),
    );
    let (other_alg, other_ops) = (with(&json!({"alg": "RSA-OAEP"})), with(&json!({"key_ops": ["verify"]})));
    let chosen = |keys: &[&serde_json::Value]| {
        let keys = ForeignKeys::parse(&json!({ "keys": keys })).unwrap();
        find_key(&keys, KeyManagementAlg::RsaOaep256).and_then(|key| key.kid().map(str::to_owned))
    };
    assert_eq!(chosen(&[&sig, &open, &enc]).as_deref(), Some("enc"));
    assert_eq!(chosen(&[&sig, &open]).as_deref(), Some("open"));
    assert_eq!(chosen(&[&sig, &other_alg, &other_ops]), None);
    let keys = ForeignKeys::parse(&json!({ "keys": [enc] })).unwrap();
    let missing = encrypt(&keys, KeyManagementAlg::EcdhEs, ContentEncryptionAlg::A256Gcm, b"", false, &SystemEntropy);
    assert_eq!(missing, Err(JweError::NoKey(KeyManagementAlg::EcdhEs)));
}
