//! What happens around every request, and the public documents.

use std::net::SocketAddr;

use axum::body::Body;
use http::{Method, Request, header};
use ostiary::config::Config;
use ostiary_server::listen::Peer;

use crate::harness::{App, EMAIL, ISSUER, PASSWORD, authorize, form_body};

/// D1: the discovery document as clients see it.
#[tokio::test]
async fn discovery() {
    let app = App::new().await;
    let answer = app.get("/.well-known/openid-configuration").await;
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_json_snapshot!(answer.is(200).json());
    });
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    assert_eq!(app.get("/.well-known/oauth-authorization-server").await.body, answer.body);
}

/// DESIGN §6: public documents are not sent twice.
#[tokio::test]
async fn documents_have_validators() {
    let app = App::new().await;
    for path in ["/.well-known/openid-configuration", "/.well-known/jwks.json"] {
        let first = app.get(path).await;
        let etag = first.is(200).header("etag").to_owned();
        let ask = async |tag: String| {
            app.send(Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await
        };
        assert_eq!(ask(etag.clone()).await.is(304).body, "");
        ask(format!("\"x\", W/{etag}")).await.is(304);
        ask("\"x\"".to_owned()).await.is(200);
    }
}

/// B1: password managers find the page of the passkeys, and browsers which other origins may use them (WebAuthn L3 §5.11.1); where
/// there is no domain, there are no passkeys and neither document.
#[tokio::test]
async fn passkeys_have_documents() {
    let (endpoints, origins) = ("/.well-known/passkey-endpoints", "/.well-known/webauthn");
    let app = App::new().await;
    let page = format!("{ISSUER}/account/passkeys");
    let told = app.get(endpoints).await;
    assert_eq!(told.is(200).json(), serde_json::json!({ "enroll": page, "manage": page }));
    assert_eq!(told.header("cache-control"), "public, max-age=3600");
    app.get(origins).await.is(404);

    let related = "https://nordhavn.example:8443";
    let app = App::with(|config| config.passkeys.related_origins = vec![related.parse().unwrap()]).await;
    let told = app.get(origins).await;
    assert_eq!(told.is(200).json(), serde_json::json!({ "origins": [ISSUER, related] }));
    assert_eq!(told.header("content-type"), "application/json");

    let nowhere = |config: &mut Config| config.server.public_url = "http://127.0.0.1:8080".parse().unwrap();
    let app = App::with(nowhere).await;
    for path in [endpoints, origins] {
        app.get(path).await.is(404);
    }
}

/// D7: the key set is never empty, holds public parts only, and the one that signs is in it.
#[tokio::test]
async fn keys_are_published() {
    let app = App::new().await;
    let json = app.get("/.well-known/jwks.json").await.is(200).json();
    let key = &json["keys"][0];
    assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&"EC".into(), &"ES256".into(), &"sig".into()));
    assert!(key["d"].is_null() && key["kid"].is_string());
}

/// D1: an issuer with a path has everything below it, and RFC 8414's document where that RFC looks for it.
#[tokio::test]
async fn everything_lives_below_the_issuer() {
    let app = App::with(|config| config.server.public_url = "http://localhost:8080/auth".parse().unwrap()).await;
    let json = app.get("/auth/.well-known/openid-configuration").await.is(200).json();
    assert_eq!(json["issuer"], "http://localhost:8080/auth");
    assert_eq!(json["token_endpoint"], "http://localhost:8080/auth/connect/token");
    app.get("/.well-known/oauth-authorization-server/auth").await.is(200);
    app.get("/auth/health").await.is(200);
    app.get("/auth/sign-in").await.is(200);
    app.get("/sign-in").await.is(404);
    app.person(EMAIL).await;
    let mut browser = app.browser();
    let fields = [("username", EMAIL), ("password", PASSWORD)];
    let answer = browser.post("/auth/do/sign-in", &fields).await;
    assert_eq!(answer.is(303).location(), "/auth/account");
    browser.get("/auth/account").await.is(200);
    let refused = app.bare_form("/auth/do/sign-in", &fields).await;
    refused.is(403);
}

/// I4: signs of life.
#[tokio::test]
async fn signs_of_life() {
    let app = App::new().await;
    assert_eq!(app.get("/health").await.is(200).json()["status"], "ok");
    assert_eq!(app.get("/healthz").await.is(200).json()["status"], "ok");
    assert_eq!(app.get("/ready").await.is(200).json()["keys"], "ok");
    app.core.db().close().await;
    app.get("/health").await.is(200);
    assert_eq!(app.get("/ready").await.is(503).json()["database"], "unavailable");
}

/// I6: a form that did not come from our pages changes nothing.
#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let fields = [("username", EMAIL), ("password", PASSWORD)];
    let send = async |headers: &[(&str, &str)]| {
        let request = headers.iter().fold(Request::post("/do/sign-in"), |request, (n, v)| request.header(*n, *v));
        app.send(form_body(request, &fields)).await
    };
    for refused in [
        &[][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
    ] {
        let answer = send(refused).await;
        assert!(answer.is(403).body.contains("from another site"), "{refused:?}");
        assert_eq!(answer.header("set-cookie"), "", "{refused:?}");
    }
    send(&[("origin", "http://localhost:8080")]).await.is(303);
    send(&[("sec-fetch-site", "same-origin")]).await.is(303);
}

/// DESIGN §5: headers that every answer has.
#[tokio::test]
async fn answers_carry_the_security_headers() {
    let app = App::new().await;
    for path in ["/sign-in", "/nothing", "/api/v1/auth/me", "/connect/userinfo", "/account"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
    let https = App::with(|config| config.server.public_url = "https://id.example".parse().unwrap()).await;
    assert_eq!(https.get("/sign-in").await.header("strict-transport-security"), "max-age=31536000");
}

fn through_a_proxy(request: http::request::Builder, proto: &str) -> Request<Body> {
    let mut request = request.header("x-forwarded-proto", proto).body(Body::empty()).unwrap();
    request.extensions_mut().insert(Peer(SocketAddr::from(([10, 0, 0, 1], 4711))));
    request
}

/// I6: behind a trusted proxy plain http is sent to https, unless it carries something; strangers are not believed.
#[tokio::test]
async fn plain_http_is_sent_to_https() {
    let app = App::with(|config| {
        config.server.public_url = "https://id.example".parse().unwrap();
        config.server.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let answer = app.send(through_a_proxy(Request::get("/verify?t=x"), "http")).await;
    assert_eq!(answer.is(308).location(), "https://id.example/verify?t=x");
    app.send(through_a_proxy(Request::get("/sign-in"), "https")).await.is(200);
    app.send(through_a_proxy(Request::post("/connect/token"), "http")).await.is(403);
    let stranger = Request::get("/sign-in").header("x-forwarded-proto", "http");
    app.send(stranger.body(Body::empty()).unwrap()).await.is(200);
    app.send(through_a_proxy(Request::get("/health"), "http")).await.is(200);
}

/// I6: CORS for the origins of registered clients, at the endpoints their scripts need.
#[tokio::test]
async fn scripts_of_registered_origins_may_read() {
    let app = App::new().await;
    app.client_with(|settings| settings.allowed_origins = vec!["https://app.example".to_owned()]).await;
    let ask = async |method: Method, path: &str, origin: &str| {
        let request = Request::builder().method(method).uri(path).header(header::ORIGIN, origin);
        app.send(request.header("access-control-request-method", "POST").body(Body::empty()).unwrap()).await
    };
    for path in ["/connect/token", "/connect/userinfo", "/connect/revocation"] {
        let preflight = ask(Method::OPTIONS, path, "https://app.example").await;
        assert_eq!(preflight.is(204).header("access-control-allow-origin"), "https://app.example");
        assert_eq!(preflight.header("access-control-allow-headers"), "authorization, content-type, dpop");
        assert_eq!(preflight.header("access-control-allow-credentials"), "");
        assert!(preflight.header("vary").contains("origin"));
        ask(Method::OPTIONS, path, "https://evil.example").await.is(403);
        let real = ask(Method::POST, path, "https://app.example").await;
        assert_eq!(real.header("access-control-allow-origin"), "https://app.example");
        let evil = ask(Method::POST, path, "https://evil.example").await;
        assert_eq!(evil.header("access-control-allow-origin"), "");
    }
    for path in ["/connect/introspect", "/api/v1/auth/login", "/do/sign-in", "/account"] {
        let answer = ask(Method::OPTIONS, path, "https://app.example").await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

/// Pages in front of the door are compressed, pages that hold a secret are not (BREACH).
#[tokio::test]
async fn only_pages_without_secrets_are_compressed() {
    let app = App::new().await;
    let ask = async |path: &str| {
        app.send(Request::get(path).header(header::ACCEPT_ENCODING, "br, gzip").body(Body::empty()).unwrap()).await
    };
    let page = ask("/sign-in").await;
    assert_eq!(page.is(200).header("content-encoding"), "br");
    assert!(page.header("vary").to_lowercase().contains("accept-encoding"));
    for path in ["/verify?t=ost_ev_x", "/reset-password?t=ost_pr_x", "/nothing", "/connect/authorize", "/check-mail"] {
        assert_eq!(ask(path).await.header("content-encoding"), "", "{path}");
    }
}

/// What is not there and what is not answered, in the form the asker reads.
#[tokio::test]
async fn refusals_come_in_the_form_the_asker_reads() {
    let app = App::new().await;
    let page = app.get("/nothing").await;
    assert!(page.is(404).header("content-type").starts_with("text/html") && page.body.contains("Nothing is here"));
    assert_eq!(app.get("/api/v1/nothing").await.is(404).error(), "not-found");
    let wire = app.get("/connect/token").await;
    assert_eq!((wire.is(405).error().as_str(), wire.header("allow")), ("invalid_request", "POST"));
    assert_eq!(app.get("/api/v1/auth/login").await.is(405).error(), "method-not-allowed");
    let request = Request::put("/sign-in").body(Body::empty()).unwrap();
    assert!(app.send(request).await.is(405).header("allow").contains("GET"));
}

/// I10: a request that does not get ready in time is answered, not kept waiting.
#[tokio::test]
async fn slow_requests_are_given_up() {
    let app = App::with(|config| config.server.request_timeout = std::time::Duration::from_millis(20)).await;
    let request = Request::post("/api/v1/auth/login").header(header::CONTENT_TYPE, "application/json");
    let answer = app.send(request.body(Body::from_stream(Never)).unwrap()).await;
    assert_eq!(answer.is(503).error(), "timed-out");
    assert_eq!(answer.header("retry-after"), "5");
}

/// A body that never comes.
struct Never;

impl futures_core::Stream for Never {
    type Item = Result<axum::body::Bytes, std::io::Error>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}

/// I5, RFC 9126 §2.3: nobody fills the database with requests that wait for somebody.
#[tokio::test]
async fn requests_that_wait_for_somebody_are_counted() {
    let app = App::with(|config| config.limits.stored_requests_per_minute = 2).await;
    app.person(EMAIL).await;
    let (client, public) = (app.client().await, app.public_client().await);
    let mut stranger = app.browser();
    for _ in 0..2 {
        stranger.get(&authorize(&client, &[])).await.is(303);
    }
    let held = stranger.get(&authorize(&client, &[])).await;
    assert!(held.is(429).header("retry-after").parse::<u32>().unwrap() >= 1);
    // Who has signed in goes on, and so does a client that proves itself.
    let mut person = app.signed_in(EMAIL).await;
    person.get(&authorize(&client, &[])).await.is(303);
    let address = authorize(&client, &[]);
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    app.form("/connect/par", &client, &fields).await.is(201);
    let anonymous: Vec<_> = fields
        .iter()
        .map(|&(name, value)| (name, if name == "client_id" { public.id.as_str() } else { value }))
        .collect();
    let held = app.bare_form("/connect/par", &anonymous).await;
    assert_eq!(held.is(429).error(), "temporarily_unavailable");
    assert!(!held.header("retry-after").is_empty());
}
