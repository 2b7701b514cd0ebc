//! Organisations through the REST API (E1–E5, E7, E9, E11).

use http::{Method, Request, header};
use ostiary::id::UserId;
use serde_json::{Value, json};

use crate::harness::{ADMIN_EMAIL, Answer, App, EMAIL, OTHER_EMAIL};

/// An owner, a viewer and an administrator of the instance, with their tokens, and an organisation.
struct House {
    app: App,
    id: String,
    mara: UserId,
    tove: UserId,
    /// The owner's.
    owner: String,
    /// The viewer's.
    viewer: String,
    admin: String,
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        let (mara, tove) = (app.person(EMAIL).await, app.person(OTHER_EMAIL).await);
        app.admin().await;
        let (owner, viewer, admin) =
            (app.login(EMAIL).await.0, app.login(OTHER_EMAIL).await.0, app.login(ADMIN_EMAIL).await.0);
        let body = json!({ "name": "Nordhavn Studio", "slug": "nordhavn" });
        let made = app.api(Method::POST, "/api/v1/organizations", Some(&owner), Some(body)).await;
        let id = made.is(201).json()["id"].as_str().unwrap().to_owned();
        let house = Self { app, id, mara, tove, owner, viewer, admin };
        let body = json!({ "userId": tove, "role": "viewer" });
        house.post(&house.admin, "/members", body).await.is(201);
        house
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/v1/organizations/{}{rest}", self.id)
    }

    async fn get(&self, token: &str, rest: &str) -> Answer {
        self.app.api(Method::GET, &self.path(rest), Some(token), None).await
    }

    async fn post(&self, token: &str, rest: &str, body: Value) -> Answer {
        self.app.api(Method::POST, &self.path(rest), Some(token), Some(body)).await
    }

    async fn patch(&self, token: &str, rest: &str, body: Value) -> Answer {
        self.app.api(Method::PATCH, &self.path(rest), Some(token), Some(body)).await
    }

    async fn delete(&self, token: &str, rest: &str) -> Answer {
        self.app.api(Method::DELETE, &self.path(rest), Some(token), None).await
    }

    /// A change of what was seen at `tag`.
    async fn patch_at(&self, tag: &str, rest: &str, body: &Value) -> Answer {
        let request = Request::patch(self.path(rest))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.owner))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, tag);
        self.app.send(request.body(body.to_string().into()).unwrap()).await
    }
}

/// E1, E11: founded, found by id and slug, changed under its entity tag, deleted, brought back.
#[tokio::test]
async fn the_life_of_an_organisation() {
    let house = House::new().await;
    let found = house.get(&house.owner, "").await;
    let view = found.is(200).json();
    assert_eq!((&view["name"], &view["role"]), (&"Nordhavn Studio".into(), &"owner".into()));
    assert!(view["permissions"].as_array().unwrap().contains(&"org:delete".into()));
    let tag = found.header("etag").to_owned();
    let by_slug = house.app.api(Method::GET, "/api/v1/organizations/NORDHAVN", Some(&house.viewer), None).await;
    assert_eq!(by_slug.is(200).json()["role"], "viewer");
    let body = json!({ "maxMembers": 20, "custom": { "plan": "big" } });
    let saved = house.patch_at(&tag, "", &body).await;
    assert_ne!(saved.is(200).header("etag"), tag);
    house.patch_at(&tag, "", &body).await.is(412);
    let settings = house.get(&house.owner, "").await.json()["settings"].clone();
    assert_eq!((&settings["maxMembers"], &settings["custom"]["plan"]), (&20.into(), &"big".into()));
    for (body, field) in [
        (json!({ "maxMembers": 0 }), "maxMembers"),
        (json!({ "maxMembers": 5000 }), "maxMembers"),
        (json!({ "slug": "not a slug" }), "slug"),
        (json!({ "custom": { "plan": 1 } }), "custom"),
        (json!({ "name": "" , "memberInvites": "yes" }), "memberInvites"),
    ] {
        let wrong = house.patch(&house.owner, "", body.clone()).await;
        assert_eq!(wrong.is(400).json()["errors"][0]["field"], field, "{body}");
    }
    house.patch(&house.viewer, "", json!({ "name": "Mine" })).await.is(403);
    house.delete(&house.viewer, "").await.is(403);
    house.delete(&house.owner, "").await.is(204);
    house.get(&house.owner, "").await.is(404);
    house.post(&house.viewer, "/restore", json!({})).await.is(404);
    house.post(&house.owner, "/restore", json!({})).await.is(204);
    let listed = house.app.api(Method::GET, "/api/v1/organizations?search=NORD", Some(&house.owner), None).await;
    assert_eq!(listed.is(200).json()["organizations"].as_array().unwrap().len(), 1);
    let all = house.app.api(Method::GET, "/api/v1/organizations?all=true", Some(&house.owner), None).await;
    all.is(403);
    let all = house.app.api(Method::GET, "/api/v1/organizations?all=true&limit=1", Some(&house.admin), None).await;
    assert!(all.is(200).json()["next"].is_string());
}

/// E2, E3: roles are given below one's own; ownership is handed over; members leave.
#[tokio::test]
async fn members_and_roles() {
    let house = House::new().await;
    let (mara, tove) = (format!("/members/{}", house.mara), format!("/members/{}", house.tove));
    let listed = house.get(&house.viewer, "/members?search=TOVE&order=name").await.is(200).json();
    assert_eq!((listed["members"].as_array().unwrap().len(), &listed["total"]), (1, &2.into()));
    house.get(&house.viewer, "/members?order=age").await.is(400);
    house.get(&house.viewer, "/members?after=x").await.is(400);
    house.get(&house.viewer, "/members?role=emperor").await.is(400);
    let seen = house.get(&house.owner, &tove).await;
    let tag = seen.is(200).header("etag").to_owned();
    house.patch_at(&tag, &tove, &json!({ "role": "admin" })).await.is(200);
    house.patch_at(&tag, &tove, &json!({ "role": "viewer" })).await.is(412);
    assert_eq!(house.patch(&house.viewer, &tove, json!({ "role": "owner" })).await.is(403).error(), "ceiling");
    assert_eq!(house.patch(&house.viewer, &mara, json!({ "role": "viewer" })).await.is(409).error(), "last-owner");
    assert_eq!(house.patch(&house.owner, &tove, json!({ "role": "emperor" })).await.is(400).error(), "no-such-role");
    assert_eq!(house.post(&house.owner, "/leave", json!({})).await.is(409).error(), "last-owner");
    house.post(&house.owner, "/owner", json!({ "userId": "x" })).await.is(400);
    house.post(&house.owner, "/owner", json!({ "userId": house.tove })).await.is(204);
    house.post(&house.owner, "/leave", json!({})).await.is(204);
    house.get(&house.owner, "/members").await.is(404);
    assert_eq!(house.delete(&house.viewer, &mara).await.is(404).error(), "no-such-member");
}

/// E5: grants and denials, and what follows from them.
#[tokio::test]
async fn grants_and_denials() {
    let house = House::new().await;
    let tove = format!("/members/{}", house.tove);
    let entries = format!("{tove}/entries");
    let grant = json!({ "effect": "grant", "permission": "members:invite", "reason": "This week" });
    let made = house.post(&house.owner, &entries, grant.clone()).await.is(201).json();
    house.post(&house.viewer, &entries, grant).await.is(403);
    let effective = house.get(&house.viewer, &format!("{tove}/effective")).await.is(200).json();
    let held = |name: &str| {
        effective["permissions"].as_array().unwrap().iter().find(|held| held["permission"] == name).cloned()
    };
    assert_eq!(held("members:invite").unwrap()["grants"][0], made["id"]);
    assert_eq!(held("members:read").unwrap()["through"], json!(["viewer"]));
    assert!(held("org:write").is_none());
    for (body, field) in [
        (json!({ "effect": "wish", "permission": "org:read" }), "effect"),
        (json!({ "effect": "grant", "permission": "moon" }), "permission"),
        (json!({ "effect": "grant", "permission": "moon:walk" }), "permission"),
        (json!({ "effect": "grant", "permission": "org:read", "resourceId": "a" }), "resourceId"),
        (json!({ "effect": "grant", "permission": "org:read", "expiresAt": "tomorrow" }), "expiresAt"),
        (json!({ "effect": "grant", "permission": "org:read", "expiresAt": "1999-01-01T00:00:00Z" }), "expiresAt"),
    ] {
        let wrong = house.post(&house.owner, &entries, body.clone()).await;
        assert_eq!(wrong.is(400).json()["errors"][0]["field"], field, "{body}");
    }
    let id = made["id"].as_str().unwrap();
    house.delete(&house.owner, &format!("{entries}/{id}")).await.is(204);
    house.delete(&house.owner, &format!("{entries}/{id}")).await.is(404);
}

/// E3, E4, E9: roles of an organisation and of the instance, the catalogue, roles of a person.
#[tokio::test]
async fn roles_and_permissions() {
    let house = House::new().await;
    let role = json!({ "name": "Night watch", "permissions": ["members:invite"] });
    let made = house.post(&house.owner, "/roles", role.clone()).await.is(201).json();
    assert_eq!(house.post(&house.owner, "/roles", role).await.is(409).error(), "name-taken");
    let wrong = house.post(&house.owner, "/roles", json!({ "name": "X", "permissions": ["moon:walk", "y"] })).await;
    assert_eq!(wrong.is(400).json()["errors"][0]["field"], "permissions[1]");
    let at = house.path(&format!("/roles/{}", made["id"].as_str().unwrap()));
    let body = json!({ "name": "Watch", "permissions": ["members:read"] });
    house.app.api(Method::PUT, &at, Some(&house.viewer), Some(body.clone())).await.is(403);
    house.app.api(Method::PUT, &at, Some(&house.owner), Some(body)).await.is(200);
    house.app.api(Method::DELETE, &at, Some(&house.owner), None).await.is(204);
    let listed = house.get(&house.viewer, "/roles").await.is(200).json();
    let names: Vec<_> = listed["roles"].as_array().unwrap().iter().map(|role| role["name"].clone()).collect();
    assert_eq!(names, ["owner", "admin", "operator", "viewer"]);

    let app = &house.app;
    let words = json!({ "description": "Restart servers" });
    let servers = "/api/v1/permissions/servers:restart";
    app.api(Method::PUT, servers, Some(&house.owner), Some(words.clone())).await.is(403);
    app.api(Method::PUT, servers, Some(&house.admin), Some(words.clone())).await.is(200);
    app.api(Method::PUT, "/api/v1/permissions/org:read", Some(&house.admin), Some(words)).await.is(409);
    let shared = json!({ "name": "Support", "permissions": ["servers:restart"] });
    let made = app.api(Method::POST, "/api/v1/roles", Some(&house.admin), Some(shared)).await.is(201).json();
    let roles = format!("/api/v1/users/{}/roles", house.tove);
    let body = json!({ "roles": [made["id"]] });
    app.api(Method::PUT, &roles, Some(&house.viewer), Some(body.clone())).await.is(403);
    let given = app.api(Method::PUT, &roles, Some(&house.admin), Some(body)).await.is(200).json();
    assert_eq!(given["roles"][0]["name"], "Support");
    assert_eq!(app.api(Method::GET, &roles, Some(&house.viewer), None).await.is(200).json(), given);
    app.api(Method::GET, &roles, Some(&house.owner), None).await.is(404);
    app.api(Method::DELETE, servers, Some(&house.admin), None).await.is(204);
}

/// E2, E7: what is asked of members is changed, and bites when somebody switches.
#[tokio::test]
async fn second_factors_and_switching() {
    let house = House::new().await;
    let switch = |token: String| {
        let body = json!({ "organization": "nordhavn" });
        let app = &house.app;
        async move { app.api(Method::POST, "/api/v1/me/organization", Some(&token), Some(body)).await }
    };
    let switched = switch(house.viewer.clone()).await;
    let token = switched.is(200).json()["token"].as_str().unwrap().to_owned();
    house.get(&house.viewer, "").await.is(401);
    house.get(&token, "").await.is(200);
    let policy =
        house.patch(&house.owner, "/mfa-policy", json!({ "requireMfa": true, "allowedMethods": ["totp"] })).await;
    assert_eq!(policy.is(200).json()["allowedMethods"], json!(["totp"]));
    for (body, field) in [
        (json!({ "allowedMethods": [] }), "allowedMethods"),
        (json!({ "allowedMethods": ["fax"] }), "allowedMethods[0]"),
        (json!({ "gracePeriodDays": 400 }), "gracePeriodDays"),
        (json!({ "exemptRoles": ["0199a1b2-c3d4-7e5f-8a6b-0123456789ab"] }), "exemptRoles"),
    ] {
        let wrong = house.patch(&house.owner, "/mfa-policy", body.clone()).await;
        assert_eq!(wrong.is(400).json()["errors"][0]["field"], field, "{body}");
    }
    house.patch(&token, "/mfa-policy", json!({ "requireMfa": false })).await.is(403);
    assert_eq!(house.get(&token, "/mfa-policy").await.is(200).json()["requireMfa"], true);
    assert_eq!(switch(token).await.is(403).error(), "second-factor-required");
    house
        .app
        .api(Method::POST, "/api/v1/me/organization", Some(&house.owner), Some(json!({ "organization": "x" })))
        .await
        .is(404);
}
