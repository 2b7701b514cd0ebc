//! D8: DPoP over HTTP (RFC 9449): tokens that are bound to a key, and everything a thief may try.

use axum::body::Body;
use http::{Request, header, request::Builder};
use ostiary::{
    client::{ClientSettings, SecurityProfile},
    config::NoncePolicy,
    core::Core,
    id::OutboxId,
    protocol::SigningAlg,
    secret::Digest,
    testing::Signer,
};
use serde_json::{Value, json};

use super::client_auth::{assertion, key_client, proof as assertion_fields};
use crate::harness::{Answer, App, Client, EMAIL, ISSUER, authorize, basic, encode, form_body, parameter, redemption};

const TOKEN: &str = "/connect/token";
const PAR: &str = "/connect/par";
const USERINFO: &str = "/connect/userinfo";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A proof for `path`; `changes` replace claims, null takes one out.
pub fn proof(core: &Core, signer: &Signer, method: &str, path: &str, changes: &Value) -> String {
    let mut claims = json!({
        "htm": method,
        "htu": format!("{ISSUER}{path}"),
        "iat": core.now().as_secs(),
        "jti": core.new_id::<OutboxId>().as_uuid().to_string(),
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    signer.sign(&json!({ "typ": "dpop+jwt", "jwk": signer.jwk() }), &claims)
}

pub fn ath(token: &str) -> Value {
    use base64::Engine as _;
    json!({ "ath": base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Digest::of(token.as_bytes()).as_bytes()) })
}

/// The request's `Authorization` and `DPoP` headers.
fn headers(request: Builder, authorization: Option<&str>, proofs: &[&str]) -> Builder {
    let request = match authorization {
        Some(value) => request.header(header::AUTHORIZATION, value),
        None => request,
    };
    proofs.iter().fold(request, |request, proof| request.header("DPoP", *proof))
}

async fn post(app: &App, path: &str, client: &Client, proofs: &[&str], fields: &[(&str, &str)]) -> Answer {
    let authorization = (!client.secret.is_empty()).then(|| basic(&client.id, &client.secret));
    let mut fields = fields.to_vec();
    if authorization.is_none() && !fields.iter().any(|(name, _)| *name == "client_id") {
        fields.push(("client_id", client.id.as_str()));
    }
    app.send(form_body(headers(Request::post(path), authorization.as_deref(), proofs), &fields)).await
}

async fn info(app: &App, authorization: &str, proofs: &[&str]) -> Answer {
    let request = headers(Request::get(USERINFO), Some(authorization), proofs);
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn tokens(app: &App, client: &Client, signer: &Signer) -> Value {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[]).await;
    let jwt = proof(&app.core, signer, "POST", TOKEN, &json!({}));
    post(app, TOKEN, client, &[&jwt], &redemption(&code, &[])).await.is(200).json()
}

/// D8, RFC 9449 §5, §6, §7: a token of its own kind, bound to the key, told by introspection, used with a proof.
#[tokio::test]
async fn a_bound_token_from_start_to_end() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (client, signer) = (app.client().await, Signer::es256());
    let issued = tokens(&app, &client, &signer).await;
    assert_eq!(issued["token_type"], "DPoP");
    let token = issued["access_token"].as_str().unwrap();
    let told = app.form("/connect/introspect", &client, &[("token", token)]).await.is(200).json();
    assert_eq!((&told["cnf"]["jkt"], &told["token_type"]), (&signer.thumbprint().into(), &"DPoP".into()));
    for (scheme, method) in [("DPoP", "GET"), ("dpop", "GET"), ("DPOP", "POST")] {
        let jwt = proof(&app.core, &signer, method, USERINFO, &ath(token));
        let request =
            headers(Request::builder().method(method).uri(USERINFO), Some(&format!("{scheme} {token}")), &[&jwt]);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert!(!answer.is(200).header("dpop-nonce").is_empty());
    }
    // Refreshed with a new key: a confidential client may (§5).
    let other = Signer::new(SigningAlg::EdDsa);
    let jwt = proof(&app.core, &other, "POST", TOKEN, &json!({}));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", issued["refresh_token"].as_str().unwrap())];
    let next = post(&app, TOKEN, &client, &[&jwt], &fields).await.is(200).json();
    let jwt = proof(&app.core, &other, "GET", USERINFO, &ath(next["access_token"].as_str().unwrap()));
    info(&app, &format!("DPoP {}", next["access_token"].as_str().unwrap()), &[&jwt]).await.is(200);
    // Without a proof there is a bearer token, and nobody is told of nonces.
    let plain = app.form(TOKEN, &client, &[GRANT]).await;
    assert_eq!((plain.is(200).json()["token_type"].as_str(), plain.header("dpop-nonce")), (Some("Bearer"), ""));
}

/// D8, RFC 9449 §4.3, §5: FAPI 2.0 `dpop-negative-tests`, `check-dpop-proof-nbf-exp`, `ensure-dpopproof-with-iat-10seconds-*`.
#[tokio::test]
async fn wrong_proofs_at_the_token_endpoint() {
    let app = App::new().await;
    let (client, signer) = (app.client().await, Signer::es256());
    let now = app.core.now().as_secs();
    let good = json!({});
    let table = [
        (json!({ "iat": now - 10 }), 200),
        (json!({ "iat": now + 10 }), 200),
        (json!({ "exp": now + 60, "nbf": now }), 200),
        (json!({ "htu": format!("{ISSUER}{TOKEN}?a=b#c") }), 200),
        (json!({ "iat": now - 61 }), 400),
        (json!({ "iat": now + 61 }), 400),
        (json!({ "exp": now - 60 }), 400),
        (json!({ "htm": "GET" }), 400),
        (json!({ "htu": format!("{ISSUER}{USERINFO}") }), 400),
        (json!({ "htu": "https://other.example/connect/token" }), 400),
        (json!({ "jti": null }), 400),
        (json!({ "htm": null }), 400),
        (json!({ "htu": null }), 400),
        (json!({ "iat": null }), 400),
    ];
    for (changes, status) in table {
        let jwt = proof(&app.core, &signer, "POST", TOKEN, &changes);
        let answer = post(&app, TOKEN, &client, &[&jwt], &[GRANT]).await;
        assert_eq!(answer.status.as_u16(), status, "{changes}: {}", answer.body);
        assert_eq!(answer.error(), if status == 400 { "invalid_dpop_proof" } else { "" }, "{changes}");
    }
    let claims = json!({ "htm": "POST", "htu": format!("{ISSUER}{TOKEN}"), "iat": now, "jti": "x" });
    let mut private = signer.jwk();
    private["d"] = json!("AAAA");
    let rsa = Signer::new(SigningAlg::Rs256);
    let stranger = Signer::es256();
    for jwt in [
        signer.sign(&json!({ "jwk": signer.jwk() }), &claims),
        signer.sign(&json!({ "typ": "JWT", "jwk": signer.jwk() }), &claims),
        signer.sign(&json!({ "typ": "dpop+jwt" }), &claims),
        signer.sign(&json!({ "typ": "dpop+jwt", "jwk": private }), &claims),
        signer.sign(&json!({ "typ": "dpop+jwt", "jwk": stranger.jwk() }), &claims),
        signer.sign(&json!({ "typ": "dpop+jwt", "jwk": signer.jwk(), "alg": "none" }), &claims),
        rsa.sign(&json!({ "typ": "dpop+jwt", "jwk": rsa.jwk() }), &claims),
        "x".to_owned(),
    ] {
        let answer = post(&app, TOKEN, &client, &[&jwt], &[GRANT]).await;
        assert_eq!(answer.is(400).error(), "invalid_dpop_proof", "{jwt}");
    }
    let [one, two] = [(); 2].map(|()| proof(&app.core, &signer, "POST", TOKEN, &good));
    let several = post(&app, TOKEN, &client, &[&one, &two], &[GRANT]).await;
    assert_eq!(several.is(400).error(), "invalid_dpop_proof");
    post(&app, TOKEN, &client, &[&one], &[GRANT]).await.is(200);
    assert_eq!(post(&app, TOKEN, &client, &[&one], &[GRANT]).await.is(400).error(), "invalid_dpop_proof", "again");
}

/// D8, RFC 9449 §11.1: one proof, a hundred requests at once, one token.
#[tokio::test]
async fn a_hundred_at_once_with_one_proof() {
    let app = std::sync::Arc::new(App::new().await);
    let client = std::sync::Arc::new(app.client().await);
    let jwt = proof(&app.core, &Signer::es256(), "POST", TOKEN, &json!({}));
    let tries: Vec<_> = (0..100)
        .map(|_| {
            let (app, client, jwt) = (std::sync::Arc::clone(&app), std::sync::Arc::clone(&client), jwt.clone());
            tokio::spawn(async move { post(&app, TOKEN, &client, &[&jwt], &[GRANT]).await.status.as_u16() })
        })
        .collect();
    let mut passed = 0;
    for one in tries {
        passed += usize::from(one.await.unwrap() == 200);
    }
    assert_eq!(passed, 1);
}

/// D8, RFC 9449 §7.1, §7.2: what a thief of a token can do, which is nothing.
#[tokio::test]
async fn a_stolen_token_is_of_no_use() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (client, signer, thief) = (app.client().await, Signer::es256(), Signer::es256());
    let issued = tokens(&app, &client, &signer).await;
    let token = issued["access_token"].as_str().unwrap();
    let dpop = format!("DPoP {token}");
    let by = |signer: &Signer, changes: &Value| proof(&app.core, signer, "GET", USERINFO, changes);
    let with = |changes: Value| {
        let mut all = ath(token);
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        by(&signer, &all)
    };
    let now = app.core.now().as_secs();

    let bearer = info(&app, &format!("Bearer {token}"), &[]).await;
    assert_eq!(bearer.is(401).error(), "invalid_token");
    let challenges: Vec<_> = bearer.headers.get_all("www-authenticate").iter().map(|v| v.to_str().unwrap()).collect();
    assert!(challenges[0].starts_with("Bearer ") && challenges[0].contains("invalid_token"), "{challenges:?}");
    assert!(
        challenges[1].starts_with("DPoP ") && challenges[1].contains("algs=\"ES256 EdDSA PS256\""),
        "{challenges:?}"
    );

    let other_key = info(&app, &dpop, &[&by(&thief, &ath(token))]).await;
    assert_eq!(other_key.is(401).error(), "invalid_token");
    for (case, jwt) in [
        ("no ath", by(&signer, &json!({}))),
        ("the ath of another token", by(&signer, &ath("another"))),
        ("another method", with(json!({ "htm": "POST" }))),
        ("another place", with(json!({ "htu": format!("{ISSUER}{TOKEN}") }))),
        ("from the past", with(json!({ "iat": now - 61 }))),
        ("from the future", with(json!({ "iat": now + 61 }))),
    ] {
        let answer = info(&app, &dpop, &[&jwt]).await;
        assert_eq!(answer.is(401).error(), "invalid_dpop_proof", "{case}");
        assert!(answer.header("www-authenticate").starts_with("DPoP "), "{case}");
    }
    assert_eq!(info(&app, &dpop, &[]).await.is(401).error(), "invalid_dpop_proof", "no proof");
    let good = with(json!({}));
    info(&app, &dpop, &[&good]).await.is(200);
    assert_eq!(info(&app, &dpop, &[&good]).await.is(401).error(), "invalid_dpop_proof", "replayed");
    // In a form the token would be a bearer's (§7.1).
    let form = form_body(headers(Request::post(USERINFO), None, &[]), &[("access_token", token)]);
    assert_eq!(app.send(form).await.is(401).error(), "invalid_token");
    // A bearer token does not become more by being shown with a proof.
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &client, &[]).await;
    let plain = app.form(TOKEN, &client, &redemption(&code, &[])).await.is(200).json();
    let plain = plain["access_token"].as_str().unwrap();
    let shown = info(&app, &format!("DPoP {plain}"), &[&by(&signer, &ath(plain))]).await;
    assert_eq!(shown.is(401).error(), "invalid_token");
    info(&app, &format!("bearer {plain}"), &[]).await.is(200);
}

/// D8, RFC 9449 §5, §5.2: who must bind, and whose refresh tokens are bound.
#[tokio::test]
async fn who_must_bind() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let bound = app.client_with(|settings| settings.dpop_bound_access_tokens = true).await;
    assert_eq!(app.form(TOKEN, &bound, &[GRANT]).await.is(400).error(), "invalid_dpop_proof");
    let signer = Signer::es256();
    let jwt = || proof(&app.core, &signer, "POST", TOKEN, &json!({}));
    post(&app, TOKEN, &bound, &[&jwt()], &[GRANT]).await.is(200);

    let public = app.public_client().await;
    let issued = tokens(&app, &public, &signer).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", issued["refresh_token"].as_str().unwrap())];
    assert_eq!(post(&app, TOKEN, &public, &[], &fields).await.is(400).error(), "invalid_grant");
    let other = proof(&app.core, &Signer::es256(), "POST", TOKEN, &json!({}));
    assert_eq!(post(&app, TOKEN, &public, &[&other], &fields).await.is(400).error(), "invalid_grant");
    post(&app, TOKEN, &public, &[&jwt()], &fields).await.is(200);
}

/// D8, RFC 9449 §10: FAPI 2.0 `ensure-mismatched-dpop-jkt-fails`, `ensure-token-endpoint-fails-with-mismatched-dpop-*`,
/// `ensure-dpopproof-at-par-endpoint-binding-success`, `ensure-dpop-auth-code-binding-success`.
#[tokio::test]
async fn a_code_can_be_bound_to_a_key() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let (mine, other) = (Signer::es256(), Signer::es256());
    let thumbprint = mine.thumbprint();
    let request = authorize(&client, &[]);
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(request.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let jwt = |signer: &Signer, path: &str| proof(&app.core, signer, "POST", path, &json!({}));

    let with_jkt = [&fields[..], &[("dpop_jkt", thumbprint.as_str())]].concat();
    let mismatched = post(&app, PAR, &client, &[&jwt(&other, PAR)], &with_jkt).await;
    assert_eq!(mismatched.is(400).error(), "invalid_dpop_proof");
    let malformed = [&fields[..], &[("dpop_jkt", "x")]].concat();
    assert_eq!(post(&app, PAR, &client, &[], &malformed).await.is(400).error(), "invalid_request");
    let elsewhere = post(&app, PAR, &client, &[&jwt(&mine, TOKEN)], &fields).await;
    assert_eq!(elsewhere.is(400).error(), "invalid_dpop_proof");

    // By the parameter, by a proof, by both, and by the parameter in the address.
    let mut addresses = vec![authorize(&client, &[("dpop_jkt", &thumbprint)])];
    for (proofs, fields) in [(vec![], &with_jkt), (vec![jwt(&mine, PAR)], &fields), (vec![jwt(&mine, PAR)], &with_jkt)]
    {
        let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
        let pushed = post(&app, PAR, &client, &proofs, fields).await.is(201).json();
        let query = [("client_id", client.id.as_str()), ("request_uri", pushed["request_uri"].as_str().unwrap())];
        addresses.push(format!("/connect/authorize?{}", encode(&query)));
    }
    let mut browser = app.signed_in(EMAIL).await;
    for address in addresses {
        let answer = browser.get(&address).await;
        let code = parameter(answer.location(), "code").unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!(post(&app, TOKEN, &client, &[], &redemption(&code, &[])).await.is(400).error(), "invalid_grant");
        let wrong = post(&app, TOKEN, &client, &[&jwt(&other, TOKEN)], &redemption(&code, &[])).await;
        assert_eq!(wrong.is(400).error(), "invalid_grant");
        post(&app, TOKEN, &client, &[&jwt(&mine, TOKEN)], &redemption(&code, &[])).await.is(200);
    }
}

/// D8, RFC 9449 §8, §9: with nonces required, the first try is told one, and costs nothing that counts once.
#[tokio::test]
async fn nonces_are_handed_out_and_asked_for() {
    let app = App::with(|config| config.dpop.nonce = NoncePolicy::Required).await;
    app.person(EMAIL).await;
    let signer = Signer::es256();
    let client = key_client(&app, &signer, |_| {}).await;
    let assertion = assertion(&app.core, &signer, &client, &json!({}));
    let fields = [&[GRANT][..], &assertion_fields(&assertion)].concat();
    let send = async |jwt: String| app.send(form_body(headers(Request::post(TOKEN), None, &[&jwt]), &fields)).await;
    let jwt = |nonce: &str| proof(&app.core, &signer, "POST", TOKEN, &json!({ "nonce": nonce }));
    for first in [proof(&app.core, &signer, "POST", TOKEN, &json!({})), jwt("wrong")] {
        let answer = send(first).await;
        assert_eq!(
            (answer.is(400).error().as_str(), answer.header("dpop-nonce").is_empty()),
            ("use_dpop_nonce", false)
        );
    }
    let nonce = send(jwt("wrong")).await.header("dpop-nonce").to_owned();
    // The same assertion again: it was not used up.
    assert_eq!(send(jwt(&nonce)).await.is(200).header("dpop-nonce"), nonce);

    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &client, &[]).await;
    let issued = post(&app, TOKEN, &client, &[&jwt(&nonce)], &redemption(&code, &[])).await.is(200).json();
    let token = issued["access_token"].as_str().unwrap();
    let refused =
        info(&app, &format!("DPoP {token}"), &[&proof(&app.core, &signer, "GET", USERINFO, &ath(token))]).await;
    assert_eq!(refused.is(401).error(), "use_dpop_nonce");
    assert!(refused.header("www-authenticate").contains("error=\"use_dpop_nonce\""));
    let mut changes = ath(token);
    changes["nonce"] = json!(refused.header("dpop-nonce"));
    info(&app, &format!("DPoP {token}"), &[&proof(&app.core, &signer, "GET", USERINFO, &changes)]).await.is(200);
    // A nonce of ten minutes ago is no good any more.
    app.core.clock.advance(std::time::Duration::from_secs(601));
    let client = app.client().await;
    let late = post(&app, TOKEN, &client, &[&jwt(&nonce)], &[GRANT]).await;
    assert_eq!(late.is(400).error(), "use_dpop_nonce");
    assert_ne!(late.header("dpop-nonce"), nonce);
}

/// D8, FAPI 2.0 Security Profile §5.3.2.1: `ensure-holder-of-key-required`.
#[tokio::test]
async fn a_profile_needs_a_holder_of_key() {
    let app = App::new().await;
    let signer = Signer::es256();
    let profile = |settings: &mut ClientSettings| settings.profile = Some(SecurityProfile::Fapi2Security);
    let client = key_client(&app, &signer, profile).await;
    let ask = async |proofs: &[&str]| {
        let assertion = assertion(&app.core, &signer, &client, &json!({}));
        let fields = [&[GRANT][..], &assertion_fields(&assertion)].concat();
        app.send(form_body(headers(Request::post(TOKEN), None, proofs), &fields)).await
    };
    assert_eq!(ask(&[]).await.is(400).error(), "invalid_dpop_proof");
    let jwt = proof(&app.core, &signer, "POST", TOKEN, &json!({}));
    assert_eq!(ask(&[&jwt]).await.is(200).json()["token_type"], "DPoP");
}

/// D8, I6: a script in a browser may send a proof and read the nonce.
#[tokio::test]
async fn scripts_may_prove_too() {
    let app = App::new().await;
    let origin = "https://app.example";
    let client = app.client_with(|settings| settings.allowed_origins = vec![origin.to_owned()]).await;
    let ask = Request::options(TOKEN)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "dpop");
    let preflight = app.send(ask.body(Body::empty()).unwrap()).await;
    assert!(preflight.header("access-control-allow-headers").contains("dpop"));
    let jwt = proof(&app.core, &Signer::es256(), "POST", TOKEN, &json!({}));
    let request = headers(Request::post(TOKEN), Some(&basic(&client.id, &client.secret)), &[&jwt]);
    let answer = app.send(form_body(request.header("origin", origin), &[GRANT])).await;
    assert!(answer.is(200).header("access-control-expose-headers").contains("dpop-nonce"));
}
