//! D8: token exchange (RFC 8693) on the wire.

use base64::Engine as _;
use ostiary::client::TokenExchangePolicy;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, EMAIL, REDIRECT_URI, VERIFIER};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const API: &str = "https://orders.example";

async fn service(app: &App, policy: TokenExchangePolicy) -> Client {
    app.client_with(|settings| {
        settings.token_exchange = policy;
        settings.audiences = vec![API.to_owned()];
    })
    .await
}

/// Tokens of the person for `client`.
async fn tokens(app: &App, client: &Client) -> Value {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[("scope", "openid email offline_access reports:read")]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    app.form("/connect/token", client, &fields).await.is(200).json()
}

async fn trade(app: &App, client: &Client, token: &Value, kind: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields =
        vec![("grant_type", GRANT), ("subject_token", token.as_str().unwrap()), ("subject_token_type", kind)];
    fields.extend(more);
    app.form("/connect/token", client, &fields).await
}

fn claims(token: &Value) -> Value {
    let text = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn delegation() -> TokenExchangePolicy {
    TokenExchangePolicy { delegation: true, ..TokenExchangePolicy::default() }
}

/// RFC 8693 §2.2.1, §4.1: a service acts for a person: `act` names it, the chain grows inwards, less scope, another
/// audience, no refresh token, no longer life.
#[tokio::test]
async fn a_service_acts_for_a_person() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let front = app.client().await;
    let subject_clients = vec![front.id.clone()];
    let audiences = vec!["https://stock.example".to_owned()];
    let first = service(&app, TokenExchangePolicy { subject_clients, ..delegation() }).await;
    let subject_clients = vec![first.id.clone()];
    let second = service(&app, TokenExchangePolicy { subject_clients, audiences, ..delegation() }).await;
    let issued = tokens(&app, &front).await;

    let more = [("scope", "reports:read"), ("audience", API)];
    let traded = trade(&app, &first, &issued["access_token"], ACCESS, &more).await.is(200).json();
    assert_eq!((&traded["issued_token_type"], &traded["token_type"]), (&ACCESS.into(), &"Bearer".into()));
    assert!(traded["refresh_token"].is_null() && traded["id_token"].is_null());
    let told = claims(&traded["access_token"]);
    assert_eq!((&told["sub"], &told["client_id"]), (&person.to_string().into(), &first.id.clone().into()));
    assert_eq!((&told["aud"], &told["scope"]), (&API.into(), &"reports:read".into()));
    assert_eq!(told["act"], json!({ "sub": first.id }));
    assert!(told["exp"].as_i64() <= claims(&issued["access_token"])["exp"].as_i64());

    let more = [("resource", "https://stock.example"), ("requested_token_type", JWT)];
    let further = trade(&app, &second, &traded["access_token"], JWT, &more).await.is(200).json();
    assert_eq!(further["issued_token_type"], JWT);
    assert_eq!(claims(&further["access_token"])["act"], json!({ "sub": second.id, "act": { "sub": first.id } }));
    let wider = trade(&app, &second, &traded["access_token"], ACCESS, &[("scope", "email")]).await;
    assert_eq!(wider.is(400).error(), "invalid_scope");

    // It ends with what it came from.
    let look = [("token", further["access_token"].as_str().unwrap())];
    assert_eq!(app.form("/connect/introspect", &second, &look).await.json()["active"], true);
    let end = [("token", issued["refresh_token"].as_str().unwrap())];
    app.form("/connect/revocation", &front, &end).await.is(200);
    assert_eq!(app.form("/connect/introspect", &second, &look).await.json()["active"], false);
    let dead = trade(&app, &second, &traded["access_token"], ACCESS, &[]).await;
    assert_eq!(dead.is(400).error(), "invalid_request");
}

/// RFC 8693 §1.1, §2.1: impersonation names nobody; an actor's token does; an ID token says who was there.
#[tokio::test]
async fn who_acts_is_told_as_the_policy_says() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let policy = TokenExchangePolicy { impersonation: true, ..delegation() };
    let client = service(&app, policy).await;
    let issued = tokens(&app, &client).await;
    let plain = trade(&app, &client, &issued["access_token"], ACCESS, &[]).await.is(200).json();
    assert!(claims(&plain["access_token"])["act"].is_null());
    assert!(!plain["scope"].as_str().unwrap().contains("offline_access"));

    let own = app.form("/connect/token", &client, &[("grant_type", "client_credentials")]).await.is(200).json();
    let actor = [("actor_token", own["access_token"].as_str().unwrap()), ("actor_token_type", ACCESS)];
    let acting = trade(&app, &client, &issued["access_token"], ACCESS, &actor).await.is(200).json();
    assert_eq!(claims(&acting["access_token"])["act"], json!({ "sub": client.id }));

    let by_id = trade(&app, &client, &issued["id_token"], ID, &[("scope", "reports:read")]).await.is(200).json();
    assert_eq!(by_id["scope"], "reports:read");
    let own_subject = trade(&app, &client, &own["access_token"], ACCESS, &[]).await;
    assert_eq!(own_subject.is(400).error(), "invalid_request", "a client is no subject");
    app.core.clock.advance(std::time::Duration::from_mins(11));
    assert_eq!(trade(&app, &client, &issued["id_token"], ID, &[]).await.is(400).error(), "invalid_request");
    assert_eq!(trade(&app, &client, &issued["access_token"], ACCESS, &[]).await.is(400).error(), "invalid_request");
}

/// RFC 8693 §2.2.2, RFC 6749 §5.2: what may not be is told by the code for it.
#[tokio::test]
async fn what_may_not_be_is_refused() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = service(&app, delegation()).await;
    let issued = tokens(&app, &client).await;
    let token = &issued["access_token"];
    for (more, error) in [
        (vec![("audience", "https://elsewhere.example")], "invalid_target"),
        (vec![("resource", "https://elsewhere.example")], "invalid_target"),
        (vec![("scope", "admin")], "invalid_scope"),
        (vec![("scope", "offline_access")], "invalid_scope"),
        (vec![("requested_token_type", "urn:ietf:params:oauth:token-type:saml2")], "invalid_request"),
        (vec![("requested_token_type", ID)], "invalid_request"),
        (vec![("actor_token", "x")], "invalid_request"),
        (vec![("actor_token_type", ACCESS)], "invalid_request"),
        (vec![("actor_token", "x"), ("actor_token_type", ACCESS)], "invalid_request"),
    ] {
        assert_eq!(trade(&app, &client, token, ACCESS, &more).await.is(400).error(), error, "{more:?}");
    }
    for kind in [ID, "urn:ietf:params:oauth:token-type:refresh_token"] {
        assert_eq!(trade(&app, &client, token, kind, &[]).await.is(400).error(), "invalid_request", "{kind}");
    }
    assert_eq!(trade(&app, &client, &issued["refresh_token"], ACCESS, &[]).await.is(400).error(), "invalid_request");
    let forbidden = service(&app, TokenExchangePolicy::default()).await;
    assert_eq!(trade(&app, &forbidden, token, ACCESS, &[]).await.is(400).error(), "unauthorized_client");
    let impersonating = TokenExchangePolicy { impersonation: true, ..TokenExchangePolicy::default() };
    let stranger = app.client_with(|settings| settings.token_exchange = impersonating).await;
    assert_eq!(trade(&app, &stranger, token, ACCESS, &[]).await.is(400).error(), "invalid_request", "not meant for it");
}
