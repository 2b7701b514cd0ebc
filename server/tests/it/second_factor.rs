//! B2, B3, B6: second factors over the wire: the REST API, and what applications may ask for.

use std::time::Duration;

use ostiary::{
    core::{Actor, Ctx},
    factor::{SetEmailCodes, set_email_codes},
    session::resume_session,
    testing::{CODE_SECONDS, TestAuthenticator},
};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Browser, Client, EMAIL, PASSWORD, authorize, claims, parameter};

const STEP: Duration = Duration::from_secs(CODE_SECONDS);
const MFA: &str = "urn:ostiary:acr:mfa";
const PWD: &str = "urn:ostiary:acr:pwd";

/// The context of the session that an access token of the REST API belongs to.
async fn ctx(app: &App, token: &str) -> Ctx {
    let session = claims(token)["sid"].as_str().unwrap().parse().unwrap();
    let live = resume_session(&app.core, session).await.unwrap().unwrap();
    app.core.ctx(Actor::User(live.actor), app.core.meta())
}

/// A person with an authenticator, added through a session of the API.
async fn person_with_app(app: &App) -> TestAuthenticator {
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    TestAuthenticator::add(&ctx(app, &token).await).await
}

fn code(app: &App, authenticator: &TestAuthenticator) -> String {
    authenticator.code(app.core.now()).expose().to_owned()
}

async fn login(app: &App) -> Answer {
    app.post_api("/api/v1/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await
}

async fn show(app: &App, token: &Value, method: &str, code: &str) -> Answer {
    let body = json!({ "mfaToken": token, "method": method, "code": code });
    app.post_api("/api/v1/auth/login/second-factor", body).await
}

/// B2 B3: the API asks for the second factor with a problem that says what will do, and answers like `login` afterwards.
#[tokio::test]
async fn the_api_asks_for_a_second_factor() {
    let app = App::new().await;
    let authenticator = person_with_app(&app).await;
    let asked = login(&app).await;
    assert_eq!(asked.is(401).error(), "mfa-required");
    assert_eq!(asked.header("content-type"), "application/problem+json");
    let problem = asked.json();
    assert_eq!(problem["methods"], json!(["totp", "recovery"]));
    assert_eq!(problem["expiresIn"], 600);
    let token = &problem["mfaToken"];

    assert_eq!(show(&app, token, "totp", "000").await.is(401).error(), "wrong-code");
    assert_eq!(show(&app, token, "sms", "000").await.is(400).error(), "fields");
    assert_eq!(show(&app, &json!("ost_si_x"), "totp", "000").await.is(401).error(), "mfa-token");
    let done = show(&app, token, "totp", &code(&app, &authenticator)).await.is(200).json();
    let access = claims(done["token"].as_str().unwrap());
    assert_eq!((&access["amr"], &access["acr"]), (&json!(["pwd", "otp", "mfa"]), &json!(MFA)));
    assert_eq!(show(&app, token, "totp", &code(&app, &authenticator)).await.is(401).error(), "mfa-token");

    let token = login(&app).await.json()["mfaToken"].clone();
    show(&app, &token, "recovery", &authenticator.recovery_codes[0]).await.is(200);
    let token = login(&app).await.json()["mfaToken"].clone();
    assert_eq!(show(&app, &token, "recovery", &authenticator.recovery_codes[0]).await.is(401).error(), "wrong-code");

    // A sign-in that was begun in a browser is not completed here.
    let mut browser = app.browser();
    browser.post("/do/sign-in", &[("username", EMAIL), ("password", PASSWORD)]).await.is(303);
    assert!(!browser.cookies["ostiary-step"].contains("ost_si"), "the handle is sealed");
}

/// B4: a code by e-mail is asked for, sent, sent again, and makes no `mfa` of the sign-in.
#[tokio::test]
async fn the_api_sends_codes() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    set_email_codes(&ctx(&app, &token).await, SetEmailCodes { on: true }).await.unwrap();
    let asked = login(&app).await.is(401).json();
    assert_eq!((&asked["methods"], &asked["codeSent"]), (&json!(["email"]), &json!("email")));
    let token = &asked["mfaToken"];
    let send = async |body: Value| app.post_api("/api/v1/auth/login/second-factor/code", body).await;
    send(json!({ "mfaToken": token, "method": "email" })).await.is(204);
    assert_eq!(send(json!({ "mfaToken": token, "method": "totp" })).await.is(409).error(), "mfa-method");
    assert_eq!(send(json!({ "mfaToken": token, "method": "x" })).await.is(400).error(), "fields");
    assert_eq!(send(json!({ "mfaToken": "ost_si_x", "method": "email" })).await.is(401).error(), "mfa-token");
    let code = app.core.mails().await.pop().unwrap().code.unwrap();
    let done = show(&app, token, "email", &code).await.is(200).json();
    let access = claims(done["token"].as_str().unwrap());
    assert_eq!((&access["amr"], &access["acr"]), (&json!(["pwd", "otp"]), &json!(PWD)));
    assert_eq!(send(json!({ "mfaToken": token, "method": "email" })).await.is(401).error(), "mfa-token");
}

/// Answers the second step in a browser.
async fn second_step(app: &App, browser: &mut Browser, authenticator: &TestAuthenticator, to: &str) -> Answer {
    let i = parameter(to, "i").unwrap_or_default();
    browser.get(to).await.is(200);
    let code = code(app, authenticator);
    browser.post("/do/second-factor", &[("m", "totp"), ("code", &code), ("i", &i)]).await
}

/// What the ID token says for the code at the end of this address.
async fn id_token(app: &App, client: &Client, to: &str) -> Value {
    let code = parameter(to, "code").unwrap_or_else(|| panic!("no code in {to}"));
    let tokens = app.redeem(client, &code, &[]).await.is(200).json();
    claims(tokens["id_token"].as_str().unwrap())
}

fn essential(acr: &str) -> String {
    format!(r#"{{"id_token":{{"acr":{{"essential":true,"value":"{acr}"}}}}}}"#)
}

/// B6: an application that asks for two factors leads somebody with a password-only session through the second one, and
/// reads the truth afterwards; the session of before ends, and its cookie with it.
#[tokio::test]
async fn applications_ask_for_more() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let mut browser = app.signed_in(EMAIL).await;
    let insists = essential(MFA);
    // Without a second factor it cannot be reached; a wish is no obstacle.
    let refused = browser.get(&authorize(&client, &[("claims", &insists)])).await;
    let error = parameter(refused.is(303).location(), "error");
    assert_eq!(error.as_deref(), Some("unmet_authentication_requirements"));
    let wished = browser.get(&authorize(&client, &[("acr_values", MFA)])).await;
    assert_eq!(id_token(&app, &client, wished.is(303).location()).await["acr"], PWD);

    // The app is added in this very session, which is of the password alone.
    for extra in [("claims", &*insists), ("acr_values", MFA)] {
        let app = App::new().await;
        app.person(EMAIL).await;
        let client = app.client_with(|settings| settings.first_party = true).await;
        let mut browser = app.signed_in(EMAIL).await;
        browser.post("/do/add-authenticator", &[("label", "Phone")]).await.is(303);
        let page = browser.get("/account/authenticators/scan").await;
        let key = page
            .body
            .split_once("<code class=\"text-sm select-all wrap-anywhere\">")
            .unwrap()
            .1
            .split_once("</code>")
            .unwrap()
            .0;
        let authenticator = TestAuthenticator::with_key(key);
        let first = code(&app, &authenticator);
        browser.post("/do/confirm-authenticator", &[("code", &first)]).await.is(303);
        app.core.clock.advance(STEP);
        let before = browser.cookies["ostiary"].clone();
        let began = app.core.now().as_secs();

        let to = browser.get(&authorize(&client, &[extra])).await.is(303).location().to_owned();
        assert!(to.starts_with("/sign-in?i="), "{to}");
        let i = parameter(&to, "i").unwrap();
        let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
        let to = browser.post("/do/sign-in", &fields).await.is(303).location().to_owned();
        assert_eq!(to, format!("/sign-in/second-factor?i={i}"));
        // Going on without it leads back to the beginning.
        let skipped = browser.get(&format!("/connect/resume?i={i}")).await.is(303).location().to_owned();
        assert!(skipped.starts_with("/sign-in?i="), "{skipped}");
        let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
        let answer = browser.get(&resumed).await.is(303).location().to_owned();
        let told = id_token(&app, &client, &answer).await;
        assert_eq!((&told["acr"], &told["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
        assert!(told["auth_time"].as_i64().unwrap() >= began);
        assert_ne!(browser.cookies["ostiary"], before);

        // Now it is met, and so is the weaker one.
        let silent = browser.get(&authorize(&client, &[extra, ("prompt", "none")])).await.is(303).location().to_owned();
        assert_eq!(id_token(&app, &client, &silent).await["acr"], MFA);
        let weaker = essential(PWD);
        let answer = browser.get(&authorize(&client, &[("claims", &weaker)])).await.is(303).location().to_owned();
        assert_eq!(id_token(&app, &client, &answer).await["acr"], PWD);
    }
}

/// B6: `prompt=login` and `max_age` ask for all of it again, and `auth_time` is that of the last step.
#[tokio::test]
async fn signing_in_again_takes_both_steps() {
    let app = App::new().await;
    let authenticator = person_with_app(&app).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let mut browser = app.browser();
    let to =
        browser.post("/do/sign-in", &[("username", EMAIL), ("password", PASSWORD)]).await.is(303).location().to_owned();
    second_step(&app, &mut browser, &authenticator, &to).await.is(303);
    for extra in [("prompt", "login"), ("max_age", "60")] {
        app.core.clock.advance(Duration::from_mins(2));
        let to = browser.get(&authorize(&client, &[extra])).await.is(303).location().to_owned();
        let i = parameter(&to, "i").unwrap();
        let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
        let to = browser.post("/do/sign-in", &fields).await.is(303).location().to_owned();
        app.core.clock.advance(STEP);
        let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
        let answer = browser.get(&resumed).await.is(303).location().to_owned();
        let told = id_token(&app, &client, &answer).await;
        assert_eq!(told["auth_time"], app.core.now().as_secs());
        assert_eq!(told["acr"], MFA);
    }
}
