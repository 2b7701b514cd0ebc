//! What OpenID's Basic certification asks of a provider, test by test (OIDC Core, code flow).

mod requests;
mod scopes;

use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use ostiary::protocol::{ScopeSet, SigningAlg, TokenEndpointAuthMethod};
use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::harness::{
    Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, authorize, parameter, redemption,
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

/// The tokens of a request that is answered without a page.
pub async fn tokens(app: &App, browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> Value {
    let code = code_in(&browser.get(&authorize(client, extra)).await);
    app.redeem(client, &code, &[]).await.is(200).json()
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
    let mut names: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
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

/// D2, RFC 6749 §4.1.2, §10.5: a code is used once; a second use, half a minute later as well, ends what it gave.
#[tokio::test]
async fn a_code_that_comes_again_ends_its_tokens() {
    let (app, client) = house().await;
    let mut browser = app.signed_in(EMAIL).await;
    for later in [0, 30] {
        let code = code_in(&browser.get(&authorize(&client, &[])).await);
        let issued = app.redeem(&client, &code, &[]).await.is(200).json();
        userinfo(&app, &issued).await;
        app.core.clock.advance(Duration::from_secs(later));
        assert_eq!(app.redeem(&client, &code, &[]).await.is(400).error(), "invalid_grant");
        let request = [("access_token", text(&issued, "access_token"))];
        assert_eq!(app.bare_form("/connect/userinfo", &request).await.is(401).error(), "invalid_token");
    }
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
    let fields = redemption(&code, &[("client_id", &client.id), ("client_secret", &client.secret)]);
    let issued = app.bare_form(TOKEN, &fields).await.is(200).json();
    claims(&app, &client, &issued).await;
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
    let bare = async |code: String| app.redeem(&client, &code, &[("code_verifier", "")]).await;
    let code = code_in(&browser.get(&authorize(&client, &without)).await);
    bare(code).await.is(200);
    let code = code_in(&browser.get(&authorize(&client, &without)).await);
    assert_eq!(app.redeem(&client, &code, &[]).await.is(400).error(), "invalid_grant");
    let code = code_in(&browser.get(&authorize(&client, &[])).await);
    assert_eq!(bare(code).await.is(400).error(), "invalid_grant");
    let code = code_in(&browser.get(&authorize(&client, &[])).await);
    app.redeem(&client, &code, &[]).await.is(200);
}
