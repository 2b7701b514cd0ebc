//! D9, OpenID Connect Session Management 1.0: applications can see in the browser that a session ended.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ostiary::secret::Digest;

use super::rp_logout::{house, id_token, logout};
use crate::harness::{App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, authorize, parameter};

const COOKIE: &str = "ostiary-state";
const ORIGIN: &str = "https://blockyard.example";

/// What the script of the check-session page answers to a page of this origin.
fn check(browser: &Browser, client: &Client, origin: &str, session_state: &str) -> &'static str {
    let state = browser.cookies.get(COOKIE).map_or("", String::as_str);
    let (hash, salt) = session_state.split_once('.').unwrap();
    let text = format!("{} {origin} {state} {salt}", client.id);
    let expected = URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes());
    if hash == expected { "unchanged" } else { "changed" }
}

async fn session_state(app: &App, browser: &mut Browser, client: &Client) -> String {
    let answer = app.allow(browser, client, &[]).await;
    parameter(answer.location(), "session_state").unwrap()
}

/// oidcc-session-management-discovery-endpoint-verification; §3.3.
#[tokio::test]
async fn discovery_names_the_page() {
    let (app, _) = house().await;
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["check_session_iframe"], format!("{ISSUER}/connect/checksession"));
}

/// oidcc-session-management-rp-initiated-logout; §3, §3.2: the answer carries a `session_state` that fits until the person
/// is signed out, for this client and this origin alone, and never the session itself.
#[tokio::test]
async fn the_session_state_fits_until_the_end() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let state = session_state(&app, &mut browser, &client).await;
    assert_eq!(check(&browser, &client, ORIGIN, &state), "unchanged");
    assert_eq!(check(&browser, &client, "https://evil.example", &state), "changed");
    assert_eq!(check(&browser, &app.client().await, ORIGIN, &state), "changed");
    // A fresh salt each time, and the same truth.
    let again = session_state(&app, &mut browser, &client).await;
    assert_ne!(again, state);
    assert_eq!(check(&browser, &client, ORIGIN, &again), "unchanged");
    let hint = id_token(&app, &mut browser, &client).await;
    let claims = URL_SAFE_NO_PAD.decode(hint.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
    assert!(!browser.cookies[COOKIE].contains(claims["sid"].as_str().unwrap()));

    browser.get(&logout(&[("id_token_hint", &hint)])).await.is(303);
    assert!(!browser.cookies.contains_key(COOKIE));
    assert_eq!(check(&browser, &client, ORIGIN, &state), "changed");
    // An error tells no state.
    let none = browser.get(&authorize(&client, &[("prompt", "none")])).await;
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("login_required"));
    assert_eq!(parameter(none.location(), "session_state"), None);
}

/// §3.1: somebody else who signs in is a change, and so is a session that ended elsewhere, as soon as the browser is back.
#[tokio::test]
async fn every_change_is_seen() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    let state = session_state(&app, &mut browser, &client).await;
    let mut elsewhere = app.signed_in(EMAIL).await;
    elsewhere.post("/do/end-other-sessions", &[]).await.is(303);
    browser.get("/sign-in").await.is(200);
    assert_eq!(check(&browser, &client, ORIGIN, &state), "changed");
    browser.post("/do/sign-in", &[("username", OTHER_EMAIL), ("password", PASSWORD)]).await.is(303);
    assert_eq!(check(&browser, &client, ORIGIN, &state), "changed");
    let theirs = session_state(&app, &mut browser, &client).await;
    assert_eq!(check(&browser, &client, ORIGIN, &theirs), "unchanged");
}

/// §3.3, DESIGN §4: everybody may frame the page, which may do nothing but run its script; scripts may read the one cookie
/// that is meant for it, and no other.
#[tokio::test]
async fn the_page_may_be_framed_and_nothing_else() {
    let (app, _) = house().await;
    let page = app.get("/connect/checksession").await;
    let expected = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
    assert_eq!(page.is(200).header("content-security-policy"), expected);
    assert!(page.headers.get("x-frame-options").is_none());
    assert!(page.body.contains(&format!("data-cookie=\"{COOKIE}\"")), "{}", page.body);
    let script = page.body.split("src=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(app.get(script).await.is(200).body.contains("postMessage"));

    let fields = [("username", EMAIL), ("password", PASSWORD)];
    let answer = app.browser().post("/do/sign-in", &fields).await;
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert_eq!(cookie.contains("HttpOnly"), !cookie.starts_with(&format!("{COOKIE}=")), "{cookie}");
    }
}
