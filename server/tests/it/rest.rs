//! The REST API from registration to the end of an account's sessions.

use http::Method;
use ostiary::config::BeyondMost;
use serde_json::{Value, json};

use crate::harness::{Answer, App, EMAIL, OTHER_EMAIL, PASSWORD};

const NEW: &str = "Quiet-harbour-9917";

async fn change_password(app: &App, token: &str, current: &str, new: &str) -> Answer {
    let body = json!({ "currentPassword": current, "newPassword": new });
    app.api(Method::POST, "/api/v1/auth/change-password", Some(token), Some(body)).await
}

async fn me(app: &App, token: &str) -> Answer {
    app.api(Method::GET, "/api/v1/auth/me", Some(token), None).await
}

async fn login(app: &App, identifier: &str, password: &str) -> Answer {
    app.post_api("/api/v1/auth/login", json!({ "username": identifier, "password": password })).await
}

/// C6: a program is told in the same way that there are as many sessions as there may be.
#[tokio::test]
async fn as_many_sessions_as_there_may_be() {
    let app = App::with(|config| {
        config.sessions.most = 1;
        config.sessions.beyond_most = BeyondMost::RefuseNew;
    })
    .await;
    app.person(EMAIL).await;
    login(&app, EMAIL, PASSWORD).await.is(200);
    let full = login(&app, EMAIL, PASSWORD).await;
    let problem = full.is(403).json();
    assert_eq!((&problem["type"], &problem["most"]), (&json!("urn:ostiary:problem:too-many-sessions"), &json!(1)));
}

/// A1, A4, A6, A9, C3, D3, D5: one person's whole way.
#[tokio::test]
async fn from_registration_to_the_end() {
    let app = App::new().await;
    let body = json!({
        "email": EMAIL, "username": "mara", "displayName": "Mara", "password": PASSWORD, "confirmPassword": PASSWORD,
    });
    let made = app.post_api("/api/v1/auth/register", body.clone()).await;
    let user = made.is(201).json();
    let id = user["userId"].as_str().unwrap();
    assert_eq!(made.location(), format!("http://localhost:8080/api/v1/users/{id}"));
    assert_eq!((&user["username"], &user["email"]), (&"mara".into(), &EMAIL.into()));
    assert_eq!(app.post_api("/api/v1/auth/register", body).await.is(409).error(), "username-taken");
    let body = json!({ "email": EMAIL.to_uppercase(), "password": PASSWORD });
    assert_eq!(app.post_api("/api/v1/auth/register", body).await.is(409).error(), "email-taken");

    assert_eq!(login(&app, EMAIL, PASSWORD).await.is(403).error(), "email-not-verified");
    assert_eq!(login(&app, EMAIL, "wrong").await.is(401).error(), "credentials");
    let mail = app.core.mails().await.remove(0);
    let verify = json!({ "token": mail.token() });
    let verified = app.post_api("/api/v1/auth/verify-email", verify.clone()).await;
    assert_eq!(verified.is(200).json()["userId"], id);
    assert_eq!(app.post_api("/api/v1/auth/verify-email", verify).await.is(400).error(), "link");

    let tokens = login(&app, "mara", PASSWORD).await.is(200).json();
    assert_eq!(tokens["expiresIn"], 24 * 60 * 60);
    let (token, refresh) = (tokens["token"].as_str().unwrap(), tokens["refreshToken"].as_str().unwrap());
    let shown = me(&app, token).await.is(200).json();
    assert_eq!(
        (&shown["userId"], &shown["emailVerified"], &shown["displayName"]),
        (&id.into(), &true.into(), &"Mara".into())
    );

    let refreshed = app.post_api("/api/v1/auth/refresh", json!({ "refreshToken": refresh })).await;
    let refreshed = refreshed.is(200).json();
    let token = refreshed["token"].as_str().unwrap();
    me(&app, token).await.is(200);

    let (other, _) = app.login(EMAIL).await;
    let sessions = app.api(Method::GET, "/api/v1/me/sessions", Some(token), None).await.is(200).json();
    let sessions = sessions["sessions"].as_array().unwrap().clone();
    assert_eq!(
        (sessions.len(), &sessions[0]["isCurrent"], &sessions[1]["isCurrent"]),
        (2, &true.into(), &false.into())
    );
    assert_eq!((&sessions[0]["kind"], &sessions[0]["ip"]), (&"api".into(), &"192.0.2.44".into()));

    change_password(&app, token, PASSWORD, NEW).await.is(204);
    me(&app, token).await.is(200);
    me(&app, &other).await.is(401);
    login(&app, EMAIL, PASSWORD).await.is(401);
    login(&app, EMAIL, NEW).await.is(200);

    app.api(Method::POST, "/api/v1/auth/logout", Some(token), None).await.is(204);
    me(&app, token).await.is(401);
    let refresh = refreshed["refreshToken"].clone();
    let ended = app.post_api("/api/v1/auth/refresh", json!({ "refreshToken": refresh })).await;
    assert_eq!(ended.is(401).error(), "refresh-token");
}

/// C3: one's own sessions end at once; somebody else's are not there.
#[tokio::test]
async fn sessions_are_ended_by_their_owner() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let (first, _) = app.login(EMAIL).await;
    let (second, _) = app.login(EMAIL).await;
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let sessions = app.api(Method::GET, "/api/v1/me/sessions", Some(&first), None).await.json();
    let path = format!("/api/v1/me/sessions/{}", sessions["sessions"][1]["id"].as_str().unwrap());
    app.api(Method::DELETE, &path, Some(&stranger), None).await.is(404);
    me(&app, &second).await.is(200);
    app.api(Method::DELETE, &path, Some(&first), None).await.is(204);
    me(&app, &second).await.is(401);
    app.api(Method::DELETE, &path, Some(&first), None).await.is(404);
    app.api(Method::DELETE, "/api/v1/me/sessions/nonsense", Some(&first), None).await.is(404);
}

/// A5: the same answer for everybody; the link works once and ends what was open.
#[tokio::test]
async fn a_forgotten_password_is_replaced() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let unknown = app.post_api("/api/v1/auth/forgot-password", json!({ "email": "nobody@nordhavn.example" })).await;
    let known = app.post_api("/api/v1/auth/forgot-password", json!({ "email": EMAIL })).await;
    assert_eq!((known.is(202).body.as_str(), unknown.is(202).body.as_str()), ("", ""));
    let mail = app.core.mails().await.pop().unwrap();
    let weak = app.post_api("/api/v1/auth/reset-password", json!({ "token": mail.token(), "password": "weak" })).await;
    assert_eq!(weak.is(400).error(), "fields");
    let body = json!({ "token": mail.token(), "password": NEW });
    app.post_api("/api/v1/auth/reset-password", body.clone()).await.is(204);
    me(&app, &token).await.is(401);
    assert_eq!(app.post_api("/api/v1/auth/reset-password", body).await.is(400).error(), "link");
    login(&app, EMAIL, NEW).await.is(200);
}

/// A4: the code of the mail does the same as its link.
#[tokio::test]
async fn a_code_confirms_too() {
    let app = App::new().await;
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    app.post_api("/api/v1/auth/register", body).await.is(201);
    let mail = app.core.mails().await.remove(0);
    let code = mail.code.unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let verify =
        async |code: &str| app.post_api("/api/v1/auth/verify-email", json!({ "email": EMAIL, "code": code })).await;
    assert_eq!(verify(wrong).await.is(400).error(), "wrong-code");
    verify(&code).await.is(200);
}

/// B5: the code of a mail gets the tokens that a password gets, once; where it is off, there is no such way.
#[tokio::test]
async fn a_mailed_code_logs_in() {
    let app = App::with(|config| config.sign_in.by_email = true).await;
    app.person(EMAIL).await;
    let (path, code_path) = ("/api/v1/auth/login/email", "/api/v1/auth/login/email/code");
    let unknown = app.post_api(path, json!({ "email": "nobody@nordhavn.example" })).await;
    let known = app.post_api(path, json!({ "email": EMAIL })).await;
    assert_eq!((known.is(202).body.as_str(), unknown.is(202).body.as_str()), ("", ""));
    let code = app.core.mails().await.pop().unwrap().code.unwrap();
    let show = async |email: &str, code: &str| app.post_api(code_path, json!({ "email": email, "code": code })).await;
    let stranger = show("nobody@nordhavn.example", &code).await;
    let wrong = show(EMAIL, if code == "000000" { "000001" } else { "000000" }).await;
    assert_eq!(stranger.is(401).body, wrong.is(401).body);
    assert_eq!(wrong.error(), "wrong-code");
    let token = show(EMAIL, &code).await.is(200).json()["token"].as_str().unwrap().to_owned();
    me(&app, &token).await.is(200);
    show(EMAIL, &code).await.is(401);

    let off = App::new().await;
    off.post_api(path, json!({ "email": EMAIL })).await.is(404);
    off.post_api(code_path, json!({ "email": EMAIL, "code": code })).await.is(404);
}

/// I8, A2: problem+json names every field and every broken rule at once, and repeats nothing of what was sent.
#[tokio::test]
async fn problems_name_every_field() {
    let app = App::new().await;
    let body = json!({ "email": "nobody", "username": ["hush"], "password": "hush", "confirmPassword": "hush2" });
    let answer = app.post_api("/api/v1/auth/register", body).await;
    assert_eq!(answer.is(400).header("content-type"), "application/problem+json");
    assert!(!answer.body.contains("hush") && !answer.body.contains("nobody"), "{}", answer.body);
    let problem = answer.json();
    assert_eq!((&problem["type"], &problem["status"]), (&"urn:ostiary:problem:fields".into(), &400.into()));
    assert!(problem["title"].is_string());
    let found = |problem: &Value| -> Vec<(String, String)> {
        let errors = problem["errors"].as_array().unwrap().iter();
        errors.map(|e| (e["field"].as_str().unwrap().to_owned(), e["code"].as_str().unwrap().to_owned())).collect()
    };
    let expected = [("email", "malformed"), ("username", "not_text"), ("confirmPassword", "differs")];
    assert_eq!(found(&problem), expected.map(|(f, c)| (f.to_owned(), c.to_owned())));

    let weak =
        app.post_api("/api/v1/auth/register", json!({ "email": EMAIL, "password": "kurz" })).await.is(400).json();
    let codes: Vec<_> = found(&weak)
        .into_iter()
        .map(|(field, code)| {
            assert_eq!(field, "password");
            code
        })
        .collect();
    assert_eq!(codes, ["min_length", "upper", "digit", "special"]);
}

/// I8: bodies that are not what they should be.
#[tokio::test]
async fn bodies_have_to_be_json_objects() {
    let app = App::new().await;
    let send = async |kind: &str, body: &[u8]| {
        let request = http::Request::post("/api/v1/auth/login").header("content-type", kind);
        app.send(request.body(axum::body::Body::from(body.to_vec())).unwrap()).await
    };
    assert_eq!(send("text/plain", b"{}").await.is(415).error(), "not-json");
    assert_eq!(send("application/x-www-form-urlencoded", b"username=a").await.is(415).error(), "not-json");
    for body in [&b""[..], b"{", b"[]", b"null", b"\"x\"", b"{\"a\":\xff}", b"{\"password\":\"hush\""] {
        let answer = send("application/json; charset=utf-8", body).await;
        assert_eq!(answer.is(400).error(), "malformed");
        assert!(!answer.body.contains("hush"));
    }
    let large = format!("{{\"username\":\"{}\"}}", "x".repeat(70_000));
    assert_eq!(send("application/json", large.as_bytes()).await.is(413).error(), "too-large");
    let long = format!("{{\"username\":\"{}\",\"password\":\"x\"}}", "x".repeat(10_000));
    assert_eq!(send("application/json", long.as_bytes()).await.is(400).error(), "fields");
}

/// A1: an instance may keep to itself which addresses have accounts.
#[tokio::test]
async fn a_taken_address_may_stay_a_secret() {
    let app = App::with(|config| config.registration.api_tells_taken = false).await;
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let first = app.post_api("/api/v1/auth/register", body.clone()).await.is(201).json();
    let second = app.post_api("/api/v1/auth/register", body).await.is(201).json();
    assert_eq!(first["email"], second["email"]);
    assert_ne!(first["userId"], second["userId"]);
}

/// I5: too many tries are answered 429 with the time to wait.
#[tokio::test]
async fn too_many_tries_have_to_wait() {
    let app = App::with(|config| (config.limits.sign_in_per_minute, config.limits.auth_per_minute) = (2, 3)).await;
    for _ in 0..2 {
        login(&app, EMAIL, "wrong").await.is(401);
    }
    let held = login(&app, EMAIL, "wrong").await;
    assert_eq!(held.is(429).error(), "too-many-requests");
    assert!(held.header("retry-after").parse::<u32>().unwrap() >= 1);
    for _ in 0..3 {
        app.post_api("/api/v1/auth/forgot-password", json!({ "email": EMAIL })).await.is(202);
    }
    app.post_api("/api/v1/auth/forgot-password", json!({ "email": EMAIL })).await.is(429);
}

/// D6, RFC 6750: a token that was issued to an application does not open our own API, and a cookie does not either.
#[tokio::test]
async fn only_our_own_tokens_open_the_api() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    browser.get("/api/v1/auth/me").await.is(401);
    let fields = [("grant_type", "client_credentials"), ("scope", "reports:read")];
    let token = app.form("/connect/token", &client, &fields).await.json()["access_token"].as_str().unwrap().to_owned();
    let refused = me(&app, &token).await;
    assert!(refused.is(401).header("www-authenticate").contains("error=\"invalid_token\""));
    assert!(!me(&app, "").await.is(401).header("www-authenticate").is_empty());
}

/// A6: the current password is asked for, and the new one must be new.
#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let code = |answer: &Answer| answer.json()["errors"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code(change_password(&app, &token, "wrong", NEW).await.is(400)), "wrong");
    assert_eq!(code(change_password(&app, &token, PASSWORD, PASSWORD).await.is(400)), "same");
    assert_eq!(code(change_password(&app, &token, PASSWORD, "kurz").await.is(400)), "min_length");
}
