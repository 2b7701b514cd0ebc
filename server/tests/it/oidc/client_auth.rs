//! D4: how clients prove themselves over HTTP (RFC 6749 §2.3, RFC 7521 §4.2, RFC 7523 §2.2, OIDC Core §9).

use ostiary::{
    client::{ClientSettings, SecurityProfile},
    core::Core,
    id::OutboxId,
    protocol::{TokenEndpointAuthMethod, client_auth::JWT_BEARER},
    testing::Signer,
};
use serde_json::{Value, json};

use crate::harness::{App, Client, ISSUER};

const TOKEN: &str = "/connect/token";
const PAR: &str = "/connect/par";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// Registers a client that proves itself with the key of `signer`.
pub async fn key_client(app: &App, signer: &Signer, change: impl FnOnce(&mut ClientSettings)) -> Client {
    app.client_with(|settings| {
        settings.auth_method = TokenEndpointAuthMethod::PrivateKeyJwt;
        settings.jwks = Some(signer.jwks());
        change(settings);
    })
    .await
}

/// A fresh assertion of `client`; `changes` replace claims, null takes one out.
pub fn assertion(core: &Core, signer: &Signer, client: &Client, changes: &Value) -> String {
    let now = core.now().as_secs();
    let mut claims = json!({
        "iss": client.id,
        "sub": client.id,
        "aud": ISSUER,
        "exp": now + 60,
        "iat": now,
        "jti": core.new_id::<OutboxId>().as_uuid().to_string(),
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    signer.sign(&json!({}), &claims)
}

/// The parameters that carry it.
pub fn proof(jwt: &str) -> [(&str, &str); 2] {
    [("client_assertion_type", JWT_BEARER), ("client_assertion", jwt)]
}

async fn asked(app: &App, path: &str, fields: &[(&str, &str)], jwt: &str) -> (u16, String) {
    let answer = app.bare_form(path, &[fields, &proof(jwt)].concat()).await;
    (answer.status.as_u16(), answer.error())
}

/// D4: Basic `oidcc-server-client-secret-post`.
#[tokio::test]
async fn a_secret_in_the_body() {
    let app = App::new().await;
    let client = app.client_with(|settings| settings.auth_method = TokenEndpointAuthMethod::ClientSecretPost).await;
    let fields = [GRANT, ("client_id", client.id.as_str()), ("client_secret", client.secret.as_str())];
    app.bare_form(TOKEN, &fields).await.is(200);
    assert_eq!(app.form(TOKEN, &client, &[GRANT]).await.is(401).error(), "invalid_client");
    let wrong = [GRANT, ("client_id", client.id.as_str()), ("client_secret", "wrong")];
    assert_eq!(app.bare_form(TOKEN, &wrong).await.is(401).error(), "invalid_client");
}

/// D4, RFC 7521 §4.2: `client_id` beside an assertion may be left out, but never be another.
#[tokio::test]
async fn an_assertion_takes_the_place_of_a_secret() {
    let app = App::new().await;
    let signer = Signer::es256();
    let client = key_client(&app, &signer, |_| {}).await;
    assert!(client.secret.is_empty());
    let jwt = || assertion(&app.core, &signer, &client, &json!({}));
    assert_eq!(asked(&app, TOKEN, &[GRANT], &jwt()).await.0, 200);
    assert_eq!(asked(&app, TOKEN, &[GRANT, ("client_id", &client.id)], &jwt()).await.0, 200);
    let refused = (401, "invalid_client".to_owned());
    assert_eq!(asked(&app, TOKEN, &[GRANT, ("client_id", "other")], &jwt()).await, refused);
    let both = asked(&app, TOKEN, &[GRANT, ("client_id", &client.id), ("client_secret", "x")], &jwt()).await;
    assert_eq!(both, (400, "invalid_request".to_owned()));
    let untyped = app.bare_form(TOKEN, &[GRANT, ("client_assertion", &jwt())]).await;
    assert_eq!(untyped.is(401).error(), "invalid_client");
    let used = jwt();
    assert_eq!(asked(&app, TOKEN, &[GRANT], &used).await.0, 200);
    let again = app.bare_form(TOKEN, &[&[GRANT][..], &proof(&used)].concat()).await;
    assert_eq!(again.is(401).json()["error_description"], "client_assertion: jti was used before");
}

/// D4, OIDC Core §9: an assertion may be meant for the issuer, the token endpoint, or the endpoint that is called; the
/// same at every endpoint for clients. Dynamic `oidcc-ensure-client-assertion-with-iss-aud-succeeds`.
#[tokio::test]
async fn every_endpoint_takes_assertions() {
    let app = App::new().await;
    let signer = Signer::es256();
    let client = key_client(&app, &signer, |_| {}).await;
    for path in [TOKEN, "/connect/introspect", "/connect/revocation"] {
        let fields: &[_] = if path == TOKEN { &[GRANT] } else { &[("token", "x")] };
        let [issuer, token, here] = [ISSUER.to_owned(), format!("{ISSUER}{TOKEN}"), format!("{ISSUER}{path}")];
        for aud in [json!(issuer), json!([issuer]), json!(token), json!([here, "https://other.example"])] {
            let jwt = assertion(&app.core, &signer, &client, &json!({ "aud": aud }));
            assert_eq!(asked(&app, path, fields, &jwt).await.0, 200, "{path} {aud}");
        }
        let jwt = assertion(&app.core, &signer, &client, &json!({ "aud": format!("{ISSUER}/connect/userinfo") }));
        assert_eq!(asked(&app, path, fields, &jwt).await, (401, "invalid_client".to_owned()), "{path}");
    }
}

/// D8, FAPI 2.0 Security Profile §5.3.2.1, §5.4: the modules about client assertions, at the token endpoint.
#[tokio::test]
async fn assertions_of_a_security_profile() {
    let app = App::new().await;
    let (signer, rsa) = (Signer::es256(), Signer::new(ostiary::protocol::SigningAlg::Rs256));
    let client = key_client(&app, &signer, |settings| {
        settings.profile = Some(SecurityProfile::Fapi2Security);
        settings.jwks = Some(json!({ "keys": [signer.jwk(), rsa.jwk()] }));
    })
    .await;
    let now = app.core.now().as_secs();
    let refused = [
        ("wrong-aud", json!({ "aud": "https://other.example" })),
        ("array-as-audience", json!({ "aud": [ISSUER] })),
        ("token-endpoint-url-as-audience", json!({ "aud": format!("{ISSUER}{TOKEN}") })),
        ("exp-is-5-minutes-in-past", json!({ "exp": now - 300 })),
        ("nbf-over-60-seconds-in-the-future", json!({ "nbf": now + 65, "exp": now + 300 })),
        ("par-endpoint-url-as-audience", json!({ "aud": format!("{ISSUER}{PAR}") })),
        ("no-sub", json!({ "sub": null })),
        ("no-jti", json!({ "jti": null })),
    ];
    for (case, changes) in refused {
        let jwt = assertion(&app.core, &signer, &client, &changes);
        assert_eq!(asked(&app, "/connect/introspect", &[("token", "x")], &jwt).await.0, 401, "{case}");
        assert_eq!(asked(&app, PAR, &[], &jwt).await, (401, "invalid_client".to_owned()), "{case}");
        assert_eq!(asked(&app, TOKEN, &[GRANT], &jwt).await, (401, "invalid_client".to_owned()), "{case}");
    }
    let rs256 = assertion(&app.core, &rsa, &client, &json!({}));
    assert_eq!(asked(&app, TOKEN, &[GRANT], &rs256).await, (401, "invalid_client".to_owned()), "RS256");
    let none = app.bare_form(TOKEN, &[GRANT, ("client_id", &client.id)]).await;
    assert_eq!(none.is(401).error(), "invalid_client", "no assertion");
    for changes in [json!({}), json!({ "nbf": now + 8, "iat": now + 8 })] {
        let jwt = assertion(&app.core, &signer, &client, &changes);
        assert_eq!(asked(&app, "/connect/introspect", &[("token", "x")], &jwt).await.0, 200, "{changes}");
    }
}

/// D4, RFC 7523 §3: one assertion, a hundred requests at once, one token.
#[tokio::test]
async fn a_hundred_at_once_with_one_assertion() {
    let app = std::sync::Arc::new(App::new().await);
    let signer = Signer::es256();
    let client = key_client(&app, &signer, |_| {}).await;
    let jwt = assertion(&app.core, &signer, &client, &json!({}));
    let tries: Vec<_> = (0..100)
        .map(|_| {
            let (app, jwt) = (std::sync::Arc::clone(&app), jwt.clone());
            tokio::spawn(async move { asked(&app, TOKEN, &[GRANT], &jwt).await.0 })
        })
        .collect();
    let mut answers = Vec::new();
    for one in tries {
        answers.push(one.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|&&status| status == 200).count(), 1);
    assert_eq!(answers.iter().filter(|&&status| status == 401).count(), 99);
}
