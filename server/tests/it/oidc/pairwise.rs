//! D8: names of people for one sector (OIDC Core §8), as applications see them.

use axum::body::Body;
use http::{Method, Request, header};
use ostiary::{client::SubjectType, config::RegistrationMode, protocol::RedirectUri, testing::TestWeb};
use serde_json::{Value, json};

use super::basic::{text, verified};
use crate::harness::{App, Client, EMAIL, OTHER_EMAIL};

const TOKEN: &str = "/connect/token";
const REGISTRATION: &str = "/connect/register";

async fn client(app: &App, redirect_uri: &str, subject_type: SubjectType) -> Client {
    app.client_with(|settings| {
        settings.redirect_uris = vec![RedirectUri::parse(redirect_uri).unwrap()];
        settings.subject_type = subject_type;
        settings.first_party = true;
    })
    .await
}

async fn tokens(app: &App, email: &str, client: &Client, redirect_uri: &str) -> Value {
    let asked = [("redirect_uri", redirect_uri), ("scope", "openid")];
    let code = app.code(&mut app.signed_in(email).await, client, &asked).await;
    app.redeem(client, &code, &[("redirect_uri", redirect_uri)]).await.is(200).json()
}

/// The name that ID token, userinfo and introspection agree on.
async fn name(app: &App, email: &str, client: &Client, redirect_uri: &str) -> String {
    let issued = tokens(app, email, client, redirect_uri).await;
    let sub = text(&verified(app, client, text(&issued, "id_token")).await.1, "sub").to_owned();
    let token = text(&issued, "access_token");
    let request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let info = app.send(request.body(Body::empty()).unwrap()).await;
    // OIDC Core §5.3.2: the client must compare the two.
    assert_eq!(info.is(200).json()["sub"], sub.as_str());
    assert_eq!(app.form("/connect/introspect", client, &[("token", token)]).await.json()["sub"], sub.as_str());
    sub
}

/// D8, OIDC Core §8, §8.1: the same name throughout a sector, another in another, and none of them is that of the account.
#[tokio::test]
async fn sectors_know_people_by_names_of_their_own() {
    let app = App::new().await;
    let person = app.person(EMAIL).await.to_string();
    app.person(OTHER_EMAIL).await;
    let (shop, again, bank) = ("https://shop.example/cb", "https://shop.example/other", "https://bank.example/cb");
    let one = client(&app, shop, SubjectType::Pairwise).await;
    let same = client(&app, again, SubjectType::Pairwise).await;
    let other = client(&app, bank, SubjectType::Pairwise).await;
    let open = client(&app, shop, SubjectType::Public).await;
    let mine = name(&app, EMAIL, &one, shop).await;
    assert_eq!(name(&app, EMAIL, &same, again).await, mine);
    assert_ne!(name(&app, EMAIL, &other, bank).await, mine);
    assert_ne!(name(&app, OTHER_EMAIL, &one, shop).await, mine);
    assert_eq!(name(&app, EMAIL, &open, shop).await, person);
    assert!(mine != person && mine.len() <= 255 && mine.is_ascii());
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["subject_types_supported"], json!(["public", "pairwise"]));
}

/// D8, OIDC Core §12.2, OIDC Core §8.1: a refresh names the person as before.
#[tokio::test]
async fn a_refresh_keeps_the_name() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let uri = "https://shop.example/cb";
    let client = client(&app, uri, SubjectType::Pairwise).await;
    let asked = [("redirect_uri", uri), ("scope", "openid offline_access")];
    let code = app.code(&mut app.signed_in(EMAIL).await, &client, &asked).await;
    let first = app.redeem(&client, &code, &[("redirect_uri", uri)]).await.is(200).json();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", text(&first, "refresh_token"))];
    let next = app.form(TOKEN, &client, &fields).await.is(200).json();
    let before = verified(&app, &client, text(&first, "id_token")).await.1;
    let after = verified(&app, &client, text(&next, "id_token")).await.1;
    assert_eq!(after["sub"], before["sub"]);
}

/// D8, OIDC Core §8.1, OIDC Registration §5: hosts that one list names are one sector; whom it does not name is not of it,
/// neither at registration nor later.
#[tokio::test]
async fn a_list_makes_hosts_one_sector() {
    let web = TestWeb::https().await;
    let app = App::with(|config| {
        config.client_registration.mode = RegistrationMode::Open;
        web.open(&mut config.fetch);
    })
    .await;
    app.person(EMAIL).await;
    let (first, second) = ("https://a.example/cb", "https://b.example/cb");
    let said = |uri: &str, list: &str| {
        json!({
            "redirect_uris": [uri], "subject_type": "pairwise", "sector_identifier_uri": web.url(list), "scope": "openid",
        })
    };
    web.put_json("/sector.json", &json!([first, second]));
    web.put_json("/short.json", &json!([first]));
    let mut names = Vec::new();
    for uri in [first, second] {
        let made = app.post_api(REGISTRATION, said(uri, "/sector.json")).await.is(201).json();
        let client =
            Client { id: text(&made, "client_id").to_owned(), secret: text(&made, "client_secret").to_owned() };
        names.push(name(&app, EMAIL, &client, uri).await);
    }
    assert_eq!(names[0], names[1]);
    let refused = app.post_api(REGISTRATION, said(second, "/short.json")).await;
    assert_eq!(refused.is(400).error(), "invalid_client_metadata");

    let made = app.post_api(REGISTRATION, said(first, "/short.json")).await.is(201).json();
    let path = text(&made, "registration_client_uri").strip_prefix("http://localhost:8080").unwrap();
    let mut changed = said(second, "/short.json");
    changed["client_id"] = made["client_id"].clone();
    let token = Some(text(&made, "registration_access_token"));
    let refused = app.api(Method::PUT, path, token, Some(changed)).await;
    assert_eq!(refused.is(400).error(), "invalid_client_metadata");
    let kept = app.api(Method::GET, path, token, None).await.is(200).json();
    assert_eq!(kept["redirect_uris"], json!([first]));
}
