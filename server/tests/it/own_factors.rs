//! One's own second factors and passkeys by REST (B1, B2, B3, B4, B7): what the pages do, for programs.

use http::Method;
use ostiary::testing::TestAuthenticator;
use serde_json::{Value, json};

use crate::harness::{Answer, App, EMAIL, OTHER_EMAIL};

async fn call(app: &App, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
    app.api(method, &format!("/api/v1/me/{path}"), Some(token), body).await
}

/// B2 B3: an app is set up, named, and removed; recovery codes are told once; nobody else gets at it.
#[tokio::test]
async fn an_app_is_set_up_by_rest() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let none = json!({
        "authenticators": [],
        "recoveryCodes": null,
        "emailCodes": { "available": true, "on": false, "addedAt": null, "lastUsedAt": null },
        "smsCodes": { "available": false, "on": false, "addedAt": null, "lastUsedAt": null },
    });
    assert_eq!(call(&app, Method::GET, "factors", &token, None).await.is(200).json(), none);
    let early = call(&app, Method::POST, "authenticators/confirm", &token, Some(json!({ "code": "000000" }))).await;
    assert_eq!(early.is(409).error(), "no-set-up");
    let long = json!({ "name": "x".repeat(300) });
    assert_eq!(call(&app, Method::POST, "authenticators", &token, Some(long)).await.is(400).error(), "fields");

    let begun = call(&app, Method::POST, "authenticators", &token, Some(json!({ "name": "Phone" }))).await;
    let begun = begun.is(201).json();
    assert!(begun["uri"].as_str().unwrap().starts_with("otpauth://totp/"));
    let phone = TestAuthenticator::with_key(begun["key"].as_str().unwrap());
    let code = || json!({ "code": phone.code(app.core.now()).expose() });
    // Somebody else's set-up is not there.
    call(&app, Method::POST, "authenticators/confirm", &stranger, Some(code())).await.is(409);
    let wrong = call(&app, Method::POST, "authenticators/confirm", &token, Some(json!({ "code": "12345" }))).await;
    assert_eq!(wrong.is(400).error(), "wrong-code");
    let confirmed = call(&app, Method::POST, "authenticators/confirm", &token, Some(code())).await.is(200).json();
    assert_eq!(confirmed["recoveryCodes"].as_array().unwrap().len(), 10);

    let factors = call(&app, Method::GET, "factors", &token, None).await.is(200).json();
    assert_eq!(
        (&factors["authenticators"][0]["name"], &factors["recoveryCodes"]["left"]),
        (&"Phone".into(), &10.into())
    );
    assert!(!factors.to_string().contains(begun["key"].as_str().unwrap()));
    let one = format!("authenticators/{}", factors["authenticators"][0]["id"].as_str().unwrap());
    let name = || Some(json!({ "name": "Work phone" }));
    call(&app, Method::PUT, &one, &stranger, name()).await.is(404);
    call(&app, Method::DELETE, &one, &stranger, None).await.is(404);
    call(&app, Method::PUT, &one, &token, name()).await.is(204);
    let fresh = call(&app, Method::POST, "recovery-codes", &token, None).await.is(200).json();
    assert_ne!(fresh["recoveryCodes"], confirmed["recoveryCodes"]);

    // What protects the account is changed by somebody who proved who they are a short while ago.
    app.core.clock.advance(std::time::Duration::from_secs(601));
    for (method, path, body) in [
        (Method::POST, "authenticators", Some(json!({ "name": "Another" }))),
        (Method::POST, "recovery-codes", None),
        (Method::DELETE, one.as_str(), None),
        (Method::PUT, "email-codes", Some(json!({ "on": true }))),
    ] {
        let answer = call(&app, method, path, &token, body).await;
        assert_eq!(answer.is(403).error(), "sign-in-again", "{path}");
    }
    call(&app, Method::PUT, &one, &token, Some(json!({ "name": "Phone" }))).await.is(204);
}

/// B4: codes by e-mail are turned on and off, and which of the two has to be said.
#[tokio::test]
async fn email_codes_are_set_by_rest() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    for body in [json!({}), json!({ "on": "yes" }), json!({ "on": null })] {
        assert_eq!(call(&app, Method::PUT, "email-codes", &token, Some(body)).await.is(400).error(), "fields");
    }
    let sms = call(&app, Method::PUT, "sms-codes", &token, Some(json!({ "on": true }))).await;
    assert_eq!(sms.is(409).error(), "unavailable");
    for on in [true, false] {
        call(&app, Method::PUT, "email-codes", &token, Some(json!({ "on": on }))).await.is(204);
        let factors = call(&app, Method::GET, "factors", &token, None).await.is(200).json();
        assert_eq!(factors["emailCodes"]["on"], on);
    }
}

/// B1 B7: passkeys and trusted browsers are listed, named and ended by their owner alone.
#[tokio::test]
async fn keys_and_browsers_are_kept_by_rest() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let list = async |path| call(&app, Method::GET, path, &token, None).await.is(200).json();
    assert_eq!(list("passkeys").await, json!({ "passkeys": [] }));
    assert_eq!(list("trusted-browsers").await, json!({ "trustedBrowsers": [] }));
    for id in ["nonsense", "0198f0c0-0000-7000-8000-000000000000"] {
        let name = Some(json!({ "name": "Laptop" }));
        call(&app, Method::PUT, &format!("passkeys/{id}"), &token, name).await.is(404);
        call(&app, Method::DELETE, &format!("passkeys/{id}"), &token, None).await.is(404);
        call(&app, Method::DELETE, &format!("trusted-browsers/{id}"), &token, None).await.is(404);
    }
}
