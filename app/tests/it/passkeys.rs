//! B1, B8: passkeys on the pages.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by it")]

use std::time::Duration;

use http::StatusCode;
use ostiary::testing::{SoftAuthenticator, TestCore, on_both_engines, on_both_engines_with};
use serde_json::Value;

use super::visitor::{Answer, EMAIL, PASSWORD, Visitor, person, person_called};

const ORIGIN: &str = "http://localhost:8080";
const LIST: &str = "/account/passkeys";

/// A ceremony: its token and its options.
async fn begin(visitor: &mut Visitor, path: &str) -> (String, Value) {
    let answer = visitor.post(path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.html);
    assert_eq!(answer.header("cache-control"), "no-store");
    let read: Value = serde_json::from_str(&answer.html).unwrap();
    (read["ceremony"].as_str().unwrap().to_owned(), read["options"].clone())
}

async fn add(visitor: &mut Visitor, authenticator: &mut SoftAuthenticator, extra: &[(&str, &str)]) -> Answer {
    let (ceremony, options) = begin(visitor, "/passkeys/enrolment").await;
    let credential = authenticator.create(&options);
    let fields = [("ceremony", ceremony.as_str()), ("credential", credential.as_str())];
    visitor.post("/do/add-passkey", &[&fields, extra].concat()).await
}

async fn enter(visitor: &mut Visitor, authenticator: &mut SoftAuthenticator, extra: &[(&str, &str)]) -> Answer {
    let (ceremony, options) = begin(visitor, "/passkeys/sign-in").await;
    let credential = authenticator.get(&options);
    let fields = [("ceremony", ceremony.as_str()), ("credential", credential.as_str())];
    visitor.post("/do/passkey-sign-in", &[&fields, extra].concat()).await
}

/// The id of the last passkey on the list.
async fn last_id(visitor: &mut Visitor) -> String {
    let list = visitor.get(LIST).await;
    let (_, rest) = list.html.rsplit_once("/account/passkeys/remove?id=").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn signed_in(core: &TestCore) -> Visitor {
    person(core).await;
    let mut visitor = Visitor::new(core);
    visitor.sign_in().await;
    visitor
}

/// B1: add, rename, sign in, remove.
#[tokio::test]
async fn the_life_of_a_passkey() {
    on_both_engines(async |core| {
        let mut visitor = signed_in(&core).await;
        let page = visitor.get(LIST).await;
        page.shows("You have no passkey yet");
        page.shows("Scripts are off");
        page.shows("data-passkey=\"create\"");
        assert!(page.header("content-security-policy").contains("; connect-src 'self'"));
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        let before = visitor.cookies["ostiary"].clone();
        add(&mut visitor, &mut authenticator, &[]).await.redirects_to(LIST);
        assert_ne!(visitor.cookies["ostiary"], before, "a change of privilege");
        let page = visitor.get(LIST).await;
        page.shows("The passkey is added");
        page.shows("Firefox on Linux");
        page.shows(&format!("data-accepted=\"{}\"", authenticator.credential_id()));

        let id = last_id(&mut visitor).await;
        let rename = format!("/account/passkeys/rename?id={id}");
        visitor.get(&rename).await.shows("value=\"Firefox on Linux\"");
        visitor.post("/do/rename-passkey", &[("id", &id), ("name", "a\u{7}b")]).await.redirects_to(&rename);
        let page = visitor.get(&rename).await;
        page.shows("on one line");
        page.shows("value=\"ab\"");
        visitor.post("/do/rename-passkey", &[("id", &id), ("name", "Blue <key>")]).await.redirects_to(LIST);
        visitor.get(LIST).await.shows("Blue &lt;key&gt;");

        let mut other = Visitor::new(&core);
        other.get("/sign-in").await.shows("autocomplete=\"username webauthn\"");
        enter(&mut other, &mut authenticator, &[("stay", "1")]).await.redirects_to("/account");
        let page = other.get("/account").await;
        page.shows("Signed in with a passkey");
        let mut third = Visitor::new(&core);
        enter(&mut third, &mut authenticator, &[("next", "sessions")]).await.redirects_to("/account/sessions");

        visitor.get(&format!("/account/passkeys/remove?id={id}")).await.shows("You keep your password.");
        visitor.post("/do/remove-passkey", &[("id", &id)]).await.redirects_to(LIST);
        let page = visitor.get(LIST).await;
        page.shows("The passkey is removed");
        page.shows("data-accepted=\"\"");
        assert!(other.turned_away_to().await.is_some(), "every other session ends");

        let mut late = Visitor::new(&core);
        enter(&mut late, &mut authenticator, &[]).await.redirects_to("/sign-in");
        let page = late.get("/sign-in").await;
        page.shows("This passkey opens no account here");
        page.shows("data-unknown=\"1\"");
    })
    .await;
}

/// B1: what does not open the door is told in words, and the way on is kept.
#[tokio::test]
async fn refusals_are_told() {
    on_both_engines(async |core| {
        let mut visitor = signed_in(&core).await;
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        add(&mut visitor, &mut authenticator, &[]).await.redirects_to(LIST);
        let mut stranger = Visitor::new(&core);
        enter(&mut stranger, &mut authenticator, &[("next", "nowhere")]).await.redirects_to("/account");

        let mut stranger = Visitor::new(&core);
        authenticator.origin = "https://evil.example".to_owned();
        let next = [("next", "sessions"), ("stay", "1")];
        enter(&mut stranger, &mut authenticator, &next).await.redirects_to("/sign-in?next=sessions");
        let page = stranger.get("/sign-in?next=sessions").await;
        page.shows("This passkey was not accepted. Use another one");
        page.shows("name=\"stay\" value=\"1\" checked");
        authenticator.origin = ORIGIN.to_owned();
        authenticator.counter = 0;
        enter(&mut stranger, &mut authenticator, &[]).await.redirects_to("/sign-in");
        stranger.get("/sign-in").await.shows("a copy of it seems to be in use");
        visitor.get(LIST).await.shows("Copied");
        visitor.get("/account").await.shows("A copy of a passkey was refused");

        let (ceremony, options) = begin(&mut stranger, "/passkeys/sign-in").await;
        core.clock.advance(Duration::from_mins(5));
        let credential = authenticator.get(&options);
        let fields = [("ceremony", ceremony.as_str()), ("credential", credential.as_str())];
        stranger.post("/do/passkey-sign-in", &fields).await.redirects_to("/sign-in");
        stranger.get("/sign-in").await.shows("longer than five minutes");
        for fields in [[("ceremony", "x"), ("credential", credential.as_str())], [fields[0], ("credential", "{}")]] {
            assert_eq!(stranger.post("/do/passkey-sign-in", &fields).await.status, StatusCode::BAD_REQUEST);
        }
    })
    .await;
}

/// B6: after ten minutes adding and removing ask to sign in again, and the way leads back.
#[tokio::test]
async fn sensitive_changes_ask_again() {
    on_both_engines(async |core| {
        let mut visitor = signed_in(&core).await;
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        add(&mut visitor, &mut authenticator, &[]).await.redirects_to(LIST);
        let id = last_id(&mut visitor).await;
        visitor.get("/account/confirm?next=passkeys").await.redirects_to(LIST);
        core.clock.advance(Duration::from_mins(10));
        let page = visitor.get(LIST).await;
        page.shows("Sign in again to change them");
        assert!(!page.html.contains("data-passkey=\"create\""));
        assert_eq!(visitor.post("/passkeys/enrolment", &[]).await.status, StatusCode::FORBIDDEN);
        let remove = format!("/account/passkeys/remove?id={id}");
        visitor.post("/do/remove-passkey", &[("id", &id)]).await.redirects_to(&remove);
        visitor.get(&remove).await.shows("/account/confirm?next=passkeys");

        visitor.get("/account/confirm?next=passkeys").await.shows("or use a passkey");
        let mut unknown = SoftAuthenticator::new(ORIGIN);
        let to = "/account/confirm?next=passkeys";
        enter(&mut visitor, &mut unknown, &[("next", "passkeys")]).await.redirects_to(to);
        visitor.get(to).await.shows("This passkey was not accepted");
        enter(&mut visitor, &mut authenticator, &[("next", "passkeys")]).await.redirects_to(LIST);
        visitor.get(LIST).await.shows("data-passkey=\"create\"");
        core.clock.advance(Duration::from_mins(10));
        let right = [("password", PASSWORD), ("next", "passkeys")];
        visitor.post("/do/confirm", &right).await.redirects_to(LIST);
        visitor.post("/do/remove-passkey", &[("id", &id)]).await.redirects_to(LIST);
        visitor.get("/sign-in").await.redirects_to("/account");
    })
    .await;
}

/// B1: nobody sees or touches what is somebody else's.
#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    on_both_engines(async |core| {
        let mut visitor = signed_in(&core).await;
        add(&mut visitor, &mut SoftAuthenticator::new(ORIGIN), &[]).await.redirects_to(LIST);
        let id = last_id(&mut visitor).await;
        person_called(&core, "ivo@nordhavn.example", "ivo").await;
        let mut other = Visitor::new(&core);
        other.post("/do/sign-in", &[("username", "ivo"), ("password", PASSWORD)]).await.redirects_to("/account");
        for path in ["rename", "remove"] {
            let page = other.get(&format!("/account/passkeys/{path}?id={id}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        }
        let renamed = other.post("/do/rename-passkey", &[("id", &id), ("name", "Mine")]).await;
        assert_eq!(renamed.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post("/do/remove-passkey", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
        visitor.get(LIST).await.shows(&id);
    })
    .await;
}

/// B8: offered after a password where the browser can; "not now" and "never" lead on; who has one is not asked.
#[tokio::test]
async fn a_passkey_is_offered() {
    on_both_engines(async |core| {
        person(&core).await;
        let offer = "/account/passkeys/offer?next=sessions";
        let fields = [("username", EMAIL), ("password", PASSWORD), ("next", "sessions"), ("can", "1")];
        let mut without = Visitor::new(&core);
        without.post("/do/sign-in", &[&fields[..3], &[("can", "")]].concat()).await.redirects_to("/account/sessions");

        let mut visitor = Visitor::new(&core);
        visitor.post("/do/sign-in", &fields).await.redirects_to(offer);
        let page = visitor.get(offer).await;
        page.shows("Sign in without a password next time?");
        page.shows("name=\"next\" value=\"sessions\"");
        let not_now = [("answer", "not-now"), ("next", "sessions")];
        visitor.post("/do/answer-offer", &not_now).await.redirects_to("/account/sessions");
        let unclear = visitor.post("/do/answer-offer", &[("answer", "perhaps")]).await;
        assert_eq!(unclear.status, StatusCode::BAD_REQUEST);
        Visitor::new(&core).post("/do/sign-in", &fields).await.redirects_to("/account/sessions");

        core.clock.advance(Duration::from_hours(14 * 24));
        let mut visitor = Visitor::new(&core);
        visitor.post("/do/sign-in", &fields).await.redirects_to(offer);
        let mut authenticator = SoftAuthenticator::new("https://evil.example");
        let extra = [("offer", "1"), ("next", "sessions")];
        add(&mut visitor, &mut authenticator, &extra).await.redirects_to(offer);
        visitor.get(offer).await.shows("does not fit");
        authenticator.origin = ORIGIN.to_owned();
        add(&mut visitor, &mut authenticator, &extra).await.redirects_to("/account/sessions");
        Visitor::new(&core).post("/do/sign-in", &fields).await.redirects_to("/account/sessions");
    })
    .await;
}

/// B1: where there are no passkeys, the pages do not speak of them.
#[tokio::test]
async fn an_address_without_passkeys() {
    let numbered =
        |config: &mut ostiary::config::Config| config.server.public_url = "http://127.0.0.1:8080".parse().unwrap();
    on_both_engines_with(numbered, async |core| {
        let mut visitor = signed_in(&core).await;
        visitor.get(LIST).await.shows("No passkeys at this address");
        assert_eq!(visitor.post("/passkeys/enrolment", &[]).await.status, StatusCode::NOT_FOUND);
        let mut stranger = Visitor::new(&core);
        let page = stranger.get("/sign-in").await;
        assert!(!page.html.contains("passkey") && !page.html.contains("webauthn"), "{}", page.html);
        assert!(!page.header("content-security-policy").contains("connect-src"));
        assert_eq!(stranger.post("/passkeys/sign-in", &[]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
