//! D8: token exchange (RFC 8693) on the wire.

use http::{Request, header};
use ostiary::{
    client::TokenExchangePolicy,
    protocol::{SigningAlg, TokenType},
    testing::Signer,
};
use serde_json::{Value, json};

use super::{dpop, mtls};
use crate::harness::{self, Answer, App, Client, EMAIL, ISSUER, basic, form_body, redemption};

const TOKEN: &str = "/connect/token";
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
    tokens_with(app, client, None).await
}

/// The same, with a header that proves what the client holds.
async fn tokens_with(app: &App, client: &Client, proof: Option<(&str, &str)>) -> Value {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[("scope", "openid email offline_access reports:read")]).await;
    post(app, client, proof, &redemption(&code, &[])).await.is(200).json()
}

async fn post(app: &App, client: &Client, proof: Option<(&str, &str)>, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(TOKEN).header(header::AUTHORIZATION, basic(&client.id, &client.secret));
    if let Some((name, value)) = proof {
        request = request.header(name, value);
    }
    app.send(form_body(request, fields)).await
}

async fn trade(app: &App, client: &Client, token: &Value, kind: &str, more: &[(&str, &str)]) -> Answer {
    trade_with(app, client, token, kind, more, None).await
}

async fn trade_with(
    app: &App,
    client: &Client,
    token: &Value,
    kind: &str,
    more: &[(&str, &str)],
    proof: Option<(&str, &str)>,
) -> Answer {
    let mut fields =
        vec![("grant_type", GRANT), ("subject_token", token.as_str().unwrap()), ("subject_token_type", kind)];
    fields.extend(more);
    post(app, client, proof, &fields).await
}

fn claims(token: &Value) -> Value {
    harness::claims(token.as_str().unwrap())
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

/// RFC 8693 §4.4: where a token names who may act, nobody else gets one for it. We write no such token ourselves; these are
/// ours all the same, signed with our key.
#[tokio::test]
async fn only_who_is_named_may_act() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let front = app.client().await;
    let subject_clients = vec![front.id.clone()];
    let policy = TokenExchangePolicy { subject_clients, ..delegation() };
    let (named, other) = (service(&app, policy.clone()).await, service(&app, policy).await);
    let issued = tokens(&app, &front).await;
    let key = app.core.keyring().signer(&app.core, SigningAlg::Es256).await.unwrap();
    for (member, kind, typ) in [("access_token", ACCESS, TokenType::AccessToken), ("id_token", ID, TokenType::Jwt)] {
        let naming = |may_act: &Value| {
            let mut claims = claims(&issued[member]);
            claims["may_act"] = may_act.clone();
            json!(key.sign(typ, &claims).unwrap())
        };
        for may_act in
            [json!({ "sub": named.id }), json!({ "client_id": named.id }), json!({ "sub": named.id, "iss": ISSUER })]
        {
            let token = naming(&may_act);
            let traded = trade(&app, &named, &token, kind, &[]).await.is(200).json();
            assert_eq!(claims(&traded["access_token"])["act"], json!({ "sub": named.id }), "{may_act}");
            let refused = trade(&app, &other, &token, kind, &[]).await;
            assert_eq!(refused.is(400).error(), "invalid_request", "{may_act}");
            assert!(refused.body.contains("may_act"));
        }
        for may_act in [
            json!({ "sub": "somebody" }),
            json!({ "sub": named.id, "iss": "https://other.example" }),
            json!({ "sub": [named.id] }),
            json!({ "iss": ISSUER }),
            json!({}),
            json!(named.id),
            json!(true),
        ] {
            let refused = trade(&app, &named, &naming(&may_act), kind, &[]).await;
            assert_eq!(refused.is(400).error(), "invalid_request", "{may_act}");
        }
    }
    // It is the actor's token that counts where there is one (§2.1).
    let own = app.form(TOKEN, &other, &[("grant_type", "client_credentials")]).await.is(200).json();
    let actor = [("actor_token", own["access_token"].as_str().unwrap()), ("actor_token_type", ACCESS)];
    let mut said = claims(&issued["access_token"]);
    said["may_act"] = json!({ "sub": other.id });
    let token = json!(key.sign(TokenType::AccessToken, &said).unwrap());
    let traded = trade(&app, &other, &token, ACCESS, &actor).await.is(200).json();
    assert_eq!(claims(&traded["access_token"])["act"], json!({ "sub": other.id }));
}

/// RFC 8693 §2.1, RFC 9449 §5, §6: a token that is bound to a key of another is handed in by who was given it; what comes
/// out is bound to what the client itself proves to hold, never to the key of the other.
#[tokio::test]
async fn a_token_bound_to_a_key_is_traded() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (theirs, mine) = (Signer::es256(), Signer::es256());
    let front = app.client().await;
    let subject_clients = vec![front.id.clone()];
    let policy = TokenExchangePolicy { subject_clients, ..delegation() };
    let client = service(&app, policy.clone()).await;
    let fresh = |key: &Signer, path: &str| dpop::proof(&app.core, key, "POST", path, &json!({}));
    let issued = tokens_with(&app, &front, Some(("dpop", &fresh(&theirs, TOKEN)))).await;
    assert_eq!(claims(&issued["access_token"])["cnf"]["jkt"], theirs.thumbprint());

    let token = &issued["access_token"];
    let proof = fresh(&mine, TOKEN);
    let bound = trade_with(&app, &client, token, ACCESS, &[], Some(("dpop", &proof))).await.is(200).json();
    assert_eq!((&bound["token_type"], &bound["issued_token_type"]), (&json!("DPoP"), &json!(ACCESS)));
    assert_eq!(claims(&bound["access_token"])["cnf"], json!({ "jkt": mine.thumbprint() }));
    let look = [("token", bound["access_token"].as_str().unwrap())];
    let told = app.form("/connect/introspect", &client, &look).await.json();
    assert_eq!((&told["active"], &told["cnf"]["jkt"]), (&json!(true), &mine.thumbprint().into()));
    let again = trade_with(&app, &client, token, ACCESS, &[], Some(("dpop", &proof))).await;
    assert_eq!(again.is(400).error(), "invalid_dpop_proof");
    let elsewhere = fresh(&mine, "/connect/userinfo");
    let wrong = trade_with(&app, &client, token, ACCESS, &[], Some(("dpop", &elsewhere))).await;
    assert_eq!(wrong.is(400).error(), "invalid_dpop_proof");

    let plain = trade(&app, &client, token, ACCESS, &[]).await.is(200).json();
    assert_eq!((&plain["token_type"], &claims(&plain["access_token"])["cnf"]), (&json!("Bearer"), &Value::Null));
    let strict = app
        .client_with(|settings| {
            settings.token_exchange = policy;
            settings.dpop_bound_access_tokens = true;
        })
        .await;
    assert_eq!(trade(&app, &strict, token, ACCESS, &[]).await.is(400).error(), "invalid_dpop_proof");
}

/// RFC 8693 §2.1, RFC 8705 §3: the same with certificates.
#[tokio::test]
async fn a_token_bound_to_a_certificate_is_traded() {
    let app = App::with(mtls::behind_proxy).await;
    app.person(EMAIL).await;
    let [theirs, mine] = [mtls::self_signed(), mtls::self_signed()].map(|identity| mtls::escaped(&identity));
    let front = app.client_with(|settings| settings.certificate_bound_access_tokens = true).await;
    let subject_clients = vec![front.id.clone()];
    let policy = TokenExchangePolicy { subject_clients, ..delegation() };
    let client = app
        .client_with(|settings| {
            settings.token_exchange = policy;
            settings.certificate_bound_access_tokens = true;
        })
        .await;
    let issued = tokens_with(&app, &front, Some((mtls::HEADER, &theirs))).await;
    let token = &issued["access_token"];
    assert_eq!(trade(&app, &client, token, ACCESS, &[]).await.is(400).error(), "invalid_request");
    let traded = trade_with(&app, &client, token, ACCESS, &[], Some((mtls::HEADER, &mine))).await.is(200).json();
    let [before, after] = [token, &traded["access_token"]].map(|token| claims(token)["cnf"]["x5t#S256"].clone());
    assert!(before.is_string() && after.is_string() && before != after, "{before} {after}");
}
