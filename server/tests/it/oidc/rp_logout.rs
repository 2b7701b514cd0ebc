//! D9, OpenID Connect RP-Initiated Logout 1.0: an application sends somebody to be signed out.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, header};
use ostiary::protocol::RedirectUri;
use serde_json::Value;

use crate::harness::{
    Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, REDIRECT_URI, encode, form_body, parameter,
};

pub const BYE: &str = "https://blockyard.example/bye?from=ostiary";
const LOGOUT: &str = "/connect/logout";

pub async fn house() -> (App, Client) {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(says_goodbye).await;
    (app, client)
}

fn says_goodbye(settings: &mut ostiary::client::ClientSettings) {
    settings.post_logout_redirect_uris = vec![RedirectUri::parse(BYE).unwrap()];
}

/// The tokens of `client`, allowed by whoever is signed in in `browser`.
pub async fn tokens(app: &App, browser: &mut Browser, client: &Client) -> Value {
    let code = app.code(browser, client, &[]).await;
    app.redeem(client, &code, &[]).await.is(200).json()
}

pub async fn id_token(app: &App, browser: &mut Browser, client: &Client) -> String {
    tokens(app, browser, client).await["id_token"].as_str().unwrap().to_owned()
}

pub fn logout(fields: &[(&str, &str)]) -> String {
    format!("{LOGOUT}?{}", encode(fields))
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

/// The request is refused with a page, nobody is sent anywhere, and nobody is signed out.
async fn refused(browser: &mut Browser, fields: &[(&str, &str)], why: &str) {
    let answer = browser.get(&logout(fields)).await;
    assert!(answer.is(400).location().is_empty());
    assert!(answer.body.contains(why), "{why} is not in {}", answer.body);
    assert!(is_signed_in(browser).await);
}

/// The person is asked, and says yes: the answer to that.
async fn asked(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let to = browser.get(&logout(fields)).await.is(303).location().to_owned();
    assert!(to.starts_with("/sign-out?i=ost_lo_"), "{to}");
    assert!(is_signed_in(browser).await);
    let page = browser.get(&to).await;
    assert!(page.is(200).body.contains("Stay signed in"));
    let answer = browser.post("/do/sign-out", &[("i", &parameter(&to, "i").unwrap())]).await;
    assert!(!is_signed_in(browser).await);
    answer
}

/// oidcc-rp-initiated-logout-discovery-endpoint-verification; §2.1.
#[tokio::test]
async fn discovery_names_the_endpoint() {
    let (app, _) = house().await;
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["end_session_endpoint"], format!("{ISSUER}{LOGOUT}"));
}

/// oidcc-rp-initiated-logout; §2, §3: who shows an ID token of the very session is signed out at once and comes back with
/// `state`; what the application held through the session is over.
#[tokio::test]
async fn the_id_token_of_the_session_signs_out_at_once() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let tokens = tokens(&app, &mut browser, &client).await;
    let hint = tokens["id_token"].as_str().unwrap();
    // It has expired, and still says whose session it is (§4).
    app.core.clock.advance(app.core.config().tokens.id_ttl + std::time::Duration::from_mins(1));
    let fields = [("id_token_hint", hint), ("post_logout_redirect_uri", BYE), ("state", "s&t=a#t")];
    let answer = browser.get(&logout(&fields)).await;
    assert_eq!(answer.is(303).location(), format!("{BYE}&state=s%26t%3Da%23t"));
    assert!(!is_signed_in(&mut browser).await);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    assert_eq!(app.form("/connect/token", &client, &refresh).await.error(), "invalid_grant");
    // prompt=none now tells the application that nobody is there.
    let none = browser.get(&crate::harness::authorize(&client, &[("prompt", "none")])).await;
    assert_eq!(parameter(none.location(), "error").as_deref(), Some("login_required"));
    // Once more, with nobody signed in: the person comes back all the same.
    assert_eq!(browser.get(&logout(&fields)).await.location(), answer.location());
}

/// oidcc-rp-initiated-logout-no-state, oidcc-rp-initiated-logout-no-post-logout-redirect-uri; §3: without `state` none is
/// added; without an address the person stays on our page.
#[tokio::test]
async fn what_was_not_asked_is_not_added() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let hint = id_token(&app, &mut browser, &client).await;
    let answer = browser.get(&logout(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE)])).await;
    assert_eq!(answer.is(303).location(), BYE);

    let mut browser = app.signed_in(EMAIL).await;
    let hint = id_token(&app, &mut browser, &client).await;
    let answer = browser.get(&logout(&[("id_token_hint", &hint), ("state", "s")])).await;
    assert_eq!(answer.is(303).location(), "/signed-out");
    assert!(browser.get("/signed-out").await.is(200).body.contains("You are signed out"));
    assert!(!is_signed_in(&mut browser).await);
}

/// oidcc-rp-initiated-logout-bad-post-logout-redirect-uri, oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri;
/// §3: an open redirect is what this endpoint would be without an exact comparison.
#[tokio::test]
async fn people_are_sent_only_where_the_client_is_registered() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let hint = id_token(&app, &mut browser, &client).await;
    for uri in [
        "https://evil.example/bye",
        "https://blockyard.example/bye",
        "https://blockyard.example/bye?from=ostiary&more=1",
        "https://blockyard.example/bye/?from=ostiary",
        "https://blockyard.example.evil.example/bye?from=ostiary",
        "https://blockyard.example:443/bye?from=ostiary",
        "javascript:alert(1)",
        "//evil.example",
        REDIRECT_URI,
    ] {
        let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", uri), ("state", "s")];
        refused(&mut browser, &fields, "post_logout_redirect_uri").await;
        refused(
            &mut browser,
            &[("client_id", &client.id), ("post_logout_redirect_uri", uri)],
            "post_logout_redirect_uri",
        )
        .await;
        // Nor are people who are not signed in.
        app.browser().get(&logout(&fields)).await.is(400);
    }
    // Another client's address is not this one's.
    let other = app.client().await;
    refused(&mut browser, &[("client_id", &other.id), ("post_logout_redirect_uri", BYE)], "exact match").await;
    refused(&mut browser, &[("post_logout_redirect_uri", BYE)], "needs an id_token_hint or a client_id").await;
}

/// oidcc-rp-initiated-logout-modified-id-token-hint, oidcc-rp-initiated-logout-bad-id-token-hint; §2, §4: a hint that we
/// did not sign, that was issued to another client, or that is another kind of token, is refused.
#[tokio::test]
async fn only_id_tokens_of_ours_are_hints() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let tokens = tokens(&app, &mut browser, &client).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let [head, claims, signature] = hint.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut forged: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    forged["sub"] = "somebody".into();
    let forged = URL_SAFE_NO_PAD.encode(forged.to_string());
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    for bad in [
        format!("{head}.{forged}.{signature}"),
        format!("{head}.{claims}.{}", signature.chars().rev().collect::<String>()),
        format!("{none}.{claims}."),
        format!("{none}.{claims}.{signature}"),
        tokens["access_token"].as_str().unwrap().to_owned(),
        "bad".to_owned(),
        "a.b.c".to_owned(),
    ] {
        let fields = [("id_token_hint", bad.as_str()), ("post_logout_redirect_uri", BYE)];
        refused(&mut browser, &fields, "not an ID token of ours").await;
    }
    // A house with other keys signs for nobody here.
    let elsewhere = App::with(|config| config.server.public_url = ISSUER.parse().unwrap()).await;
    elsewhere.person(EMAIL).await;
    let there = elsewhere.client_with(says_goodbye).await;
    let mut their_browser = elsewhere.signed_in(EMAIL).await;
    let theirs = id_token(&elsewhere, &mut their_browser, &there).await;
    refused(&mut browser, &[("id_token_hint", &theirs)], "not an ID token of ours").await;

    let other = app.client_with(says_goodbye).await;
    let fields = [("id_token_hint", hint), ("client_id", other.id.as_str()), ("post_logout_redirect_uri", BYE)];
    refused(&mut browser, &fields, "another client").await;
    refused(&mut browser, &[("client_id", "nobody")], "no such client").await;
    refused(&mut browser, &[("state", "a"), ("state", "b")], "state").await;
}

/// oidcc-rp-initiated-logout-no-id-token-hint, oidcc-rp-initiated-logout-no-params, oidcc-rp-initiated-logout-only-state;
/// §2: without a hint the person is asked, so that no page on the web signs people out.
#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let fields = [("client_id", client.id.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    assert_eq!(asked(&mut browser, &fields).await.is(303).location(), format!("{BYE}&state=s"));

    for fields in [&[][..], &[("state", "s")], &[("state", "s"), ("logout_hint", EMAIL), ("ui_locales", "sv en")]] {
        let mut browser = app.signed_in(EMAIL).await;
        assert_eq!(asked(&mut browser, fields).await.is(303).location(), "/signed-out");
    }
    // Nobody is signed in: nothing has to be asked.
    assert_eq!(app.browser().get(LOGOUT).await.is(303).location(), "/signed-out");
    assert_eq!(app.browser().get(&logout(&fields)).await.is(303).location(), format!("{BYE}&state=s"));
}

/// §2: an ID token of another person, or of another session of this one, does not decide for the session of this browser.
#[tokio::test]
async fn a_hint_of_somebody_else_or_another_session_is_a_question() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let (mut other, mut elsewhere) = (app.signed_in(OTHER_EMAIL).await, app.signed_in(EMAIL).await);
    for browser in [&mut other, &mut elsewhere] {
        let hint = id_token(&app, browser, &client).await;
        let mut here = app.signed_in(EMAIL).await;
        let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE)];
        assert_eq!(asked(&mut here, &fields).await.is(303).location(), BYE);
        // The session that the hint is about goes on: it is not this browser's to end.
        assert!(is_signed_in(browser).await);
    }
}

/// DESIGN §4, §5: the question names who asks, cannot be framed, lets the redirect through, holds nothing of the request
/// in its address, and "Stay signed in" leads back to the application.
#[tokio::test]
async fn the_question_is_safe_to_ask() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let fields = [("client_id", client.id.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s3cret-state")];
    let to = browser.get(&logout(&fields)).await.location().to_owned();
    assert!(!to.contains("s3cret") && !to.contains("blockyard"), "{to}");
    let page = browser.get(&to).await;
    assert!(page.is(200).body.contains("Blockyard asks for it"));
    assert!(
        page.body.contains(&format!("href=\"{}&amp;state=s3cret-state\"", BYE.replace('&', "&amp;"))),
        "{}",
        page.body
    );
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' https://blockyard.example;") && policy.contains("frame-ancestors 'none'")
    );
    assert_eq!(page.header("x-frame-options"), "DENY");
    // A form that another site sends is refused, and so is a handle that nobody was given.
    let i = parameter(&to, "i").unwrap();
    let forged = Request::post("/do/sign-out").header("sec-fetch-site", "cross-site");
    browser.send(form_body(forged, &[("i", &i)])).await.is(403);
    assert!(is_signed_in(&mut browser).await);
    let unknown = format!("/sign-out?i=ost_lo_{}", "A".repeat(43));
    assert!(browser.get(&unknown).await.is(400).body.contains("This visit is over"));

    // Pressed twice, it leads to the same place twice.
    for _ in 0..2 {
        let answer = browser.post("/do/sign-out", &[("i", &i)]).await;
        assert_eq!(answer.is(303).location(), format!("{BYE}&state=s3cret-state"));
    }
    // So does the page in a tab that was left behind.
    assert_eq!(browser.get(&to).await.is(303).location(), format!("{BYE}&state=s3cret-state"));
}

/// §2: by POST as well. A browser that posts from the application's site brings no cookie and is sent round by GET; what
/// cannot go round is refused rather than taken for a sign-out.
#[tokio::test]
async fn by_post_as_well() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let hint = id_token(&app, &mut browser, &client).await;
    let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s t")];
    let round = app.bare_form(LOGOUT, &fields).await;
    assert_eq!(round.is(303).location(), logout(&fields));
    assert_eq!(browser.get(round.location()).await.is(303).location(), format!("{BYE}&state=s+t"));
    assert!(!is_signed_in(&mut browser).await);

    let long = "x".repeat(8_192);
    app.bare_form(LOGOUT, &[("id_token_hint", &hint), ("logout_hint", &long)]).await.is(400);
    let json = Request::post(LOGOUT).header(header::CONTENT_TYPE, "application/json");
    app.send(json.body("{}".into()).unwrap()).await.is(400);
    let same_site =
        app.signed_in(EMAIL).await.send(form_body(Request::post(LOGOUT), &[("client_id", &client.id)])).await;
    assert!(same_site.is(303).location().starts_with("/sign-out?i="));
}
