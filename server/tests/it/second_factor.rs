//! B2, B3, B6: second factors over the wire: the REST API, and what applications may ask for.

use std::time::Duration;

use ostiary::{
    core::{Actor, Ctx},
    factor::{Channel, SetCodes, set_codes},
    session::resume_session,
    testing::{CODE_SECONDS, SoftAuthenticator, TestAuthenticator},
};
use serde_json::{Value, json};

use crate::harness::{
    Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, authorize, claims, parameter,
};

const STEP: Duration = Duration::from_secs(CODE_SECONDS);
const MFA: &str = "urn:ostiary:acr:mfa";
const PWD: &str = "urn:ostiary:acr:pwd";
const PHR: &str = "urn:ostiary:acr:phr";

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
    assert_eq!(show(&app, token, "fax", "000").await.is(400).error(), "fields");
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

/// The code of the last mail that had one. Mails of one moment have no order.
async fn newest_code(app: &App) -> String {
    app.core.mails().await.into_iter().rev().find_map(|mail| mail.code).unwrap()
}

/// B4: a code by e-mail is asked for, sent, sent again, and makes no `mfa` of the sign-in.
#[tokio::test]
async fn the_api_sends_codes() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    set_codes(&ctx(&app, &token).await, SetCodes { channel: Channel::Email, on: true }).await.unwrap();
    let asked = login(&app).await.is(401).json();
    assert_eq!((&asked["methods"], &asked["codeSent"]), (&json!(["email"]), &json!("email")));
    let token = &asked["mfaToken"];
    let send = async |body: Value| app.post_api("/api/v1/auth/login/second-factor/code", body).await;
    app.core.clock.advance(STEP);
    send(json!({ "mfaToken": token, "method": "email" })).await.is(204);
    assert_eq!(send(json!({ "mfaToken": token, "method": "totp" })).await.is(409).error(), "mfa-method");
    assert_eq!(send(json!({ "mfaToken": token, "method": "x" })).await.is(400).error(), "fields");
    assert_eq!(send(json!({ "mfaToken": "ost_si_x", "method": "email" })).await.is(401).error(), "mfa-token");
    let code = newest_code(&app).await;
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

/// Somebody who added an authenticator in a session of the password alone.
async fn password_session() -> (App, Browser, TestAuthenticator) {
    let app = App::new().await;
    app.person(EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    browser.post("/do/add-authenticator", &[("label", "Phone")]).await.is(303);
    let page = browser.get("/account/authenticators/scan").await;
    let (_, rest) = page.body.split_once("<code class=\"text-sm select-all wrap-anywhere\">").unwrap();
    let authenticator = TestAuthenticator::with_key(rest.split_once("</code>").unwrap().0);
    let first = code(&app, &authenticator);
    browser.post("/do/confirm-authenticator", &[("code", &first)]).await.is(303);
    app.core.clock.advance(STEP);
    (app, browser, authenticator)
}

/// B6: a password that is too old for `max_age`, or that `prompt=login` asks for, is asked for again, and the second factor
/// with it: once each, whatever else the application asks for.
#[tokio::test]
async fn what_is_too_old_is_shown_again() {
    let insists = essential(MFA);
    for extra in [&[("max_age", "60"), ("claims", &insists)][..], &[("prompt", "login"), ("acr_values", MFA)]] {
        let (app, mut browser, authenticator) = password_session().await;
        let client = app.client_with(|settings| settings.first_party = true).await;
        app.core.clock.advance(Duration::from_mins(5));
        let to = browser.get(&authorize(&client, extra)).await.is(303).location().to_owned();
        let i = parameter(&to, "i").unwrap();
        browser.get(&to).await.is(200);
        let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
        let to = browser.post("/do/sign-in", &fields).await.is(303).location().to_owned();
        app.core.clock.advance(STEP);
        let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
        let answer = browser.get(&resumed).await.is(303).location().to_owned();
        let told = id_token(&app, &client, &answer).await;
        assert_eq!((&told["acr"], &told["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
        assert_eq!(told["auth_time"], app.core.now().as_secs());
    }
    // Young enough: the second factor alone.
    let (app, mut browser, authenticator) = password_session().await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let extra = [("max_age", "600"), ("claims", insists.as_str())];
    let to = browser.get(&authorize(&client, &extra)).await.is(303).location().to_owned();
    let to = browser.get(&to).await.is(303).location().to_owned();
    let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
    let answer = browser.get(&resumed).await.is(303).location().to_owned();
    assert_eq!(id_token(&app, &client, &answer).await["acr"], MFA);
}

/// B4 B6: a code from the mail is not enough for two kinds of proof; who has an app is asked for it, at once after such a
/// sign-in as well as later, and is not offered the mail for it.
#[tokio::test]
async fn a_code_from_the_mail_is_not_enough() {
    let app = App::new().await;
    let authenticator = person_with_app(&app).await;
    let (client, mut browser) = (app.client_with(|settings| settings.first_party = true).await, app.browser());
    let token = {
        let token = login(&app).await.json()["mfaToken"].clone();
        app.core.clock.advance(STEP);
        show(&app, &token, "totp", &code(&app, &authenticator)).await.is(200).json()["token"].clone()
    };
    set_codes(&ctx(&app, token.as_str().unwrap()).await, SetCodes { channel: Channel::Email, on: true }).await.unwrap();
    let to = browser.get(&authorize(&client, &[("claims", &essential(MFA))])).await.is(303).location().to_owned();
    let i = parameter(&to, "i").unwrap();
    let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
    browser.post("/do/sign-in", &fields).await.is(303);
    app.core.clock.advance(STEP);
    browser.post("/do/send-code", &[("m", "email"), ("i", &i)]).await.is(303);
    let mailed = newest_code(&app).await;
    let fields = [("m", "email"), ("code", mailed.as_str()), ("i", i.as_str())];
    let resumed = browser.post("/do/second-factor", &fields).await.is(303).location().to_owned();
    let to = browser.get(&resumed).await.is(303).location().to_owned();
    assert_eq!(to, format!("/sign-in?i={i}"), "not enough");
    let to = browser.get(&to).await.is(303).location().to_owned();
    let ways = browser.get(&format!("/sign-in/second-factor?i={i}&m=ways")).await;
    assert!(ways.body.contains("Authenticator app") && !ways.body.contains("Code by e-mail"), "{}", ways.body);
    browser.post("/do/send-code", &[("m", "email"), ("i", &i)]).await.is(400);
    app.core.clock.advance(STEP);
    let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
    let answer = browser.get(&resumed).await.is(303).location().to_owned();
    let told = id_token(&app, &client, &answer).await;
    assert_eq!((&told["acr"], &told["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
}

/// B6 C1: what was begun on top of a session is of no use to any other: not to a stranger who has its cookie, not to another
/// account, and not after the session ended.
#[tokio::test]
async fn a_step_up_belongs_to_its_session() {
    let (app, mut browser, authenticator) = password_session().await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    app.person(OTHER_EMAIL).await;
    let to = browser.get(&authorize(&client, &[("acr_values", MFA)])).await.is(303).location().to_owned();
    let to = browser.get(&to).await.is(303).location().to_owned();
    let step = browser.cookies["ostiary-step"].clone();
    for mut thief in [app.browser(), app.signed_in(OTHER_EMAIL).await] {
        thief.cookies.insert("ostiary-step".to_owned(), step.clone());
        let shown = code(&app, &authenticator);
        let answer = thief.post("/do/second-factor", &[("m", "totp"), ("code", &shown)]).await;
        assert_eq!(answer.is(303).location(), "/sign-in");
    }
    browser.post("/do/sign-out", &[]).await.is(303);
    browser.cookies.insert("ostiary-step".to_owned(), step);
    let late = browser.get(&to).await.is(303).location().to_owned();
    assert!(late.starts_with("/sign-in?i="), "{late}");
}

/// B1 B6: what applications read after a passkey: `phr`, which meets `mfa`; a passkey that may be copied says so.
#[tokio::test]
async fn a_passkey_is_told_truthfully() {
    for (is_synced, key) in [(false, "hwk"), (true, "swk")] {
        let app = App::new().await;
        app.person(EMAIL).await;
        let client = app.client_with(|settings| settings.first_party = true).await;
        let mut browser = app.signed_in(EMAIL).await;
        let mut authenticator = SoftAuthenticator::new(ISSUER);
        authenticator.is_synced = is_synced;
        let begun = browser.post("/passkeys/enrolment", &[]).await.is(200).json();
        let made = authenticator.create(&begun["options"]);
        let fields = [("ceremony", begun["ceremony"].as_str().unwrap()), ("credential", &made)];
        browser.post("/do/add-passkey", &fields).await.is(303);
        // On top of the session that added it: the key alone is asked for.
        let insists = essential(PHR);
        let to = browser.get(&authorize(&client, &[("claims", &insists)])).await.is(303).location().to_owned();
        let to = browser.get(&to).await.is(303).location().to_owned();
        assert!(to.starts_with("/sign-in/second-factor?i="), "{to}");
        let i = parameter(&to, "i").unwrap();
        let begun = browser.post("/passkeys/second-factor", &[]).await.is(200).json();
        let signed = authenticator.get(&begun["options"]);
        let ceremony = begun["ceremony"].as_str().unwrap();
        let fields = [("ceremony", ceremony), ("credential", signed.as_str()), ("i", i.as_str())];
        let resumed = browser.post("/do/second-factor-key", &fields).await.is(303).location().to_owned();
        let answer = browser.get(&resumed).await.is(303).location().to_owned();
        let told = id_token(&app, &client, &answer).await;
        assert_eq!((&told["acr"], &told["amr"]), (&json!(PHR), &json!(["pwd", key, "user", "mfa"])));
        for wanted in [PHR, MFA] {
            let insists = essential(wanted);
            let mut browser = app.browser();
            let to = browser.get(&authorize(&client, &[("claims", &insists)])).await.is(303).location().to_owned();
            let i = parameter(&to, "i").unwrap();
            let begun = browser.post("/passkeys/sign-in", &[]).await.is(200).json();
            let signed = authenticator.get(&begun["options"]);
            let ceremony = begun["ceremony"].as_str().unwrap();
            let fields = [("ceremony", ceremony), ("credential", signed.as_str()), ("i", i.as_str())];
            let resumed = browser.post("/do/passkey-sign-in", &fields).await.is(303).location().to_owned();
            let answer = browser.get(&resumed).await.is(303).location().to_owned();
            let told = id_token(&app, &client, &answer).await;
            assert_eq!((&told["acr"], &told["amr"]), (&json!(wanted), &json!([key, "user", "mfa"])));
            assert_eq!(told["auth_time"], app.core.now().as_secs());
        }
    }
}

/// B7 B6: a trusted browser saves the second step and proves nothing by it: an application that asks for two factors has it
/// asked for.
#[tokio::test]
async fn a_trusted_browser_is_no_proof() {
    let app = App::new().await;
    let authenticator = person_with_app(&app).await;
    let client = app.client_with(|settings| settings.first_party = true).await;
    let mut browser = app.browser();
    let to = authorize(&client, &[]);
    let i = parameter(browser.get(&to).await.is(303).location(), "i").unwrap();
    let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
    browser.post("/do/sign-in", &fields).await.is(303);
    let shown = code(&app, &authenticator);
    browser.post("/do/second-factor", &[("m", "totp"), ("code", &shown), ("i", &i), ("trust", "1")]).await.is(303);
    browser.post("/do/sign-out", &[]).await.is(303);
    app.core.clock.advance(STEP);

    let i = parameter(browser.get(&to).await.is(303).location(), "i").unwrap();
    let fields = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
    let resumed = browser.post("/do/sign-in", &fields).await.is(303).location().to_owned();
    assert_eq!(resumed, format!("/connect/resume?i={i}"));
    let answer = browser.get(&resumed).await.is(303).location().to_owned();
    let told = id_token(&app, &client, &answer).await;
    assert_eq!((&told["acr"], &told["amr"]), (&json!(PWD), &json!(["pwd"])));
    let to = browser.get(&authorize(&client, &[("acr_values", MFA)])).await.is(303).location().to_owned();
    let to = browser.get(&to).await.is(303).location().to_owned();
    let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
    let answer = browser.get(&resumed).await.is(303).location().to_owned();
    assert_eq!(id_token(&app, &client, &answer).await["acr"], MFA);
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

    for extra in [("claims", &*insists), ("acr_values", MFA)] {
        let (app, mut browser, authenticator) = password_session().await;
        let client = app.client_with(|settings| settings.first_party = true).await;
        let before = browser.cookies["ostiary"].clone();
        let plain = browser.get(&authorize(&client, &[])).await.is(303).location().to_owned();
        let began = id_token(&app, &client, &plain).await["auth_time"].clone();
        app.core.clock.advance(STEP);

        let to = browser.get(&authorize(&client, &[extra])).await.is(303).location().to_owned();
        assert!(to.starts_with("/sign-in?i="), "{to}");
        let i = parameter(&to, "i").unwrap();
        let to = browser.get(&to).await.is(303).location().to_owned();
        assert_eq!(to, format!("/sign-in/second-factor?i={i}"), "the password is not asked for again");
        // Going on without it leads back to the beginning.
        let skipped = browser.get(&format!("/connect/resume?i={i}")).await.is(303).location().to_owned();
        assert!(skipped.starts_with("/sign-in?i="), "{skipped}");
        let resumed = second_step(&app, &mut browser, &authenticator, &to).await.is(303).location().to_owned();
        let answer = browser.get(&resumed).await.is(303).location().to_owned();
        let told = id_token(&app, &client, &answer).await;
        assert_eq!((&told["acr"], &told["amr"]), (&json!(MFA), &json!(["pwd", "otp", "mfa"])));
        assert_eq!(told["auth_time"], began, "the password is no younger for what was shown on top of it");
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
