//! D2, D3, D5, D6, D10, D13: an application, a browser without scripts, and everything between them.

use axum::body::Body;
use http::{Request, header};
use ostiary::protocol::TokenEndpointAuthMethod;
use serde_json::Value;

use crate::harness::{
    Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, REDIRECT_URI, authorize, claims, encode,
    parameter, redemption,
};

const TOKEN: &str = "/connect/token";

async fn refresh(app: &App, client: &Client, token: &str) -> Answer {
    app.form(TOKEN, client, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn userinfo(app: &App, token: &str) -> Answer {
    let request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

async fn is_active(app: &App, client: &Client, token: &str) -> bool {
    let answer = app.form("/connect/introspect", client, &[("token", token)]).await;
    answer.is(200).json()["active"].as_bool().unwrap()
}

fn text(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}")).to_owned()
}

async fn house() -> (App, Client) {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client().await;
    (app, client)
}

async fn tokens(app: &App, client: &Client) -> (Browser, Value) {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[]).await;
    let tokens = app.redeem(client, &code, &[]).await.is(200).json();
    (browser, tokens)
}

/// D2, D5, D10, D13: a stranger is asked to sign in, then for consent, and is sent back with a code that becomes tokens.
#[tokio::test]
async fn a_stranger_comes_back_with_a_code() {
    let (app, client) = house().await;
    let mut browser = app.browser();
    let to_sign_in = browser.get(&authorize(&client, &[])).await;
    assert!(to_sign_in.is(303).location().starts_with("/sign-in?i=ost_ix_"), "{}", to_sign_in.location());
    let interaction = parameter(to_sign_in.location(), "i").unwrap();
    browser.get(to_sign_in.location()).await.is(200);
    let fields = [("username", EMAIL), ("password", PASSWORD), ("i", interaction.as_str())];
    let resume = browser.post("/do/sign-in", &fields).await;
    assert!(resume.is(303).location().starts_with("/connect/resume?i="), "{}", resume.location());
    let to_consent = browser.get(resume.location()).await;
    assert!(to_consent.is(303).location().starts_with("/consent?i="), "{}", to_consent.location());
    let page = browser.get(to_consent.location()).await;
    assert!(page.is(200).body.contains("Blockyard"));
    // Browsers ask `form-action` about the redirect at the end, too.
    assert!(page.header("content-security-policy").contains("form-action 'self' https://blockyard.example;"));
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "allow")]).await;
    let answer = browser.get(decided.is(303).location()).await;
    assert_eq!(answer.is(303).header("cache-control"), "no-store");
    let location = answer.location();
    assert!(location.starts_with(&format!("{REDIRECT_URI}?")), "{location}");
    assert_eq!(parameter(location, "state").as_deref(), Some("st4te"));
    assert_eq!(parameter(location, "iss").as_deref(), Some(ISSUER));

    let code = parameter(location, "code").unwrap();
    let answer = app.redeem(&client, &code, &[]).await;
    assert_eq!(answer.is(200).header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    let id_token = claims(&text(&json, "id_token"));
    assert_eq!((&id_token["iss"], &id_token["aud"]), (&ISSUER.into(), &client.id.as_str().into()));
    assert_eq!((&id_token["nonce"], &id_token["amr"][0]), (&"n0nce".into(), &"pwd".into()));
    assert!(id_token["auth_time"].is_i64() && id_token["at_hash"].is_string() && id_token["sid"].is_string());

    // Answered once: the way there is gone.
    let again = browser.get(&format!("/connect/resume?i={interaction}")).await;
    assert!(again.is(400).body.contains("This visit is over"));
}

/// D10, D13: a no is told to the application, with the state it sent.
#[tokio::test]
async fn a_no_is_told_to_the_application() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let consent = browser.get(&authorize(&client, &[])).await;
    let interaction = parameter(consent.location(), "i").unwrap();
    let decided = browser.post("/do/consent", &[("i", &interaction), ("decision", "deny")]).await;
    let answer = browser.get(decided.location()).await;
    assert_eq!(parameter(answer.location(), "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(answer.location(), "state").as_deref(), Some("st4te"));
}

/// D2: the three response modes.
#[tokio::test]
async fn answers_travel_as_asked() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let query = app.allow(&mut browser, &client, &[("response_mode", "query")]).await;
    assert!(query.is(303).location().starts_with("https://blockyard.example/callback?code="));
    let fragment = app.allow(&mut browser, &client, &[("response_mode", "fragment")]).await;
    assert!(fragment.is(303).location().starts_with("https://blockyard.example/callback#code="));

    let form = app.allow(&mut browser, &client, &[("response_mode", "form_post"), ("state", "\"><script>")]).await;
    let page = &form.is(200).body;
    assert!(page.contains(r#"action="https://blockyard.example/callback""#), "{page}");
    assert!(page.contains(r#"name="code""#) && page.contains(r#"type="submit""#), "without scripts there is a button");
    assert!(!page.contains("\"><script>"), "what the client sends stays text");
    let policy = form.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://blockyard.example;") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(form.header("referrer-policy"), "strict-origin");
}

/// OIDC Core §3.1.2.1: the request may be posted, even by a browser that leaves its cookie at home the first time.
#[tokio::test]
async fn a_request_may_be_posted() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let query = authorize(&client, &[("prompt", "none")]);
    let (_, query) = query.split_once('?').unwrap();
    let post = |body: &str| {
        let request = Request::post("/connect/authorize").header("sec-fetch-site", "cross-site");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(body.to_owned())).unwrap()
    };
    let bounced = app.send(post(query)).await;
    assert_eq!(bounced.is(303).location(), format!("/connect/authorize?{query}"));
    let answer = browser.get(bounced.location()).await;
    assert_eq!(parameter(answer.location(), "error").as_deref(), Some("consent_required"));
    // With the cookie it is answered at once.
    let answer = browser.send(post(query)).await;
    assert_eq!(parameter(answer.location(), "error").as_deref(), Some("consent_required"));
}

/// D2: a code is for its client, its redirect URI and its verifier, once; a second use ends what the first one gave.
#[tokio::test]
async fn a_code_is_used_once_by_whom_it_was_for() {
    let (app, client) = house().await;
    let stranger = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &client, &[]).await;
    assert_eq!(app.redeem(&stranger, &code, &[]).await.is(400).error(), "invalid_grant");

    let code = app.code(&mut browser, &client, &[]).await;
    let wrong = [("code_verifier", "0000000000000000000000000000000000000000000")];
    assert_eq!(app.redeem(&client, &code, &wrong).await.is(400).error(), "invalid_grant");

    let code = app.code(&mut browser, &client, &[]).await;
    let json = app.redeem(&client, &code, &[]).await.is(200).json();
    let access = text(&json, "access_token");
    userinfo(&app, &access).await.is(200);
    assert_eq!(app.redeem(&client, &code, &[]).await.is(400).error(), "invalid_grant");
    assert_eq!(userinfo(&app, &access).await.is(401).error(), "invalid_token");
    assert_eq!(refresh(&app, &client, &text(&json, "refresh_token")).await.is(400).error(), "invalid_grant");

    let code = app.code(&mut browser, &client, &[]).await;
    app.core.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(app.redeem(&client, &code, &[]).await.is(400).error(), "invalid_grant");
}

/// D3: rotation, the same successor within ten seconds, the end of the family after that.
#[tokio::test]
async fn refresh_tokens_rotate() {
    let (app, client) = house().await;
    let (_, first) = tokens(&app, &client).await;
    let old = text(&first, "refresh_token");
    let second = refresh(&app, &client, &old).await.is(200).json();
    let new = text(&second, "refresh_token");
    assert_ne!(old, new);
    // A lost answer, or two tabs.
    assert_eq!(text(&refresh(&app, &client, &old).await.is(200).json(), "refresh_token"), new);
    let third = refresh(&app, &client, &new).await.is(200).json();
    app.core.clock.advance(std::time::Duration::from_secs(11));
    assert_eq!(refresh(&app, &client, &old).await.is(400).error(), "invalid_grant");
    let newest = text(&third, "refresh_token");
    assert_eq!(refresh(&app, &client, &newest).await.is(400).error(), "invalid_grant", "the family has ended");
}

/// D6: userinfo, introspection and revocation.
#[tokio::test]
async fn tokens_are_looked_at_and_ended() {
    let (app, client) = house().await;
    let (_, json) = tokens(&app, &client).await;
    let (access, token) = (text(&json, "access_token"), text(&json, "refresh_token"));
    let claims = userinfo(&app, &access).await.is(200).json();
    assert_eq!((&claims["email"], &claims["name"]), (&EMAIL.into(), &"Mara Lindqvist".into()));
    let posted = app.bare_form("/connect/userinfo", &[("access_token", &access)]).await;
    assert_eq!(posted.is(200).json(), claims);

    assert!(is_active(&app, &client, &access).await && is_active(&app, &client, &token).await);
    let stranger = app.client().await;
    assert!(!is_active(&app, &stranger, &access).await, "nobody else's business");
    app.form("/connect/revocation", &stranger, &[("token", &token)]).await.is(200);
    assert!(is_active(&app, &client, &token).await, "only the client itself ends its tokens");

    let answer = app.form("/connect/revocation", &client, &[("token", &token)]).await;
    assert_eq!(answer.is(200).body, "");
    assert!(!is_active(&app, &client, &access).await && !is_active(&app, &client, &token).await);
    assert_eq!(userinfo(&app, &access).await.is(401).error(), "invalid_token");
    app.form("/connect/revocation", &client, &[("token", "never-was-one")]).await.is(200);
}

/// C3: who ends a session ends what applications hold through it, at once.
#[tokio::test]
async fn signing_out_ends_the_tokens() {
    let (app, client) = house().await;
    let (mut browser, json) = tokens(&app, &client).await;
    browser.post("/do/sign-out", &[]).await.is(303);
    assert_eq!(userinfo(&app, &text(&json, "access_token")).await.is(401).error(), "invalid_token");
    assert_eq!(refresh(&app, &client, &text(&json, "refresh_token")).await.is(400).error(), "invalid_grant");
}

/// RFC 6750 §3: how userinfo refuses.
#[tokio::test]
async fn userinfo_refuses_as_the_rfc_says() {
    let (app, client) = house().await;
    let nothing = app.get("/connect/userinfo").await;
    assert_eq!(
        (nothing.is(401).body.as_str(), nothing.header("www-authenticate")),
        ("", "Bearer realm=\"http://localhost:8080\"")
    );
    let wrong = userinfo(&app, "wrong").await;
    assert!(wrong.is(401).header("www-authenticate").contains("error=\"invalid_token\""));
    app.get("/connect/userinfo?access_token=abc").await.is(400);
    let own = app.form(TOKEN, &client, &[("grant_type", "client_credentials"), ("scope", "reports:read")]).await;
    let token = text(&own.is(200).json(), "access_token");
    let refused = userinfo(&app, &token).await;
    assert!(matches!(refused.status.as_u16(), 401 | 403), "{refused:?}");
    assert!(refused.header("www-authenticate").starts_with("Bearer "));
}

/// D2, D4: a public client proves itself with PKCE alone, and cannot leave it out.
#[tokio::test]
async fn a_public_client_needs_pkce() {
    let (app, _) = house().await;
    let client = app.public_client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let refused = browser.get(&authorize(&client, &[("code_challenge", ""), ("code_challenge_method", "")])).await;
    assert_eq!(parameter(refused.location(), "error").as_deref(), Some("invalid_request"));
    let plain = browser.get(&authorize(&client, &[("code_challenge_method", "plain")])).await;
    assert_eq!(parameter(plain.location(), "error").as_deref(), Some("invalid_request"));

    let code = app.code(&mut browser, &client, &[]).await;
    let fields = redemption(&code, &[("client_id", &client.id)]);
    let json = app.bare_form(TOKEN, &fields).await.is(200).json();
    let introspect = [("token", json["access_token"].as_str().unwrap()), ("client_id", &client.id)];
    assert_eq!(app.bare_form("/connect/introspect", &introspect).await.is(401).error(), "invalid_client");
    app.bare_form("/connect/revocation", &introspect).await.is(200);
}

/// D4: `client_secret_post`, and no other way for a client registered with it.
#[tokio::test]
async fn a_client_uses_its_own_method() {
    let (app, _) = house().await;
    let client = app.client_with(|settings| settings.auth_method = TokenEndpointAuthMethod::ClientSecretPost).await;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret.as_str()),
    ];
    app.bare_form(TOKEN, &fields).await.is(200);
    assert_eq!(app.form(TOKEN, &client, &fields[..1]).await.is(401).error(), "invalid_client");
}

/// D13 (RFC 9700 §4.11): an answer never goes to an address that is not registered, however the request is bent; the person
/// is shown a page.
#[tokio::test]
async fn nobody_is_sent_to_a_stranger() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for uri in [
        "https://evil.example/callback",
        "https://blockyard.example.evil.example/callback",
        "https://blockyard.example/callback/",
        "https://blockyard.example/callback?x",
        "https://blockyard.example/callback/../evil",
        "https://blockyard.example@evil.example/callback",
        "https://blockyard.example\\@evil.example/callback",
        "http://blockyard.example/callback",
        "HTTPS://BLOCKYARD.EXAMPLE/callback",
        "//evil.example",
        "/account",
        "javascript:alert(1)",
        "https://blockyard.example/callback\r\nLocation: https://evil.example",
        "https://blockyard.example/callback#x",
        "",
    ] {
        let answer = browser.get(&authorize(&client, &[("redirect_uri", uri)])).await;
        assert_eq!(answer.status, 400, "{uri}: {}", answer.location());
        assert!(answer.location().is_empty() && !answer.body.contains("evil.example\""), "{uri}");
    }
    let query = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", authorize(&client, &[]));
    browser.get(&query).await.is(400);
    let unknown = Client { id: "nobody".to_owned(), secret: String::new() };
    assert!(browser.get(&authorize(&unknown, &[])).await.is(400).body.contains("For the developer"));
}

/// RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6: what is wrong with a request of a known client is told to it.
#[tokio::test]
async fn errors_go_back_to_the_client() {
    let (app, client) = house().await;
    let mut stranger = app.browser();
    for (extra, error) in [
        (&[("response_type", "token")][..], "unsupported_response_type"),
        (&[("response_type", "")], "invalid_request"),
        (&[("scope", "openid b\u{e9}")], "invalid_scope"),
        (&[("scope", "openid servers:read")], "invalid_scope"),
        (&[("response_mode", "pigeon")], "invalid_request"),
        (&[("prompt", "none")], "login_required"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("max_age", "-1")], "invalid_request"),
        (&[("request", "x.y.z")], "invalid_request_object"),
        (&[("request_uri", "https://blockyard.example/r")], "request_uri_not_supported"),
        (&[("registration", "{}")], "registration_not_supported"),
        (&[("code_challenge", "short")], "invalid_request"),
        (&[("claims", "{")], "invalid_request"),
    ] {
        let answer = stranger.get(&authorize(&client, extra)).await;
        let location = answer.location();
        assert!(location.starts_with(REDIRECT_URI), "{extra:?}: {answer:?}");
        assert_eq!(parameter(location, "error").as_deref(), Some(error), "{extra:?}: {location}");
        assert_eq!(parameter(location, "iss").as_deref(), Some(ISSUER));
    }
}

/// B6: `max_age` and `prompt=login` ask again, and signing in as somebody else does not answer for the first person.
#[tokio::test]
async fn people_prove_themselves_again_when_asked() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    app.core.clock.advance(std::time::Duration::from_secs(100));
    for extra in [[("prompt", "login")], [("max_age", "50")]] {
        let answer = browser.get(&authorize(&client, &extra)).await;
        assert!(answer.is(303).location().starts_with("/sign-in?i="), "{extra:?}");
    }
    let answer = browser.get(&authorize(&client, &[("max_age", "200")])).await;
    assert!(answer.is(303).location().starts_with("/consent?i="));
}

/// A second person cannot use the interaction that a first one began, for the first one's answer.
#[tokio::test]
async fn a_decision_counts_for_the_person_who_took_it() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let mut mara = app.signed_in(EMAIL).await;
    let interaction = parameter(mara.get(&authorize(&client, &[])).await.location(), "i").unwrap();
    mara.post("/do/consent", &[("i", &interaction), ("decision", "allow")]).await.is(303);
    let mut tove = app.signed_in(OTHER_EMAIL).await;
    let answer = tove.get(&format!("/connect/resume?{}", encode(&[("i", &interaction)]))).await;
    assert!(!answer.location().contains("code="), "{}", answer.location());
}
