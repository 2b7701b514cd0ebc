//! B1, B4, B7: other ways in the second step than an authenticator app, and a browser that is not asked for any.

use std::time::Duration;

use http::StatusCode;
use ostiary::testing::{SoftAuthenticator, TestCore, on_both_engines};
use serde_json::Value;

use super::{
    second_factor::{SECOND_FACTOR, STEP, add_app, between, code, password, show},
    visitor::{PASSWORD, Visitor, person, person_called},
};

/// B4: codes by e-mail are turned on after a question, sent with the password, sent again, and turned off.
#[tokio::test]
async fn codes_by_mail_are_chosen_and_asked_for() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        here.get("/account/security").await.shows("Turn on codes by e-mail");
        here.get("/account/email-codes").await.shows("Turn on codes by e-mail?");
        let odd = here.post("/do/email-codes", &[("turn", "x")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
        let cookie = here.cookies["ostiary"].clone();
        here.post("/do/email-codes", &[("turn", "on")]).await.redirects_to("/account/security");
        assert_ne!(here.cookies["ostiary"], cookie, "what the browser may do changed");
        here.get("/account/security").await.shows("Codes by e-mail are on");

        // Mails of one moment have no order.
        let code = async || {
            let mails = core.mails().await;
            core.clock.advance(Duration::from_secs(1));
            mails.into_iter().rev().find_map(|mail| mail.code).unwrap()
        };
        let mut visitor = Visitor::new(&core);
        password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
        visitor.get(SECOND_FACTOR).await.shows("We sent six digits to");
        let first = code().await;
        visitor.post("/do/send-code", &[("m", "email")]).await.redirects_to("/sign-in/second-factor?m=email");
        visitor.get("/sign-in/second-factor?m=email").await.shows("A code is on its way");
        let old = visitor.post("/do/second-factor", &[("m", "email"), ("code", &first)]).await;
        old.redirects_to("/sign-in/second-factor?m=email");
        visitor.get("/sign-in/second-factor?m=email").await.shows("not the newest code we sent");
        // The same code in another browser that waits.
        let newest = code().await;
        let mut other = Visitor::new(&core);
        password(&mut other, &[]).await.redirects_to(SECOND_FACTOR);
        let foreign = other.post("/do/second-factor", &[("m", "email"), ("code", &newest)]).await;
        foreign.redirects_to("/sign-in/second-factor?m=email");
        visitor.post("/do/second-factor", &[("m", "email"), ("code", &newest)]).await.redirects_to("/account");
        assert_eq!(visitor.turned_away_to().await, None);
        for m in ["totp", "recovery", "", "sms"] {
            let odd = other.post("/do/send-code", &[("m", m)]).await;
            assert_eq!(odd.status, StatusCode::BAD_REQUEST, "{m}");
        }
        Visitor::new(&core).post("/do/send-code", &[("m", "email")]).await.redirects_to("/sign-in");

        visitor.get("/account/email-codes").await.shows("It is your only second step");
        visitor.post("/do/email-codes", &[("turn", "off")]).await.redirects_to("/account/security");
        password(&mut Visitor::new(&core), &[]).await.redirects_to("/account");
    })
    .await;
}

/// B4: beside an app the mail is another way: its code is sent when it is asked for, and not before.
#[tokio::test]
async fn the_mail_is_another_way() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    let (app, _) = add_app(&core, &mut here).await;
    here.get("/account/email-codes").await.shows("They stand in for your authenticator app");
    here.post("/do/email-codes", &[("turn", "on")]).await.redirects_to("/account/security");
    core.clock.advance(STEP);
    let mut visitor = Visitor::new(&core);
    password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
    visitor.get(SECOND_FACTOR).await.shows("Open your authenticator app");
    let ways = visitor.get("/sign-in/second-factor?m=ways").await;
    ways.shows("Code by e-mail");
    ways.shows("action=\"/do/send-code\"");
    assert!(core.mails().await.iter().all(|mail| mail.kind != "SignInCode"));
    visitor.get("/sign-in/second-factor?m=email").await.shows("Send the code");
    show(&mut visitor, &code(&core, &app)).await.redirects_to("/account");
}

/// B7: a browser that was ticked is not asked again, and only for this account; the list shows it, and ends it. Each trust has
/// a token of its own, so one that was planted is worth nothing.
#[tokio::test]
async fn a_trusted_browser_is_not_asked() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        let (app, _) = add_app(&core, &mut here).await;
        core.clock.advance(STEP);
        let mut visitor = Visitor::new(&core);
        let planted = format!("ost_tb_{}", "A".repeat(43));
        visitor.cookies.insert("ostiary-trusted".to_owned(), planted.clone());
        password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
        visitor.get(SECOND_FACTOR).await.shows("ask in this browser for 30 days");
        let fields = [("m", "totp"), ("code", &*code(&core, &app)), ("trust", "1")];
        let entered = visitor.post("/do/second-factor", &fields).await;
        entered.redirects_to("/account");
        let set =
            entered.set_cookies().into_iter().find(|cookie| cookie.starts_with("ostiary-trusted=")).unwrap().to_owned();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Max-Age=2592000"), "{set}");
        let mut thief = Visitor::new(&core);
        thief.cookies.insert("ostiary-trusted".to_owned(), planted);
        password(&mut thief, &[]).await.redirects_to(SECOND_FACTOR);

        visitor.post("/do/sign-out", &[]).await;
        password(&mut visitor, &[]).await.redirects_to("/account");
        let page = visitor.get("/account/security").await;
        page.shows("This browser");
        let id = between(&page, "action=\"/do/end-trust\"", "</form>").to_owned();
        let id = id.split_once("value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();

        // Somebody else in the same browser is asked; and what is not theirs is not there.
        person_called(&core, "tove@nordhavn.example", "tove").await;
        let mut tove = Visitor::new(&core);
        let fields = [("username", "tove"), ("password", PASSWORD)];
        tove.post("/do/sign-in", &fields).await.redirects_to("/account");
        add_app(&core, &mut tove).await;
        assert_eq!(tove.post("/do/end-trust", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
        let mut shared = Visitor::new(&core);
        shared.cookies.insert("ostiary-trusted".to_owned(), visitor.cookies["ostiary-trusted"].clone());
        shared.post("/do/sign-in", &fields).await.redirects_to(SECOND_FACTOR);

        visitor.post("/do/end-trust", &[("id", &id)]).await.redirects_to("/account/security");
        visitor.get("/account/security").await.shows("The browser is asked again");
        visitor.post("/do/sign-out", &[]).await;
        password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
    })
    .await;
}

/// B7: where no browser is trusted nobody is offered it.
#[tokio::test]
async fn an_instance_that_trusts_no_browser() {
    let core = TestCore::sqlite_with(|config| config.second_factors.trust_browsers_for = Duration::ZERO).await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    let (app, _) = add_app(&core, &mut here).await;
    core.clock.advance(STEP);
    let mut visitor = Visitor::new(&core);
    password(&mut visitor, &[]).await.redirects_to(SECOND_FACTOR);
    assert!(!visitor.get(SECOND_FACTOR).await.html.contains("ask in this browser"));
    let fields = [("m", "totp"), ("code", &*code(&core, &app)), ("trust", "1")];
    visitor.post("/do/second-factor", &fields).await.redirects_to("/account");
    assert!(!visitor.cookies.contains_key("ostiary-trusted"));
}

/// B1: a passkey in the second step: offered to whoever has one, with what to do without scripts.
#[tokio::test]
async fn a_passkey_is_a_second_factor() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut here = Visitor::new(&core);
        here.sign_in().await;
        let mut key = SoftAuthenticator::new("http://localhost:8080");
        let begun: Value = serde_json::from_str(&here.post("/passkeys/enrolment", &[]).await.html).unwrap();
        let made = key.create(&begun["options"]);
        let fields = [("ceremony", begun["ceremony"].as_str().unwrap()), ("credential", &made)];
        here.post("/do/add-passkey", &fields).await.redirects_to("/account/passkeys");
        add_app(&core, &mut here).await;

        let mut visitor = Visitor::new(&core);
        assert_eq!(visitor.post("/passkeys/second-factor", &[]).await.status, StatusCode::FORBIDDEN);
        password(&mut visitor, &[("next", "sessions")]).await.redirects_to("/sign-in/second-factor?next=sessions");
        let page = visitor.get("/sign-in/second-factor?next=sessions&m=passkey").await;
        page.shows("Use your passkey or security key");
        page.shows("Scripts are off");
        page.shows("Try another way");
        assert!(page.header("content-security-policy").contains("connect-src 'self'"));
        let mut wrong = SoftAuthenticator::new("http://localhost:8080");
        for right in [false, true] {
            let begun: Value = serde_json::from_str(&visitor.post("/passkeys/second-factor", &[]).await.html).unwrap();
            let said = if right { key.get(&begun["options"]) } else { wrong.get(&begun["options"]) };
            let ceremony = begun["ceremony"].as_str().unwrap();
            let fields = [("ceremony", ceremony), ("credential", said.as_str()), ("next", "sessions")];
            let answer = visitor.post("/do/second-factor-key", &fields).await;
            if right {
                answer.redirects_to("/account/sessions");
            } else {
                answer.redirects_to("/sign-in/second-factor?next=sessions&m=passkey");
                visitor.get(answer.location()).await.shows("This passkey was not accepted");
            }
        }
        assert_eq!(visitor.turned_away_to().await, None);
    })
    .await;
}
