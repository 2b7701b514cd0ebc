//! C2: several accounts in one browser.

use ostiary::testing::TestCore;

use super::visitor::{Answer, EMAIL, PASSWORD, Visitor, person, person_called};

const AIKO: &str = "aiko@nordhavn.example";

/// The sessions that can be chosen on a page, in its order.
pub(crate) fn sessions_on(page: &Answer) -> Vec<String> {
    let found = page.html.split("name=\"as\" value=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut sessions: Vec<_> = found.map(str::to_owned).collect();
    sessions.dedup();
    sessions
}

/// A browser where Mara signed in, and Aiko after her.
async fn two(core: &TestCore) -> Visitor {
    person(core).await;
    person_called(core, AIKO, "aiko").await;
    let mut visitor = Visitor::new(core);
    visitor.sign_in().await;
    visitor.post("/do/sign-in", &[("username", "aiko"), ("password", PASSWORD)]).await.redirects_to("/account");
    visitor
}

/// C2: another account is signed in beside the first; one turns from one to the other without a password, under a new cookie.
#[tokio::test]
async fn accounts_stand_side_by_side() {
    let core = TestCore::sqlite().await;
    let mut visitor = two(&core).await;
    visitor.get("/account").await.shows(AIKO);
    visitor.get("/account").await.shows("href=\"/sign-in/choose\"");
    let page = visitor.get("/sign-in/choose?next=sessions").await;
    page.shows("Choose an account");
    page.shows("href=\"/sign-in?next=sessions&amp;another=1\"");
    let sessions = sessions_on(&page);
    assert_eq!(sessions.len(), 2);
    let before = visitor.cookies.clone();
    let turned = visitor.post("/do/choose-account", &[("as", &sessions[0]), ("next", "sessions")]).await;
    turned.redirects_to("/account/sessions");
    assert_ne!(before["ostiary"], visitor.cookies["ostiary"], "a new cookie");
    assert_ne!(before["ostiary-state"], visitor.cookies["ostiary-state"], "applications see it");
    visitor.get("/account").await.shows(EMAIL);
    let mut old = Visitor::new(&core);
    old.cookies = before;
    old.get("/account").await.redirects_to("/sign-in");

    // The form is there for a third, and signing in again is no further account.
    visitor.get("/sign-in").await.redirects_to("/account");
    visitor.get("/sign-in?another=1").await.shows("action=\"/do/sign-in\"");
    visitor.post("/do/sign-in", &[("username", "aiko"), ("password", PASSWORD)]).await.redirects_to("/account");
    assert_eq!(sessions_on(&visitor.get("/sign-in/choose").await).len(), 2);
}

/// C2: a session that this browser does not hold, or that is none, is not chosen and not ended, whoever's it is.
#[tokio::test]
async fn a_foreign_session_is_nobodys_choice() {
    let core = TestCore::sqlite().await;
    let mut visitor = two(&core).await;
    person_called(&core, "tove@nordhavn.example", "tove").await;
    let mut tove = Visitor::new(&core);
    tove.post("/do/sign-in", &[("username", "tove"), ("password", PASSWORD)]).await.redirects_to("/account");
    let foreign = sessions_on(&tove.get("/sign-in/choose").await).remove(0);
    for session in [foreign.as_str(), "", "x", "\0", "0198a7f2-c1d2-7e6c-9b6b-6a1f0c2d3e4f"] {
        for form in ["choose-account", "leave-account"] {
            let answer = visitor.post(&format!("/do/{form}"), &[("as", session)]).await;
            answer.redirects_to("/sign-in/choose");
        }
    }
    visitor.get("/account").await.shows(AIKO);
    tove.get("/account").await.shows("tove@nordhavn.example");
    let mut nobody = Visitor::new(&core);
    nobody.post("/do/choose-account", &[("as", &foreign)]).await.redirects_to("/sign-in/choose");
    nobody.get("/sign-in/choose").await.redirects_to("/sign-in");
    assert!(nobody.cookies.is_empty());
}

/// C2: signing out ends one account and asks which of the others it shall be; all of them can be ended at once.
#[tokio::test]
async fn one_signs_out_or_all() {
    let core = TestCore::sqlite().await;
    let mut visitor = two(&core).await;
    let sessions = sessions_on(&visitor.get("/sign-in/choose").await);
    visitor.post("/do/sign-out", &[]).await.redirects_to("/signed-out");
    visitor.get("/signed-out").await.shows("Other accounts are still signed in here.");
    visitor.get("/account").await.redirects_to("/sign-in");
    visitor.get("/sign-in").await.redirects_to("/sign-in/choose");
    let page = visitor.get("/sign-in/choose").await;
    assert_eq!(sessions_on(&page), sessions[..1]);
    visitor.post("/do/choose-account", &[("as", &sessions[1])]).await.redirects_to("/sign-in/choose");
    visitor.post("/do/choose-account", &[("as", &sessions[0])]).await.redirects_to("/account");
    visitor.get("/account").await.shows(EMAIL);

    visitor.post("/do/sign-in", &[("username", "aiko"), ("password", PASSWORD)]).await.redirects_to("/account");
    let before = visitor.cookies.clone();
    let sessions = sessions_on(&visitor.get("/sign-in/choose").await);
    visitor.post("/do/leave-account", &[("as", &sessions[0])]).await.redirects_to("/sign-in/choose");
    visitor.get("/account").await.shows(AIKO);
    assert_eq!(sessions_on(&visitor.get("/sign-in/choose").await), sessions[1..]);
    visitor.sign_in().await;
    visitor.post("/do/sign-out-all", &[]).await.redirects_to("/signed-out");
    assert!(!visitor.cookies.contains_key("ostiary"));
    visitor.get("/signed-out").await.shows("Sign in again");
    visitor.get("/sign-in/choose").await.redirects_to("/sign-in");
    let mut old = Visitor::new(&core);
    old.cookies = before;
    old.get("/account").await.redirects_to("/sign-in");
}

/// C2: an account whose session is over is still known here; choosing it asks for the password, with the name filled in. It
/// can be forgotten.
#[tokio::test]
async fn one_that_is_over_asks_for_the_password() {
    let core = TestCore::sqlite().await;
    let mut visitor = two(&core).await;
    core.clock.advance(core.config().sessions.idle);
    let page = visitor.get("/sign-in/choose").await;
    page.shows("Signed out");
    let sessions = sessions_on(&page);
    let asked = visitor.post("/do/choose-account", &[("as", &sessions[0]), ("next", "passkeys")]).await;
    asked.redirects_to("/sign-in?next=passkeys&another=1");
    visitor.get(asked.location()).await.shows(&format!("value=\"{EMAIL}\""));
    visitor.get("/account").await.redirects_to("/sign-in");
    visitor.post("/do/leave-account", &[("as", &sessions[0])]).await.redirects_to("/sign-in/choose");
    assert_eq!(sessions_on(&visitor.get("/sign-in/choose").await), sessions[1..]);
    visitor.post("/do/leave-account", &[("as", &sessions[1])]).await.redirects_to("/sign-in/choose");
    visitor.get("/sign-in/choose").await.redirects_to("/sign-in");
    assert!(!visitor.cookies.contains_key("ostiary"));
}
