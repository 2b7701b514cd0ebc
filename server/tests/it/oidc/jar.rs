//! D8: request objects over HTTP (RFC 9101), and what OpenID's Basic certification asks about them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ostiary::{protocol::CodeVerifier, testing::Signer};
use serde_json::{Value, json};

use super::{
    basic::{code_in, text, verified},
    par::opened,
};
use crate::harness::{App, Client, EMAIL, ISSUER, REDIRECT_URI, VERIFIER, authorize, encode, parameter};

/// The request as claims; `null` takes one out.
fn object(client: &Client, changes: &Value) -> Value {
    let mut claims = json!({
        "iss": client.id, "aud": ISSUER, "client_id": client.id, "redirect_uri": REDIRECT_URI,
        "response_type": "code", "scope": "openid", "state": "inside",
        "code_challenge": CodeVerifier::parse(VERIFIER).unwrap().challenge().as_str(), "code_challenge_method": "S256",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn signing(app: &App, key: &Signer) -> Client {
    app.client_with(|settings| {
        settings.jwks = Some(key.jwks());
        settings.first_party = true;
    })
    .await
}

/// D8, RFC 9101 §5.1, §6.3: a signed request by value. Basic `oidcc-ensure-request-object-with-redirect-uri`.
#[tokio::test]
async fn a_signed_request_is_answered_as_it_says() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let key = Signer::es256();
    let client = signing(&app, &key).await;
    let signed = key.sign(&json!({ "typ": "oauth-authz-req+jwt" }), &object(&client, &json!({})));
    let mut browser = app.signed_in(EMAIL).await;
    let address = authorize(&client, &[("request", &signed), ("state", "outside"), ("scope", "openid")]);
    let answer = browser.get(&address).await;
    assert_eq!(parameter(answer.is(303).location(), "state").as_deref(), Some("inside"));
    assert!(parameter(answer.location(), "code").is_some());
    // Nothing but the client's name has to be outside (RFC 9101 §5).
    let bare = format!("/connect/authorize?{}", encode(&[("client_id", &client.id), ("request", &signed)]));
    assert!(parameter(browser.get(&bare).await.is(303).location(), "code").is_some());
    // A redirect URI within it that is not registered is followed no more than one outside.
    let evil = key.sign(&json!({}), &object(&client, &json!({ "redirect_uri": "https://evil.example/" })));
    let shown = browser.get(&authorize(&client, &[("request", &evil)])).await;
    assert!(shown.is(400).location().is_empty());
}

/// D8, RFC 9101 §6.3: what stands beside the object counts for nothing, be it another value or one that the object does not
/// have; by value and pushed. FAPI 2.0 `ensure-different-nonce-inside-and-outside-request-object`,
/// `ensure-different-state-inside-and-outside-request-object`, `state-only-outside-request-object-not-used`.
#[tokio::test]
async fn nonce_and_state_count_inside_only() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let key = Signer::es256();
    let client = signing(&app, &key).await;
    let mut browser = app.signed_in(EMAIL).await;
    for (changes, nonce, state) in
        [(json!({ "nonce": "inside" }), json!("inside"), Some("inside")), (json!({ "state": null }), Value::Null, None)]
    {
        let signed = key.sign(&json!({ "typ": "oauth-authz-req+jwt" }), &object(&client, &changes));
        let outside = [("nonce", "outside"), ("state", "outside"), ("max_age", "0"), ("prompt", "login")];
        let by_value = authorize(&client, &[&outside[..], &[("request", &signed)]].concat());
        let fields = [&outside[..], &[("request", &signed), ("client_id", &client.id)]].concat();
        let pushed = app.form("/connect/par", &client, &fields).await.is(201).json();
        let by_reference = format!("{}&{}", opened(&client, text(&pushed, "request_uri")), encode(&outside));
        for address in [by_value, by_reference] {
            let answer = browser.get(&address).await;
            assert_eq!(parameter(answer.is(303).location(), "state").as_deref(), state, "{address}");
            let code = code_in(&answer);
            let issued = app.redeem(&client, &code, &[]).await.is(200).json();
            let (_, claims) = verified(&app, &client, text(&issued, "id_token")).await;
            assert_eq!(claims["nonce"], nonce, "{address}");
        }
    }
}

/// D8, RFC 9101 §6: an object of another client, for another issuer, or changed on the way.
#[tokio::test]
async fn a_forged_object_is_refused() {
    let app = App::new().await;
    let (key, other_key) = (Signer::es256(), Signer::es256());
    let client = signing(&app, &key).await;
    let other = signing(&app, &other_key).await;
    let mut browser = app.browser();
    for signed in [
        other_key.sign(&json!({}), &object(&client, &json!({}))),
        other_key.sign(&json!({}), &object(&other, &json!({}))),
        key.sign(&json!({}), &object(&client, &json!({ "aud": "https://other.example" }))),
        key.sign(&json!({ "kid": "unknown", "jku": "https://evil.example/keys" }), &object(&other, &json!({}))),
        format!("{}x", key.sign(&json!({}), &object(&client, &json!({})))),
    ] {
        let bare = format!("/connect/authorize?{}", encode(&[("client_id", &client.id), ("request", &signed)]));
        let shown = browser.get(&bare).await;
        assert!(shown.is(400).body.contains("invalid_request_object"), "{}", shown.body);
        let told = browser.get(&authorize(&client, &[("request", &signed)])).await;
        assert_eq!(parameter(told.is(303).location(), "error").as_deref(), Some("invalid_request_object"));
    }
}

/// Basic `oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported` and
/// `oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported` (OIDC Core §3.1.2.6, §6).
#[tokio::test]
async fn unsigned_and_fetched_objects_are_rejected_as_unsupported() {
    let app = App::new().await;
    let client = app.client().await;
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&object(&client, &json!({}))));
    let mut browser = app.browser();
    for (name, value, expected) in [
        ("request", unsigned.as_str(), "request_not_supported"),
        ("request_uri", "https://blockyard.example/request.jwt", "request_uri_not_supported"),
    ] {
        let told = browser.get(&authorize(&client, &[(name, value)])).await;
        assert_eq!(parameter(told.is(303).location(), "error").as_deref(), Some(expected));
        assert_eq!(parameter(told.location(), "state").as_deref(), Some("st4te"));
    }
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        (&document["request_parameter_supported"], &document["request_uri_parameter_supported"]),
        (&json!(true), &json!(false))
    );
    assert!(!document["request_object_signing_alg_values_supported"].as_array().unwrap().contains(&json!("none")));
}
