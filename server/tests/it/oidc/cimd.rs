//! D8: clients that are described by the document at their `client_id` (draft-ietf-oauth-client-id-metadata-document).

use std::time::Duration;

use ostiary::{
    client::{UpdateClient, UpdateClientError, find_client, update_client},
    testing::TestWeb,
};
use serde_json::{Value, json};

use crate::harness::{App, Client, EMAIL, REDIRECT_URI, authorize, redemption};

const PATH: &str = "/client.json";

async fn house() -> (App, TestWeb) {
    let web = TestWeb::https().await;
    let app = App::with(|config| {
        web.open(&mut config.fetch);
        config.client_id_metadata.enabled = true;
    })
    .await;
    app.person(EMAIL).await;
    (app, web)
}

fn document(web: &TestWeb) -> Value {
    json!({ "client_id": web.url(PATH), "client_name": "Blockyard", "redirect_uris": [REDIRECT_URI] })
}

fn client(web: &TestWeb) -> Client {
    Client { id: web.url(PATH).to_string(), secret: String::new() }
}

async fn is_known(app: &App, web: &TestWeb) -> bool {
    find_client(&app.core, web.url(PATH).as_str()).await.unwrap().is_some()
}

/// The whole way: nobody registered the client, and somebody signs in with it.
#[tokio::test]
async fn a_document_is_a_client() {
    let (app, web) = house().await;
    web.put_json(PATH, &document(&web));
    let client = client(&web);
    let mut browser = app.signed_in(EMAIL).await;
    let asked = browser.get(&authorize(&client, &[])).await;
    let consent = browser.get(asked.is(303).location()).await;
    assert!(
        consent.is(200).body.contains("Blockyard") && consent.body.contains("127.0.0.1"),
        "its host vouches for it"
    );
    let code = app.code(&mut browser, &client, &[("scope", "openid profile")]).await;
    let fields = redemption(&code, &[("client_id", &client.id)]);
    let tokens = app.bare_form("/connect/token", &fields).await.is(200).json();
    assert!(tokens["id_token"].is_string());
    assert_eq!(web.asked(PATH), 1, "fetched once");
}

/// D11: what the document says is changed there and nowhere else; turned off it may be here.
#[tokio::test]
async fn a_document_is_not_changed_by_hand() {
    let (app, web) = house().await;
    web.put_json(PATH, &document(&web));
    let found = find_client(&app.core, web.url(PATH).as_str()).await.unwrap().unwrap();
    let as_it_is = UpdateClient {
        client_id: found.id.clone(),
        name: found.name.clone().try_into().unwrap(),
        settings: found.settings.clone(),
        is_enabled: None,
        version: None,
    };
    let renamed = UpdateClient { name: "Ledger".try_into().unwrap(), ..as_it_is.clone() };
    let mut widened = as_it_is.clone();
    widened.settings.first_party = true;
    for cmd in [renamed, widened] {
        let refused = update_client(&app.core.operator(), cmd).await;
        assert!(matches!(refused, Err(UpdateClientError::Described)), "{refused:?}");
    }
    let off = UpdateClient { is_enabled: Some(false), ..as_it_is };
    assert_eq!(update_client(&app.core.operator(), off).await.unwrap().changed, ["enabled"]);
}

/// §5 of the draft: discovery tells, and without the switch such an id is nobody's.
#[tokio::test]
async fn it_is_off_unless_switched_on() {
    let (app, _web) = house().await;
    let supported = async |app: &App| {
        app.get("/.well-known/openid-configuration").await.json()["client_id_metadata_document_supported"].clone()
    };
    assert_eq!(supported(&app).await, true);
    let web = TestWeb::https().await;
    web.put_json(PATH, &document(&web));
    let off = App::with(|config| web.open(&mut config.fetch)).await;
    assert!(supported(&off).await.is_null());
    assert!(!is_known(&off, &web).await);
    assert_eq!(web.asked(PATH), 0);
}

/// §3 of the draft: what such an id looks like. Nothing is fetched for one that does not.
#[tokio::test]
async fn ids_are_written_plainly() {
    let (app, web) = house().await;
    let good = web.url(PATH).to_string();
    let port = web.url("/").port().unwrap();
    for wrong in [
        format!("{good}#fragment"),
        good.replace("https://", "http://"),
        good.replace("https://", "HTTPS://"),
        good.replace("https://", "https://user@"),
        good.replace("https://", "https://user:secret@"),
        format!("https://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}/a/../client.json"),
        format!("https://127.0.0.1:{port}/./client.json"),
        format!("https://127.0.0.1:{port}/a/%2e%2e/client.json"),
        format!("https://127.1:{port}/client.json"),
        format!("https://127.0.0.1:{port}\\client.json"),
        format!("{good}?{}", "x".repeat(2000)),
    ] {
        assert!(find_client(&app.core, &wrong).await.unwrap().is_none(), "{wrong}");
    }
    assert!(web.requests().is_empty());
}

/// §4 of the draft: what a document must say and must not.
#[tokio::test]
async fn documents_are_read_strictly() {
    let (app, web) = house().await;
    let mut elsewhere = document(&web);
    elsewhere["client_id"] = json!(web.url("/other.json"));
    let without = |member: &str| {
        let mut document = document(&web);
        document.as_object_mut().unwrap().remove(member);
        document
    };
    let with = |member: &str, value: Value| {
        let mut document = document(&web);
        document[member] = value;
        document
    };
    for wrong in [
        elsewhere,
        without("client_id"),
        without("redirect_uris"),
        with("client_secret", json!("x")),
        with("client_secret_expires_at", json!(0)),
        with("token_endpoint_auth_method", json!("client_secret_basic")),
        with("token_endpoint_auth_method", json!("client_secret_post")),
        with("redirect_uris", json!(["http://blockyard.example/"])),
        with("grant_types", json!(["client_credentials"])),
        json!([]),
    ] {
        web.put_json(PATH, &wrong);
        assert!(!is_known(&app, &web).await, "{wrong}");
        app.core.clock.advance(Duration::from_secs(31));
    }
    for (kind, body) in [("text/html", document(&web).to_string()), ("application/json", "{".to_owned())] {
        web.put(PATH, kind, &[], body);
        assert!(!is_known(&app, &web).await, "{kind}");
        app.core.clock.advance(Duration::from_secs(31));
    }
    let mut long = document(&web);
    long["client_name#de"] = json!("x".repeat(17_000));
    web.put_json(PATH, &long);
    assert!(!is_known(&app, &web).await);
    app.core.clock.advance(Duration::from_secs(31));
    web.put_json(PATH, &document(&web));
    assert!(is_known(&app, &web).await);
}

/// D8: what is not good is asked for only now and then.
#[tokio::test]
async fn what_is_not_good_is_not_asked_for_again_and_again() {
    let (app, web) = house().await;
    for _ in 0..10 {
        assert!(!is_known(&app, &web).await);
    }
    assert_eq!(web.asked(PATH), 1);
}

/// §4.3 of the draft: a document holds as long as it may be kept; what changed in it counts from then on.
#[tokio::test]
async fn documents_are_refreshed() {
    let (app, web) = house().await;
    let put =
        |document: &Value| web.put(PATH, "application/json", &[("cache-control", "max-age=600")], document.to_string());
    put(&document(&web));
    assert!(is_known(&app, &web).await);
    let mut changed = document(&web);
    changed["redirect_uris"] = json!(["https://blockyard.example/new"]);
    put(&changed);
    app.core.clock.advance(Duration::from_secs(599));
    let redirect = async || {
        let found = find_client(&app.core, web.url(PATH).as_str()).await.unwrap()?;
        Some(found.settings.redirect_uris[0].to_string())
    };
    assert_eq!(redirect().await.as_deref(), Some(REDIRECT_URI));
    app.core.clock.advance(Duration::from_secs(1));
    assert_eq!(redirect().await.as_deref(), Some("https://blockyard.example/new"));
    assert_eq!(web.asked(PATH), 2);
    // Gone: it holds for its time, then no more, and is back with its document.
    web.remove(PATH);
    app.core.clock.advance(Duration::from_secs(599));
    assert!(redirect().await.is_some());
    app.core.clock.advance(Duration::from_secs(1));
    assert_eq!(redirect().await, None);
    put(&document(&web));
    app.core.clock.advance(Duration::from_secs(31));
    assert_eq!(redirect().await.as_deref(), Some(REDIRECT_URI));
}

/// RFC 9111 §5.2.2.1, within our own bounds: at least five minutes, at most a day.
#[tokio::test]
async fn documents_are_kept_within_bounds() {
    for (cache, minutes) in [("no-store", 5), ("max-age=1", 5), ("public", 60), ("max-age=9999999", 24 * 60)] {
        let (app, web) = house().await;
        web.put(PATH, "application/json", &[("cache-control", cache)], document(&web).to_string());
        assert!(is_known(&app, &web).await);
        app.core.clock.advance(Duration::from_secs(minutes * 60 - 1));
        assert!(is_known(&app, &web).await);
        assert_eq!(web.asked(PATH), 1, "{cache}");
        app.core.clock.advance(Duration::from_secs(1));
        assert!(is_known(&app, &web).await);
        assert_eq!(web.asked(PATH), 2, "{cache}");
    }
}

/// D8: the operator says whose documents count.
#[tokio::test]
async fn hosts_can_be_limited() {
    let web = TestWeb::https().await;
    web.put_json(PATH, &document(&web));
    for (host, expected) in [("blockyard.example", false), ("127.0.0.1", true)] {
        let app = App::with(|config| {
            web.open(&mut config.fetch);
            config.client_id_metadata.enabled = true;
            config.client_id_metadata.allowed_hosts = vec![host.to_owned()];
        })
        .await;
        assert_eq!(is_known(&app, &web).await, expected, "{host}");
    }
    assert_eq!(web.asked(PATH), 1);
}

/// D8: many at once make one request and one client.
#[tokio::test]
async fn many_at_once_are_one() {
    let (app, web) = house().await;
    web.put_json(PATH, &document(&web));
    let ask = || {
        let (core, id) = (app.core.core.clone(), web.url(PATH).to_string());
        tokio::spawn(async move { find_client(&core, &id).await.unwrap().is_some() })
    };
    for asking in (0..20).map(|_| ask()).collect::<Vec<_>>() {
        assert!(asking.await.unwrap());
    }
    assert_eq!(web.asked(PATH), 1);
}
