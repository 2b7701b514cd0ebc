//! C1, C3: the cookie session.

use ostiary::{
    config::BeyondMost,
    testing::{TestCore, on_both_engines},
};

use super::visitor::{EMAIL, PASSWORD, Visitor, person, person_called};

const COOKIE: &str = "ostiary";

/// C1: signing in brings a cookie that scripts cannot reach and that ends with the browser; "stay signed in" one that lasts.
#[tokio::test]
async fn signing_in() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut visitor = Visitor::new(&core);
        let answer = visitor.sign_in().await;
        let cookie = answer.set_cookies().into_iter().find(|cookie| cookie.starts_with("ostiary=")).unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
            "{cookie}"
        );
        assert!(!cookie.contains("Max-Age") && !cookie.contains("Expires"), "{cookie}");
        let page = visitor.get("/account").await;
        page.shows(EMAIL);
        assert!(page.set_cookies().is_empty(), "looking changes nothing");
        visitor.get("/sign-in").await.redirects_to("/account");
        visitor.get("/register").await.redirects_to("/account");
        visitor.get("/").await.redirects_to("/account");

        let mut staying = Visitor::new(&core);
        let fields = [("username", "MARA"), ("password", PASSWORD), ("stay", "on")];
        let answer = staying.post("/do/sign-in", &fields).await;
        let cookie = answer.set_cookies().into_iter().find(|cookie| cookie.starts_with("ostiary=")).unwrap();
        assert!(cookie.contains(&format!("Max-Age={}", 90 * 86_400)), "{cookie}");
    })
    .await;
}

/// C6: who has as many sessions as they may is told so where they sign in, and comes in after ending one.
#[tokio::test]
async fn signed_in_as_often_as_one_may_be() {
    let core = TestCore::sqlite_with(|config| {
        config.sessions.most = 1;
        config.sessions.beyond_most = BeyondMost::RefuseNew;
    })
    .await;
    person(&core).await;
    let (mut first, mut second) = (Visitor::new(&core), Visitor::new(&core));
    first.sign_in().await;
    let credentials = [("username", EMAIL), ("password", PASSWORD)];
    second.post("/do/sign-in", &credentials).await.redirects_to("/sign-in");
    second.get("/sign-in").await.shows("You are signed in in 1 place already");
    second.get("/account").await.redirects_to("/sign-in");
    first.get("/account").await.shows(EMAIL);
    first.post("/do/confirm", &[("password", PASSWORD)]).await.redirects_to("/account");
    first.post("/do/sign-out", &[]).await.redirects_to("/signed-out");
    second.sign_in().await;
}

/// A7: wrong is wrong, and nobody is signed in by it.
#[tokio::test]
async fn a_wrong_password() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut visitor = Visitor::new(&core);
    let fields = [("username", EMAIL), ("password", "Wrong-password-1")];
    visitor.post("/do/sign-in", &fields).await.redirects_to("/sign-in");
    let page = visitor.get("/sign-in").await;
    page.shows("is not right");
    page.shows(&format!("value=\"{EMAIL}\""));
    assert!(!page.html.contains("Wrong-password"));
    assert!(!visitor.cookies.contains_key(COOKIE));
}

/// C1, session fixation: a cookie that was there before is worth nothing afterwards, planted or earned.
#[tokio::test]
async fn the_cookie_changes_at_every_step() {
    on_both_engines(async |core| {
        person(&core).await;
        let mut visitor = Visitor::new(&core);
        visitor.cookies.insert(COOKIE.to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        visitor.sign_in().await;
        let first = visitor.cookies[COOKIE].clone();
        assert_ne!(first, "AAAAAAAAAAAAAAAAAAAAAA");
        let mut planted = Visitor::new(&core);
        planted.cookies.insert(COOKIE.to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        assert!(planted.turned_away_to().await.is_some());

        // Again: the old cookie and the old session are over.
        let mut before = visitor.clone();
        visitor.sign_in().await;
        let second = visitor.cookies[COOKIE].clone();
        assert_ne!(first, second);
        assert!(before.turned_away_to().await.is_some());
        assert!(visitor.turned_away_to().await.is_none());
        assert!(
            !visitor.get("/account/sessions").await.html.contains("/account/sessions/end?"),
            "one session, not two"
        );

        // A new password: new cookie, same session.
        let mut before = visitor.clone();
        let new = "Steeper-harbour-4482";
        let fields = [("current", PASSWORD), ("password", new), ("again", new)];
        visitor.post("/do/change-password", &fields).await.redirects_to("/account/password");
        visitor.get("/account/password").await.shows("Your password is changed");
        assert_ne!(visitor.cookies[COOKIE], second);
        assert!(before.turned_away_to().await.is_some());
        assert!(visitor.turned_away_to().await.is_none());

        // Out: the cookie goes, and so does what it stood for.
        let mut before = visitor.clone();
        visitor.get("/sign-out").await.shows("/do/sign-out");
        visitor.post("/do/sign-out", &[]).await.redirects_to("/signed-out");
        assert!(!visitor.cookies.contains_key(COOKIE));
        assert!(before.turned_away_to().await.is_some());
        visitor.post("/do/sign-out", &[]).await.redirects_to("/signed-out");
    })
    .await;
}

/// C3: a session that was ended elsewhere is over at once, and the person is told so.
#[tokio::test]
async fn ended_elsewhere() {
    on_both_engines(async |core| {
        person(&core).await;
        let (mut here, mut there) = (Visitor::new(&core), Visitor::new(&core));
        here.sign_in().await;
        there.sign_in().await;
        let list = here.get("/account/sessions").await;
        let (_, rest) = list.html.split_once("/account/sessions/end?id=").unwrap();
        let id = rest.split('"').next().unwrap();
        here.get(&format!("/account/sessions/end?id={id}")).await.shows(id);
        here.post("/do/end-session", &[("id", id)]).await.redirects_to("/account/sessions");
        here.get("/account/sessions").await.shows("The session is ended");
        assert_eq!(there.turned_away_to().await.as_deref(), Some("/sign-in"));
        there.get("/sign-in").await.shows("Your session has ended");
        assert!(here.turned_away_to().await.is_none());
        assert_eq!(here.post("/do/end-session", &[("id", id)]).await.status, 404);
    })
    .await;
}

/// C3: all others at once.
#[tokio::test]
async fn all_others() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut here = Visitor::new(&core);
    here.sign_in().await;
    let mut others = vec![Visitor::new(&core), Visitor::new(&core)];
    for other in &mut others {
        other.sign_in().await;
    }
    here.get("/account/sessions/end-others").await.shows("End two sessions");
    here.post("/do/end-other-sessions", &[]).await.redirects_to("/account/sessions");
    here.get("/account/sessions").await.shows("All other sessions are ended");
    for other in &mut others {
        assert!(other.turned_away_to().await.is_some());
    }
}

/// C3, DESIGN §5: a session of somebody else is not there.
#[tokio::test]
async fn a_foreign_session_is_not_there() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    person_called(&core, "jonas@nordhavn.example", "jonas").await;
    let (mut mara, mut second) = (Visitor::new(&core), Visitor::new(&core));
    mara.sign_in().await;
    second.sign_in().await;
    let list = mara.get("/account/sessions").await;
    let (_, rest) = list.html.split_once("/account/sessions/end?id=").unwrap();
    let id = rest.split('"').next().unwrap();
    let mut jonas = Visitor::new(&core);
    jonas.post("/do/sign-in", &[("username", "jonas"), ("password", PASSWORD)]).await.redirects_to("/account");
    for id in [id, "x", "", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(jonas.get(&format!("/account/sessions/end?id={id}")).await.status, 404);
        assert_eq!(jonas.post("/do/end-session", &[("id", id)]).await.status, 404);
    }
    assert!(second.turned_away_to().await.is_none());
    let anonymous = Visitor::new(&core).post("/do/end-session", &[("id", id)]).await;
    anonymous.redirects_to("/account/sessions");
}

/// C1: a cookie with a random, a cut or a foreign value is nobody.
#[tokio::test]
async fn a_strange_cookie_is_nobody() {
    let core = TestCore::sqlite().await;
    for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "\""] {
        let mut visitor = Visitor::new(&core);
        visitor.cookies.insert(COOKIE.to_owned(), value.to_owned());
        assert_eq!(visitor.turned_away_to().await.as_deref(), Some("/sign-in"), "{value}");
    }
}

/// A form that is sent twice at once signs in once, in whichever order the answers come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pressing_the_button_twice() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut browser = Visitor::new(&core);
    let form = browser.get("/sign-in").await;
    let (_, rest) = form.html.split_once("name=\"n\" value=\"").unwrap();
    let number = rest.split('"').next().unwrap().to_owned();
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let (mut visitor, number) = (browser.clone(), number.clone());
        tasks.push(tokio::spawn(async move {
            let fields = [("username", EMAIL), ("password", PASSWORD), ("n", number.as_str())];
            visitor.post("/do/sign-in", &fields).await.redirects_to("/account");
            visitor
        }));
    }
    let mut inside = Vec::new();
    for task in tasks {
        let mut visitor = task.await.unwrap();
        if visitor.turned_away_to().await.is_none() {
            inside.push(visitor);
        }
    }
    assert_eq!(inside.len(), 1);
    assert!(!inside[0].get("/account/sessions").await.html.contains("/account/sessions/end?"));
}
