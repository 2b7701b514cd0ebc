//! D8: OpenID CIBA in poll mode, on the wire and on its pages; with what the FAPI-CIBA certification asks of request objects.

use ostiary::{
    client::ClientSettings,
    protocol::{GrantType, SigningAlg},
    testing::Signer,
};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, EMAIL, ISSUER, OTHER_EMAIL, parameter};

pub const GRANT: &str = "urn:openid:params:grant-type:ciba";

async fn bank(app: &App) -> Client {
    app.client_with(|settings: &mut ClientSettings| {
        settings.grant_types = vec![GrantType::Ciba, GrantType::RefreshToken];
        settings.redirect_uris = Vec::new();
    })
    .await
}

async fn ask(app: &App, client: &Client, fields: &[(&str, &str)]) -> Answer {
    app.form("/connect/bc-authorize", client, fields).await
}

async fn poll(app: &App, client: &Client, begun: &Value) -> Answer {
    let id = begun["auth_req_id"].as_str().unwrap();
    app.form("/connect/token", client, &[("grant_type", GRANT), ("auth_req_id", id)]).await
}

/// The address of the first request on the page.
pub async fn first_request(browser: &mut crate::harness::Browser) -> String {
    let page = browser.get("/account/requests").await;
    let (_, rest) = page.is(200).body.split_once("/account/requests/answer?id=").unwrap();
    format!("/account/requests/answer?id={}", rest.split_once('"').unwrap().0)
}

pub async fn decide(browser: &mut crate::harness::Browser, decision: &str) {
    let address = first_request(browser).await;
    let id = parameter(&address, "id").unwrap();
    browser.get(&address).await.is(200);
    let fields = [("id", id.as_str()), ("decision", decision), ("scope", "offline_access")];
    assert_eq!(browser.post("/do/answer-request", &fields).await.is(303).location(), "/account/requests");
}

fn id_claims(issued: &Value) -> Value {
    use base64::Engine as _;
    let text = issued["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// fapi-ciba-id1, …-ensure-other-scope-order-succeeds, …-ensure-authorization-request-with-binding-message-succeeds,
/// …-multiple-call-to-token-endpoint, …-refresh-token: CIBA §7.3, §10.1, §11.
#[tokio::test]
async fn a_person_is_asked_and_says_yes() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let client = bank(&app).await;
    let fields = [
        ("scope", "offline_access profile openid"),
        ("login_hint", EMAIL),
        ("binding_message", "W4SCT"),
        ("acr_values", "x"),
    ];
    let answer = ask(&app, &client, &fields).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let begun = answer.is(200).json();
    assert_eq!((&begun["expires_in"], &begun["interval"]), (&600.into(), &5.into()));
    let mails = app.core.mails().await;
    let mail = mails.last().unwrap();
    assert!(mail.kind == "RequestWaits" && mail.to == EMAIL && mail.raw.contains("W4SCT"), "{}", mail.raw);
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "authorization_pending");
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "slow_down");

    let mut browser = app.browser();
    assert_eq!(browser.get("/account/requests").await.is(303).location(), "/sign-in?next=requests");
    let mut browser = app.signed_in(EMAIL).await;
    assert!(browser.get("/account").await.is(200).body.contains("An application waits for your answer"));
    let page = browser.get(&first_request(&mut browser.clone()).await).await;
    assert!(page.is(200).body.contains("W4SCT") && page.body.contains("Blockyard") && page.body.contains("192.0.2.44"));
    decide(&mut browser, "allow").await;

    let issued = poll(&app, &client, &begun).await.is(200).json();
    let claims = id_claims(&issued);
    assert_eq!(claims["sub"], person.to_string());
    assert_eq!(claims["urn:openid:params:jwt:claim:auth_req_id"], begun["auth_req_id"]);
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "invalid_grant");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", issued["refresh_token"].as_str().unwrap())];
    app.form("/connect/token", &client, &fields).await.is(200);
}

/// fapi-ciba-id1-user-rejects-authentication; what is one's own is nobody else's to see or decide.
#[tokio::test]
async fn a_person_says_no_and_nobody_else_can() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let client = bank(&app).await;
    let begun = ask(&app, &client, &[("scope", "openid"), ("login_hint", "mara")]).await.is(200).json();
    let mut browser = app.signed_in(EMAIL).await;
    let address = first_request(&mut browser).await;
    let mut other = app.signed_in(OTHER_EMAIL).await;
    other.get(&address).await.is(404);
    let id = parameter(&address, "id").unwrap();
    other.post("/do/answer-request", &[("id", &id), ("decision", "allow")]).await.is(303);
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "authorization_pending");
    decide(&mut browser, "deny").await;
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "access_denied");
    browser.get(&address).await.is(404);
}

/// fapi-ciba-id1-auth-req-id-expired, …-ensure-wrong-auth-req-id-in-token-endpoint-request,
/// …-ensure-wrong-client-id-in-token-endpoint-request: CIBA §11.
#[tokio::test]
async fn what_is_too_old_or_not_ones_own_brings_nothing() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (client, other) = (bank(&app).await, bank(&app).await);
    let fields = [("scope", "openid"), ("login_hint", EMAIL), ("requested_expiry", "30")];
    let begun = ask(&app, &client, &fields).await.is(200).json();
    assert_eq!(begun["expires_in"], 30);
    assert_eq!(poll(&app, &other, &begun).await.is(400).error(), "invalid_grant");
    let wrong = json!({ "auth_req_id": format!("{}x", begun["auth_req_id"].as_str().unwrap()) });
    assert_eq!(poll(&app, &client, &wrong).await.is(400).error(), "invalid_grant");
    app.core.clock.advance(std::time::Duration::from_secs(30));
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "expired_token");
    let mut browser = app.signed_in(EMAIL).await;
    assert!(browser.get("/account/requests").await.is(200).body.contains("Nothing waits for your answer"));
}

/// fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails, …-with-potentially-bad-binding-message; CIBA §13.
#[tokio::test]
async fn what_is_wrong_is_told() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = bank(&app).await;
    let long = "x".repeat(129);
    for (fields, status, error) in [
        (vec![("scope", "openid")], 400, "invalid_request"),
        (vec![("scope", "openid"), ("login_hint", EMAIL), ("id_token_hint", "x")], 400, "invalid_request"),
        (vec![("scope", "openid"), ("id_token_hint", "x")], 400, "invalid_request"),
        (vec![("scope", "openid"), ("login_hint_token", "x")], 400, "invalid_request"),
        (vec![("scope", "profile"), ("login_hint", EMAIL)], 400, "invalid_scope"),
        (vec![("scope", "openid admin"), ("login_hint", EMAIL)], 400, "invalid_scope"),
        (vec![("scope", "openid"), ("login_hint", "nobody@nordhavn.example")], 400, "unknown_user_id"),
        (vec![("scope", "openid"), ("login_hint", EMAIL), ("binding_message", &long)], 400, "invalid_binding_message"),
        (vec![("scope", "openid"), ("login_hint", EMAIL), ("requested_expiry", "-1")], 400, "invalid_request"),
        (vec![("scope", "openid"), ("scope", "openid"), ("login_hint", EMAIL)], 400, "invalid_request"),
    ] {
        let answer = ask(&app, &client, &fields).await;
        assert_eq!((answer.is(status).error().as_str(), app.core.mails().await.len()), (error, 0), "{fields:?}");
    }
    let plain = app.client_with(|settings| settings.grant_types = vec![GrantType::AuthorizationCode]).await;
    let answer = ask(&app, &plain, &[("scope", "openid"), ("login_hint", EMAIL)]).await;
    assert_eq!(answer.is(400).error(), "unauthorized_client");
    let wrong = Client { id: client.id.clone(), secret: "wrong".to_owned() };
    let answer = ask(&app, &wrong, &[("scope", "openid"), ("login_hint", EMAIL)]).await;
    assert_eq!(answer.is(401).error(), "invalid_client");
}

struct Signing {
    app: App,
    client: Client,
    signer: Signer,
}

impl Signing {
    async fn new() -> Self {
        let app = App::new().await;
        app.person(EMAIL).await;
        let signer = Signer::es256();
        let jwks = signer.jwks();
        let client = app
            .client_with(|settings| {
                settings.grant_types = vec![GrantType::Ciba];
                settings.redirect_uris = Vec::new();
                settings.jwks = Some(jwks);
                settings.backchannel_request_signing_alg = Some(SigningAlg::Es256);
            })
            .await;
        Self { app, client, signer }
    }

    /// A good request; `null` takes a claim out.
    fn claims(&self, changes: &Value) -> Value {
        let now = self.app.core.now().as_secs();
        let mut claims = json!({
            "iss": self.client.id, "aud": ISSUER, "exp": now + 300, "iat": now, "nbf": now,
            "jti": self.app.core.new_id::<ostiary::id::InteractionId>().to_string(),
            "scope": "openid", "login_hint": EMAIL, "requested_expiry": "30",
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        claims
    }

    async fn send(&self, request: &str) -> Answer {
        ask(&self.app, &self.client, &[("request", request)]).await
    }
}

/// fapi-ciba-id1-ensure-request-object-*, …-ensure-requested-expiry-as-string-succeeds: CIBA §7.1.1, FAPI-CIBA §5.2.2.
#[tokio::test]
async fn request_objects_hold_all_that_they_must() {
    let house = Signing::new().await;
    let now = house.app.core.now().as_secs();
    let none = json!({});
    let begun = house.send(&house.signer.sign(&none, &house.claims(&json!({})))).await.is(200).json();
    assert_eq!(begun["expires_in"], 30);
    for bad in [
        json!({ "aud": null }),
        json!({ "aud": "https://other.example" }),
        json!({ "iss": null }),
        json!({ "iss": "other" }),
        json!({ "exp": null }),
        json!({ "exp": now - 300 }),
        json!({ "exp": now + 70 * 60 }),
        json!({ "iat": null }),
        json!({ "nbf": null }),
        json!({ "nbf": now + 10 * 60, "exp": now + 15 * 60 }),
        json!({ "nbf": now - 70 * 60 }),
        json!({ "jti": null }),
        json!({ "jti": "" }),
        json!({ "exp": "soon" }),
        json!({ "id_token_hint": "x" }),
    ] {
        let answer = house.send(&house.signer.sign(&none, &house.claims(&bad))).await;
        assert_eq!(answer.is(400).error(), "invalid_request", "{bad}");
    }
    let request = house.signer.sign(&none, &house.claims(&json!({})));
    house.send(&request).await.is(200);
    assert_eq!(house.send(&request).await.is(400).error(), "invalid_request", "a jti counts once");
    let signed = house.signer.sign(&none, &house.claims(&json!({})));
    let beside = ask(&house.app, &house.client, &[("request", &signed), ("scope", "openid")]).await;
    assert_eq!(beside.is(400).error(), "invalid_request", "nothing stands beside it");
}

/// fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails, …-is-bad-fails, …-is-RS256-fails,
/// …-signed-by-other-client-fails, …-ensure-unsigned-backchannel-authorization-request-fails.
#[tokio::test]
async fn request_objects_are_signed_as_registered() {
    let house = Signing::new().await;
    let (none, claims) = (json!({}), || house.claims(&json!({})));
    let bad = [
        Signer::es256().sign(&none, &claims()),
        Signer::new(SigningAlg::Rs256).sign(&none, &claims()),
        house.signer.sign(&json!({ "alg": "none" }), &claims()),
        house.signer.sign(&json!({ "alg": "RS256" }), &claims()),
        format!("{}x", house.signer.sign(&none, &claims())),
        "x".to_owned(),
    ];
    for request in bad {
        assert_eq!(house.send(&request).await.is(400).error(), "invalid_request", "{request}");
    }
    let unsigned = ask(&house.app, &house.client, &[("scope", "openid"), ("login_hint", EMAIL)]).await;
    assert_eq!(unsigned.is(400).error(), "invalid_request");
    assert!(house.app.core.mails().await.is_empty());
}

/// fapi-ciba-id1-discovery-end-point-verification: CIBA §4.
#[tokio::test]
async fn discovery_tells_it() {
    let app = App::new().await;
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["backchannel_authentication_endpoint"], format!("{ISSUER}/connect/bc-authorize"));
    assert_eq!(document["backchannel_token_delivery_modes_supported"], json!(["poll"]));
    assert_eq!(document["backchannel_user_code_parameter_supported"], false);
    let algs = document["backchannel_authentication_request_signing_alg_values_supported"].to_string();
    assert!(algs.contains("ES256") && algs.contains("PS256") && !algs.contains("HS256"));
    assert!(document["grant_types_supported"].as_array().unwrap().contains(&GRANT.into()));
}
