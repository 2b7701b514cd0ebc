//! What people see and change of their own account: pages and REST side by side.

use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::harness::{ADMIN_EMAIL, App, EMAIL, OTHER_EMAIL, claims};

/// C4: an application is in the list with all it may do, and taking it back ends what it holds; on the page and by REST.
#[tokio::test]
async fn applications_are_looked_at_and_taken_back() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let list =
        async |token: &str| app.api(Method::GET, "/api/v1/me/applications", Some(token), None).await.is(200).json();
    assert!(browser.get("/account/applications").await.is(200).body.contains("No application uses your account"));
    assert_eq!(list(&token).await["applications"], serde_json::json!([]));

    let code = app.code(&mut browser, &client, &[]).await;
    let tokens = app.redeem(&client, &code, &[]).await.is(200).json();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let found = &list(&token).await["applications"][0];
    assert_eq!((&found["clientId"], &found["holdsTokens"]), (&client.id.as_str().into(), &true.into()));
    assert_eq!(found["scopes"], serde_json::json!(["openid", "profile", "email", "offline_access"]));
    assert_eq!(list(&stranger).await["applications"], serde_json::json!([]));
    let page = browser.get("/account/applications").await;
    let link = format!("/account/applications/revoke?id={}", client.id);
    assert!(page.is(200).body.contains(&link) && page.body.contains("Keep working while you are away"));

    let path = format!("/api/v1/me/applications/{}", client.id);
    app.api(Method::DELETE, &path, Some(&stranger), None).await.is(404);
    let mut other = app.signed_in(OTHER_EMAIL).await;
    other.get(&link).await.is(404);
    other.post("/do/revoke-application", &[("id", &client.id)]).await.is(404);
    for id in ["", "x", "ostiary", "\0"] {
        browser.post("/do/revoke-application", &[("id", id)]).await.is(404);
    }
    app.api(Method::DELETE, "/api/v1/me/applications/a%00b", Some(&token), None).await.is(404);

    browser.get(&link).await.is(200);
    let done = browser.post("/do/revoke-application", &[("id", &client.id)]).await;
    assert_eq!(done.is(303).location(), "/account/applications");
    let page = browser.get("/account/applications").await;
    assert!(page.body.contains("may do nothing more") && page.body.contains("No application uses your account"));
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(app.form("/connect/token", &client, &fields).await.is(400).json()["error"], "invalid_grant");
    app.api(Method::DELETE, &path, Some(&token), None).await.is(404);

    app.code(&mut browser, &client, &[]).await;
    app.api(Method::DELETE, &path, Some(&token), None).await.is(204);
    assert_eq!(list(&token).await["applications"], serde_json::json!([]));
}

/// C5: what happened is told page by page, to whom it happened to.
#[tokio::test]
async fn activity_is_read_page_by_page() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let pass = || app.core.clock.advance(std::time::Duration::from_secs(1));
    let wrong = serde_json::json!({ "email": EMAIL, "password": "Not-the-password-1" });
    pass();
    app.post_api("/api/v1/auth/login", wrong).await.is(401);
    pass();
    let (token, _) = app.login(EMAIL).await;
    let list = async |query: &str| {
        let path = format!("/api/v1/me/activity{query}");
        app.api(Method::GET, &path, Some(&token), None).await
    };
    let first = list("?limit=2").await.is(200).json();
    let lines = first["activity"].as_array().unwrap();
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["login", "login_failed"]);
    assert_eq!((&lines[0]["by"], &lines[0]["ip"]), (&"person".into(), &"192.0.2.44".into()));
    assert_eq!(lines[1]["reason"], "password");
    let next = first["next"].as_str().unwrap();
    let second = list(&format!("?after={next}")).await.is(200).json();
    assert_eq!(second["activity"][0]["kind"], "user_created");
    assert_eq!((&second["activity"][0]["by"], &second["activity"][0]["ip"]), (&"operator".into(), &().into()));
    assert!(second["next"].is_null());
    for query in ["?limit=0", "?limit=101", "?limit=x", "?after=x"] {
        assert_eq!(list(query).await.is(400).error(), "fields", "{query}");
    }
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let path = format!("/api/v1/me/activity?after={next}");
    let theirs = app.api(Method::GET, &path, Some(&stranger), None).await.is(200).json();
    assert_eq!(theirs["activity"], serde_json::json!([]), "somebody else's line is no place to go on from");

    let mut browser = app.signed_in(EMAIL).await;
    let page = browser.get("/account/activity").await;
    for words in ["Signed in with the password", "Somebody typed a wrong password", "by an administrator", "192.0.2.44"]
    {
        assert!(page.is(200).body.contains(words), "{words}");
    }
    assert!(!page.body.contains("Older"));
    for _ in 0..25 {
        app.login(EMAIL).await;
    }
    let page = browser.get("/account/activity").await;
    let (_, rest) = page.is(200).body.split_once("/account/activity?after=").unwrap();
    let next = rest.split('"').next().unwrap();
    let older = browser.get(&format!("/account/activity?after={next}")).await;
    assert!(older.is(200).body.contains("Account made") && older.body.contains("The newest"));
    assert!(
        browser.get("/account/activity?after=%00").await.is(200).body.contains("Older"),
        "no place is the beginning"
    );
}

/// A9: a profile is written by REST and on the page, under an entity tag, and applications read it by the scope `profile`.
#[tokio::test]
async fn a_profile_is_written_and_read() {
    let app = App::new().await;
    let id = app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    app.admin().await;
    let (token, _) = app.login(EMAIL).await;
    let (stranger, _) = app.login(OTHER_EMAIL).await;
    let (admin, _) = app.login(ADMIN_EMAIL).await;
    let path = format!("/api/v1/users/{id}");
    let get = async |token: &str| app.api(Method::GET, &path, Some(token), None).await;
    let put = async |token: &str, tag: &str, body: Value| {
        let request = Request::put(&path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, tag);
        app.send(request.body(body.to_string().into()).unwrap()).await
    };
    let first = get(&token).await.is(200).header("etag").to_owned();
    assert_eq!(app.api(Method::GET, "/api/v1/auth/me", Some(&token), None).await.is(200).header("etag"), first);
    get(&stranger).await.is(404);
    put(&stranger, "*", json!({})).await.is(404);
    let body = json!({
        "displayName": "Mara L.", "givenName": "Mara", "familyName": "Lindqvist", "locale": "en-GB",
        "zone": "Europe/Copenhagen", "picture": "https://pictures.example/mara.png",
    });
    let changed = put(&token, &first, body.clone()).await;
    let second = changed.is(200).header("etag").to_owned();
    assert_eq!((&changed.json()["givenName"], &changed.json()["zone"]), (&body["givenName"], &body["zone"]));
    assert_ne!(first, second);
    assert_eq!(put(&token, &first, json!({})).await.is(412).error(), "changed");
    put(&admin, &second, json!({ "displayName": "Mara", "locale": "da" })).await.is(200);
    let bad = json!({ "picture": "http://x.example", "locale": "e", "zone": "\0", "givenName": 7, "familyName": "x".repeat(201) });
    let refused = put(&token, "*", bad).await.is(400).json();
    let fields: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["givenName", "familyName", "locale", "zone", "picture"]);

    let found =
        app.api(Method::GET, &format!("/api/v1/users?email={}", EMAIL.to_uppercase()), Some(&admin), None).await;
    assert_eq!(found.is(200).json()["users"][0]["userId"], id.to_string());
    let none = app.api(Method::GET, "/api/v1/users?email=nobody@nordhavn.example", Some(&admin), None).await;
    assert_eq!(none.is(200).json()["users"], json!([]));
    for query in ["", "?email=x", "?email=%00"] {
        app.api(Method::GET, &format!("/api/v1/users{query}"), Some(&admin), None).await.is(400);
    }
    app.api(Method::GET, &format!("/api/v1/users?email={EMAIL}"), Some(&token), None).await.is(403);

    let mut browser = app.signed_in(EMAIL).await;
    let fields = [
        ("name", "Mara Lindqvist"),
        ("given_name", "Mara"),
        ("family_name", "Lindqvist"),
        ("locale", "en-GB"),
        ("zone", "Europe/Copenhagen"),
        ("picture", "https://pictures.example/mara.png"),
    ];
    let wrong = browser.post("/do/profile", &[("name", "Mara\u{202e}"), ("picture", "http://x.example")]).await;
    assert!(wrong.is(422).body.contains("value=\"http://x.example\""), "what was typed is still there");
    assert_eq!(browser.post("/do/profile", &fields).await.is(303).location(), "/account/profile");
    let page = browser.get("/account/profile").await;
    assert!(page.is(200).body.contains("Your profile is saved") && page.body.contains("value=\"Europe/Copenhagen\""));

    let client = app.client().await;
    let code = app.code(&mut browser, &client, &[]).await;
    let tokens = app.redeem(&client, &code, &[]).await.is(200).json();
    let request = Request::get("/connect/userinfo");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    let userinfo = app.send(request.body(axum::body::Body::empty()).unwrap()).await.is(200).json();
    let id_token = claims(tokens["id_token"].as_str().unwrap());
    for (name, value) in [
        ("name", "Mara Lindqvist"),
        ("given_name", "Mara"),
        ("family_name", "Lindqvist"),
        ("locale", "en-GB"),
        ("zoneinfo", "Europe/Copenhagen"),
        ("picture", "https://pictures.example/mara.png"),
    ] {
        assert_eq!((&userinfo[name], &id_token[name]), (&value.into(), &value.into()), "{name}");
    }
    assert!(userinfo["updated_at"].is_i64());
}

/// A9: another address by REST and on the pages, from asking to undoing.
#[tokio::test]
async fn an_address_is_changed_and_brought_back() {
    const NEW: &str = "mara@lindqvist.example";
    let app = App::new().await;
    app.person(EMAIL).await;
    app.person(OTHER_EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let ask = async |path: &str, body: Value| {
        app.api(Method::POST, &format!("/api/v1/me/email{path}"), Some(&token), Some(body)).await
    };
    for (email, code) in [("nobody", "malformed"), ("", "missing"), (EMAIL, "same")] {
        let refused = ask("", json!({ "email": email })).await.is(400).json();
        assert_eq!(refused["errors"][0]["code"], code);
    }
    let held = ask("", json!({ "email": OTHER_EMAIL })).await;
    assert_eq!(
        (held.is(202).body.as_str(), ask("", json!({ "email": NEW })).await.is(429).error().as_str()),
        ("", "too-many-requests")
    );
    app.core.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(ask("", json!({ "email": NEW })).await.is(202).body, "", "the same answer");
    let mail =
        |mails: Vec<ostiary::testing::TestMail>, kind: &str| mails.into_iter().rfind(|mail| mail.kind == kind).unwrap();
    let proof = mail(app.core.mails().await, "ProveEmail");
    let right = proof.code.clone().unwrap();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    assert_eq!(ask("/confirm", json!({ "code": wrong })).await.is(400).error(), "wrong-code");
    for body in [json!({ "token": "x" }), json!({ "token": format!("ost_em_{}", "A".repeat(43)) })] {
        assert_eq!(ask("/confirm", body).await.is(400).error(), "link");
    }

    // Behind the link: for nobody, for another person, for the person.
    let link = proof.link.clone().unwrap().replace("http://localhost:8080", "");
    assert!(app.browser().get(&link).await.is(303).location().starts_with("/sign-in"));
    let mut other = app.signed_in(OTHER_EMAIL).await;
    assert!(other.get(&link).await.is(200).body.contains("no longer works"));
    other.post("/do/confirm-email-link", &[("t", proof.token())]).await.is(303);
    assert!(other.get("/account/email").await.is(200).body.contains("used, is too old"));
    let mut browser = app.signed_in(EMAIL).await;
    assert!(browser.get(&link).await.is(200).body.contains(NEW));
    let before = browser.cookies.clone();
    browser.post("/do/confirm-email-link", &[("t", proof.token())]).await.is(303);
    assert_ne!(before["ostiary"], browser.cookies["ostiary"], "a new cookie for the same session");
    let page = browser.get("/account/email").await;
    assert!(page.is(200).body.contains("Your address is changed") && page.body.contains(NEW));
    app.api(Method::GET, "/api/v1/auth/me", Some(&token), None).await.is(401);

    // Its old owner takes it back; whoever changed it is out.
    let told = mail(app.core.mails().await, "EmailChanged");
    assert_eq!(told.to, EMAIL);
    let undo = told.link.clone().unwrap().replace("http://localhost:8080", "");
    let mut anybody = app.browser();
    assert!(anybody.get(&undo).await.is(200).body.contains(EMAIL));
    let to = anybody.post("/do/undo-email", &[("t", told.token())]).await.is(303).location().to_owned();
    assert!(to.starts_with("/reset-password?t=ost_pr_"));
    assert!(anybody.get(&to).await.is(200).body.contains("new password"));
    assert!(anybody.get(&undo).await.is(200).body.contains("no longer works"));
    assert!(browser.get("/account").await.is(303).location().starts_with("/sign-in"));
    for email in [EMAIL, NEW] {
        let body = json!({ "email": email, "password": crate::harness::PASSWORD });
        app.post_api("/api/v1/auth/login", body).await.is(401);
    }
}

/// B6: a change of address begins with a fresh sign-in, by REST too.
#[tokio::test]
async fn a_change_of_address_needs_a_fresh_sign_in() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    let mut browser = app.signed_in(EMAIL).await;
    app.core.clock.advance(std::time::Duration::from_mins(10));
    let body = json!({ "email": "mara@lindqvist.example" });
    let refused = app.api(Method::POST, "/api/v1/me/email", Some(&token), Some(body)).await;
    assert_eq!(refused.is(403).error(), "sign-in-again");
    assert_eq!(browser.get("/account/email").await.is(303).location(), "/account/confirm?next=email");
    let sent = browser.post("/do/change-email", &[("email", "mara@lindqvist.example")]).await;
    assert_eq!(sent.is(303).location(), "/account/confirm?next=email");
    assert!(!app.core.mails().await.iter().any(|mail| mail.kind == "ProveEmail"));
}

/// A10: leaving by REST: an export, a deletion that is taken back, and a rest.
#[tokio::test]
async fn people_leave_by_rest() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.admin().await;
    let (token, _) = app.login(EMAIL).await;
    let ask = async |method: Method, path: &str, token: &str| {
        app.api(method, &format!("/api/v1/me/{path}"), Some(token), None).await
    };
    let export = ask(Method::GET, "export", &token).await;
    assert_eq!(export.is(200).header("content-disposition"), "attachment; filename=\"account.json\"");
    assert_eq!(export.header("cache-control"), "no-store");
    assert_eq!(export.json()["account"]["email"], EMAIL);
    app.core.clock.advance(std::time::Duration::from_mins(10));
    assert_eq!(ask(Method::POST, "deletion", &token).await.is(403).error(), "sign-in-again");
    assert_eq!(ask(Method::POST, "deactivate", &token).await.is(403).error(), "sign-in-again");
    let (admin, _) = app.login(ADMIN_EMAIL).await;
    assert_eq!(ask(Method::POST, "deactivate", &admin).await.is(409).error(), "last-administrator");

    let (token, _) = app.login(EMAIL).await;
    assert!(ask(Method::POST, "deletion", &token).await.is(202).json()["eraseAt"].is_string());
    ask(Method::GET, "export", &token).await.is(401);
    let (token, _) = app.login(EMAIL).await;
    ask(Method::DELETE, "deletion", &token).await.is(204);
    ask(Method::POST, "deactivate", &token).await.is(204);
    ask(Method::GET, "export", &token).await.is(401);
    let body = json!({ "email": EMAIL, "password": crate::harness::PASSWORD });
    app.post_api("/api/v1/auth/login", body).await.is(401);

    let mail = app.core.mails().await.into_iter().rfind(|mail| mail.kind == "AccountDeactivated").unwrap();
    let mut browser = app.browser();
    let page = browser.get(&mail.link.clone().unwrap().replace("http://localhost:8080", "")).await;
    assert!(page.is(200).body.contains(EMAIL));
    assert_eq!(browser.post("/do/come-back", &[("t", mail.token())]).await.is(303).location(), "/sign-in");
    assert!(browser.get("/sign-in").await.is(200).body.contains("active again"));
    app.login(EMAIL).await;
}

/// A10: an administrator deletes an account: it is gone at once, for everybody; the last administrator is not deleted.
#[tokio::test]
async fn administrators_delete_accounts() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let admin = app.admin().await;
    let (token, refresh) = app.login(EMAIL).await;
    let (admin_token, _) = app.login(ADMIN_EMAIL).await;
    let path = format!("/api/v1/users/{person}");
    let delete = async |path: &str, token: &str| app.api(Method::DELETE, path, Some(token), None).await;
    delete(&path, &token).await.is(403);
    delete("/api/v1/users/a%00b", &admin_token).await.is(404);
    assert!(delete(&path, &admin_token).await.is(204).body.is_empty());
    delete(&path, &admin_token).await.is(404);
    app.api(Method::GET, &path, Some(&admin_token), None).await.is(404);
    let found = app.api(Method::GET, &format!("/api/v1/users?email={EMAIL}"), Some(&admin_token), None).await;
    assert_eq!(found.is(200).json()["users"], json!([]));
    app.api(Method::GET, "/api/v1/auth/me", Some(&token), None).await.is(401);
    app.post_api("/api/v1/auth/refresh", json!({ "refreshToken": refresh })).await.is(401);
    let own = delete(&format!("/api/v1/users/{admin}"), &admin_token).await;
    assert_eq!(own.is(409).error(), "last-administrator");
    app.api(Method::GET, "/api/v1/auth/me", Some(&admin_token), None).await.is(200);
}
