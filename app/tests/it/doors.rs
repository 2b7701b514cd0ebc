//! What addresses show to whom.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use ostiary::testing::{TestCore, on_both_engines};
use ostiary_app::routes;

use super::visitor::{Visitor, person};

const PERSONAL: [&str; 26] = [
    "/account/confirm",
    "/account/security",
    "/account/authenticators/add",
    "/account/authenticators/scan",
    "/account/authenticators/rename?id=x",
    "/account/authenticators/remove?id=x",
    "/account/recovery-codes",
    "/account",
    "/account/sessions",
    "/account/sessions/end?id=x",
    "/account/sessions/end-others",
    "/account/password",
    "/account/profile",
    "/account/email",
    "/account/email/confirm?t=x",
    "/account/data",
    "/account/data/export",
    "/account/data/deactivate",
    "/account/data/delete",
    "/account/activity",
    "/account/applications",
    "/account/applications/revoke?id=x",
    "/organizations",
    "/organizations/new",
    "/organizations/nordhavn",
    "/organizations/nordhavn/members?q=x",
];

/// C1: looking around costs no cookie, and no row in the database.
#[tokio::test]
async fn a_visitor_gets_no_cookie() {
    let core = TestCore::sqlite().await;
    for (method, path) in routes::routes() {
        if method != "GET" {
            continue;
        }
        let answer = Visitor::new(&core).get(path).await;
        assert!(answer.set_cookies().is_empty(), "{path}: {:?}", answer.set_cookies());
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
    }
}

/// DESIGN §5: pages are never kept, never framed, and run nothing of others.
#[tokio::test]
async fn every_page_has_its_headers() {
    let core = TestCore::sqlite().await;
    for path in ["/sign-in", "/register", "/verify?t=x", "/reset-password?t=x", "/signed-out", "/setup", "/consent?i=x"]
    {
        let answer = Visitor::new(&core).get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}

/// C1: what is personal leads a stranger to sign-in, with a way back that is one of our own pages.
#[tokio::test]
async fn strangers_are_led_to_sign_in() {
    let core = TestCore::sqlite().await;
    for path in PERSONAL {
        let answer = Visitor::new(&core).get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location().starts_with("/sign-in"), "{path}: {}", answer.location());
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    Visitor::new(&core).get("/").await.redirects_to("/sign-in");
    Visitor::new(&core).get("/account/sessions").await.redirects_to("/sign-in?next=sessions");
    Visitor::new(&core).get("/account/password").await.redirects_to("/sign-in?next=password");
    Visitor::new(&core).get("/sign-out").await.redirects_to("/signed-out");
}

/// DESIGN §4: no address makes the page say or do anything of its own.
#[tokio::test]
async fn a_way_back_of_ones_own_making_is_overlooked() {
    on_both_engines(async |core| {
        person(&core).await;
        for next in
            ["https://evil.example/", "//evil.example", "/account/sessions", "sessions/../..", "%00", "SESSIONS"]
        {
            let page = Visitor::new(&core).get(&format!("/sign-in?next={next}")).await;
            assert!(!page.html.contains("name=\"next\""), "{next}");
            let fields = [("username", "mara"), ("password", super::visitor::PASSWORD), ("next", next)];
            Visitor::new(&core).post("/do/sign-in", &fields).await.redirects_to("/account");
        }
        let mut visitor = Visitor::new(&core);
        visitor.get("/sign-in?next=sessions").await.shows("name=\"next\" value=\"sessions\"");
        let fields = [("username", "mara"), ("password", super::visitor::PASSWORD), ("next", "sessions")];
        visitor.post("/do/sign-in", &fields).await.redirects_to("/account/sessions");
    })
    .await;
}

/// A handle that is not one, or of nothing, ends at a page that says so.
#[tokio::test]
async fn an_unknown_interaction_is_over() {
    let core = TestCore::sqlite().await;
    let unknown = format!("ost_ix_{}", "A".repeat(43));
    for i in ["", "x", "ost_rt_x", "https://evil.example", unknown.as_str()] {
        for path in ["/sign-in", "/register", "/check-mail", "/forgot-password", "/consent"] {
            let answer = Visitor::new(&core).get(&format!("{path}?i={i}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {i}");
            answer.shows("This visit is over");
        }
    }
}

/// RFC 9110 §9.3.2: HEAD is GET without the body.
#[tokio::test]
async fn head_is_answered_where_get_is() {
    let core = TestCore::sqlite().await;
    for path in ["/sign-in", "/account", "/favicon.svg"] {
        let get = Visitor::new(&core).get(path).await;
        let request = Request::builder().method(Method::HEAD).uri(path).body(Body::empty()).unwrap();
        let head = Visitor::new(&core).send(request).await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.html, "", "{path}");
    }
}

/// Links that are dead, mistyped or of another kind say so, and change nothing.
#[tokio::test]
async fn dead_links_say_so() {
    let core = TestCore::sqlite().await;
    let other = format!("ost_rt_{}", "A".repeat(43));
    for path in ["/verify", "/reset-password", "/setup"] {
        for t in ["", "x", other.as_str(), "%3Cscript%3E", "a&t=b"] {
            let answer = Visitor::new(&core).get(&format!("{path}?t={t}")).await;
            assert_eq!(answer.status, StatusCode::OK);
            answer.shows("This link no longer works");
            assert!(!answer.html.contains("<script>"));
        }
    }
}

/// I5: registration can be closed; nobody is led there then.
#[tokio::test]
async fn registration_can_be_closed() {
    let core = TestCore::sqlite_with(|config| config.registration.enabled = false).await;
    let mut visitor = Visitor::new(&core);
    assert!(!visitor.get("/sign-in").await.html.contains("/register"));
    visitor.get("/register").await.shows("Nobody can register here");
}

/// The issuer may have a path: everything of ours then stands below it.
#[tokio::test]
async fn addresses_stand_below_the_issuers_path() {
    let core = TestCore::sqlite_with(|config| {
        config.server.public_url = "https://id.example/auth".parse().unwrap();
    })
    .await;
    person(&core).await;
    let answer = Visitor::new(&core).get("/").await;
    answer.redirects_to("/auth/sign-in");
    let mut visitor = Visitor::new(&core);
    let wrong = visitor.post("/do/sign-in", &[("username", "mara"), ("password", "wrong")]).await;
    wrong.redirects_to("/auth/sign-in");
    assert!(wrong.set_cookies()[0].starts_with("__Secure-ostiary-said="), "{:?}", wrong.set_cookies());
    visitor.get("/sign-in").await.shows("is not right");
    let right = visitor.post("/do/sign-in", &[("username", "mara"), ("password", super::visitor::PASSWORD)]).await;
    let session = right.set_cookies().into_iter().find(|cookie| cookie.starts_with("__Secure-ostiary=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/auth"] {
        assert!(session.contains(part), "{session}");
    }
}
