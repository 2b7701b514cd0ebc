//! Signing in by e-mail (B5): asking, typing the code, opening the link.

use http::StatusCode;
use ostiary::testing::{TestCore, TestMail, on_both_engines_with};

use super::visitor::{EMAIL, Visitor, person};

async fn with_mail(test: impl AsyncFn(TestCore)) {
    on_both_engines_with(|config| config.sign_in.by_email = true, test).await;
}

async fn newest(core: &TestCore) -> Option<TestMail> {
    core.mails().await.into_iter().rfind(|mail| mail.kind == "SignInLink")
}

/// B5: from the sign-in page to the account with the code; what was wrong is said, and what was ticked stays.
#[tokio::test]
async fn a_code_signs_in() {
    with_mail(async |core| {
        person(&core).await;
        let mut visitor = Visitor::new(&core);
        visitor.get("/sign-in?next=security").await.shows("/sign-in/mail?next=security");
        visitor.get("/sign-in/mail/code").await.redirects_to("/sign-in/mail");
        visitor
            .post("/do/sign-in-mail", &[("email", "mara@"), ("next", "security")])
            .await
            .redirects_to("/sign-in/mail?next=security");
        visitor.get("/sign-in/mail?next=security").await.shows("value=\"mara@\"");
        visitor
            .post("/do/sign-in-mail", &[("email", EMAIL), ("next", "security")])
            .await
            .redirects_to("/sign-in/mail/code?next=security");
        visitor.get("/sign-in/mail/code?next=security").await.shows(EMAIL);
        let code = newest(&core).await.unwrap().code.unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let form = [("code", wrong), ("stay", "1"), ("next", "security")];
        visitor.post("/do/sign-in-code", &form).await.redirects_to("/sign-in/mail/code?next=security");
        let page = visitor.get("/sign-in/mail/code?next=security").await;
        page.shows("newest mail");
        page.shows("checked");
        let form = [("code", code.as_str()), ("next", "security")];
        visitor.post("/do/sign-in-code", &form).await.redirects_to("/account/security");
        visitor.get("/account").await.shows(EMAIL);
    })
    .await;
}

/// B5: the link has a button and is used up by that alone; opened again it is dead.
#[tokio::test]
async fn a_link_signs_in_by_its_button() {
    with_mail(async |core| {
        person(&core).await;
        Visitor::new(&core).post("/do/sign-in-mail", &[("email", EMAIL)]).await;
        let mail = newest(&core).await.unwrap();
        let path = format!("/sign-in/link?t={}", mail.token());
        // Another browser, and whatever scans mails.
        let mut visitor = Visitor::new(&core);
        for _ in 0..2 {
            visitor.get(&path).await.shows(EMAIL);
        }
        visitor.post("/do/sign-in-link", &[("t", mail.token())]).await.redirects_to("/account");
        visitor.get("/account").await.shows(EMAIL);
        let mut late = Visitor::new(&core);
        late.get(&path).await.shows("no longer works");
        late.post("/do/sign-in-link", &[("t", mail.token())]).await.redirects_to(&path);
        late.get("/account").await.redirects_to("/sign-in");
    })
    .await;
}

/// B5 A7: the page says the same of addresses that have an account and of others.
#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    with_mail(async |core| {
        person(&core).await;
        let mut pages = Vec::new();
        for email in [EMAIL, "nobody@nordhavn.example"] {
            let mut visitor = Visitor::new(&core);
            visitor.post("/do/sign-in-mail", &[("email", email)]).await.redirects_to("/sign-in/mail/code");
            visitor.post("/do/sign-in-code", &[("code", "12345")]).await.redirects_to("/sign-in/mail/code");
            let page = visitor.get("/sign-in/mail/code").await;
            assert_eq!(page.status, StatusCode::OK);
            let (before, rest) = page.html.split_once("name=\"n\"").unwrap();
            let (_, after) = rest.split_once('>').unwrap();
            pages.push(format!("{before}{after}").replace(email, "…"));
        }
        assert_eq!(pages[0], pages[1]);
    })
    .await;
}

/// B5: where it is off, there is no way in to it.
#[tokio::test]
async fn where_it_is_off_nothing_leads_there() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut visitor = Visitor::new(&core);
    assert!(!visitor.get("/sign-in").await.html.contains("/sign-in/mail"));
    for path in ["/sign-in/mail", "/sign-in/mail/code", "/sign-in/link?t=x"] {
        assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = visitor.post("/do/sign-in-mail", &[("email", EMAIL)]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
