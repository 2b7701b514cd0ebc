//! What OpenID's Basic certification asks of a provider, test by test (OIDC Core, code flow).

use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use ostiary::protocol::{ScopeSet, SigningAlg, TokenEndpointAuthMethod};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::harness::{
    Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, REDIRECT_URI, VERIFIER, authorize, parameter,
};

const TOKEN: &str = "/connect/token";

/// A server with somebody on it, and an application of the house, which does not ask for consent.
async fn house() -> (App, Client) {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = first_party(&app).await;
    (app, client)
}

async fn first_party(app: &App) -> Client {
    app.client_with(|settings| {
        settings.first_party = true;
        settings.scopes = ScopeSet::parse("openid profile email address phone offline_access").unwrap();
    })
    .await
}

#[track_caller]
pub fn code_in(answer: &Answer) -> String {
    parameter(answer.is(303).location(), "code").unwrap_or_else(|| panic!("no code in {answer:?}"))
}

async fn exchange(app: &App, client: &Client, code: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    app.form(TOKEN, client, &fields).await
}

/// The tokens of a request that is answered without a page.
pub async fn tokens(app: &App, browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> Value {
    let code = code_in(&browser.get(&authorize(client, extra)).await);
    exchange(app, client, &code).await.is(200).json()
}

pub fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}"))
}

/// What an ID token says once its signature was checked with the keys that we publish.
pub async fn verified(app: &App, client: &Client, id_token: &str) -> (jsonwebtoken::Header, Value) {
    let keys: JwkSet = serde_json::from_value(app.get("/.well-known/jwks.json").await.is(200).json()).unwrap();
    let header = jsonwebtoken::decode_header(id_token).unwrap();
    let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let mut rules = Validation::new(header.alg);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[&client.id]);
    // The server's clock is that of the test.
    rules.validate_exp = false;
    let token = jsonwebtoken::decode::<Value>(id_token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap();
    (header, token.claims)
}

async fn claims(app: &App, client: &Client, tokens: &Value) -> Value {
    verified(app, client, text(tokens, "id_token")).await.1
}

async fn userinfo(app: &App, tokens: &Value) -> Value {
    let bearer = format!("Bearer {}", text(tokens, "access_token"));
    let request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, bearer);
    app.send(request.body(Body::empty()).unwrap()).await.is(200).json()
}

fn names(json: &Value) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Signs in on the page that an authorization request led to; gives the answer to the request.
async fn sign_in(browser: &mut Browser, page: &Answer, email: &str) -> Answer {
    let interaction = parameter(page.is(303).location(), "i").unwrap();
    browser.get(page.location()).await.is(200);
    let fields = [("username", email), ("password", PASSWORD), ("i", interaction.as_str())];
    let resume = browser.post("/do/sign-in", &fields).await;
    browser.get(resume.is(303).location()).await
}

/// D2, OIDC Core §3.1.3.6, §3.1.3.7: the code flow with PKCE, and every claim of the ID token that a client must check.
#[tokio::test]
async fn the_code_flow() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let issued = tokens(&app, &mut browser, &client, &[]).await;
    assert_eq!(issued["token_type"], "Bearer");
    let now = app.core.now().as_secs();
    let claims = claims(&app, &client, &issued).await;
    assert_eq!((&claims["iat"], &claims["nonce"]), (&json!(now), &json!("n0nce")));
    assert!(claims["exp"].as_i64().unwrap() > now && claims["auth_time"].as_i64().unwrap() <= now, "{claims}");
    assert_eq!(claims["azp"], json!(client.id));
    assert_eq!(userinfo(&app, &issued).await["sub"], claims["sub"]);
}

/// D7, OIDC Core §3.1.3.7, §10.1: ID tokens are signed as the client is registered for, RS256 among the ways, with a key
/// that we publish; never not at all.
#[tokio::test]
async fn id_tokens_are_signed_as_registered() {
    let (app, _) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for alg in ["ES256", "RS256"] {
        let client = app
            .client_with(|settings| {
                settings.first_party = true;
                settings.id_token_alg = alg.parse().unwrap();
            })
            .await;
        let issued = tokens(&app, &mut browser, &client, &[("scope", "openid")]).await;
        let (header, _) = verified(&app, &client, text(&issued, "id_token")).await;
        assert_eq!(format!("{:?}", header.alg), alg);
    }
    assert!("none".parse::<SigningAlg>().is_err());
    let document = app.get("/.well-known/openid-configuration").await.is(200).json();
    let algs = document["id_token_signing_alg_values_supported"].as_array().unwrap();
    assert!(algs.contains(&json!("RS256")) && !algs.contains(&json!("none")), "{algs:?}");
}

/// RFC 6749 §3.1.1: a request without `response_type` is told so, at the redirect URI.
#[tokio::test]
async fn a_missing_response_type_is_an_error() {
    let (app, client) = house().await;
    let answer = app.signed_in(EMAIL).await.get(&authorize(&client, &[("response_type", "")])).await;
    assert_eq!(parameter(answer.is(303).location(), "error").as_deref(), Some("invalid_request"));
    assert_eq!(parameter(answer.location(), "state").as_deref(), Some("st4te"));
    assert_eq!(parameter(answer.location(), "code"), None);
}

/// D6, OIDC Core §5.3.1, RFC 6750 §2: userinfo by GET, and by POST with the token in the header or in the body.
#[tokio::test]
async fn userinfo_is_asked_in_three_ways() {
    let (app, client) = house().await;
    let issued = tokens(&app, &mut app.signed_in(EMAIL).await, &client, &[]).await;
    let token = text(&issued, "access_token");
    let by_get = userinfo(&app, &issued).await;
    assert_eq!(by_get["email"], EMAIL);
    let request = Request::post("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let by_header = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(by_header.is(200).json(), by_get);
    let by_body = app.bare_form("/connect/userinfo", &[("access_token", token)]).await;
    assert_eq!(by_body.is(200).json(), by_get);
    assert!(by_body.header("content-type").starts_with("application/json"));
}

/// OIDC Core §3.1.2.1: in the code flow `nonce` may be left out, and then it is not in the ID token either.
#[tokio::test]
async fn nonce_and_state_may_be_left_out() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let answer = browser.get(&authorize(&client, &[("nonce", ""), ("state", "")])).await;
    assert_eq!(parameter(answer.location(), "state"), None);
    let issued = exchange(&app, &client, &code_in(&answer)).await.is(200).json();
    let claims = claims(&app, &client, &issued).await;
    assert!(claims.get("nonce").is_none(), "{claims}");
}

/// D5, OIDC Core §5.4: each scope brings its claims and no other's; `sub` is always there.
#[tokio::test]
async fn scopes_bring_their_claims() {
    let (app, client) = house().await;
    let profile = json!({
        "given_name": "Mara", "family_name": "Lindqvist", "zoneinfo": "Europe/Stockholm", "locale": "sv-SE",
        "phone_number": "+46 70 174 06 05", "phone_number_verified": true,
        "address": { "locality": "Nordhavn", "country": "SE" },
    });
    let mut conn = sqlx::SqliteConnection::connect(app.core.config().database.url.expose()).await.unwrap();
    sqlx::query("UPDATE users SET profile = $1").bind(profile.to_string()).execute(&mut conn).await.unwrap();
    let mut browser = app.signed_in(EMAIL).await;
    let of_profile =
        ["family_name", "given_name", "locale", "name", "preferred_username", "sub", "updated_at", "zoneinfo"];
    for (scope, expected) in [
        ("openid", &["sub"][..]),
        ("openid profile", &of_profile),
        ("openid email", &["email", "email_verified", "sub"]),
        ("openid address", &["address", "sub"]),
        ("openid phone", &["phone_number", "phone_number_verified", "sub"]),
    ] {
        let issued = tokens(&app, &mut browser, &client, &[("scope", scope)]).await;
        let info = userinfo(&app, &issued).await;
        assert_eq!(names(&info), expected, "{scope}");
        assert_eq!(issued.get("refresh_token"), None, "{scope}");
    }
    let all = tokens(&app, &mut browser, &client, &[("scope", "openid profile email address phone")]).await;
    let info = userinfo(&app, &all).await;
    assert_eq!(names(&info).len(), of_profile.len() + 2 + 1 + 2);
    assert_eq!(info["address"], profile["address"]);
    // A client may want the ID token without them.
    let lean = app.client_with(|settings| (settings.first_party, settings.lean_id_token) = (true, true)).await;
    let issued = tokens(&app, &mut browser, &lean, &[("scope", "openid email")]).await;
    assert!(claims(&app, &lean, &issued).await.get("email").is_none());
    assert_eq!(userinfo(&app, &issued).await["email"], EMAIL);
}

/// RFC 6749 §3.1, §3.3: neither the order of the parameters nor that of the scopes means anything.
#[tokio::test]
async fn order_means_nothing() {
    let (app, client) = house().await;
    let request = authorize(&client, &[("scope", "email openid")]);
    let (path, query) = request.split_once('?').unwrap();
    let backwards: Vec<&str> = query.rsplit('&').collect();
    let answer = app.signed_in(EMAIL).await.get(&format!("{path}?{}", backwards.join("&"))).await;
    let issued = exchange(&app, &client, &code_in(&answer)).await.is(200).json();
    assert_eq!(claims(&app, &client, &issued).await["email"], EMAIL);
}

/// OIDC Core §3.1.2.1, RFC 6749 §3.1: wishes that we do not follow, or do not know at all, change nothing.
#[tokio::test]
async fn wishes_and_unknown_parameters_do_no_harm() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for wish in [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
        ("login_hint", EMAIL),
        ("extra", "foobar"),
    ] {
        let issued = tokens(&app, &mut browser, &client, &[wish]).await;
        let claims = claims(&app, &client, &issued).await;
        assert_eq!(claims["acr"], "urn:ostiary:acr:pwd", "{wish:?}: never one that was not reached");
    }
}

/// B6, OIDC Core §3.1.2.1: `prompt=login` asks although somebody is signed in, and `auth_time` is that of the answer.
#[tokio::test]
async fn prompt_login_asks_again() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let before = tokens(&app, &mut browser, &client, &[]).await;
    app.core.clock.advance(Duration::from_secs(2));
    let page = browser.get(&authorize(&client, &[("prompt", "login")])).await;
    let answer = sign_in(&mut browser, &page, EMAIL).await;
    let after = exchange(&app, &client, &code_in(&answer)).await.is(200).json();
    let (before, after) = (claims(&app, &client, &before).await, claims(&app, &client, &after).await);
    assert_eq!(before["sub"], after["sub"]);
    assert_eq!(after["auth_time"].as_i64().unwrap() - before["auth_time"].as_i64().unwrap(), 2);
}

/// OIDC Core §3.1.2.1, §3.1.2.6: `prompt=none` is an answer at once, whoever is there.
#[tokio::test]
async fn prompt_none_shows_no_page() {
    let (app, client) = house().await;
    let nobody = app.browser().get(&authorize(&client, &[("prompt", "none")])).await;
    assert_eq!(parameter(nobody.is(303).location(), "error").as_deref(), Some("login_required"));
    let mut browser = app.signed_in(EMAIL).await;
    let first = tokens(&app, &mut browser, &client, &[]).await;
    app.core.clock.advance(Duration::from_secs(2));
    let second = tokens(&app, &mut browser, &client, &[("prompt", "none")]).await;
    let (first, second) = (claims(&app, &client, &first).await, claims(&app, &client, &second).await);
    assert_eq!((&first["sub"], &first["auth_time"]), (&second["sub"], &second["auth_time"]));
}

/// B6, OIDC Core §3.1.2.1: `max_age` asks again when the sign-in is older, and only then.
#[tokio::test]
async fn max_age_asks_again_when_it_is_over() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    app.core.clock.advance(Duration::from_secs(2));
    let young = tokens(&app, &mut browser, &client, &[("max_age", "10000")]).await;
    let young = claims(&app, &client, &young).await;
    assert_eq!(young["auth_time"], app.core.now().as_secs() - 2);
    let page = browser.get(&authorize(&client, &[("max_age", "1")])).await;
    assert!(page.is(303).location().starts_with("/sign-in"));
    let answer = sign_in(&mut browser, &page, EMAIL).await;
    let issued = exchange(&app, &client, &code_in(&answer)).await.is(200).json();
    assert_eq!(claims(&app, &client, &issued).await["auth_time"], app.core.now().as_secs());
}

/// OIDC Core §3.1.2.1, §3.1.2.2: with an `id_token_hint` the answer is about that person or an error.
#[tokio::test]
async fn an_id_token_hint_names_the_person() {
    let (app, client) = house().await;
    app.person(OTHER_EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    let issued = tokens(&app, &mut browser, &client, &[]).await;
    let hint = text(&issued, "id_token");
    let silent = [("prompt", "none"), ("id_token_hint", hint)];
    let again = tokens(&app, &mut browser, &client, &silent).await;
    assert_eq!(claims(&app, &client, &again).await["sub"], claims(&app, &client, &issued).await["sub"]);
    let other = app.signed_in(OTHER_EMAIL).await.get(&authorize(&client, &silent)).await;
    assert_eq!(parameter(other.is(303).location(), "error").as_deref(), Some("login_required"));
}

/// OIDC Core §3.1.2.1: `login_hint` is in the field already, and text there.
#[tokio::test]
async fn a_login_hint_is_filled_in() {
    let (app, client) = house().await;
    let mut browser = app.browser();
    let page = browser.get(&authorize(&client, &[("login_hint", "\"><b>tove")])).await;
    let body = browser.get(page.is(303).location()).await.is(200).body.clone();
    assert!(body.contains("&quot;&gt;&lt;b&gt;tove") && !body.contains("<b>tove"), "{body}");
}

/// D2, RFC 6749 §4.1.2, §10.5: a code is used once; a second use, half a minute later as well, ends what it gave.
#[tokio::test]
async fn a_code_that_comes_again_ends_its_tokens() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for later in [0, 30] {
        let code = code_in(&browser.get(&authorize(&client, &[])).await);
        let issued = exchange(&app, &client, &code).await.is(200).json();
        userinfo(&app, &issued).await;
        app.core.clock.advance(Duration::from_secs(later));
        assert_eq!(exchange(&app, &client, &code).await.is(400).error(), "invalid_grant");
        let request = [("access_token", text(&issued, "access_token"))];
        assert_eq!(app.bare_form("/connect/userinfo", &request).await.is(401).error(), "invalid_token");
    }
}

/// OIDC Core §3.1.2.1, RFC 6749 §3.1: the request may be a form.
#[tokio::test]
async fn the_request_may_be_a_form() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let address = authorize(&client, &[]);
    let (_, query) = address.split_once('?').unwrap();
    let request = Request::post("/connect/authorize").header("sec-fetch-site", "cross-site");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(request.body(Body::from(query.to_owned())).unwrap()).await;
    exchange(&app, &client, &code_in(&answer)).await.is(200);
}

/// D4, RFC 6749 §2.3.1: a client that is registered for `client_secret_post` gets its tokens so.
#[tokio::test]
async fn the_secret_may_be_in_the_form() {
    let (app, _) = house().await;
    let client = app
        .client_with(|settings| {
            settings.first_party = true;
            settings.auth_method = TokenEndpointAuthMethod::ClientSecretPost;
        })
        .await;
    let code = code_in(&app.signed_in(EMAIL).await.get(&authorize(&client, &[("scope", "openid")])).await);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
        ("client_id", client.id.as_str()),
        ("client_secret", client.secret.as_str()),
    ];
    let issued = app.bare_form(TOKEN, &fields).await.is(200).json();
    claims(&app, &client, &issued).await;
}

/// D5, OIDC Core §5.5: a claim that is asked for by name comes where it was asked for, without its scope.
#[tokio::test]
async fn claims_come_by_name() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    let wanted = json!({ "userinfo": { "name": { "essential": true } } }).to_string();
    let issued = tokens(&app, &mut browser, &client, &[("scope", "openid"), ("claims", &wanted)]).await;
    assert_eq!(names(&userinfo(&app, &issued).await), ["name", "sub"]);
    assert!(claims(&app, &client, &issued).await.get("name").is_none());
    let wanted = json!({ "id_token": { "name": { "essential": true } } }).to_string();
    let issued = tokens(&app, &mut browser, &client, &[("scope", "openid"), ("claims", &wanted)]).await;
    assert_eq!(names(&userinfo(&app, &issued).await), ["sub"]);
    assert_eq!(claims(&app, &client, &issued).await["name"], "Mara Lindqvist");
}

/// D3, OIDC Core §12.2: the ID token of a refresh is about the same sign-in, has a new `iat` and no `nonce`.
#[tokio::test]
async fn a_refresh_tells_of_the_same_sign_in() {
    let (app, client) = house().await;
    let first = tokens(&app, &mut app.signed_in(EMAIL).await, &client, &[]).await;
    app.core.clock.advance(Duration::from_secs(5));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&first, "refresh_token"))];
    let second = app.form(TOKEN, &client, &fields).await.is(200).json();
    let (old, new) = (claims(&app, &client, &first).await, claims(&app, &client, &second).await);
    for name in ["iss", "sub", "aud", "auth_time", "azp", "acr", "sid"] {
        assert_eq!(old[name], new[name], "{name}");
    }
    assert_eq!(new["iat"].as_i64().unwrap() - old["iat"].as_i64().unwrap(), 5);
    assert!(new.get("nonce").is_none());
    userinfo(&app, &second).await;
    // Of another client it is nothing, and stays what it is for its own.
    let stranger = first_party(&app).await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&second, "refresh_token"))];
    assert_eq!(app.form(TOKEN, &stranger, &fields).await.is(400).error(), "invalid_grant");
    app.form(TOKEN, &client, &fields).await.is(200);
}

/// D2, RFC 9700 §2.1.1: an administrator may let one confidential client do without PKCE; a challenge that it sends counts
/// all the same, and a verifier without one is refused (RFC 9700 §4.8.2).
#[tokio::test]
async fn pkce_may_be_optional_for_a_confidential_client() {
    let (app, _) = house().await;
    let client = app.client_with(|settings| (settings.first_party, settings.pkce_optional) = (true, true)).await;
    let mut browser = app.signed_in(EMAIL).await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let bare = async |code: String| {
        let fields = [("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", REDIRECT_URI)];
        app.form(TOKEN, &client, &fields).await
    };
    let code = code_in(&browser.get(&authorize(&client, &without)).await);
    bare(code).await.is(200);
    let code = code_in(&browser.get(&authorize(&client, &without)).await);
    assert_eq!(exchange(&app, &client, &code).await.is(400).error(), "invalid_grant");
    let code = code_in(&browser.get(&authorize(&client, &[])).await);
    assert_eq!(bare(code).await.is(400).error(), "invalid_grant");
    let code = code_in(&browser.get(&authorize(&client, &[])).await);
    exchange(&app, &client, &code).await.is(200);
}
