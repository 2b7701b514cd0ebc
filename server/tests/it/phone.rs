//! A9, B4: the telephone number over the wire, codes by SMS through the API, and what applications read of both.

use std::time::Duration;

use axum::http::Method;
use ostiary::{
    config::SmsProvider,
    core::{Actor, Ctx},
    factor::{Channel, SetCodes, set_codes},
    protocol::ScopeSet,
    session::resume_session,
};
use serde_json::{Value, json};

use crate::harness::{Answer, App, EMAIL, OTHER_EMAIL, PASSWORD, authorize, claims, parameter};

const NUMBER: &str = "+4520123442";

async fn app() -> App {
    App::with(|config| config.sms.provider = SmsProvider::File).await
}

async fn newest(app: &App) -> String {
    // Messages of one moment have no order.
    app.core.clock.advance(Duration::from_secs(1));
    app.core.text_messages().await.pop().unwrap().code
}

async fn phone(app: &App, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
    app.api(method, &format!("/api/v1/me/phone{path}"), Some(token), body).await
}

/// Gives the owner of this token the number.
async fn confirm_number(app: &App, token: &str) {
    phone(app, Method::POST, "", token, Some(json!({ "phoneNumber": NUMBER }))).await.is(202);
    let code = newest(app).await;
    let confirmed = phone(app, Method::POST, "/confirm", token, Some(json!({ "code": code }))).await.is(200).json();
    assert_eq!(confirmed, json!({ "phoneNumber": NUMBER }));
}

/// A9: a number by REST, from asking to removing.
#[tokio::test]
async fn a_number_is_added_and_removed() {
    let app = app().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let ((token, _), (other, _)) = (app.login(EMAIL).await, app.login(OTHER_EMAIL).await);
    let nothing = json!({ "phoneNumber": null, "phoneNumberVerified": false, "waiting": null, "isOffered": true });
    assert_eq!(phone(&app, Method::GET, "", &token, None).await.is(200).json(), nothing);
    for (number, code) in [("20123442", "malformed"), ("", "missing"), ("+45\u{0}20123442", "malformed")] {
        let refused = phone(&app, Method::POST, "", &token, Some(json!({ "phoneNumber": number }))).await;
        assert_eq!(refused.is(400).json()["errors"][0]["code"], code);
    }
    assert_eq!(phone(&app, Method::DELETE, "", &token, None).await.is(404).error(), "not-found");
    phone(&app, Method::POST, "", &token, Some(json!({ "phoneNumber": "+45 20 12 34 42" }))).await.is(202);
    let waiting = phone(&app, Method::GET, "", &token, None).await.json()["waiting"].clone();
    assert_eq!(waiting["phoneNumber"], NUMBER);
    let code = newest(&app).await;
    let theirs = phone(&app, Method::POST, "/confirm", &other, Some(json!({ "code": code }))).await;
    assert_eq!(theirs.is(400).error(), "code");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = phone(&app, Method::POST, "/confirm", &token, Some(json!({ "code": wrong }))).await;
    assert_eq!(refused.is(400).error(), "wrong-code");
    phone(&app, Method::POST, "/confirm", &token, Some(json!({ "code": code }))).await.is(200);
    let same = phone(&app, Method::POST, "", &token, Some(json!({ "phoneNumber": NUMBER }))).await;
    assert_eq!(same.is(400).json()["errors"][0]["code"], "same");
    let me = app.api(Method::GET, "/api/v1/auth/me", Some(&token), None).await.is(200).json();
    assert_eq!((&me["phoneNumber"], &me["phoneNumberVerified"]), (&json!(NUMBER), &json!(true)));
    let data = app.api(Method::GET, "/api/v1/me/export", Some(&token), None).await.is(200).json();
    assert_eq!(data["account"]["profile"]["phone_number"], NUMBER);
    phone(&app, Method::DELETE, "", &token, None).await.is(204);
    assert_eq!(phone(&app, Method::GET, "", &token, None).await.is(200).json(), nothing);

    let without = App::new().await;
    without.person(EMAIL).await;
    let (token, _) = without.login(EMAIL).await;
    let refused = phone(&without, Method::POST, "", &token, Some(json!({ "phoneNumber": NUMBER }))).await;
    assert_eq!(refused.is(409).error(), "no-sms");
}

async fn ctx(app: &App, token: &str) -> Ctx {
    let session = claims(token)["sid"].as_str().unwrap().parse().unwrap();
    let live = resume_session(&app.core, session).await.unwrap().unwrap();
    app.core.ctx(Actor::User(live.actor), app.core.meta())
}

/// B4 B6: the API asks for a code by SMS, and tells how somebody signed in: `otp`, `sms`, `mfa`.
#[tokio::test]
async fn the_api_sends_codes_by_sms() {
    let app = app().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    confirm_number(&app, &token).await;
    set_codes(&ctx(&app, &token).await, SetCodes { channel: Channel::Sms, on: true }).await.unwrap();
    let login = json!({ "email": EMAIL, "password": PASSWORD });
    let asked = app.post_api("/api/v1/auth/login", login).await.is(401).json();
    assert_eq!((&asked["methods"], &asked["codeSent"]), (&json!(["sms"]), &json!("sms")));
    let send = json!({ "mfaToken": asked["mfaToken"], "method": "sms" });
    app.core.clock.advance(Duration::from_secs(1));
    app.post_api("/api/v1/auth/login/second-factor/code", send).await.is(204);
    let code = newest(&app).await;
    let show = json!({ "mfaToken": asked["mfaToken"], "method": "sms", "code": code });
    let done = app.post_api("/api/v1/auth/login/second-factor", show).await.is(200).json();
    let access = claims(done["token"].as_str().unwrap());
    assert_eq!(access["amr"], json!(["pwd", "otp", "sms", "mfa"]));
    assert_eq!(access["acr"], "urn:ostiary:acr:mfa");
}

/// A9 D5, OIDC Core §5.1 and §5.4: an application that may see the number reads it, confirmed and in E.164, and no longer when
/// it is gone; discovery tells of scope and claims.
#[tokio::test]
async fn an_application_reads_the_number() {
    let app = app().await;
    app.person(EMAIL).await;
    let scopes = ScopeSet::parse("openid phone").unwrap();
    let client = app.client_with(|settings| (settings.first_party, settings.scopes) = (true, scopes.clone())).await;
    let document = app.browser().get("/.well-known/openid-configuration").await.is(200).json();
    let lists = |list: &str, word: &str| document[list].as_array().unwrap().contains(&json!(word));
    assert!(lists("scopes_supported", "phone") && lists("claims_supported", "phone_number"));
    assert!(lists("claims_supported", "phone_number_verified"));
    for has_number in [true, false] {
        let (token, _) = app.login(EMAIL).await;
        if has_number {
            confirm_number(&app, &token).await;
        } else {
            phone(&app, Method::DELETE, "", &token, None).await.is(204);
        }
        let mut browser = app.signed_in(EMAIL).await;
        let to = browser.get(&authorize(&client, &[("scope", "openid phone")])).await.is(303).location().to_owned();
        let issued = app.redeem(&client, &parameter(&to, "code").unwrap(), &[]).await.is(200).json();
        let id_token = claims(issued["id_token"].as_str().unwrap());
        let access = issued["access_token"].as_str();
        let info = app.api(Method::GET, "/connect/userinfo", access, None).await.is(200).json();
        for told in [&id_token, &info] {
            let (number, is_verified) = (told.get("phone_number"), told.get("phone_number_verified"));
            let expected = has_number.then(|| (json!(NUMBER), json!(true))).unzip();
            assert_eq!((number.cloned(), is_verified.cloned()), expected, "{told}");
        }
    }
}
