//! D8: dynamic registration (RFC 7591, OIDC Registration 1.0) and its management (RFC 7592).

use axum::body::Body;
use http::{Method, Request, header};
use ostiary::{
    client::registration::{CreateInitialToken, create_initial_token},
    config::{Config, RegistrationMode, RegistrationPolicy},
    testing::TestWeb,
};
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, EMAIL, REDIRECT_URI};

const PATH: &str = "/connect/register";

fn open(config: &mut Config) {
    config.client_registration.mode = RegistrationMode::Open;
}

async fn initial_token(app: &App, cmd: CreateInitialToken) -> String {
    create_initial_token(&app.core.operator(), cmd).await.unwrap().token.expose().to_owned()
}

fn minimal() -> Value {
    json!({ "client_name": "Blockyard", "redirect_uris": [REDIRECT_URI] })
}

fn with(more: &Value) -> Value {
    let mut members = minimal();
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    members
}

async fn register(app: &App, token: Option<&str>, body: Value) -> Answer {
    app.api(Method::POST, PATH, token, Some(body)).await
}

fn own_path(json: &Value) -> String {
    json["registration_client_uri"].as_str().unwrap().strip_prefix("http://localhost:8080").unwrap().to_owned()
}

fn own_token(json: &Value) -> &str {
    json["registration_access_token"].as_str().unwrap()
}

/// RFC 7591 §3.2.1: what is answered. oidcc-server, the whole flow with a client that registered itself.
#[tokio::test]
async fn a_client_registers_itself_and_signs_people_in() {
    let app = App::with(open).await;
    app.person(EMAIL).await;
    let grants = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let answer = register(&app, None, with(&grants)).await;
    let json = answer.is(201).json();
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(json["client_secret_expires_at"], 0);
    assert_eq!(json["client_id_issued_at"], app.core.now().as_secs());
    assert_eq!(json["client_name"], "Blockyard");
    assert_eq!(json["redirect_uris"], json!([REDIRECT_URI]));
    assert_eq!(json["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(json["id_token_signed_response_alg"], "RS256");
    assert_eq!(json["response_types"], json!(["code"]));
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    let client = Client { id: text("client_id"), secret: text("client_secret") };
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &client, &[]).await;
    let tokens = app.redeem(&client, &code, &[]).await.is(200).json();
    assert!(tokens["id_token"].is_string() && tokens["refresh_token"].is_string());
}

/// RFC 7591 §3, D8: who may register is the operator's choice; discovery tells where one can.
#[tokio::test]
async fn who_may_register() {
    let endpoint = async |app: &App| {
        let document = app.get("/.well-known/openid-configuration").await.json();
        document["registration_endpoint"].as_str().map(str::to_owned)
    };
    let off = App::with(|config| config.client_registration.mode = RegistrationMode::Off).await;
    register(&off, None, minimal()).await.is(404);
    assert_eq!(endpoint(&off).await, None);

    let app = App::new().await;
    assert_eq!(endpoint(&app).await.as_deref(), Some("http://localhost:8080/connect/register"));
    let bare = register(&app, None, minimal()).await;
    assert!(bare.is(401).header("www-authenticate").starts_with("Bearer realm="), "{bare:?}");
    assert!(!bare.header("www-authenticate").contains("error"));
    for wrong in ["nonsense", "ost_ia_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let refused = register(&app, Some(wrong), minimal()).await;
        assert_eq!(refused.is(401).error(), "invalid_token", "{wrong}");
        assert!(refused.header("www-authenticate").contains("invalid_token"));
    }
    let token = initial_token(&app, CreateInitialToken::default()).await;
    register(&app, Some(&token), minimal()).await.is(201);
    let open = App::with(open).await;
    register(&open, None, minimal()).await.is(201);
    assert_eq!(register(&open, Some("wrong"), minimal()).await.is(401).error(), "invalid_token");
}

/// D8, RFC 7591 §1.2: a token is good for so many clients, until it ends.
#[tokio::test]
async fn tokens_are_used_up_and_end() {
    let app = App::new().await;
    let once = initial_token(&app, CreateInitialToken { max_uses: Some(1), ..Default::default() }).await;
    let refused = json!({ "redirect_uris": ["http://blockyard.example/"] });
    assert_eq!(register(&app, Some(&once), refused).await.is(400).error(), "invalid_redirect_uri");
    register(&app, Some(&once), minimal()).await.is(201);
    assert_eq!(register(&app, Some(&once), minimal()).await.is(401).error(), "invalid_token");

    let soon = app.core.now() + std::time::Duration::from_mins(1);
    let short = initial_token(&app, CreateInitialToken { expires_at: Some(soon), ..Default::default() }).await;
    register(&app, Some(&short), minimal()).await.is(201);
    app.core.clock.advance(std::time::Duration::from_mins(1));
    register(&app, Some(&short), minimal()).await.is(401);
}

/// I5: open registration is limited per address.
#[tokio::test]
async fn open_registration_is_limited() {
    let app = App::with(|config| {
        open(config);
        config.limits.client_registrations_per_minute = 2;
    })
    .await;
    register(&app, None, minimal()).await.is(201);
    register(&app, None, minimal()).await.is(201);
    let limited = register(&app, None, minimal()).await;
    assert!(!limited.is(429).header("retry-after").is_empty());
}

/// D8: a policy says what a client may be, whatever it says of itself.
#[tokio::test]
async fn policies_are_kept_to() {
    let app = App::with(|config| {
        let policy = RegistrationPolicy {
            redirect_hosts: vec![".blockyard.example".to_owned()],
            scopes: ostiary::protocol::ScopeSet::parse("openid email reports:read").unwrap(),
            force: json!({ "access_token_ttl_secs": 60, "require_pushed_authorization_requests": true })
                .as_object()
                .unwrap()
                .clone(),
            max_clients: Some(1),
            ..RegistrationPolicy::default()
        };
        config.client_registration.policies.insert("partners".to_owned(), policy);
    })
    .await;
    let cmd = CreateInitialToken { policy: Some("partners".to_owned()), ..Default::default() };
    let token = initial_token(&app, cmd).await;
    let elsewhere = register(&app, Some(&token), minimal()).await;
    assert_eq!(elsewhere.is(400).error(), "invalid_redirect_uri");
    let machine = with(&json!({
        "redirect_uris": ["https://a.blockyard.example/cb"],
        "grant_types": ["authorization_code", "client_credentials"],
    }));
    assert_eq!(register(&app, Some(&token), machine).await.is(400).error(), "invalid_client_metadata");
    let fine = with(&json!({
        "redirect_uris": ["https://a.blockyard.example/cb"],
        "scope": "openid profile reports:read admin",
        "first_party": true,
        "access_token_ttl_secs": 80000,
        "require_pushed_authorization_requests": false,
    }));
    let json = register(&app, Some(&token), fine.clone()).await.is(201).json();
    assert_eq!(json["scope"], "openid reports:read");
    assert_eq!(json["require_pushed_authorization_requests"], true);
    let id = json["client_id"].as_str().unwrap();
    let client = ostiary::client::find_client(&app.core, id).await.unwrap().unwrap();
    assert_eq!(client.settings.access_token_ttl_secs, Some(60));
    assert!(!client.settings.first_party);
    // One client at a time.
    register(&app, Some(&token), fine.clone()).await.is(401);
    app.api(Method::DELETE, &own_path(&json), Some(own_token(&json)), None).await.is(204);
    register(&app, Some(&token), fine).await.is(201);
}

/// RFC 7592 §2.1 to §2.3: read, replace, remove.
#[tokio::test]
async fn a_registration_is_looked_after() {
    let app = App::with(open).await;
    let made =
        register(&app, None, with(&json!({ "tos_uri": "https://blockyard.example/terms" }))).await.is(201).json();
    let (path, token) = (own_path(&made), own_token(&made).to_owned());
    let read = app.api(Method::GET, &path, Some(&token), None).await;
    let json = read.is(200).json();
    assert_eq!(read.header("cache-control"), "no-store");
    assert_eq!(json["registration_access_token"], token);
    assert!(json["client_secret"].is_null(), "only its digest is kept");
    assert_eq!(json["tos_uri"], "https://blockyard.example/terms");

    let replaced = json!({
        "client_id": made["client_id"], "client_secret": made["client_secret"],
        "client_name": "Blockyard II", "redirect_uris": ["https://blockyard.example/other"],
    });
    let json = app.api(Method::PUT, &path, Some(&token), Some(replaced.clone())).await.is(200).json();
    assert_eq!(json["client_name"], "Blockyard II");
    assert_eq!(json["redirect_uris"], json!(["https://blockyard.example/other"]));
    assert!(json["tos_uri"].is_null(), "what is not said is deleted");
    assert_eq!(json["client_id_issued_at"], made["client_id_issued_at"]);

    // RFC 7592 §2.2: the client is named, and does not choose its secret.
    for (member, value) in [("client_id", json!("other")), ("client_id", json!(null)), ("client_secret", json!("mine"))]
    {
        let mut wrong = replaced.clone();
        wrong[member] = value;
        let refused = app.api(Method::PUT, &path, Some(&token), Some(wrong)).await;
        assert_eq!(refused.is(400).error(), "invalid_client_metadata");
    }
    let wrong = json!({ "client_id": made["client_id"], "redirect_uris": ["javascript:alert(1)"] });
    assert_eq!(app.api(Method::PUT, &path, Some(&token), Some(wrong)).await.is(400).error(), "invalid_redirect_uri");

    app.api(Method::DELETE, &path, Some(&token), None).await.is(204);
    app.api(Method::GET, &path, Some(&token), None).await.is(401);
    let id = made["client_id"].as_str().unwrap();
    assert!(ostiary::client::find_client(&app.core, id).await.unwrap().is_none());
}

/// RFC 7592 §2: one client's token is nothing to another, and nothing else is a token.
#[tokio::test]
async fn registrations_are_each_clients_own() {
    let app = App::with(open).await;
    let mine = register(&app, None, minimal()).await.json();
    let other = register(&app, None, minimal()).await.json();
    let secret = mine["client_secret"].as_str().unwrap();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let body = (method == Method::PUT).then(|| with(&json!({ "client_id": mine["client_id"] })));
        for wrong in [own_token(&other), secret, "nonsense"] {
            let refused = app.api(method.clone(), &own_path(&mine), Some(wrong), body.clone()).await;
            assert_eq!(refused.is(401).error(), "invalid_token", "{method}");
        }
        let bare = app.api(method.clone(), &own_path(&mine), None, body.clone()).await;
        bare.is(401);
        let unknown = app.api(method, "/connect/register/nobody", Some(own_token(&mine)), body).await;
        assert_eq!(unknown.is(401).error(), "invalid_token");
    }
    // A client that an operator registered has no such token at all.
    let client = app.client().await;
    let path = format!("{PATH}/{}", client.id);
    app.api(Method::GET, &path, Some(own_token(&mine)), None).await.is(401);
}

/// RFC 7592 §2.2: a client that begins to need a secret is given one; one that needs none any more loses it.
#[tokio::test]
async fn secrets_follow_the_method() {
    let app = App::with(open).await;
    let made = register(&app, None, with(&json!({ "token_endpoint_auth_method": "none" }))).await.is(201).json();
    assert!(made["client_secret"].is_null() && made["client_secret_expires_at"].is_null());
    let put = async |method: &str| {
        let body = with(&json!({ "client_id": made["client_id"], "token_endpoint_auth_method": method }));
        app.api(Method::PUT, &own_path(&made), Some(own_token(&made)), Some(body)).await.is(200).json()
    };
    let secret = put("client_secret_basic").await["client_secret"].as_str().unwrap().to_owned();
    assert!(put("client_secret_post").await["client_secret"].is_null(), "it has one");
    let id = made["client_id"].as_str().unwrap();
    let fields =
        |secret: &str| [("client_id", id.to_owned()), ("client_secret", secret.to_owned()), ("token", "x".to_owned())];
    let revoke = async |secret: &str| {
        let fields = fields(secret);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        app.bare_form("/connect/revocation", &fields).await.status.as_u16()
    };
    assert_eq!(revoke(&secret).await, 200);
    put("none").await;
    let fresh = put("client_secret_post").await["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(revoke(&secret).await, 401);
    assert_eq!(revoke(&fresh).await, 200);
}

/// RFC 7591 §3.2.2: each wrong member by its name. oidcc-registration-… and oidcc-redirect-uri-regfrag;
/// oidcc-3rd_party-init-login-nohttps.
#[tokio::test]
async fn wrong_members_are_named() {
    let app = App::with(open).await;
    for (member, value, code) in [
        ("redirect_uris", json!(["https://blockyard.example/cb#fragment"]), "invalid_redirect_uri"),
        ("redirect_uris", json!(null), "invalid_redirect_uri"),
        ("initiate_login_uri", json!("http://blockyard.example/start"), "invalid_client_metadata"),
        ("jwks", json!({ "keys": 7 }), "invalid_client_metadata"),
        ("grant_types", json!(["password"]), "invalid_client_metadata"),
        ("logo_uri", json!("javascript:alert(1)"), "invalid_client_metadata"),
    ] {
        let refused = register(&app, None, with(&json!({ member: value }))).await;
        assert_eq!(refused.is(400).error(), code, "{member}");
        let why = refused.json()["error_description"].as_str().unwrap().to_owned();
        assert!(why.contains(member), "{why}");
    }
}

/// RFC 7591 §3.1: bodies are JSON objects.
#[tokio::test]
async fn bodies_are_json() {
    let app = App::with(open).await;
    for body in ["", "[]", "7", "{", "\"x\"", "{\"redirect_uris\":"] {
        let request = Request::post(PATH).header(header::CONTENT_TYPE, "application/json");
        let refused = app.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(refused.is(400).error(), "invalid_client_metadata", "{body}");
    }
    let form = app.bare_form(PATH, &[("redirect_uris", REDIRECT_URI)]).await;
    assert_eq!(form.is(400).error(), "invalid_client_metadata");
    let huge = with(&json!({ "client_name": "x".repeat(100_000) }));
    register(&app, None, huge).await.is(413);
}

/// oidcc-registration-policy-uri, oidcc-registration-tos-uri, oidcc-registration-jwks-uri: links and keys are kept.
/// oidcc-3rd_party-init-login: an https address is taken.
#[tokio::test]
async fn links_and_keys_are_kept() {
    let app = App::with(open).await;
    let said = json!({
        "policy_uri": "https://blockyard.example/policy",
        "tos_uri": "https://blockyard.example/terms",
        "jwks_uri": "https://blockyard.example/jwks.json",
        "initiate_login_uri": "https://blockyard.example/start",
        "contacts": ["mara@blockyard.example"],
        "client_name#de": "Blockhof",
    });
    let json = register(&app, None, with(&said)).await.is(201).json();
    for (member, value) in said.as_object().unwrap() {
        if member.contains('#') {
            assert!(json[member].is_null());
        } else {
            assert_eq!(&json[member], value, "{member}");
        }
    }
}

/// OIDC Registration §5, OIDC Core §8.1: oidcc-registration-sector-uri, oidcc-registration-sector-bad.
#[tokio::test]
async fn a_sector_lists_every_redirect_uri() {
    let web = TestWeb::https().await;
    let app = App::with(|config| {
        open(config);
        web.open(&mut config.fetch);
    })
    .await;
    let uris = ["https://a.example/cb", "https://b.example/cb"];
    let said = with(&json!({
        "redirect_uris": uris, "subject_type": "pairwise", "sector_identifier_uri": web.url("/sector.json"),
    }));
    for bad in [json!([uris[0]]), json!([]), json!({ "a": uris }), json!([uris[0], "https://b.example/cb/"])] {
        web.put_json("/sector.json", &bad);
        let refused = register(&app, None, said.clone()).await;
        assert_eq!(refused.is(400).error(), "invalid_client_metadata");
        assert!(refused.body.contains("sector_identifier_uri"), "{refused:?}");
    }
    web.remove("/sector.json");
    register(&app, None, said.clone()).await.is(400);
    web.put_json("/sector.json", &json!(["https://c.example/cb", uris[0], uris[1]]));
    let json = register(&app, None, said).await.is(201).json();
    assert_eq!(json["subject_type"], "pairwise");
}

/// RFC 7591 §2.3, §3.2.2: nobody's statement is believed unless the operator says so.
#[tokio::test]
async fn software_statements_need_an_approved_issuer() {
    let app = App::with(open).await;
    let statement = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.AAAA";
    let refused = register(&app, None, with(&json!({ "software_statement": statement }))).await;
    assert_eq!(refused.is(400).error(), "unapproved_software_statement");
}

/// A picture of one point.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// oidcc-registration-logo-uri, D8, D10: a logo is fetched once, made anew, served from here, and shown where people are
/// asked; what is no picture means initials.
#[tokio::test]
async fn logos_are_shown_from_here() {
    use base64::Engine as _;

    let web = TestWeb::https().await;
    let app = App::with(|config| {
        open(config);
        web.open(&mut config.fetch);
    })
    .await;
    app.person(EMAIL).await;
    let png = base64::engine::general_purpose::STANDARD.decode(PNG).unwrap();
    web.put("/logo.png", "image/png", &[], png);
    web.put("/logo.svg", "image/svg+xml", &[], "<svg xmlns='http://www.w3.org/2000/svg'/>");
    let consent = async |logo: &str| {
        let made = register(&app, None, with(&json!({ "logo_uri": web.url(logo) }))).await.is(201).json();
        assert_eq!(made["logo_uri"], web.url(logo).as_str());
        let client = Client { id: made["client_id"].as_str().unwrap().to_owned(), secret: String::new() };
        let mut browser = app.signed_in(EMAIL).await;
        let to = browser.get(&crate::harness::authorize(&client, &[])).await.location().to_owned();
        browser.get(&to).await.is(200).body.clone()
    };
    let page = consent("/logo.png").await;
    let path = page.split('"').find(|part| part.starts_with("/logos/")).expect("the consent page shows it");
    let shown = app.get(path).await;
    assert_eq!(shown.is(200).header("content-type"), "image/png");
    assert!(shown.header("cache-control").contains("immutable"));
    assert_eq!(web.asked("/logo.png"), 1);
    for missing in ["/logos/x.png", "/logos/x", "/logos/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.png"] {
        app.get(missing).await.is(404);
    }
    for none in ["/logo.svg", "/missing.png"] {
        assert!(!consent(none).await.contains("/logos/"), "{none}");
    }
}
