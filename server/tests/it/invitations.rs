//! E6: invitations over the wire.

use std::time::Duration;

use http::Method;
use ostiary::org::{self, Builtin, CreateOrganization};
use serde_json::{Value, json};

use crate::harness::{Answer, App, EMAIL, OTHER_EMAIL, PASSWORD};

const NEWCOMER: &str = "leo@fjord.example";

/// An organisation of `EMAIL`: its path, and tokens of its owner and of `OTHER_EMAIL`.
struct House {
    app: App,
    path: String,
    owner: String,
    other: String,
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        let owner_id = app.person(EMAIL).await;
        app.person(OTHER_EMAIL).await;
        let name = "Nordhavn Studio".try_into().unwrap();
        let cmd = CreateOrganization { name, slug: None, owner: Some(owner_id) };
        let made = org::create_organization(&app.core.operator(), cmd).await.unwrap();
        let path = format!("/api/v1/organizations/{}/invitations", made.id);
        let ((owner, _), (other, _)) = (app.login(EMAIL).await, app.login(OTHER_EMAIL).await);
        Self { app, path, owner, other }
    }

    async fn invite(&self, token: &str, emails: &[&str], role: Builtin) -> Answer {
        let body = json!({ "emails": emails, "roleId": role.id(), "note": "See you on Monday" });
        self.app.api(Method::POST, &self.path, Some(token), Some(body)).await
    }

    async fn ask(&self, method: Method, path: &str, token: &str) -> Answer {
        self.app.api(method, path, Some(token), None).await
    }

    async fn mine(&self, token: &str) -> Value {
        self.ask(Method::GET, "/api/v1/me/invitations", token).await.is(200).json()["invitations"].clone()
    }

    async fn last_link(&self) -> String {
        let mails = self.app.core.mails().await;
        mails.iter().rfind(|mail| mail.kind == "Invitation").unwrap().token().to_owned()
    }
}

/// E6: invited, listed, answered.
#[tokio::test]
async fn people_are_invited_and_answer() {
    let house = House::new().await;
    let answer = house.invite(&house.owner, &[OTHER_EMAIL, NEWCOMER, "nobody"], Builtin::Operator).await;
    let outcomes = answer.is(200).json()["outcomes"].clone();
    let words: Vec<_> = outcomes.as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(words, ["invited", "invited", "not_an_address"]);
    let pending = format!("{}?state=pending&search=TOVE", house.path);
    let list = house.ask(Method::GET, &pending, &house.owner).await.is(200).json();
    assert_eq!((list["invitations"].as_array().unwrap().len(), &list["places"]), (1, &json!(7)));
    let listed = &list["invitations"][0];
    assert_eq!((&listed["role"], &listed["state"]), (&json!("operator"), &json!("pending")));
    assert_eq!((&listed["note"], &listed["inviter"]), (&json!("See you on Monday"), &json!("Mara Lindqvist")));

    let mine = house.mine(&house.other).await;
    assert_eq!(mine[0]["organization"]["name"], "Nordhavn Studio");
    let one = format!("/api/v1/me/invitations/{}", mine[0]["id"].as_str().unwrap());
    house.ask(Method::POST, &format!("{one}/accept"), &house.owner).await.is(404);
    let accepted = house.ask(Method::POST, &format!("{one}/accept"), &house.other).await.is(200).json();
    assert_eq!(accepted["organization"]["slug"], "nordhavn-studio");
    let again = house.ask(Method::POST, &format!("{one}/accept"), &house.other).await;
    assert_eq!((again.is(409).error(), &again.json()["state"]), ("closed".to_owned(), &json!("accepted")));
    assert_eq!(house.ask(Method::POST, &format!("{one}/reject"), &house.other).await.is(409).error(), "closed");
    assert_eq!(house.mine(&house.other).await, json!([]));
    // An operator sees, and invites nobody.
    house.ask(Method::GET, &house.path, &house.other).await.is(200);
    assert_eq!(house.invite(&house.other, &["ida@fjord.example"], Builtin::Viewer).await.is(403).error(), "denied");
}

/// E6: the token of the mail makes a confirmed account for that address.
#[tokio::test]
async fn a_newcomer_registers_by_the_mail() {
    let house = House::new().await;
    house.invite(&house.owner, &[NEWCOMER], Builtin::Viewer).await.is(200);
    let body = |token: &str| json!({ "email": NEWCOMER, "password": PASSWORD, "invitation": token });
    let refused = house.app.post_api("/api/v1/auth/register", body("ost_iv_x")).await;
    assert_eq!(refused.is(400).json()["errors"][0]["field"], "invitation");
    house.app.post_api("/api/v1/auth/register", body(&house.last_link().await)).await.is(201);
    let (token, _) = house.app.login(NEWCOMER).await;
    let mine = house.mine(&token).await;
    let path = format!("/api/v1/me/invitations/{}/reject", mine[0]["id"].as_str().unwrap());
    house.ask(Method::POST, &path, &token).await.is(204);
    assert_eq!(house.mine(&token).await, json!([]));
}

/// E6: sent again and taken back by those who may; others are told that there is nothing.
#[tokio::test]
async fn invitations_are_resent_and_withdrawn() {
    let house = House::new().await;
    let invited = house.invite(&house.owner, &[NEWCOMER], Builtin::Viewer).await.json();
    let one = format!("{}/{}", house.path, invited["outcomes"][0]["invitationId"].as_str().unwrap());
    let resend = format!("{one}/resend");
    house.ask(Method::POST, &resend, &house.other).await.is(404);
    house.ask(Method::DELETE, &one, &house.other).await.is(404);
    house.ask(Method::POST, &resend, &house.owner).await.is(429);
    house.app.core.clock.advance(Duration::from_mins(5));
    let before = house.last_link().await;
    house.ask(Method::POST, &resend, &house.owner).await.is(204);
    assert_ne!(house.last_link().await, before);
    house.ask(Method::DELETE, &one, &house.owner).await.is(204);
    assert_eq!(house.ask(Method::DELETE, &one, &house.owner).await.is(409).error(), "closed");
    for path in [format!("{}/none", house.path), "/api/v1/organizations/none/invitations/x".to_owned()] {
        house.ask(Method::DELETE, &path, &house.owner).await.is(404);
    }
}

/// E3, E6, I8: what is wrong is named.
#[tokio::test]
async fn wrong_invitations_are_refused() {
    let house = House::new().await;
    let owner_role = house.invite(&house.owner, &[NEWCOMER], Builtin::Owner).await;
    assert_eq!(owner_role.is(403).error(), "ceiling");
    let many: Vec<String> = (0..51).map(|i| format!("a{i}@x.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let code = |answer: &Answer| answer.is(400).json()["errors"][0]["code"].as_str().unwrap().to_owned();
    assert_eq!(code(&house.invite(&house.owner, &many, Builtin::Viewer).await), "too_many");
    assert_eq!(code(&house.invite(&house.owner, &[], Builtin::Viewer).await), "missing");
    let send = async |body: Value| house.app.api(Method::POST, &house.path, Some(&house.owner), Some(body)).await;
    let viewer = Builtin::Viewer.id();
    assert_eq!(code(&send(json!({ "emails": "a@x.example", "roleId": viewer })).await), "not_list");
    assert_eq!(code(&send(json!({ "emails": [7], "roleId": viewer })).await), "malformed");
    assert_eq!(code(&send(json!({ "emails": ["a@x.example"], "roleId": "x" })).await), "unknown");
    let note = json!({ "emails": ["a@x.example"], "roleId": viewer, "note": "x".repeat(501) });
    assert_eq!(code(&send(note).await), "too_long");
    for bad in ["state=open", "limit=0", "limit=201", "after=x"] {
        house.ask(Method::GET, &format!("{}?{bad}", house.path), &house.owner).await.is(400);
    }
}
