//! What forms do with what they are sent.

use http::{Method, Request, StatusCode, header};
use ostiary::testing::{TestCore, on_both_engines};
use ostiary_app::routes;

use super::visitor::{EMAIL, PASSWORD, Visitor, person};

const SAID: &str = "ostiary-said";

/// DESIGN §4: a form that is not whole is an error page, never a fault of ours, never a redirect to somewhere else.
#[tokio::test]
async fn forms_that_are_not_whole_are_refused() {
    let core = TestCore::sqlite().await;
    for body in [
        "",
        "username=a",
        "password=a",
        "username=a&username=b&password=c",
        "username=a&password=b&password=c",
        "username=%FF&password=x",
        "username=%C3%28&password=x",
        "\u{0}",
    ] {
        let answer = Visitor::new(&core).post_raw("/do/sign-in", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body:?}: {}", answer.html);
        assert_eq!(answer.location(), "");
        answer.shows("could not read that");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let answer = Visitor::new(&core).post_raw("/do/sign-in", vec![0xff_u8, 0xfe, b'=', 0x80]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = Visitor::new(&core).post_raw("/do/sign-in", "a=".to_owned() + &"x".repeat(70_000)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.shows("could not read that");
}

/// Every form refuses what is no form, and an empty one answers without a fault.
#[tokio::test]
async fn every_form_stands_up_to_nonsense() {
    let core = TestCore::sqlite().await;
    for (method, path) in routes::routes() {
        // A script asks for the options of a ceremony, without a form.
        if method != "POST" || path.starts_with("/passkeys/") {
            continue;
        }
        for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
            let request = Request::builder().method(Method::POST).uri(path).header(header::CONTENT_TYPE, kind);
            let answer = Visitor::new(&core).send(request.body("{}".into()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {kind}");
        }
        for body in ["", "a=b&a=c", "i=x&t=x&id=x&code=x&email=x&decision=x&password=x&again=y&current=z"] {
            let answer = Visitor::new(&core).post_raw(path, body).await;
            assert!(answer.status.as_u16() < 500, "{path} {body}: {}", answer.status);
            assert!(!answer.location().contains("elsewhere"), "{path}: {}", answer.location());
            assert!(
                answer.location().is_empty() || answer.status == StatusCode::SEE_OTHER,
                "{path}: {}",
                answer.status
            );
        }
        let answer = Visitor::new(&core).get(path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

/// A2, DESIGN §4: after an error what was typed is still there, the password is nowhere, and it is said once.
#[tokio::test]
async fn what_was_typed_comes_back_but_no_password() {
    let core = TestCore::sqlite().await;
    let mut visitor = Visitor::new(&core);
    let fields = [
        ("email", "Mara@Nordhavn"),
        ("username", "mara l"),
        ("name", "Mara <b>L</b>"),
        ("password", "harbour-secret"),
        ("again", "other-secret"),
    ];
    let answer = visitor.post("/do/register", &fields).await;
    answer.redirects_to("/register");
    for cookie in answer.set_cookies() {
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        for secret in ["harbour", "secret", "Mara", "Nordhavn"] {
            assert!(!cookie.contains(secret), "{cookie}");
        }
    }
    let sealed = visitor.cookies[SAID].clone();
    let page = visitor.get("/register").await;
    page.shows("value=\"Mara@Nordhavn\"");
    page.shows("value=\"mara l\"");
    page.shows("Mara &lt;b&gt;L&lt;/b&gt;");
    page.shows("<title>Error:");
    page.shows("The two passwords differ");
    assert!(!page.html.contains("harbour-secret") && !page.html.contains("other-secret"));
    assert!(!visitor.cookies.contains_key(SAID), "it is taken away once shown");
    let again = visitor.get("/register").await;
    assert!(!again.html.contains("Error:") && !again.html.contains("Mara@"));

    // Opened, the cookie holds no password either.
    let plain = {
        use base64::Engine as _;
        let sealed = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(sealed).unwrap();
        core.sealer().open(ostiary::seal::Purpose::Flash, &sealed).unwrap()
    };
    let plain = String::from_utf8(plain).unwrap();
    assert!(plain.contains("Mara@Nordhavn") && !plain.contains("secret"), "{plain}");
}

/// DESIGN §4: a crafted or borrowed cookie puts no words on a page.
#[tokio::test]
async fn a_forged_message_is_overlooked() {
    let core = TestCore::sqlite().await;
    let mut visitor = Visitor::new(&core);
    visitor.post("/do/forgot-password", &[("email", "not an address")]).await.redirects_to("/forgot-password");
    let sealed = visitor.cookies[SAID].clone();
    let half: String = sealed.chars().take(sealed.len() / 2).collect();
    let swapped: String = sealed.chars().rev().collect();
    for forged in ["x", "e30", half.as_str(), swapped.as_str(), "\"quoted\""] {
        let mut other = Visitor::new(&core);
        other.cookies.insert(SAID.to_owned(), forged.to_owned());
        let page = other.get("/forgot-password").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.html.contains("Error:"), "{forged}");
    }
    // It is for its own page only, and stays until that is opened.
    assert!(!visitor.get("/sign-in").await.html.contains("Error:"));
    visitor.get("/forgot-password").await.shows("Error:");
}

/// A1, A4: registering leads to "Check your mail", which knows the address in this browser only, after a reload, too.
#[tokio::test]
async fn registering_leads_to_the_mail() {
    on_both_engines(async |core| {
        let mut visitor = Visitor::new(&core);
        let fields = [("email", EMAIL), ("username", ""), ("name", ""), ("password", PASSWORD), ("again", PASSWORD)];
        visitor.post("/do/register", &fields).await.redirects_to("/check-mail");
        visitor.get("/check-mail").await.shows(EMAIL);
        visitor.get("/check-mail").await.shows(EMAIL);
        assert!(!Visitor::new(&core).get("/check-mail").await.html.contains(EMAIL));

        visitor.post("/do/verify-code", &[("code", "000000")]).await.redirects_to("/check-mail");
        visitor.get("/check-mail").await.shows("This is not the code");
        // A stranger has nothing that a code could confirm.
        let mut stranger = Visitor::new(&core);
        stranger.post("/do/verify-code", &[("code", "000000")]).await.redirects_to("/check-mail");
        stranger.get("/check-mail").await.shows("We do not know which address");

        visitor.post("/do/sign-in", &[("username", EMAIL), ("password", PASSWORD)]).await.redirects_to("/sign-in");
        visitor.get("/sign-in").await.shows("not confirmed yet");
        assert_eq!(visitor.turned_away_to().await.as_deref(), Some("/sign-in"));
    })
    .await;
}

/// A1: a taken address looks like a free one; where the operator wants it, the page tells.
#[tokio::test]
async fn a_taken_address_is_told_only_where_allowed() {
    let fields = [("email", EMAIL), ("password", PASSWORD), ("again", PASSWORD)];
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut visitor = Visitor::new(&core);
    visitor.post("/do/register", &fields).await.redirects_to("/check-mail");
    let core = TestCore::sqlite_with(|config| config.registration.page_tells_taken = true).await;
    person(&core).await;
    let mut visitor = Visitor::new(&core);
    visitor.post("/do/register", &fields).await.redirects_to("/register");
    visitor.get("/register").await.shows("has an account already");
}

/// A5: known or not, the answer is the same.
#[tokio::test]
async fn a_forgotten_password_tells_nothing() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let mut pages = Vec::new();
    for email in [EMAIL, "nobody@nordhavn.example"] {
        let mut visitor = Visitor::new(&core);
        visitor.post("/do/forgot-password", &[("email", email)]).await.redirects_to("/forgot-password");
        pages.push(visitor.get("/forgot-password").await.html.replace(email, "…"));
    }
    assert_eq!(pages[0], pages[1]);
    assert!(pages[0].contains("on its way"));
}

/// I5: beyond the limit the page says so, with 429 and `Retry-After`.
#[tokio::test]
async fn too_many_tries_wait() {
    let core = TestCore::sqlite_with(|config| config.limits.sign_in_per_minute = 2).await;
    let mut visitor = Visitor::new(&core);
    for _ in 0..3 {
        visitor.post("/do/sign-in", &[("username", EMAIL), ("password", "wrong")]).await.redirects_to("/sign-in");
    }
    let page = visitor.get("/sign-in").await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.header("retry-after").parse::<u64>().unwrap() > 0);
    page.shows("Too many tries");
}
