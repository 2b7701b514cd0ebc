//! E8: decisions and policies through the REST API and `AuthZEN`.

use http::Method;
use ostiary::{
    id::{OrganizationId, UserId},
    org::{Builtin, CreateOrganization, add_member, create_organization},
    protocol::ScopeSet,
    text::DisplayName,
};
use serde_json::{Value, json};

use crate::harness::{ADMIN_EMAIL, Answer, App, EMAIL, OTHER_EMAIL};

const PERMIT: &str = "@id(\"all\") @description(\"Everything\") permit (principal, action, resource);";

/// Mara owns Nordhavn, where Tove is a viewer; the keeper administers the instance.
struct House {
    app: App,
    organization: OrganizationId,
    viewer: UserId,
    owner_token: String,
    viewer_token: String,
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        let (owner, viewer) = (app.person(EMAIL).await, app.person(OTHER_EMAIL).await);
        app.admin().await;
        let name = DisplayName::try_from("Nordhavn").unwrap();
        let operator = app.core.operator();
        let cmd = CreateOrganization { name, slug: None, owner: Some(owner) };
        let organization = create_organization(&operator, cmd).await.unwrap().id;
        add_member(&operator, &organization.into(), viewer, Builtin::Viewer.id()).await.unwrap();
        let (owner_token, _) = app.login(EMAIL).await;
        let (viewer_token, _) = app.login(OTHER_EMAIL).await;
        Self { app, organization, viewer, owner_token, viewer_token }
    }

    fn question(&self, action: &str) -> Value {
        json!({
            "subject": { "type": "user", "id": self.viewer },
            "action": { "name": action },
            "resource": { "type": "server", "id": "node-3" },
            "context": { "organization": self.organization },
        })
    }

    async fn ask(&self, token: &str, body: Value) -> Answer {
        self.app.api(Method::POST, "/api/v1/authorize", Some(token), Some(body)).await
    }

    async fn policies(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let path = format!("/api/v1/organizations/nordhavn/policies{path}");
        self.app.api(method, &path, Some(&self.owner_token), body).await
    }
}

/// E8: one question, in our words and in `AuthZEN`'s; the answer explains itself.
#[tokio::test]
async fn an_answer_explains_itself() {
    let house = House::new().await;
    let answer = house.ask(&house.viewer_token, house.question("members:read")).await;
    let body = answer.is(200).json();
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!((&body["decision"], &body["context"]["reason"]), (&json!(true), &json!("role")));
    assert_eq!(body["context"]["rolePath"][0]["name"], "viewer");
    for path in ["/access/v1/evaluation", "/access/v1/evaluations"] {
        let mut question = house.question("org:write");
        question["context"]["organization"] = "nordhavn".into();
        let answer = house.app.api(Method::POST, path, Some(&house.owner_token), Some(question)).await;
        let body = answer.is(200).json();
        assert_eq!((&body["decision"], &body["context"]["reason"]), (&json!(false), &json!("nothing")));
    }
    let metadata = house.app.get("/.well-known/authzen-configuration").await.is(200).json();
    assert_eq!(metadata["access_evaluation_endpoint"], "http://localhost:8080/access/v1/evaluation");
}

/// E8: many questions, with what they share said once.
#[tokio::test]
async fn many_questions_share_what_is_said_once() {
    let house = House::new().await;
    let mut body = house.question("org:read");
    body["evaluations"] = json!([
        {},
        { "action": { "name": "org:write" } },
        { "context": { "organization": "nowhere" } },
        { "resource": { "type": "organization", "id": "nordhavn" }, "context": {} },
    ]);
    let answers = house.ask(&house.owner_token, body.clone()).await.is(200).json();
    let decisions: Vec<_> = answers["evaluations"].as_array().unwrap().iter().map(|one| &one["decision"]).collect();
    assert_eq!(decisions, [&json!(true), &json!(false), &json!(false), &json!(true)]);
    assert_eq!(answers["evaluations"][2]["context"]["error"]["status"], 404);
    body["options"] = json!({ "evaluations_semantic": "deny_on_first_deny" });
    let answers = house.ask(&house.owner_token, body.clone()).await.is(200).json();
    assert_eq!(answers["evaluations"].as_array().unwrap().len(), 2);

    body["options"] = json!({ "evaluations_semantic": "sometimes" });
    house.ask(&house.owner_token, body.clone()).await.is(400);
    let mut many = house.question("org:read");
    many["evaluations"] = json!(vec![json!({}); 100]);
    let answers = house.ask(&house.owner_token, many.clone()).await.is(200).json();
    assert_eq!(answers["evaluations"].as_array().unwrap().len(), 100);
    many["evaluations"] = json!(vec![json!({}); 101]);
    let refused = house.ask(&house.owner_token, many).await;
    assert_eq!(refused.is(400).json()["errors"][0]["code"], "too_many");
}

/// E8: what cannot be read is named with its place.
#[tokio::test]
async fn malformed_questions_are_refused_with_their_place() {
    let house = House::new().await;
    let question = || house.question("org:read");
    for (pointer, value, field) in [
        ("/subject", json!(null), "subject"),
        ("/subject/type", json!("robot"), "subject.type"),
        ("/subject/id", json!(7), "subject.id"),
        ("/subject/properties", json!({ "level": 1.5 }), "subject.properties"),
        ("/action/name", json!("everything"), "action.name"),
        ("/action/name", json!("servers:*"), "action.name"),
        ("/resource/type", json!("a/b"), "resource.type"),
        ("/resource/id", json!(["x"]), "resource.id"),
        ("/resource/id", json!("\u{0}"), "resource"),
        ("/context/organization", json!(null), "context.organization"),
        ("/context/ip", json!("home"), "context.ip"),
        ("/context/amr", json!("mfa"), "context.amr"),
        ("/context/amount", json!([1]), "context"),
    ] {
        let mut body = question();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = if parent.is_empty() { &mut body } else { body.pointer_mut(parent).unwrap() };
        parent[name] = value;
        let refused = house.ask(&house.owner_token, body.clone()).await;
        assert_eq!(refused.is(400).json()["errors"][0]["field"], field, "{pointer}");
        let batch = json!({ "evaluations": [question(), body] });
        let refused = house.ask(&house.owner_token, batch).await;
        assert_eq!(refused.is(400).json()["errors"][0]["field"], format!("evaluations[1].{field}"), "{pointer}");
    }
}

/// E8: a foreign organisation and one that does not exist are told in the same words; so are strangers and nobody.
#[tokio::test]
async fn nothing_is_told_of_what_is_foreign() {
    let house = House::new().await;
    house.app.person("sven@elsewhere.example").await;
    let (stranger, _) = house.app.login("sven@elsewhere.example").await;
    let foreign = house.ask(&stranger, house.question("org:read")).await;
    let mut nowhere = house.question("org:read");
    nowhere["context"]["organization"] = "nowhere".into();
    let unknown = house.ask(&stranger, nowhere).await;
    assert_eq!((foreign.is(404).body.as_str(), foreign.status), (unknown.body.as_str(), unknown.status));
    let list = async |path: &str| house.app.api(Method::GET, path, Some(&stranger), None).await;
    let foreign = list("/api/v1/organizations/nordhavn/policies").await;
    assert_eq!(foreign.is(404).body, list("/api/v1/organizations/nowhere/policies").await.is(404).body);
    let (keeper, _) = house.app.login(ADMIN_EMAIL).await;
    let mut bodies = Vec::new();
    for id in ["00000000-0000-7000-8000-000000000000", "not an id"] {
        let mut body = house.question("org:read");
        body["subject"]["id"] = id.into();
        let answer = house.ask(&keeper, body).await;
        assert_eq!(answer.is(200).json()["context"]["reason"], "not_member");
        bodies.push(answer.body);
    }
    assert_eq!(bodies[0], bodies[1]);
}

/// E8: an application asks with a token of its own, when it has the scope.
#[tokio::test]
async fn applications_ask_with_their_own_tokens() {
    let house = House::new().await;
    let client = house.app.client_with(|settings| settings.scopes = ScopeSet::parse("authorize other").unwrap()).await;
    for (scope, status) in [("authorize", 200), ("other", 401)] {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        let token = house.app.form("/connect/token", &client, &fields).await.is(200).json();
        let token = token["access_token"].as_str().unwrap();
        house.ask(token, house.question("org:read")).await.is(status);
        // It opens nothing else.
        house.app.api(Method::GET, "/api/v1/auth/me", Some(token), None).await.is(401);
    }
}

/// E8: policies are saved, tried, made to count and gone back from.
#[tokio::test]
async fn policies_are_kept_as_versions() {
    let house = House::new().await;
    house.ask(&house.owner_token, house.question("org:write")).await.is(200);
    let text = json!({ "text": PERMIT, "comment": "Open house" });
    let saved = house.policies(Method::POST, "", Some(text.clone())).await;
    assert_eq!(saved.is(201).json()["number"], 1);
    house.policies(Method::POST, "", Some(text)).await.is(409);
    let tried = house.policies(Method::POST, "/try", Some(json!({ "text": PERMIT }))).await;
    let tried = tried.is(200).json();
    assert_eq!((&tried["tried"], &tried["changes"][0]["policies"]), (&json!(1), &json!(["all"])));
    house.policies(Method::PUT, "/active", Some(json!({ "number": 1, "active": null }))).await.is(204);
    house.policies(Method::PUT, "/active", Some(json!({ "number": 1, "active": null }))).await.is(409);
    let answer = house.ask(&house.owner_token, house.question("org:write")).await.is(200).json();
    assert_eq!(answer["context"]["reason"], "organization_permits");
    assert_eq!(answer["context"]["policies"][0]["description"], "Everything");
    let shown = house.policies(Method::GET, "/1", None).await.is(200).json();
    assert_eq!((&shown["text"], &shown["active"]), (&json!(PERMIT), &json!(true)));
    house.policies(Method::GET, "/2", None).await.is(404);
    house.policies(Method::PUT, "/active", Some(json!({ "number": null, "active": 1 }))).await.is(204);
    assert_eq!(house.policies(Method::GET, "", None).await.is(200).json()["active"], Value::Null);

    let broken =
        json!({ "text": "@id(\"a\")\npermit (principal, action, resource) when { context.shoe };", "newest": 1 });
    let refused = house.policies(Method::POST, "", Some(broken)).await;
    let mistake = &refused.is(400).json()["mistakes"][0];
    assert_eq!((&mistake["policy"], &mistake["line"]), (&json!("a"), &json!(2)));
    let long = json!({ "text": " ".repeat(32 * 1024 + 1), "newest": 1 });
    house.policies(Method::POST, "", Some(long)).await.is(400);
    let path = "/api/v1/organizations/nordhavn/policies";
    house.app.api(Method::GET, path, Some(&house.viewer_token), None).await.is(403);
}
