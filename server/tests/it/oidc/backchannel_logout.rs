//! D9, OpenID Connect Back-Channel Logout 1.0: applications are told of the end of a session by a call of ours.

use std::sync::{Arc, Mutex};

use axum::{Form, Router, routing::post};
use http::StatusCode;
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use ostiary::{mail::Transport, outbox, protocol::SigningAlg};
use serde_json::Value;

use super::rp_logout::{id_token, logout};
use crate::harness::{App, Client, EMAIL, ISSUER, claims};

/// An application's server: it keeps the logout tokens it is sent.
struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/told", listener.local_addr().unwrap());
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&heard);
        let told = move |Form(form): Form<Vec<(String, String)>>| async move {
            let [(name, token)] = form.try_into().unwrap();
            assert_eq!(name, "logout_token");
            log.lock().unwrap().push(token);
            StatusCode::NO_CONTENT
        };
        let router = Router::new().route("/told", post(told));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, heard }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

async fn house(alg: SigningAlg) -> (App, Client, Receiver) {
    let receiver = Receiver::start().await;
    let app = App::with(|config| config.fetch.allow_private = vec!["127.0.0.0/8".parse().unwrap()]).await;
    app.person(EMAIL).await;
    let client = app
        .client_with(|settings| {
            settings.backchannel_logout_uri = Some(receiver.url.parse().unwrap());
            settings.backchannel_logout_session_required = true;
            settings.id_token_alg = alg;
        })
        .await;
    (app, client, receiver)
}

async fn deliver(app: &App) {
    let transport = Transport::new(&app.core.config().mail).unwrap();
    outbox::deliver_due(&app.core, &transport).await.unwrap();
}

/// oidcc-backchannel-logout-discovery-endpoint-verification; §2.1.
#[tokio::test]
async fn discovery_offers_it() {
    let document = App::new().await.get("/.well-known/openid-configuration").await.json();
    assert_eq!(document["backchannel_logout_supported"], true);
    assert_eq!(document["backchannel_logout_session_supported"], true);
}

/// oidcc-backchannel-rp-initiated-logout; §2.4, §2.5, §2.6: the application verifies the token as it would: signature by a
/// published key, with the algorithm of its ID tokens, `typ`, issuer, audience, times, event, session, and no `nonce`.
#[tokio::test]
async fn the_application_is_told_and_can_verify_it() {
    for alg in [SigningAlg::Es256, SigningAlg::Rs256] {
        let (app, client, receiver) = house(alg).await;
        let mut browser = app.signed_in(EMAIL).await;
        let hint = id_token(&app, &mut browser, &client).await;
        browser.get(&logout(&[("id_token_hint", &hint)])).await.is(303);
        deliver(&app).await;
        let [token] = receiver.take().try_into().unwrap();

        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!((header.typ.as_deref(), header.alg), (Some("logout+jwt"), alg.to_jsonwebtoken()));
        let keys: JwkSet = serde_json::from_value(app.get("/.well-known/jwks.json").await.json()).unwrap();
        let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[&client.id]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        // The clock of the house stands still in a time of its own.
        validation.validate_exp = false;
        let verified = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap().claims;
        let known = claims(&hint);
        assert_eq!((&verified["sub"], &verified["sid"]), (&known["sub"], &known["sid"]));
        assert_eq!(verified["iat"], app.core.now().as_secs());
        assert_eq!(verified["events"], serde_json::json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        assert!(verified["jti"].is_string() && verified.get("nonce").is_none());
        // Nobody can use it for what an ID token is used for.
        app.browser().get(&logout(&[("id_token_hint", &token)])).await.is(400);
    }
}

/// D9: signing out on our page, and ending the session from another device, tell as well; a session that merely grew old
/// tells nobody.
#[tokio::test]
async fn however_the_session_ends() {
    let (app, client, receiver) = house(SigningAlg::Es256).await;
    let mut browser = app.signed_in(EMAIL).await;
    let first = id_token(&app, &mut browser, &client).await;
    browser.post("/do/sign-out", &[]).await.is(303);
    deliver(&app).await;
    assert_eq!(
        receiver.take().iter().map(|token| claims(token)["sid"].clone()).collect::<Vec<_>>(),
        [claims(&first)["sid"].clone()]
    );

    let mut browser = app.signed_in(EMAIL).await;
    let second = id_token(&app, &mut browser, &client).await;
    let mut other = app.signed_in(EMAIL).await;
    let sid = claims(&second)["sid"].as_str().unwrap().to_owned();
    other.post("/do/end-session", &[("id", &sid)]).await.is(303);
    deliver(&app).await;
    assert_eq!(claims(&receiver.take()[0])["sid"], sid.as_str());

    let mut browser = app.signed_in(EMAIL).await;
    id_token(&app, &mut browser, &client).await;
    app.core.clock.advance(app.core.config().sessions.stay_absolute * 2);
    browser.get("/account").await.is(303);
    ostiary::jobs::clean_up(&app.core).await.unwrap();
    deliver(&app).await;
    assert!(receiver.take().is_empty());
}
