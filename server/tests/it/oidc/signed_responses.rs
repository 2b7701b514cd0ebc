//! D6, D7, JARM, RFC 9701: answers that are tokens, as clients get them over HTTP and verify them with the published keys.

use axum::body::Body;
use http::{Request, header};
use ostiary::{
    client::{ContentEncryptionAlg, Encryption, KeyManagementAlg},
    protocol::{ForeignJws, ForeignKeys, SigningAlg},
    testing::Recipient,
};
use serde_json::Value;

use crate::harness::{Answer, App, Client, EMAIL, ISSUER, basic, form_body, parameter};

/// The claims of a token, verified with what `/.well-known/jwks.json` says now.
async fn verified(app: &App, jwt: &str, alg: SigningAlg) -> Value {
    let keys = ForeignKeys::parse(&app.get("/.well-known/jwks.json").await.is(200).json()).unwrap();
    let token = ForeignJws::parse(jwt).unwrap();
    assert!(keys.has_kid(token.kid().unwrap()), "the key is published");
    token.verify(&keys, &[alg]).unwrap().clone().into()
}

async fn tokens(app: &App, client: &Client, code: &str) -> Value {
    app.redeem(client, code, &[]).await.is(200).json()
}

async fn signed_in_tokens(app: &App, client: &Client) -> Value {
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, client, &[]).await;
    tokens(app, client, &code).await
}

async fn userinfo(app: &App, token: &str) -> Answer {
    let request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.send(request.body(Body::empty()).unwrap()).await
}

/// D7, OIDC Core §15.1 (oidcc-idtoken-signature, oidcc-idtoken-rs256): every algorithm offered signs ID tokens that verify
/// with the published keys.
#[tokio::test]
async fn id_tokens_verify_with_the_published_keys() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    for &alg in SigningAlg::ASYMMETRIC {
        let client = app.client_with(|settings| settings.id_token_alg = alg).await;
        let issued = signed_in_tokens(&app, &client).await;
        let claims = verified(&app, issued["id_token"].as_str().unwrap(), alg).await;
        assert_eq!((&claims["iss"], &claims["sub"]), (&ISSUER.into(), &person.to_string().into()));
        assert_eq!((&claims["aud"], &claims["nonce"]), (&client.id.as_str().into(), &"n0nce".into()));
    }
    let client = app.client_with(|settings| settings.id_token_alg = SigningAlg::Hs256).await;
    let issued = signed_in_tokens(&app, &client).await;
    let token = ForeignJws::parse(issued["id_token"].as_str().unwrap()).unwrap();
    let secret = ForeignKeys::from_secret(&client.secret.as_str().into());
    assert_eq!(token.verify(&secret, &[SigningAlg::Hs256]).unwrap()["aud"], client.id);
}

/// OIDC Core §10.2: an ID token that only its client can read.
#[tokio::test]
async fn an_id_token_is_encrypted() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let recipient = Recipient::default();
    let encryption = Encryption { alg: KeyManagementAlg::EcdhEs, enc: ContentEncryptionAlg::A256Gcm };
    let client = app
        .client_with(|settings| {
            settings.jwks = Some(recipient.jwks());
            settings.id_token_encryption = Some(encryption);
        })
        .await;
    let issued = signed_in_tokens(&app, &client).await;
    let (_, jwt) = recipient.open(issued["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(verified(&app, &jwt, SigningAlg::Es256).await["aud"], client.id);
}

/// OIDC Core §5.3.2 (oidcc-userinfo-rs256): signed userinfo is `application/jwt` and nobody keeps it.
#[tokio::test]
async fn userinfo_is_signed() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.userinfo_signed_response_alg = Some(SigningAlg::Rs256)).await;
    let issued = signed_in_tokens(&app, &client).await;
    let answer = userinfo(&app, issued["access_token"].as_str().unwrap()).await;
    answer.is(200);
    assert_eq!((answer.header("content-type"), answer.header("cache-control")), ("application/jwt", "no-store"));
    let claims = verified(&app, &answer.body, SigningAlg::Rs256).await;
    assert_eq!((&claims["sub"], &claims["email"]), (&person.to_string().into(), &EMAIL.into()));
    assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &client.id.as_str().into()));
    // An error stays what it is.
    assert_eq!(userinfo(&app, "nothing").await.is(401).error(), "invalid_token");
}

/// RFC 9701 §4, §5: by `Accept` or by registration; otherwise JSON as ever.
#[tokio::test]
async fn introspection_as_a_token() {
    const JWT: &str = "application/token-introspection+jwt";
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client().await;
    let issued = signed_in_tokens(&app, &client).await;
    let token = issued["access_token"].as_str().unwrap();
    let ask = async |client: &Client, accept: &str| {
        let request = Request::post("/connect/introspect")
            .header(header::AUTHORIZATION, basic(&client.id, &client.secret))
            .header(header::ACCEPT, accept);
        app.send(form_body(request, &[("token", token)])).await
    };
    for accept in [JWT, "application/json;q=0.5, Application/Token-Introspection+JWT;q=1"] {
        let answer = ask(&client, accept).await;
        assert_eq!((answer.is(200).header("content-type"), answer.header("cache-control")), (JWT, "no-store"));
        assert_eq!(ForeignJws::parse(&answer.body).unwrap().typ(), Some("token-introspection+jwt"));
        let claims = verified(&app, &answer.body, SigningAlg::Es256).await;
        assert_eq!((&claims["aud"], &claims["iss"]), (&client.id.as_str().into(), &ISSUER.into()));
        assert_eq!(claims["token_introspection"]["active"], true);
    }
    for accept in ["*/*", "application/json", "application/token-introspection+jwt;q=0", "application/*"] {
        assert_eq!(ask(&client, accept).await.is(200).json()["active"], true, "{accept}");
    }
    let registered =
        app.client_with(|settings| settings.introspection_signed_response_alg = Some(SigningAlg::EdDsa)).await;
    let answer = ask(&registered, "*/*").await;
    let claims = verified(&app, &answer.is(200).body, SigningAlg::EdDsa).await;
    // Another client's token is nothing to it.
    assert_eq!(claims["token_introspection"], serde_json::json!({ "active": false }));
}

/// The token of an authorization answer, from the place where `mode` puts it.
fn response(answer: &Answer, mode: &str) -> String {
    if mode == "form_post.jwt" {
        let (_, rest) = answer.is(200).body.split_once("name=\"response\"").unwrap();
        assert!(!answer.body.contains("name=\"code\"") && !answer.body.contains("name=\"state\""));
        return rest.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    }
    let location = answer.is(303).location();
    let separator = if mode == "fragment.jwt" { "callback#response=" } else { "callback?response=" };
    assert!(location.contains(separator) && !location.contains("code=") && !location.contains("state="), "{location}");
    parameter(location, "response").unwrap()
}

/// JARM §2.3: each way of travelling, with the whole answer inside the token; its code is as good as any.
#[tokio::test]
async fn authorization_answers_as_tokens() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.authorization_signed_response_alg = Some(SigningAlg::Ps256)).await;
    let mut browser = app.signed_in(EMAIL).await;
    for mode in ["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] {
        let answer = app.allow(&mut browser, &client, &[("response_mode", mode)]).await;
        let claims = verified(&app, &response(&answer, mode), SigningAlg::Ps256).await;
        assert_eq!((&claims["iss"], &claims["aud"]), (&ISSUER.into(), &client.id.as_str().into()), "{mode}");
        assert_eq!(claims["state"], "st4te");
        assert!(tokens(&app, &client, claims["code"].as_str().unwrap()).await["id_token"].is_string());

        let extra = [("response_mode", mode), ("prompt", "none"), ("max_age", "0")];
        let refused = browser.get(&crate::harness::authorize(&client, &extra)).await;
        let claims = verified(&app, &response(&refused, mode), SigningAlg::Ps256).await;
        assert_eq!((&claims["error"], &claims["state"]), (&"login_required".into(), &"st4te".into()), "{mode}");
    }
}

/// JARM §4, RFC 9701 §7, OIDC Discovery §3: what is offered is told.
#[tokio::test]
async fn discovery_tells() {
    let document = App::new().await.get("/.well-known/openid-configuration").await.is(200).json();
    let has = |name: &str, value: &str| document[name].as_array().is_some_and(|values| values.contains(&value.into()));
    for alg in ["ES256", "RS256", "PS256", "EdDSA"] {
        for what in ["id_token", "userinfo", "introspection", "authorization"] {
            assert!(has(&format!("{what}_signing_alg_values_supported"), alg), "{what} {alg}");
        }
    }
    assert!(
        has("id_token_signing_alg_values_supported", "HS256") && !has("userinfo_signing_alg_values_supported", "HS256")
    );
    assert!(!has("id_token_signing_alg_values_supported", "none"));
    for mode in ["jwt", "query.jwt", "fragment.jwt", "form_post.jwt"] {
        assert!(has("response_modes_supported", mode), "{mode}");
    }
    for what in ["id_token", "userinfo", "authorization"] {
        assert!(has(&format!("{what}_encryption_alg_values_supported"), "ECDH-ES"));
        assert!(has(&format!("{what}_encryption_enc_values_supported"), "A128CBC-HS256"));
    }
}
