//! D8, D11: API resources, scopes and details over HTTP (RFC 8707, RFC 9396, RFC 9728).

use http::{Method, Request, header};
use ostiary::config::DetailsType;
use serde_json::{Value, json};

use crate::harness::{ADMIN_EMAIL, App, EMAIL, authorize, parameter};

const REPORTS: &str = "https://api.example/reports";

/// D11: an administrator registers, changes and removes APIs and describes scopes by REST; the consent page tells of them.
#[tokio::test]
async fn resources_and_scopes_by_rest() {
    let app = App::new().await;
    app.person(EMAIL).await;
    app.admin().await;
    let (token, _) = app.login(ADMIN_EMAIL).await;
    let token = Some(token.as_str());
    let body =
        json!({ "identifier": REPORTS, "name": "Nordhavn reports", "scope": "reports:read", "accessTokenTtl": 60 });
    app.api(Method::POST, "/api/v1/resources", token, Some(body.clone())).await.is(201);
    assert_eq!(app.api(Method::POST, "/api/v1/resources", token, Some(body)).await.is(409).error(), "taken");
    for body in [
        json!({ "identifier": "https://x.example/#y", "name": "x" }),
        json!({ "identifier": "x", "name": "x", "accessTokenTtl": 1 }),
        json!({ "identifier": "x", "name": "x", "accessTokenTtl": "long" }),
        json!({ "identifier": "x", "name": "x", "accessTokenFormat": "paper" }),
        json!({ "name": "x" }),
    ] {
        app.api(Method::POST, "/api/v1/resources", token, Some(body)).await.is(400);
    }
    let words = json!({ "description": "Read the reports", "optional": false });
    app.api(Method::PUT, "/api/v1/scopes/reports:read", token, Some(words)).await.is(204);
    let listed = app.api(Method::GET, "/api/v1/scopes", token, None).await.json();
    assert_eq!(listed["scopes"][0]["description"], "Read the reports");

    let client = app.client().await;
    let mut browser = app.signed_in(EMAIL).await;
    let asked = [("scope", "reports:read"), ("resource", REPORTS)];
    let to = browser.get(&authorize(&client, &asked)).await.is(303).location().to_owned();
    let page = browser.get(&to).await;
    assert!(page.is(200).body.contains("Nordhavn reports") && page.body.contains("Read the reports"));
    let code = app.code(&mut browser, &client, &asked).await;
    let issued = app.redeem(&client, &code, &[("resource", REPORTS)]).await.is(200).json();
    assert_eq!(issued["expires_in"], 60);
    let unknown = browser.get(&authorize(&client, &[("resource", "https://unknown.example/")])).await;
    assert_eq!(parameter(unknown.is(303).location(), "error").as_deref(), Some("invalid_target"));

    let path = format!("/api/v1/resources/{}", REPORTS.replace(':', "%3A").replace('/', "%2F"));
    app.api(Method::PUT, &path, token, Some(json!({ "name": "Reports", "open": true }))).await.is(204);
    let listed = app.api(Method::GET, "/api/v1/resources", token, None).await.json();
    assert_eq!((&listed["resources"][0]["name"], &listed["resources"][0]["open"]), (&json!("Reports"), &json!(true)));
    app.api(Method::DELETE, &path, token, None).await.is(204);
    app.api(Method::DELETE, &path, token, None).await.is(404);
}

/// D11, RFC 9110 §13.1.1: APIs and scopes have entity tags, and are changed and removed on what was seen.
#[tokio::test]
async fn changes_are_made_on_what_was_seen() {
    let app = App::new().await;
    app.admin().await;
    let (token, _) = app.login(ADMIN_EMAIL).await;
    let ask_if = async |tag: &str, method: Method, path: &str, body: &Value| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, tag);
        app.send(request.body(body.to_string().into()).unwrap()).await
    };
    let token = Some(token.as_str());
    let words = |text: &str| json!({ "description": text });
    let api = |name: &str| json!({ "name": name });
    let new = json!({ "identifier": "reports", "name": "Reports" });
    let made = app.api(Method::POST, "/api/v1/resources", token, Some(new)).await;
    assert_eq!(made.is(201).header("etag"), "\"1\"");
    ask_if("\"1\"", Method::PUT, "/api/v1/scopes/reports:read", &words("Read")).await.is(412);
    let made = app.api(Method::PUT, "/api/v1/scopes/reports:read", token, Some(words("Read"))).await;
    assert_eq!(made.is(204).header("etag"), "\"1\"");
    let objects =
        [("/api/v1/resources/reports", api("All reports")), ("/api/v1/scopes/reports:read", words("Read all"))];
    for (path, change) in objects {
        assert_eq!(ask_if("\"1\"", Method::PUT, path, &change).await.is(204).header("etag"), "\"2\"");
        for stale in ["\"1\"", "W/\"2\"", "2"] {
            assert_eq!(ask_if(stale, Method::PUT, path, &change).await.is(412).error(), "changed", "{path} {stale}");
            ask_if(stale, Method::DELETE, path, &Value::Null).await.is(412);
        }
        let shown = app.api(Method::GET, path, token, None).await;
        assert_eq!(shown.is(200).header("etag"), "\"2\"");
        assert_eq!((&shown.json()["version"], &shown.json()["owner"]), (&json!(2), &Value::Null));
        ask_if("*", Method::PUT, path, &change).await.is(204);
        ask_if("\"2\"", Method::DELETE, path, &Value::Null).await.is(204);
        app.api(Method::GET, path, token, None).await.is(404);
        app.api(Method::DELETE, path, token, None).await.is(404);
    }
    // Nothing has a NUL in its name.
    for path in ["/api/v1/resources/a%00b", "/api/v1/scopes/a%00b"] {
        app.api(Method::GET, path, token, None).await.is(404);
        app.api(Method::DELETE, path, token, None).await.is(404);
    }
    app.api(Method::PUT, "/api/v1/resources/a%00b", token, Some(api("x"))).await.is(404);
    app.api(Method::PUT, "/api/v1/scopes/a%00b", token, Some(words("x"))).await.is(404);
}

/// D1, RFC 8414 §2: discovery lists the scopes that are described or that an API owns, as soon as they are; each once.
#[tokio::test]
async fn registered_scopes_are_discovered() {
    let app = App::new().await;
    app.admin().await;
    let (token, _) = app.login(ADMIN_EMAIL).await;
    let token = Some(token.as_str());
    let listed = async || {
        let answer = app.get("/.well-known/oauth-authorization-server").await;
        assert_eq!(app.get("/.well-known/openid-configuration").await.body, answer.body);
        (answer.is(200).json()["scopes_supported"].to_string(), answer.header("etag").to_owned())
    };
    let standard = r#"["email","offline_access","openid","profile"]"#;
    let (before, etag) = listed().await;
    assert_eq!(before, standard);
    let words = json!({ "description": "Read the reports", "optional": false });
    app.api(Method::PUT, "/api/v1/scopes/reports:read", token, Some(words)).await.is(204);
    let body = json!({ "identifier": "reports", "name": "Reports", "scope": "reports:read reports:write" });
    app.api(Method::POST, "/api/v1/resources", token, Some(body)).await.is(201);
    let (after, changed) = listed().await;
    assert_eq!(after, r#"["email","offline_access","openid","profile","reports:read","reports:write"]"#);
    assert_ne!(etag, changed);
    app.api(Method::DELETE, "/api/v1/resources/reports", token, None).await.is(204);
    app.api(Method::DELETE, "/api/v1/scopes/reports:read", token, None).await.is(204);
    assert_eq!(listed().await, (before, etag));
}

/// D8, RFC 9728 §2, §3: we tell as a resource where our tokens come from.
#[tokio::test]
async fn our_own_resource_metadata() {
    let document = App::new().await.get("/.well-known/oauth-protected-resource").await.is(200).json();
    assert_eq!(document["resource"], "http://localhost:8080");
    assert_eq!(document["authorization_servers"], json!(["http://localhost:8080"]));
    assert_eq!(document["bearer_methods_supported"], json!(["header", "body"]));
}

/// D8, RFC 9396 §5, §7, §10: shown, granted, told.
#[tokio::test]
async fn a_payment_is_shown_and_comes_back_in_the_answer() {
    let app = App::with(|config| {
        config.authorization.details_types = vec![DetailsType {
            kind: "payment".to_owned(),
            name: "Make a payment".to_owned(),
            ..DetailsType::default()
        }];
    })
    .await;
    app.person(EMAIL).await;
    let client = app
        .client_with(|settings| {
            settings.authorization_details_types = vec!["payment".to_owned()];
            settings.first_party = true;
        })
        .await;
    let payment =
        r#"[{"type":"payment","instructedAmount":{"currency":"EUR","amount":"123.50"},"creditorName":"<b>A</b>"}]"#;
    let mut browser = app.signed_in(EMAIL).await;
    let asked = [("authorization_details", payment)];
    let to = browser.get(&authorize(&client, &asked)).await.is(303).location().to_owned();
    let page = browser.get(&to).await;
    let shown = &page.is(200).body;
    assert!(shown.contains("Make a payment") && shown.contains("123.50 EUR") && shown.contains("Instructed amount"));
    assert!(!shown.contains("<b>A</b>"));
    let code = app.code(&mut browser, &client, &asked).await;
    let issued = app.redeem(&client, &code, &[]).await.is(200).json();
    assert_eq!(issued["authorization_details"], serde_json::from_str::<Value>(payment).unwrap());
    let document = app.get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(document["authorization_details_types_supported"], json!(["payment"]));
    assert_eq!(document["subject_types_supported"], json!(["public", "pairwise"]));
}
