//! Keys of others: sets of them, what each is for, which one is asked, and shared secrets.

use super::*;

/// RFC 7515 §4.1.4: a named key is the only one asked; without a name a few that fit are.
#[test]
fn which_key_is_asked() {
    let (first, second) = (Signer::ec(), Signer::ec());
    let set = |keys: Vec<Value>| ForeignKeys::parse(&json!({ "keys": keys })).unwrap();
    let both = set(vec![with(first.jwk(), &json!({"kid": "a"})), with(second.jwk(), &json!({"kid": "b"}))]);
    assert!(both.has_kid("a") && !both.has_kid("c"));
    let result = |signer: &Signer, header: Value, keys: &ForeignKeys| {
        ForeignJws::parse(&signer.sign(&header, CLAIMS)).unwrap().verify(keys, SigningAlg::ALL).map(|_| ())
    };
    assert_eq!(result(&second, json!({"alg": "ES256", "kid": "b"}), &both), Ok(()));
    assert_eq!(result(&second, json!({"alg": "ES256"}), &both), Ok(()));
    assert_eq!(result(&second, json!({"alg": "ES256", "kid": "a"}), &both), Err(JwtError::Signature));
    for injected in ["../../dev/null", "' OR 1=1 --", "", "A"] {
        assert_eq!(result(&second, json!({"alg": "ES256", "kid": injected}), &both), Err(JwtError::Key));
    }
    // A key without a name is the right one only when it is the only one.
    let alone = set(vec![first.jwk()]);
    assert_eq!(result(&first, json!({"alg": "ES256", "kid": "any"}), &alone), Ok(()));
    let unnamed = set(vec![first.jwk(), second.jwk()]);
    assert_eq!(result(&first, json!({"alg": "ES256", "kid": "any"}), &unnamed), Err(JwtError::Key));
    // The fifth key that fits is not tried.
    let others: Vec<_> = (0..4).map(|_| Signer::ec().jwk()).collect();
    let five = set([others.clone(), vec![first.jwk()]].concat());
    assert_eq!(result(&first, json!({"alg": "ES256"}), &five), Err(JwtError::Signature));
    let four = set([others[1..].to_vec(), vec![first.jwk()]].concat());
    assert_eq!(result(&first, json!({"alg": "ES256"}), &four), Ok(()));
    assert_eq!(result(&first, json!({"alg": "ES256"}), &ForeignKeys::default()), Err(JwtError::Key));
}

/// RFC 7517 §4.2–4.4: a key is used only for what its owner says it is for.
#[test]
fn keys_say_what_they_are_for() {
    let rsa = Signer::rsa();
    let token = ForeignJws::parse(&rsa.sign(&json!({"alg": "PS256"}), CLAIMS)).unwrap();
    for (more, fits) in [
        (json!({"use": "sig", "alg": "PS256", "key_ops": ["verify"]}), true),
        (json!({"use": "enc"}), false),
        (json!({"use": "other"}), false),
        (json!({"alg": "RS256"}), false),
        (json!({"alg": "RSA-OAEP-256"}), false),
        (json!({"key_ops": ["encrypt"]}), false),
        (json!({"key_ops": []}), false),
    ] {
        let expected = if fits { Ok(()) } else { Err(JwtError::Key) };
        assert_eq!(token.verify(&rsa.keys(&more), SigningAlg::ALL).map(|_| ()), expected, "{more}");
    }
    let key = ForeignKey::parse(&with(rsa.jwk(), &json!({"use": "enc"}))).unwrap();
    assert!(key.signing_algs().is_empty() && key.is_for_encryption() && key.may_encrypt("RSA-OAEP-256"));
}

/// RFC 9449 §4.3: the key in a proof is public, and the proof is verified with it whatever else the header says.
#[test]
fn an_embedded_key() {
    let signer = Signer::ec();
    let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": signer.jwk(), "kid": "x"});
    let token = ForeignJws::parse(&signer.sign(&header, CLAIMS)).unwrap();
    let key = token.embedded_key().unwrap();
    assert_eq!(key.thumbprint(), key.material().thumbprint());
    assert!(token.verify(&ForeignKeys::one(key.clone()), &[SigningAlg::Es256]).is_ok());
    // The key in the header is never among the keys of a client.
    assert_eq!(token.verify(&Signer::ec().keys(&json!({"kid": "x"})), SigningAlg::ALL), Err(JwtError::Signature));
    for more in [
        json!({"d": "AA"}),
        json!({"k": "AA"}),
        json!({"kty": "oct"}),
        json!({"crv": "P-384"}),
        json!({"crv": "secp256k1"}),
        json!({"x": "AA"}),
        json!({"y": signer.jwk()["x"]}),
        json!({"kty": "RSA"}),
    ] {
        let header = json!({"alg": "ES256", "jwk": with(signer.jwk(), &more)});
        assert_eq!(parse_error(&signer.sign(&header, CLAIMS)), JwtError::Header, "{more}");
    }
}

/// RFC 7517 §5: private and symmetric keys refuse the whole set, unknown ones are passed over.
#[test]
fn sets_of_keys() {
    let (ec, rsa, ed) = (Signer::ec().jwk(), Signer::rsa().jwk(), Signer::ed().jwk());
    let parse = |keys: &Value| ForeignKeys::parse(&json!({ "keys": keys }));
    let short = URL_SAFE_NO_PAD.encode([0xFF; 128]);
    let almost = URL_SAFE_NO_PAD.encode([&[0, 0x7F][..], &[0xFF; 255]].concat());
    let unknown = json!([
        ec, rsa, ed,
        {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}, {"kty": "OKP", "crv": "X25519", "x": ed["x"]}, {"kty": "AKP"},
        {"kty": "RSA", "n": short, "e": "AQAB"}, {"kty": "RSA", "n": almost, "e": "AQAB"}, {"kty": "RSA", "n": rsa["n"], "e": ""}, {},
        with(ec.clone(), &json!({"kid": 7})), with(ec.clone(), &json!({"kid": "k".repeat(513)})), with(ed.clone(), &json!({"x": "AA"})),
    ]);
    let set = parse(&unknown).unwrap();
    assert_eq!(set.iter().count(), 3);
    assert_eq!(set.to_json()["keys"], json!([ec, rsa, ed]));
    assert_eq!(serde_json::from_value::<ForeignKeys>(json!(set)).unwrap(), set);
    for private in [json!({"kty": "oct", "k": "AA"}), json!({"kty": "oct"}), with(rsa.clone(), &json!({"d": "AA"}))] {
        assert_eq!(parse(&json!([ec, private])), Err(ForeignKeysError::Private));
    }
    assert!(parse(&json!(vec![ec.clone(); 32])).is_ok());
    assert_eq!(parse(&json!(vec![ec.clone(); 33])), Err(ForeignKeysError::TooMany));
    for form in [json!([]), json!({}), json!({"keys": {}}), json!({"keys": [1]}), json!(null), ec] {
        assert_eq!(ForeignKeys::parse(&form), Err(ForeignKeysError::Form), "{form}");
    }
    // A leading zero changes neither the key nor its thumbprint (RFC 7518 §6.3.1.1).
    let n = URL_SAFE_NO_PAD.decode(rsa["n"].as_str().unwrap()).unwrap();
    let padded = with(rsa.clone(), &json!({"n": URL_SAFE_NO_PAD.encode([&[0][..], &n].concat())}));
    assert_eq!(ForeignKey::parse(&padded), ForeignKey::parse(&rsa));
}

/// RFC 7517 §4.7: certificates are kept as they are.
#[test]
fn members_survive_being_stored() {
    let jwk = with(
        Signer::ec().jwk(),
        &json!({"kid": "k", "use": "sig", "alg": "ES256", "key_ops": ["verify"], "x5c": ["MII="], "other": 1}),
    );
    let key = ForeignKey::parse(&jwk).unwrap();
    assert_eq!(key.certificates(), ["MII=".to_owned()]);
    let stored = key.to_json();
    assert_eq!(ForeignKey::parse(&stored).unwrap(), key);
    assert!(stored.get("other").is_none());
}

/// RFC 7518 §3.2: a short secret is none, and a secret is shown nowhere.
#[test]
fn secrets() {
    assert!(ForeignKeys::from_secret(&"s".repeat(31).as_str().into()).is_empty());
    let keys = ForeignKeys::from_secret(&"hush".repeat(8).as_str().into());
    assert!(!keys.is_empty() && keys == keys.clone() && keys != ForeignKeys::default());
    assert!(!format!("{keys:?} {}", keys.to_json()).contains("hush"));
    let token = Signer::Secret(b"x".to_vec()).sign(&json!({"alg": "HS256", "kid": "hush"}), r#"{"sub":"hush"}"#);
    let token = ForeignJws::parse(&token).unwrap();
    assert!(!format!("{token:?} {:?}", ForeignClaims::new(token.unverified()).unwrap()).contains("hush"));
}
