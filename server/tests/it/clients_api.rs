//! D11: clients through the REST API, for administrators.

use http::{Method, Request, header};
use serde_json::{Value, json};

use crate::harness::{ADMIN_EMAIL, Answer, App, EMAIL, basic, form_body};

const PATH: &str = "/api/v1/clients";

struct Admin {
    app: App,
    token: String,
}

impl Admin {
    async fn new() -> Self {
        let app = App::new().await;
        app.admin().await;
        let (token, _) = app.login(ADMIN_EMAIL).await;
        Self { app, token }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.app.api(method, &format!("{PATH}{path}"), Some(&self.token), body).await
    }

    async fn ask_if(&self, tag: &str, method: Method, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(format!("{PATH}{path}"));
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        let request = request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, tag);
        self.app.send(request.body(body.to_string().into()).unwrap()).await
    }

    async fn proves_itself(&self, id: &str, secret: &str) -> bool {
        let request = Request::post("/connect/token").header(header::AUTHORIZATION, basic(id, secret));
        let answer = self.app.send(form_body(request, &[("grant_type", "client_credentials")])).await;
        answer.status == 200
    }
}

fn machine(id: &str) -> Value {
    json!({ "clientId": id, "name": "Ledger", "settings": { "grant_types": ["client_credentials"], "scopes": "reports:read" } })
}

/// D11: a client's whole life; its secret is told once, in the answer to its making.
#[tokio::test]
async fn from_making_to_removal() {
    let admin = Admin::new().await;
    let made = admin.ask(Method::POST, "", Some(machine("ledger"))).await;
    let json = made.is(201).json();
    assert_eq!(made.location(), "http://localhost:8080/api/v1/clients/ledger");
    assert_eq!(made.header("cache-control"), "no-store");
    let secret = json["clientSecret"].as_str().unwrap();
    assert!(admin.proves_itself("ledger", secret).await);
    assert_eq!(admin.ask(Method::POST, "", Some(machine("ledger"))).await.is(409).error(), "client-id-taken");

    let shown = admin.ask(Method::GET, "/ledger", None).await;
    assert_eq!(shown.is(200).header("etag"), "\"1\"");
    let json = shown.json();
    assert!(json["clientSecret"].is_null() && !shown.body.contains(secret));
    assert!(secret.ends_with(json["secrets"][0]["hint"].as_str().unwrap()));
    assert_eq!((&json["settings"]["scopes"], &json["enabled"]), (&"reports:read".into(), &true.into()));

    let mut change = json!({ "name": "Ledger import", "settings": machine("ledger")["settings"] });
    let changed = admin.ask_if("\"1\"", Method::PUT, "/ledger", &change).await;
    assert_eq!((changed.is(200).header("etag"), &changed.json()["name"]), ("\"2\"", &"Ledger import".into()));
    for stale in ["\"1\"", "W/\"2\"", "2", "\"x\""] {
        assert_eq!(admin.ask_if(stale, Method::PUT, "/ledger", &change).await.is(412).error(), "changed", "{stale}");
        admin.ask_if(stale, Method::DELETE, "/ledger", &Value::Null).await.is(412);
    }
    change["enabled"] = false.into();
    assert_eq!(admin.ask_if("*", Method::PUT, "/ledger", &change).await.is(200).json()["enabled"], false);
    assert!(!admin.proves_itself("ledger", secret).await, "it is off");
    // What was not seen is not changed, the switch as little as the rest.
    change["enabled"] = true.into();
    admin.ask_if("\"2\"", Method::PUT, "/ledger", &change).await.is(412);
    assert_eq!(admin.ask(Method::GET, "/ledger", None).await.json()["enabled"], false);

    admin.ask_if("\"3\"", Method::DELETE, "/ledger", &Value::Null).await.is(204);
    admin.ask(Method::GET, "/ledger", None).await.is(404);
    admin.ask(Method::PUT, "/ledger", Some(machine("ledger"))).await.is(404);
    admin.ask(Method::DELETE, "/ledger", None).await.is(404);
    // Ostiary's own is neither shown nor changed.
    for method in [Method::GET, Method::DELETE] {
        admin.ask(method, "/ostiary", None).await.is(404);
    }
}

/// D11: two secrets are live while rotating, and each may be ended.
#[tokio::test]
async fn secrets_change_without_a_gap() {
    let admin = Admin::new().await;
    let made = admin.ask(Method::POST, "", Some(machine("ledger"))).await.is(201).json();
    let first = made["clientSecret"].as_str().unwrap();
    admin.app.core.clock.advance(std::time::Duration::from_secs(1));
    let rotated = admin.ask(Method::POST, "/ledger/secrets", Some(json!({ "keepOldFor": 60 }))).await.is(201).json();
    let second = rotated["clientSecret"].as_str().unwrap();
    assert!(admin.proves_itself("ledger", first).await && admin.proves_itself("ledger", second).await);
    let shown = admin.ask(Method::GET, "/ledger", None).await.json();
    let secrets = shown["secrets"].as_array().unwrap().clone();
    assert_eq!((secrets.len(), &secrets[0]["id"]), (2, &rotated["secretId"]));
    assert!(secrets[0]["expiresAt"].is_null() && secrets[1]["expiresAt"].is_string());

    let old = format!("/ledger/secrets/{}", secrets[1]["id"].as_str().unwrap());
    admin.ask(Method::DELETE, &old, None).await.is(204);
    admin.ask(Method::DELETE, &old, None).await.is(404);
    assert!(!admin.proves_itself("ledger", first).await && admin.proves_itself("ledger", second).await);

    for (keep, code) in [(json!(-1), "not_number"), (json!("1"), "not_number"), (json!(7_776_001), "too_large")] {
        let answer = admin.ask(Method::POST, "/ledger/secrets", Some(json!({ "keepOldFor": keep }))).await;
        assert_eq!((answer.error(), &answer.is(400).json()["errors"][0]["code"]), ("fields".to_owned(), &code.into()));
    }
    let public = json!({ "clientId": "app", "name": "App", "settings":
        { "auth_method": "none", "redirect_uris": ["http://127.0.0.1/cb"] } });
    assert!(admin.ask(Method::POST, "", Some(public)).await.is(201).json()["clientSecret"].is_null());
    assert_eq!(admin.ask(Method::POST, "/app/secrets", Some(json!({}))).await.is(409).error(), "public-client");
    assert_eq!(admin.ask(Method::POST, "/nobody/secrets", Some(json!({}))).await.is(404).error(), "not-found");
}

/// D11, RFC 9457: everything wrong is named by its place; a slip of the pen is not overlooked.
#[tokio::test]
async fn what_is_wrong_is_named() {
    let admin = Admin::new().await;
    let wrong = async |body: Value| {
        let answer = admin.ask(Method::POST, "", Some(body)).await;
        let json = answer.is(400).json();
        let mut named: Vec<String> = json["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| format!("{} {}", error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        named.sort();
        named
    };
    let body = json!({ "name": "", "settings": { "redirect_uris": ["http://a.example/cb"], "first_partyy": true,
        "certificate": { "dn": "x" } } });
    let expected = [
        "name missing",
        "settings.certificate.dn unknown",
        "settings.first_partyy unknown",
        "settings.redirect_uris malformed",
    ];
    assert_eq!(wrong(body).await, expected);
    assert_eq!(wrong(json!({ "name": "A", "settings": [] })).await, ["settings not_object"]);
    assert_eq!(wrong(json!({ "name": "A" })).await, ["settings.redirect_uris cannot_work"]);
    let mut bad_id = machine("a b");
    assert_eq!(wrong(bad_id.clone()).await, ["clientId malformed"]);
    bad_id["clientId"] = "x".repeat(101).into();
    assert_eq!(wrong(bad_id).await, ["clientId malformed"]);
}

/// D11: pages of the list follow each other without a gap; others than administrators see none of it.
#[tokio::test]
async fn the_list_has_pages() {
    let admin = Admin::new().await;
    for id in ["a", "b", "c"] {
        admin.ask(Method::POST, "", Some(machine(id))).await.is(201);
    }
    let first = admin.ask(Method::GET, "?limit=2", None).await.is(200).json();
    let ids = |page: &Value| -> Vec<String> {
        page["clients"].as_array().unwrap().iter().map(|c| c["clientId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((ids(&first), &first["next"]), (vec!["a".to_owned(), "b".to_owned()], &"b".into()));
    let second = admin.ask(Method::GET, "?limit=2&after=b", None).await.is(200).json();
    assert_eq!((ids(&second), &second["next"]), (vec!["c".to_owned()], &Value::Null));
    assert!(ids(&admin.ask(Method::GET, "?q=nothing", None).await.json()).is_empty());
    for bad in ["?limit=0", "?limit=101", "?limit=x", "?limit=-1"] {
        admin.ask(Method::GET, bad, None).await.is(400);
    }
    admin.app.person(EMAIL).await;
    let (token, _) = admin.app.login(EMAIL).await;
    let denied = admin.app.api(Method::POST, PATH, Some(&token), Some(json!({ "name": 7 }))).await;
    assert_eq!(denied.is(403).error(), "denied", "before anything is said about the body");
    let denied = admin.app.api(Method::GET, PATH, Some(&token), None).await;
    assert_eq!(denied.is(403).error(), "denied");
}
