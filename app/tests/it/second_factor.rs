//! Authenticator apps, recovery codes, and the second step of signing in, as a browser without scripts sees them.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::time::Duration;

use http::StatusCode;
use ostiary::testing::{CODE_SECONDS, TestAuthenticator, TestCore, on_both_engines};

use super::visitor::{Answer, EMAIL, PASSWORD, Visitor, person, person_called};

pub(crate) const STEP: Duration = Duration::from_secs(CODE_SECONDS);
pub(crate) const SECOND_FACTOR: &str = "/sign-in/second-factor";

/// What stands between `before` and `after` on a page.
pub(crate) fn between<'a>(answer: &'a Answer, before: &str, after: &str) -> &'a str {
    let (_, rest) = answer.html.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

pub(crate) fn code(core: &TestCore, app: &TestAuthenticator) -> String {
    app.code(core.now()).expose().to_owned()
}

/// Adds an app through the pages; the recovery codes that were shown.
pub(crate) async fn add_app(core: &TestCore, visitor: &mut Visitor) -> (TestAuthenticator, Vec<String>) {
    visitor.get("/account/authenticators/add").await.shows("Add an authenticator app");
    visitor.post("/do/add-authenticator", &[("label", "Phone")]).await.redirects_to("/account/authenticators/scan");
    let page = visitor.get("/account/authenticators/scan").await;
    let app =
        TestAuthenticator::with_key(between(&page, "<code class=\"text-sm select-all wrap-anywhere\">", "</code>"));
    visitor
        .post("/do/confirm-authenticator", &[("code", &code(core, &app))])
        .await
        .redirects_to("/account/recovery-codes");
    let page = visitor.get("/account/recovery-codes").await;
    page.shows("Keep these ten codes");
    let list = between(&page, "aria-label=\"Recovery codes\"", "</ul>");
    let codes = list.split("<li class=\"select-all\">").skip(1).map(|rest| rest[..9].to_owned()).collect();
    (app, codes)
}

pub(crate) async fn password(visitor: &mut Visitor, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("username", EMAIL), ("password", PASSWORD)];
    fields.extend(more);
    visitor.post("/do/sign-in", &fields).await
}

pub(crate) async fn show(visitor: &mut Visitor, code: &str) -> Answer {
    visitor.post("/do/second-factor", &[("m", "totp"), ("code", code)]).await
}

/// B2 B3: from no app to signing in with one, and with a recovery code, each page shown as it should be.
#[tokio::test]
async fn an_app_is_added_and_asked_for() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        here.get("/account/security").await.shows("No authenticator app yet");
        let cookie = here.cookies.get("ostiary").cloned();
        let (app, codes) = add_app(&core, &mut here).await;
        assert_eq!(codes.len(), 10);
        assert_ne!(here.cookies.get("ostiary").cloned(), cookie, "what the browser may do changed");
        here.get("/account/recovery-codes").await.shows("Make new recovery codes?");
        here.get("/account/security").await.shows("10 of 10 left");

        core.clock.advance(STEP);
        let mut visitor = Visitor::new(&core);
        password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
        assert!(!visitor.cookies.contains_key("ostiary"), "there is no session yet");
        assert!(visitor.turned_away_to().await.is_some());
        let page = visitor.get(SECOND_FACTOR).await;
        page.shows("Enter the code");
        page.shows("one-time-code");
        visitor.get("/sign-in/second-factor?m=ways").await.shows("10 left, each works once");

        let wrong = show(&mut visitor, "00").await;
        wrong.redirects_to("/sign-in/second-factor?m=totp");
        let page = visitor.get(wrong.location()).await;
        page.shows("<title>Error: ");
        page.shows("This code was used, is too old, or has a mistake");
        show(&mut visitor, &code(&core, &app)).await.redirects_to("/account");
        assert_eq!(visitor.turned_away_to().await, None);
        assert!(!visitor.cookies.contains_key("ostiary-step"));

        // The same code again, from another browser.
        let mut other = Visitor::new(&core);
        password(&mut other, &[("next", "sessions")]).await.redirects_to("/sign-in/second-factor?next=sessions");
        let again =
            other.post("/do/second-factor", &[("m", "totp"), ("code", &code(&core, &app)), ("next", "sessions")]).await;
        again.redirects_to("/sign-in/second-factor?next=sessions&m=totp");
        let fields = [("m", "recovery"), ("recovery_code", codes[0].as_str()), ("next", "sessions")];
        other.post("/do/second-factor", &fields).await.redirects_to("/account/sessions");
        other.get("/account/security").await.shows("9 of 10 left");
    })
    .await;
}

/// B2: nobody gets past the second step by knowing addresses, by somebody else's handle, or by one that is over.
#[tokio::test]
async fn the_second_step_is_not_skipped() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        let (app, _) = add_app(&core, &mut here).await;
        core.clock.advance(STEP);

        // Nothing waits here.
        Visitor::new(&core).get(SECOND_FACTOR).await.redirects_to("/sign-in");
        show(&mut Visitor::new(&core), &code(&core, &app)).await.redirects_to("/sign-in");
        for path in ["/account", "/account/security", "/account/recovery-codes", "/account/authenticators/add"] {
            let mut visitor = Visitor::new(&core);
            password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.location().starts_with("/sign-in"), "{path}");
        }

        // Somebody else's cookies of every kind in the place of this one.
        let mut waiting = Visitor::new(&core);
        password(&mut waiting, &[]).await;
        let mut forged = Visitor::new(&core);
        for value in [here.cookies["ostiary"].clone(), "x".to_owned(), "A".repeat(200)] {
            forged.cookies.insert("ostiary-step".to_owned(), value);
            show(&mut forged, &code(&core, &app)).await.redirects_to("/sign-in");
        }
        let fields = [("username", "nobody"), ("password", "x")];
        forged.post("/do/sign-in", &fields).await;
        let said = forged.cookies["ostiary-said"].clone();
        forged.cookies.insert("ostiary-step".to_owned(), said);
        show(&mut forged, &code(&core, &app)).await.redirects_to("/sign-in");

        // Tove's browser with Mara's handle: Tove's code is none of Mara's.
        person_called(&core, "tove@nordhavn.example", "tove").await;
        let mut tove = Visitor::new(&core);
        let fields = [("username", "tove"), ("password", PASSWORD)];
        tove.post("/do/sign-in", &fields).await.redirects_to("/account");
        let (toves_app, _) = add_app(&core, &mut tove).await;
        core.clock.advance(STEP);
        tove.cookies.insert("ostiary-step".to_owned(), waiting.cookies["ostiary-step"].clone());
        show(&mut tove, &code(&core, &toves_app)).await.redirects_to("/sign-in/second-factor?m=totp");

        // Ten minutes are over, for the cookie as for what it stands for.
        core.clock.advance(Duration::from_mins(10));
        show(&mut waiting, &code(&core, &app)).await.redirects_to("/sign-in");
        waiting.get("/sign-in").await.shows("That took too long");
        for (m, name) in [("totp", "recovery_code"), ("recovery", "code"), ("passkey", "code"), ("", "code")] {
            let odd = Visitor::new(&core).post("/do/second-factor", &[("m", m), (name, "1")]).await;
            assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{m}");
        }
    })
    .await;
}

/// C1: at each step the browser gets another cookie, so whoever planted one has nothing of it.
#[tokio::test]
async fn a_planted_cookie_is_worth_nothing() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    let (app, _) = add_app(&core, &mut here).await;
    core.clock.advance(STEP);
    // The attacker's own cookies in the victim's browser.
    person_called(&core, "eve@nordhavn.example", "eve").await;
    let mut eve = Visitor::new(&core);
    eve.post("/do/sign-in", &[("username", "eve"), ("password", PASSWORD)]).await.redirects_to("/account");
    let mut victim = eve.clone();
    password(&mut victim, &[]).await.redirects_to(SECOND_FACTOR);
    assert_eq!(victim.cookies["ostiary"], eve.cookies["ostiary"], "no session was opened, so none was changed");
    let step = victim.cookies["ostiary-step"].clone();
    show(&mut victim, &code(&core, &app)).await.redirects_to("/account");
    assert_ne!(victim.cookies["ostiary"], eve.cookies["ostiary"]);
    assert!(eve.turned_away_to().await.is_some(), "the planted session is signed out");
    // The handle is used up, whoever copied it.
    core.clock.advance(STEP);
    eve.cookies.insert("ostiary-step".to_owned(), step);
    show(&mut eve, &code(&core, &app)).await.redirects_to("/sign-in");
}

/// B6: after ten minutes what protects the account asks for the password again, and for the second step where there is one;
/// then it goes on where it was.
#[tokio::test]
async fn sensitive_changes_ask_again() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut visitor = Visitor::new(&core);
        visitor.sign_in().await;
        core.clock.advance(Duration::from_secs(601));
        visitor.get("/account/security").await.shows("No authenticator app yet");
        let to = "/account/confirm?next=authenticator";
        visitor.get("/account/authenticators/add").await.redirects_to(to);
        visitor.post("/do/add-authenticator", &[("label", "Phone")]).await.redirects_to(to);
        visitor.get(to).await.shows("Confirm it is you");
        let wrong = visitor.post("/do/confirm", &[("password", "x"), ("next", "authenticator")]).await;
        wrong.redirects_to(to);
        visitor.get(to).await.shows("This is not your password");
        let cookie = visitor.cookies["ostiary"].clone();
        let right = visitor.post("/do/confirm", &[("password", PASSWORD), ("next", "authenticator")]).await;
        right.redirects_to("/account/authenticators/add");
        assert_ne!(visitor.cookies["ostiary"], cookie);
        let sessions = visitor.get("/account/sessions").await;
        sessions.shows("You are signed in nowhere else.");
        let (app, _) = add_app(&core, &mut visitor).await;

        core.clock.advance(Duration::from_mins(11));
        visitor.get("/account/recovery-codes").await.redirects_to("/account/confirm?next=recovery-codes");
        visitor.post("/do/recovery-codes", &[]).await.redirects_to("/account/confirm?next=recovery-codes");
        let half = visitor.post("/do/confirm", &[("password", PASSWORD), ("next", "recovery-codes")]).await;
        half.redirects_to("/sign-in/second-factor?next=recovery-codes");
        visitor.get("/account/recovery-codes").await.redirects_to("/account/confirm?next=recovery-codes");
        let code = code(&core, &app);
        let fields = [("m", "totp"), ("code", code.as_str()), ("next", "recovery-codes")];
        visitor.post("/do/second-factor", &fields).await.redirects_to("/account/recovery-codes");
        visitor.post("/do/recovery-codes", &[]).await.redirects_to("/account/recovery-codes");
        visitor.get("/account/recovery-codes").await.shows("The old ones no longer work.");
        // Whoever confirmed lately is not asked.
        visitor.get("/account/confirm?next=security").await.redirects_to("/account/security");
        Visitor::new(&core).get("/account/confirm?next=security").await.redirects_to("/sign-in?next=security");
    })
    .await;
}

/// B2: an app gets another name, and goes, after a question.
#[tokio::test]
async fn apps_are_renamed_and_removed() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut visitor = Visitor::new(&core);
        visitor.sign_in().await;
        let (app, _) = add_app(&core, &mut visitor).await;
        let page = visitor.get("/account/security").await;
        let id = between(&page, "/account/authenticators/rename?id=", "\"").to_owned();
        let rename = format!("/account/authenticators/rename?id={id}");
        visitor.get(&rename).await.shows("value=\"Phone\"");
        let long = "x".repeat(201);
        visitor.post("/do/rename-authenticator", &[("id", &id), ("label", &long)]).await.redirects_to(&rename);
        visitor.get(&rename).await.shows(&format!("value=\"{long}\""));
        for bad in ["", "a\0b", "a\nb"] {
            visitor.post("/do/rename-authenticator", &[("id", &id), ("label", bad)]).await.redirects_to(&rename);
        }
        let fields = [("id", id.as_str()), ("label", "<b>Old phone</b>")];
        visitor.post("/do/rename-authenticator", &fields).await.redirects_to("/account/security");
        visitor.get("/account/security").await.shows("&lt;b&gt;Old phone&lt;/b&gt;");

        let remove = format!("/account/authenticators/remove?id={id}");
        visitor.get(&remove).await.shows("It is your only authenticator app");
        // What is somebody else's is not there.
        person_called(&core, "tove@nordhavn.example", "tove").await;
        let mut tove = Visitor::new(&core);
        let fields = [("username", "tove"), ("password", PASSWORD)];
        tove.post("/do/sign-in", &fields).await.redirects_to("/account");
        for path in [&rename, &remove] {
            assert_eq!(tove.get(path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(tove.post("/do/remove-authenticator", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
        let fields = [("id", id.as_str()), ("label", "Mine")];
        assert_eq!(tove.post("/do/rename-authenticator", &fields).await.status, StatusCode::NOT_FOUND);

        visitor.post("/do/remove-authenticator", &[("id", &id)]).await.redirects_to("/account/security");
        visitor.get("/account/security").await.shows("The authenticator app is removed");
        let mut other = Visitor::new(&core);
        password(&mut other, &[]).await.redirects_to("/account");
        let _ = app;
    })
    .await;
}
