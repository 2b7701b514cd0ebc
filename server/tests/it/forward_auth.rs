//! I7: a proxy asks who comes.

use http::{Method, Request, header};
use ostiary::{
    id::{OrganizationId, UserId},
    org::{self, Builtin, CreateOrganization},
    protocol::ScopeSet,
    text::DisplayName,
};

use crate::harness::{Answer, App, Browser, Client, EMAIL, OTHER_EMAIL, PASSWORD};

async fn organization(app: &App, owner: UserId, name: &str) -> OrganizationId {
    let cmd = CreateOrganization { name: DisplayName::try_from(name).unwrap(), slug: None, owner: Some(owner) };
    org::create_organization(&app.core.operator(), cmd).await.unwrap().id
}

async fn ask(app: &App, query: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(format!("/forward-auth{query}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

fn told(answer: &Answer) -> [&str; 5] {
    ["x-authenticated", "x-user-id", "x-org-id", "x-user-roles", "x-user-permissions"].map(|name| answer.header(name))
}

const NOBODY: [&str; 5] = ["false", "", "", "", ""];

/// A person in an organisation of somebody else's, with a browser.
async fn viewer(app: &App) -> (UserId, OrganizationId, Browser) {
    let (owner, mara) = (app.person(OTHER_EMAIL).await, app.person(EMAIL).await);
    let id = organization(app, owner, "Nordhavn").await;
    org::add_member(&app.core.operator(), &id.into(), mara, Builtin::Viewer.id()).await.unwrap();
    (mara, id, app.signed_in(EMAIL).await)
}

/// I7: by the session cookie: who, where, and what they may do.
#[tokio::test]
async fn a_browser_is_let_on() {
    let app = App::new().await;
    let (mara, id, mut browser) = viewer(&app).await;
    let yes = browser.get("/forward-auth?organization=nordhavn&require=members:read").await;
    let (mara, id) = (mara.to_string(), id.to_string());
    assert_eq!(told(yes.is(200)), ["true", &mara, &id, "viewer", "members:read,org:read"]);
    for (query, status) in [
        ("organization=nordhavn&require=members:invite", 403),
        ("organization=nordhavn&require=members:read&require=moon:walk", 403),
        ("organization=elsewhere", 403),
        ("organization=nordhavn&require=nonsense", 400),
        ("organisation=nordhavn", 400),
        ("organization=nordhavn&organization=x", 400),
        ("organization=", 400),
    ] {
        let no = browser.get(&format!("/forward-auth?{query}")).await;
        no.is(status);
        if status == 403 {
            assert_eq!(told(&no), NOBODY, "{query}");
        }
    }
    // Without a name they act where they chose last: in their personal one.
    assert_eq!(told(browser.get("/forward-auth?require=org:delete").await.is(200))[3], "owner");
    let nobody = ask(&app, "?organization=nordhavn", &[]).await;
    assert_eq!(told(nobody.is(401)), NOBODY);
    assert!(nobody.header("www-authenticate").starts_with("Bearer "));
}

/// I7: by a bearer token of ours; what comes in under the names of our headers counts for nothing.
#[tokio::test]
async fn a_program_is_let_on() {
    let app = App::new().await;
    let (mara, _, mut browser) = viewer(&app).await;
    let (token, _) = app.login(EMAIL).await;
    let bearer = format!("Bearer {token}");
    let forged = [("authorization", bearer.as_str()), ("x-user-id", "root"), ("x-authenticated", "true")];
    let yes = ask(&app, "?organization=nordhavn", &forged).await;
    assert_eq!(told(yes.is(200))[1], mara.to_string());
    assert_eq!(told(ask(&app, "", &forged[1..]).await.is(401)), NOBODY);
    for wrong in ["Bearer nonsense", "Basic bWFyYTp4", "Bearer"] {
        ask(&app, "", &[("authorization", wrong)]).await.is(401);
    }
    // A wrong token is not made good by a cookie.
    let cookie = browser.cookie_header();
    ask(&app, "", &[("authorization", "Bearer nonsense"), ("cookie", &cookie)]).await.is(401);
    ask(&app, "", &[("cookie", &cookie)]).await.is(200);
    app.api(Method::POST, "/api/v1/auth/logout", Some(&token), None).await.is(204);
    ask(&app, "", &[("authorization", &bearer)]).await.is(401);
    browser.post("/do/sign-out", &[]).await;
    ask(&app, "", &[("cookie", &cookie)]).await.is(401);
}

async fn token_for(app: &App, browser: &mut Browser, client: &Client) -> String {
    let scope = [("scope", "openid organization"), ("organization", "nordhavn")];
    let code = app.code(browser, client, &scope).await;
    app.redeem(client, &code, &[]).await.is(200).json()["access_token"].as_str().unwrap().to_owned()
}

/// I7: a token of an application opens only what it was issued for.
#[tokio::test]
async fn a_token_of_an_application_needs_its_audience() {
    let app = App::new().await;
    let (_, id, mut browser) = viewer(&app).await;
    let client = app
        .client_with(|settings| {
            settings.scopes = ScopeSet::parse("openid organization").unwrap();
            settings.audiences = vec!["https://wiki.example".to_owned()];
        })
        .await;
    let bearer = format!("Bearer {}", token_for(&app, &mut browser, &client).await);
    let with = [("authorization", bearer.as_str())];
    ask(&app, "", &with).await.is(401);
    ask(&app, "?audience=https://other.example", &with).await.is(401);
    let yes = ask(&app, "?audience=https://wiki.example&require=members:read", &with).await;
    assert_eq!(told(yes.is(200))[2], id.to_string(), "the organisation of the token");
    org::remove_member(&app.core.operator(), &id.into(), app_user(&app).await, None).await.unwrap();
    ask(&app, "?audience=https://wiki.example", &with).await.is(403);
}

async fn app_user(app: &App) -> UserId {
    ostiary::account::find_user(&app.core.operator(), EMAIL).await.unwrap().id
}

/// I7: Traefik and Caddy pass our answer on, so people are sent to sign in, and back; never where no operator said.
#[tokio::test]
async fn people_are_sent_to_sign_in_and_back() {
    let app = App::with(|config| {
        config.forward_auth.origins = vec!["https://wiki.example".parse().unwrap()];
    })
    .await;
    app.person(EMAIL).await;
    let page = [
        ("accept", "text/html"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "wiki.example"),
        ("x-forwarded-uri", "/page?a=1&b=2"),
    ];
    let sent = ask(&app, "", &page).await;
    assert_eq!(told(sent.is(302)), NOBODY);
    let to = sent.location().strip_prefix("http://localhost:8080").unwrap().to_owned();
    assert_eq!(to, "/forward-auth/sign-in?rd=https://wiki.example/page?a=1&b=2");
    let mut browser = app.browser();
    let at_door = browser.get(&to).await;
    assert_eq!(at_door.is(303).location(), "/sign-in?next=return");
    // Browsers ask the policy about the redirects after a form, too (CSP 3 §6.3.1).
    let door = browser.get("/sign-in?next=return").await;
    let policy = door.is(200).header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://wiki.example;"), "{policy}");
    let fields = [("username", EMAIL), ("password", PASSWORD), ("next", "return")];
    let signed_in = browser.post("/do/sign-in", &fields).await;
    assert_eq!(signed_in.is(303).location(), "/forward-auth/return");
    assert_eq!(browser.get("/forward-auth/return").await.location(), "https://wiki.example/page?a=1&b=2");
    assert_eq!(browser.get("/forward-auth/return").await.location(), "/account", "said once");
    // Somebody who is signed in goes straight back.
    let again = browser.get("/forward-auth/sign-in?rd=https%3A%2F%2Fwiki.example%2F").await;
    assert_eq!(again.location(), "/forward-auth/return");
    assert_eq!(browser.get("/forward-auth/return").await.location(), "https://wiki.example/");
    for evil in ["https://evil.example/", "javascript:alert(1)", "//evil.example", "https://wiki.example@evil.example/"]
    {
        browser.get(&format!("/forward-auth/sign-in?rd={evil}")).await;
        assert_eq!(browser.get("/forward-auth/return").await.location(), "/account", "{evil}");
    }
    // A script is told the status, and so is whoever wants to change something.
    for (at, other) in [(0, ("accept", "application/json")), (0, ("accept", "*/*"))] {
        let mut script = page;
        script[at] = other;
        ask(&app, "", &script).await.is(401);
    }
    let post = [&page[..], &[("x-forwarded-method", "POST")]].concat();
    ask(&app, "", &post).await.is(401);
    let unknown = ask(&app, "", &[page[0], page[1], ("x-forwarded-host", "evil.example"), page[3]]).await;
    assert_eq!(unknown.is(302).location(), "http://localhost:8080/sign-in");
}

/// I7: Envoy keeps method and path of the request; every method is answered.
#[tokio::test]
async fn method_and_path_do_not_matter() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let (token, _) = app.login(EMAIL).await;
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::HEAD] {
        for path in ["/forward-auth", "/forward-auth/at/some/page"] {
            let request = Request::builder().method(&method).uri(path);
            let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            app.send(request.body(axum::body::Body::empty()).unwrap()).await.is(200);
        }
    }
}
