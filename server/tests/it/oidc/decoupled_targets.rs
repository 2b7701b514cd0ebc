//! D8: what the tokens of devices (RFC 8628) and backchannel requests (CIBA) are for (RFC 8707, RFC 9396), on the wire and on
//! the pages where somebody decides.

use ostiary::{
    config::DetailsType,
    protocol::{GrantType, SigningAlg},
    resource::{CreateResource, ResourceSettings, create_resource},
    testing::Signer,
    text::DisplayName,
};
use serde_json::{Value, json};

use super::{ciba, device};
use crate::harness::{App, Client, EMAIL, ISSUER, claims};

const TOKEN: &str = "/connect/token";
const REPORTS: &str = "https://api.example/reports";

async fn shop(signer: Option<&Signer>) -> (App, Client) {
    let app = App::with(|config| {
        config.authorization.details_types = vec![DetailsType {
            kind: "payment".to_owned(),
            name: "Make a payment".to_owned(),
            description: "Once, and not after today".to_owned(),
            members: vec!["creditorName".to_owned()],
        }];
    })
    .await;
    app.person(EMAIL).await;
    let cmd = CreateResource {
        identifier: REPORTS.to_owned(),
        name: DisplayName::try_from("Nordhavn reports").unwrap(),
        settings: ResourceSettings { open: true, ..ResourceSettings::default() },
    };
    create_resource(&app.core.operator(), cmd).await.unwrap();
    let client = app
        .client_with(|settings| {
            settings.grant_types = vec![GrantType::DeviceCode, GrantType::Ciba, GrantType::RefreshToken];
            settings.redirect_uris = Vec::new();
            settings.authorization_details_types = vec!["payment".to_owned()];
            if let Some(signer) = signer {
                settings.jwks = Some(signer.jwks());
                settings.backchannel_request_signing_alg = Some(SigningAlg::Es256);
            }
        })
        .await;
    (app, client)
}

fn payments(to: &[&str]) -> Value {
    to.iter().map(|to| json!({ "type": "payment", "creditorName": to })).collect()
}

/// Polls for one of two payments; what was not allowed is refused and uses nothing up.
async fn collect(app: &App, client: &Client, grant: (&str, &str), code: &str) {
    let (grant_type, name) = grant;
    let poll =
        async |more: (&str, &str)| app.form(TOKEN, client, &[("grant_type", grant_type), (name, code), more]).await;
    let other = payments(&["Merchant C"]).to_string();
    assert_eq!(poll(("authorization_details", &other)).await.is(400).error(), "invalid_authorization_details");
    assert_eq!(poll(("resource", "https://other.example/")).await.is(400).error(), "invalid_target");
    let one = payments(&["Merchant A"]);
    let issued = poll(("authorization_details", &one.to_string())).await.is(200).json();
    let token = issued["access_token"].as_str().unwrap();
    let told = app.form("/connect/introspect", client, &[("token", token)]).await.is(200).json();
    for place in [&issued, &claims(token), &told] {
        assert_eq!(place["authorization_details"], one, "{place}");
    }
    assert_eq!(claims(token)["aud"], json!([REPORTS, ISSUER]));
}

/// D8, RFC 8628 §3.1, RFC 8707 §2, RFC 9396 §3: a device asks, the page says for what, the tokens are for that.
#[tokio::test]
async fn a_device_says_what_it_wants() {
    let (app, client) = shop(None).await;
    let both = payments(&["Merchant A", "Merchant B"]).to_string();
    let ask = async |resource: &str, details: &str| {
        let fields = [("scope", "openid offline_access"), ("resource", resource), ("authorization_details", details)];
        app.form("/connect/device_authorization", &client, &fields).await
    };
    assert_eq!(ask("https://other.example/", &both).await.is(400).error(), "invalid_target");
    assert_eq!(ask(REPORTS, r#"[{"type":"x"}]"#).await.is(400).error(), "invalid_authorization_details");
    assert_eq!(ask(REPORTS, "{").await.is(400).error(), "invalid_authorization_details");
    let begun = ask(REPORTS, &both).await.is(200).json();
    let mut browser = app.signed_in(EMAIL).await;
    browser.post("/do/device-code", &[("user_code", begun["user_code"].as_str().unwrap())]).await.is(303);
    let page = browser.get("/device/confirm").await;
    for shown in ["Nordhavn reports", "Make a payment", "Once, and not after today", "Merchant A", "Merchant B"] {
        assert!(page.is(200).body.contains(shown), "{shown}: {}", page.body);
    }
    device::decide(&mut browser, "allow").await.is(200);
    collect(&app, &client, (device::GRANT, "device_code"), begun["device_code"].as_str().unwrap()).await;
}

/// D8, CIBA §7.1, §7.1.1: a backchannel request says it in its form or in its signed request, and nowhere beside that.
#[tokio::test]
async fn a_backchannel_request_says_what_it_wants() {
    let signer = Signer::es256();
    for is_signed in [false, true] {
        let (app, client) = shop(is_signed.then_some(&signer)).await;
        let ask = async |resource: &str, details: &Value| {
            let text = details.to_string();
            let fields = [
                ("scope", "openid offline_access"),
                ("login_hint", EMAIL),
                ("resource", resource),
                ("authorization_details", &text),
            ];
            if !is_signed {
                return app.form("/connect/bc-authorize", &client, &fields).await;
            }
            let now = app.core.now().as_secs();
            let request = signer.sign(&json!({}), &json!({
                "iss": client.id, "aud": ISSUER, "iat": now, "nbf": now, "exp": now + 60, "jti": format!("{resource} {text}"),
                "scope": "openid offline_access", "login_hint": EMAIL, "resource": [resource],
                "authorization_details": details,
            }));
            let beside = [("request", request.as_str()), ("resource", resource)];
            assert_eq!(app.form("/connect/bc-authorize", &client, &beside).await.is(400).error(), "invalid_request");
            app.form("/connect/bc-authorize", &client, &beside[..1]).await
        };
        let both = payments(&["Merchant A", "Merchant B"]);
        assert_eq!(ask("https://other.example/", &both).await.is(400).error(), "invalid_target");
        let unknown = json!([{ "type": "x" }]);
        assert_eq!(ask(REPORTS, &unknown).await.is(400).error(), "invalid_authorization_details");
        let begun = ask(REPORTS, &both).await.is(200).json();
        let mut browser = app.signed_in(EMAIL).await;
        let page = browser.get(&ciba::first_request(&mut browser.clone()).await).await;
        for shown in ["Nordhavn reports", "Make a payment", "Once, and not after today", "Merchant A", "Merchant B"] {
            assert!(page.is(200).body.contains(shown), "{shown}: {}", page.body);
        }
        ciba::decide(&mut browser, "allow").await;
        collect(&app, &client, (ciba::GRANT, "auth_req_id"), begun["auth_req_id"].as_str().unwrap()).await;
    }
}
