//! D8: the device authorization grant (RFC 8628) on the wire and on its pages.

use ostiary::{
    client::ClientSettings,
    protocol::{GrantType, TokenEndpointAuthMethod},
};
use serde_json::Value;

use crate::harness::{Answer, App, Browser, Client, EMAIL, ISSUER, OTHER_EMAIL, PASSWORD, basic, form_body};

pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn television(app: &App) -> Client {
    app.client_with(|settings: &mut ClientSettings| {
        settings.auth_method = TokenEndpointAuthMethod::None;
        settings.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
        settings.redirect_uris = Vec::new();
    })
    .await
}

async fn begin(app: &App, client: &Client) -> Value {
    let fields = [("client_id", client.id.as_str()), ("scope", "openid profile email offline_access")];
    app.bare_form("/connect/device_authorization", &fields).await.is(200).json()
}

async fn poll(app: &App, client: &Client, begun: &Value) -> Answer {
    let device_code = begun["device_code"].as_str().unwrap();
    let fields = [("client_id", client.id.as_str()), ("grant_type", GRANT), ("device_code", device_code)];
    app.bare_form("/connect/token", &fields).await
}

/// I5: a client that proves nothing cannot fill the database with codes that nobody types.
#[tokio::test]
async fn codes_that_wait_for_somebody_are_counted() {
    let app = App::with(|config| config.limits.stored_requests_per_minute = 2).await;
    let client = television(&app).await;
    for _ in 0..2 {
        begin(&app, &client).await;
    }
    let held = app.bare_form("/connect/device_authorization", &[("client_id", client.id.as_str())]).await;
    assert_eq!(held.is(429).error(), "temporarily_unavailable");
    assert!(!held.header("retry-after").is_empty());
    let proved = app.client_with(|settings| settings.grant_types = vec![GrantType::DeviceCode]).await;
    app.form("/connect/device_authorization", &proved, &[("scope", "openid")]).await.is(200);
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&marker).unwrap_or_else(|| panic!("no field {name} in {}", page.body));
    rest.split_once('"').unwrap().0.to_owned()
}

pub async fn decide(browser: &mut Browser, decision: &str) -> Answer {
    let handle = hidden(browser.get("/device/confirm").await.is(200), "d");
    let fields = [("d", handle.as_str()), ("decision", decision), ("scope", "offline_access")];
    let to = browser.post("/do/device", &fields).await.is(303).location().to_owned();
    browser.get(&to).await
}

/// D8, RFC 8628 §3.2, §3.3, §3.5: from the code over sign-in and the question to the tokens, in a browser without scripts.
#[tokio::test]
async fn a_device_is_connected() {
    let app = App::new().await;
    let person = app.person(EMAIL).await;
    let client = television(&app).await;
    let answer = app
        .bare_form(
            "/connect/device_authorization",
            &[("client_id", client.id.as_str()), ("scope", "openid profile email offline_access")],
        )
        .await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let begun = answer.is(200).json();
    let code = begun["user_code"].as_str().unwrap();
    assert_eq!(begun["verification_uri"], format!("{ISSUER}/device"));
    assert_eq!(begun["verification_uri_complete"], format!("{ISSUER}/device?user_code={code}"));
    assert_eq!((&begun["expires_in"], &begun["interval"]), (&600.into(), &5.into()));
    let waiting = poll(&app, &client, &begun).await;
    assert_eq!(waiting.is(400).error(), "authorization_pending");
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "slow_down");

    let mut browser = app.browser();
    let linked = browser.get(&format!("/device?user_code={code}")).await;
    assert!(linked.is(200).body.contains("Is this the code on your device?") && linked.body.contains(code));
    let to = browser.post("/do/device-code", &[("user_code", &code.to_lowercase())]).await;
    assert_eq!(to.is(303).location(), "/device/confirm");
    let to = browser.get("/device/confirm").await;
    assert_eq!(to.is(303).location(), "/sign-in?next=device");
    let signed_in =
        browser.post("/do/sign-in", &[("username", EMAIL), ("password", PASSWORD), ("next", "device")]).await;
    assert_eq!(signed_in.is(303).location(), "/device/confirm");
    let page = browser.get("/device/confirm").await;
    assert!(page.is(200).body.contains(code) && page.body.contains("Blockyard") && page.body.contains("192.0.2.44"));
    assert!(decide(&mut browser, "allow").await.is(200).body.contains("The device is connected"));

    let issued = poll(&app, &client, &begun).await.is(200).json();
    assert_eq!(issued["scope"], "email offline_access openid profile");
    assert!(issued["id_token"].is_string() && issued["refresh_token"].is_string());
    let request = http::Request::get("/connect/userinfo")
        .header("authorization", format!("Bearer {}", issued["access_token"].as_str().unwrap()));
    let info = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(info.is(200).json()["sub"], person.to_string());
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "invalid_grant");
    assert_eq!(browser.get("/device/confirm").await.is(303).location(), "/device");
}

/// RFC 8628 §3.5: a no is `access_denied`, with the status of RFC 6749 §5.2.
#[tokio::test]
async fn a_no_is_told() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = television(&app).await;
    let begun = begin(&app, &client).await;
    let mut browser = app.signed_in(EMAIL).await;
    browser.post("/do/device-code", &[("user_code", begun["user_code"].as_str().unwrap())]).await.is(303);
    assert!(decide(&mut browser, "deny").await.is(200).body.contains("The device was refused"));
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "access_denied");
}

/// RFC 8628 §5.4: opening the link that a stranger sent decides nothing; nobody decides by a code that nobody typed.
#[tokio::test]
async fn a_link_alone_connects_nothing() {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = television(&app).await;
    let begun = begin(&app, &client).await;
    let code = begun["user_code"].as_str().unwrap();
    let mut browser = app.signed_in(EMAIL).await;
    browser.get(&format!("/device?user_code={code}")).await.is(200);
    assert_eq!(browser.get("/device/confirm").await.is(303).location(), "/device");
    for handle in [code, "", "AAAA"] {
        browser.post("/do/device", &[("d", handle), ("decision", "allow")]).await.is(400);
    }
    assert_eq!(poll(&app, &client, &begun).await.is(400).error(), "authorization_pending");
    let page = browser.get("/device?user_code=%22%3E%3Cscript%3E").await;
    assert!(!page.is(200).body.contains("script%3E") && !page.body.contains("><script>\""));
}

/// The form is about the code its page showed, and about the person who sends it.
#[tokio::test]
async fn the_form_answers_what_its_page_showed() {
    let app = App::new().await;
    let (_, tove) = (app.person(EMAIL).await, app.person(OTHER_EMAIL).await);
    let client = television(&app).await;
    let (first, second) = (begin(&app, &client).await, begin(&app, &client).await);
    let mut browser = app.signed_in(EMAIL).await;
    browser.post("/do/device-code", &[("user_code", first["user_code"].as_str().unwrap())]).await.is(303);
    let handle = hidden(browser.get("/device/confirm").await.is(200), "d");
    browser.post("/do/device-code", &[("user_code", second["user_code"].as_str().unwrap())]).await.is(303);
    browser.get("/sign-in/choose?next=device").await.is(200);
    let fields = [("username", OTHER_EMAIL), ("password", PASSWORD), ("next", "device")];
    browser.post("/do/sign-in", &fields).await.is(303);
    browser.post("/do/device", &[("d", &handle), ("decision", "allow")]).await.is(303);
    assert_eq!(poll(&app, &client, &second).await.is(400).error(), "authorization_pending");
    let issued = poll(&app, &client, &first).await.is(200).json();
    let fields = [("token", issued["access_token"].as_str().unwrap())];
    let api = app.client_with(|settings| settings.audiences = vec![ISSUER.to_owned()]).await;
    let told = app.form("/connect/introspect", &api, &fields).await.is(200).json();
    assert_eq!(told["sub"], tove.to_string());
}

/// What is wrong with a request of a device, and with a code.
#[tokio::test]
async fn what_is_wrong_is_told() {
    let app = App::with(|config| config.limits.user_code_per_minute = 2).await;
    let client = television(&app).await;
    let id = ("client_id", client.id.as_str());
    let answer = app.bare_form("/connect/device_authorization", &[id]).await;
    assert_eq!(answer.is(400).error(), "invalid_scope");
    let answer = app.bare_form("/connect/device_authorization", &[id, ("scope", "openid"), ("scope", "email")]).await;
    assert_eq!(answer.is(400).error(), "invalid_request");
    let other = app.client_with(|settings| settings.grant_types = vec![GrantType::AuthorizationCode]).await;
    let request =
        http::Request::post("/connect/device_authorization").header("authorization", basic(&other.id, &other.secret));
    let answer = app.send(form_body(request, &[("scope", "openid")])).await;
    assert_eq!(answer.is(400).error(), "unauthorized_client");
    let answer = app.bare_form("/connect/token", &[id, ("grant_type", GRANT)]).await;
    assert_eq!(answer.is(400).error(), "invalid_request");

    let mut browser = app.browser();
    for expected in ["No device shows this code", "No device shows this code", "Too many tries"] {
        let to = browser.post("/do/device-code", &[("user_code", "BCDF-GHJK")]).await.is(303).location().to_owned();
        let page = browser.get(&to).await;
        assert!(page.body.contains(expected), "{expected}: {}", page.body);
        assert_eq!(page.status == 429, expected == "Too many tries");
    }
}
