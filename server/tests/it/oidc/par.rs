//! D8: pushed authorization requests over HTTP (RFC 9126).

use http::{Method, Request, header};
use ostiary::protocol::CodeVerifier;

use crate::harness::{Answer, App, Client, EMAIL, REDIRECT_URI, VERIFIER, encode, parameter};

/// A request as it is pushed; `extra` adds parameters, replaces them, or takes them out.
pub async fn push(app: &App, client: &Client, extra: &[(&str, &str)]) -> Answer {
    let challenge = CodeVerifier::parse(VERIFIER).unwrap().challenge();
    let mut fields = vec![
        ("client_id", client.id.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid profile email offline_access"),
        ("state", "st4te"),
        ("nonce", "n0nce"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    if client.secret.is_empty() {
        return app.bare_form("/connect/par", &fields).await;
    }
    app.form("/connect/par", client, &fields).await
}

/// Where the person is sent with a reference.
pub fn opened(client: &Client, request_uri: &str) -> String {
    format!("/connect/authorize?{}", encode(&[("client_id", &client.id), ("request_uri", request_uri)]))
}

fn reference(answer: &Answer) -> String {
    answer.is(201).json()["request_uri"].as_str().unwrap().to_owned()
}

/// D8, RFC 9126 §2.2, §4: the whole way. fapi2-sp-…happy-flow, as far as it is about pushed requests.
#[tokio::test]
async fn a_pushed_request_becomes_a_code() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client().await;
    let pushed = push(&app, &client, &[]).await;
    assert_eq!((pushed.header("cache-control"), pushed.header("content-type")), ("no-store", "application/json"));
    assert_eq!(pushed.json()["expires_in"], 90);
    let request_uri = reference(&pushed);
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:ost_par_"), "{request_uri}");
    let mut browser = app.signed_in(EMAIL).await;
    // What else is in the address counts for nothing (§4).
    let address =
        format!("{}&state=evil&scope=openid&redirect_uri=https%3A%2F%2Fevil.example", opened(&client, &request_uri));
    let to = browser.get(&address).await.is(303).location().to_owned();
    let interaction = parameter(&to, "i").unwrap();
    // par-ensure-reused-request-uri-prior-to-auth-completion-succeeds
    assert!(browser.get(&opened(&client, &request_uri)).await.is(303).location().starts_with("/consent?i="));
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "allow")]).await;
    let answer = browser.get(decided.is(303).location()).await;
    let location = answer.is(303).location();
    assert!(location.starts_with(&format!("{REDIRECT_URI}?")), "{location}");
    assert_eq!(parameter(location, "state").as_deref(), Some("st4te"));
    let code = parameter(location, "code").unwrap();
    assert_eq!(app.redeem(&client, &code, &[]).await.is(200).json()["scope"], "email openid profile");
    // par-attempt-reuse-request_uri
    let again = browser.get(&opened(&client, &request_uri)).await;
    assert!(again.is(400).body.contains("invalid_request_uri"));
}

/// D8, RFC 9126 §2.1, §2.3: the client proves itself as at the token endpoint, and is told what is wrong as there.
#[tokio::test]
async fn only_the_client_pushes_its_requests() {
    let app = App::new().await;
    let client = app.client().await;
    let stranger = Client { id: client.id.clone(), secret: "wrong".to_owned() };
    assert_eq!(push(&app, &stranger, &[]).await.is(401).error(), "invalid_client");
    let nobody = Client { id: client.id.clone(), secret: String::new() };
    assert_eq!(push(&app, &nobody, &[]).await.is(401).error(), "invalid_client");
    let public = app.public_client().await;
    push(&app, &public, &[]).await.is(201);
    for (extra, expected) in [
        // par-authorization-request-containing-request_uri-form-param
        (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (("redirect_uri", "https://evil.example/"), "invalid_request"),
        // ensure-redirect-uri-in-authorization-request
        (("redirect_uri", ""), "invalid_request"),
        // par-ensure-pkce-required, par-plain-pkce-rejected
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        // ensure-response-type-code-idtoken-fails, ensure-response-type-token-fails
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("response_type", "token"), "unsupported_response_type"),
        (("client_id", &*public.id), "invalid_request"),
    ] {
        assert_eq!(push(&app, &client, &[extra]).await.is(400).error(), expected, "{extra:?}");
    }
}

/// D8, RFC 9126 §2.1: POST and a form, nothing else; nothing twice. par-attempt-invalid-http-method,
/// par-without-duplicate-parameters
#[tokio::test]
async fn the_endpoint_takes_forms_by_post() {
    let app = App::new().await;
    let client = app.client().await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = Request::builder().method(method).uri("/connect/par?client_id=x");
        app.send(request.body(axum::body::Body::empty()).unwrap()).await.is(405);
    }
    let request = Request::post("/connect/par").header(header::CONTENT_TYPE, "application/json");
    app.send(request.body("{}".into()).unwrap()).await.is(400);
    let fields = [("client_id", client.id.as_str()), ("state", "a"), ("state", "b")];
    let answer = app.form("/connect/par", &client, &fields).await;
    assert_eq!((answer.is(400).error().as_str(), answer.body.contains("state")), ("invalid_request", true));
}

/// D8, RFC 9126 §4: par-attempt-to-use-expired-request_uri, par-attempt-to-use-request_uri-for-different-client.
#[tokio::test]
async fn a_reference_of_another_client_or_another_time_is_refused_on_a_page() {
    let app = App::new().await;
    let client = app.client().await;
    let other = app.client().await;
    let request_uri = reference(&push(&app, &client, &[]).await);
    let mut browser = app.browser();
    let refused = browser.get(&opened(&other, &request_uri)).await;
    assert!(refused.is(400).body.contains("invalid_request_uri") && refused.location().is_empty());
    browser.get(&opened(&client, &request_uri)).await.is(303);
    app.core.clock.advance(std::time::Duration::from_secs(90));
    assert!(browser.get(&opened(&client, &request_uri)).await.is(400).body.contains("invalid_request_uri"));
    // Without the client's name nobody knows whose it would be (RFC 9101 §5).
    let nameless = format!("/connect/authorize?{}", encode(&[("request_uri", &request_uri)]));
    browser.get(&nameless).await.is(400);
}

/// D8, RFC 9126 §5: the discovery document tells where, and whether it must be.
#[tokio::test]
async fn discovery_tells_of_it() {
    let document = App::new().await.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["pushed_authorization_request_endpoint"], "http://localhost:8080/connect/par");
    assert!(document["require_pushed_authorization_requests"].is_null());
    let strict = App::with(|config| config.authorization.require_pushed_requests = true).await;
    let document = strict.get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(document["require_pushed_authorization_requests"], true);
}
