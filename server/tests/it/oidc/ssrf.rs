//! D8: addresses that clients name lead nowhere that only we can reach. The rules themselves are tested with
//! `ostiary::fetch`; here every address that a client can name is tried.

use http::Method;
use ostiary::{client::find_client, config::RegistrationMode, testing::TestWeb};
use serde_json::{Value, json};

use crate::harness::{App, REDIRECT_URI};

/// Addresses of this machine and its neighbourhood, in several spellings.
fn private(port: u16) -> Vec<String> {
    let hosts = [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "[fd00::1]",
        "[fe80::1]",
    ];
    hosts.iter().map(|host| format!("https://{host}:{port}/x")).collect()
}

/// A server that must not hear anything, and a house that may not call it.
async fn house() -> (App, TestWeb, u16) {
    let web = TestWeb::https().await;
    let app = App::with(|config| {
        config.client_registration.mode = RegistrationMode::Open;
        config.client_id_metadata.enabled = true;
    })
    .await;
    let port = web.url("/").port().unwrap();
    (app, web, port)
}

async fn register(app: &App, member: &str, url: &str) -> crate::harness::Answer {
    let mut body = json!({ "redirect_uris": [REDIRECT_URI] });
    body[member] = Value::from(url);
    app.api(Method::POST, "/connect/register", None, Some(body)).await
}

/// RFC 7591 §5, OIDC Registration §9.1: `sector_identifier_uri` is fetched at once.
#[tokio::test]
async fn sectors() {
    let (app, web, port) = house().await;
    for url in private(port) {
        let refused = register(&app, "sector_identifier_uri", &url).await;
        assert_eq!(refused.is(400).error(), "invalid_client_metadata", "{url}");
        assert!(
            !refused.body.contains("refused") && !refused.body.contains("timed out"),
            "tells nothing of our network"
        );
    }
    assert!(web.requests().is_empty());
}

/// RFC 7591 §5: `jwks_uri` is refused at registration where its text tells, and when it is fetched where its name does.
#[tokio::test]
async fn keys() {
    let (app, web, port) = house().await;
    for url in private(port) {
        let answer = register(&app, "jwks_uri", &url).await;
        if url.contains("localhost") {
            answer.is(201);
        } else {
            assert_eq!(answer.is(400).error(), "invalid_client_metadata", "{url}");
        }
    }
    assert!(web.requests().is_empty());
}

/// OIDC Back-Channel Logout §2.2: the same for where sign-outs are told.
#[tokio::test]
async fn logout_endpoints() {
    let (app, web, port) = house().await;
    for url in private(port).into_iter().filter(|url| !url.contains("localhost")) {
        let refused = register(&app, "backchannel_logout_uri", &url).await;
        assert_eq!(refused.is(400).error(), "invalid_client_metadata", "{url}");
    }
    assert!(web.requests().is_empty());
}

/// draft-ietf-oauth-client-id-metadata-document, "Server Side Request Forgery": the `client_id` itself.
#[tokio::test]
async fn documents() {
    let (app, web, port) = house().await;
    for url in private(port) {
        assert!(find_client(&app.core, &url).await.unwrap().is_none(), "{url}");
        let answer = app.get(&format!("/connect/authorize?client_id={url}&redirect_uri={REDIRECT_URI}")).await;
        answer.is(400);
    }
    assert!(web.requests().is_empty());
}

/// D8: a logo that must not be fetched means initials, and the client is registered all the same.
#[tokio::test]
async fn logos() {
    let (app, web, port) = house().await;
    for url in private(port) {
        register(&app, "logo_uri", &url).await.is(201);
    }
    assert!(web.requests().is_empty());
}
