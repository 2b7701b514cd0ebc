//! D9, OpenID Connect Front-Channel Logout 1.0: the signed-out page tells the applications that only the browser can tell.

use ostiary::protocol::RedirectUri;

use super::rp_logout::{id_token, logout};
use crate::harness::{App, Client, EMAIL, ISSUER, encode};

const OUT: &str = "https://blockyard.example/out?x=1";
const BYE: &str = "https://blockyard.example/bye";

async fn house(required: bool) -> (App, Client) {
    let app = App::new().await;
    app.person(EMAIL).await;
    let client = app
        .client_with(|settings| {
            settings.post_logout_redirect_uris = vec![RedirectUri::parse(BYE).unwrap()];
            settings.frontchannel_logout_uri = Some(OUT.parse().unwrap());
            settings.frontchannel_logout_session_required = required;
        })
        .await;
    (app, client)
}

fn sid(id_token: &str) -> String {
    use base64::Engine as _;
    let payload = id_token.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    serde_json::from_slice::<serde_json::Value>(&claims).unwrap()["sid"].as_str().unwrap().to_owned()
}

/// oidcc-frontchannel-logout-discovery-endpoint-verification; §3.
#[tokio::test]
async fn discovery_offers_it() {
    let (app, _) = house(false).await;
    let document = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["frontchannel_logout_supported"], true);
    assert_eq!(document["frontchannel_logout_session_supported"], true);
}

/// oidcc-frontchannel-rp-initiated-logout; §2, §3: the page loads the application's own with issuer and session, is allowed
/// to load exactly that, and leads back to the application that asked.
#[tokio::test]
async fn the_signed_out_page_loads_the_applications_own() {
    let (app, client) = house(true).await;
    let mut browser = app.signed_in(EMAIL).await;
    let hint = id_token(&app, &mut browser, &client).await;
    let fields = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s")];
    let to = browser.get(&logout(&fields)).await.is(303).location().to_owned();
    assert!(to.starts_with("/signed-out?i=ost_lo_"), "{to}");
    browser.get("/account").await.is(303);
    let page = browser.get(&to).await;
    let src = format!("{OUT}&{}", encode(&[("iss", ISSUER), ("sid", &sid(&hint))])).replace('&', "&amp;");
    assert!(page.is(200).body.contains(&format!("<iframe src=\"{src}\"")), "{}", page.body);
    assert!(page.body.contains("Return to Blockyard") && page.body.contains(&format!("href=\"{BYE}?state=s\"")));
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("; frame-src https://blockyard.example"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    // Looked at again when all is long over, it tells nobody.
    app.core.clock.advance(std::time::Duration::from_hours(1));
    let later = browser.get(&to).await;
    assert!(later.is(200).body.contains("You are signed out") && !later.body.contains("<iframe"));
    assert!(!later.header("content-security-policy").contains("frame-src"));
}

/// §2, §3: our own sign-out tells, too; issuer and session only where they are asked for; and an application that was not
/// used in this session is not told.
#[tokio::test]
async fn our_own_sign_out_tells_as_well() {
    let (app, client) = house(false).await;
    let mut browser = app.signed_in(EMAIL).await;
    id_token(&app, &mut browser, &client).await;
    let to = browser.post("/do/sign-out", &[]).await.is(303).location().to_owned();
    let page = browser.get(&to).await;
    assert!(page.is(200).body.contains(&format!("<iframe src=\"{OUT}\"")), "{}", page.body);
    assert!(!page.body.contains("Return to"));

    let mut unused = app.signed_in(EMAIL).await;
    assert_eq!(unused.post("/do/sign-out", &[]).await.is(303).location(), "/signed-out");
}
