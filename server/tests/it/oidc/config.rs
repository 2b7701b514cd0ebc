//! What OpenID's Config certification asks of the discovery document (OIDC Discovery §3, §4; RFC 8414 §2).

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, Request};

use crate::harness::{App, ISSUER};

/// D1, OIDC Discovery §3, §4.3: the issuer is the one that was asked, what is required is there, and every address that is
/// named leads somewhere below it.
#[tokio::test]
async fn every_address_in_the_document_leads_somewhere() {
    let app = App::new().await;
    let document = app.get("/.well-known/openid-configuration").await.is(200).json();
    assert_eq!(document["issuer"], ISSUER);
    let mut seen = 0;
    for (name, value) in document.as_object().unwrap() {
        let is_address = ["_endpoint", "_uri", "_iframe"].iter().any(|end| name.ends_with(end));
        let Some(path) = value.as_str().filter(|_| is_address) else { continue };
        let path = path.strip_prefix(ISSUER).unwrap_or_else(|| panic!("{name} is elsewhere: {path}"));
        // One of the two is what the endpoint is for.
        let mut answers = Vec::new();
        for method in [Method::GET, Method::POST] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            answers.push(app.send(request).await.status.as_u16());
        }
        assert!(answers.iter().any(|status| !matches!(status, 404 | 405 | 500..)), "{name}: {answers:?}");
        seen += 1;
    }
    assert!(seen >= 6, "{document}");
    for (name, value) in [
        ("response_types_supported", "code"),
        ("scopes_supported", "openid"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("code_challenge_methods_supported", "S256"),
        ("claims_supported", "sub"),
    ] {
        assert!(document[name].as_array().unwrap().contains(&value.into()), "{name}");
    }
}

/// D7, OIDC Discovery §3, RFC 7517 §4, §5: the key set has one public key for each algorithm in use, each with an identifier
/// of its own, and nothing that is private.
#[tokio::test]
async fn the_key_set_is_well_formed() {
    let app = App::new().await;
    let keys = app.get("/.well-known/jwks.json").await.is(200).json();
    let keys = keys["keys"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{private} in {key}");
        }
        assert!(ids.insert(key["kid"].as_str().unwrap().to_owned()), "{key}");
        assert!(matches!(key["use"].as_str(), Some("sig" | "enc")) && key["alg"].is_string(), "{key}");
    }
    assert!(!keys.is_empty());
}
