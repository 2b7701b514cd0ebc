//! D10, D13: the pages on the way of an authorization request.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use http::StatusCode;
use ostiary::{
    client::{ClientSettings, CreateClient, create_client},
    grant::{AuthorizationStep, BeginAuthorization, begin_authorization},
    protocol::{Params, RedirectUri, Scope, ScopeSet},
    testing::{TestCore, on_both_engines},
    text::DisplayName,
};

use super::{
    chooser::sessions_on,
    visitor::{EMAIL, PASSWORD, Visitor, person, person_called},
};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application called Blockyard, and a request of it that waits for a person.
async fn request(core: &TestCore) -> String {
    let mut scopes = ScopeSet::empty();
    for scope in [Scope::OPENID, Scope::EMAIL, Scope::OFFLINE_ACCESS] {
        scopes.insert(scope);
    }
    let settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse("https://blockyard.example/callback").unwrap()],
        scopes,
        ..ClientSettings::default()
    };
    let name = DisplayName::try_from("Blockyard").unwrap();
    create_client(&core.operator(), CreateClient { id: Some("blockyard".to_owned()), name, settings }).await.unwrap();
    let query = format!(
        "response_type=code&client_id=blockyard&redirect_uri=https%3A%2F%2Fblockyard.example%2Fcallback&state=s\
         &scope=openid+email+offline_access&prompt=consent&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256"
    );
    let params = Params::parse(query.as_bytes()).unwrap();
    match begin_authorization(&core.anonymous(), BeginAuthorization { params }).await.unwrap() {
        AuthorizationStep::SignIn { interaction, .. } => interaction.expose().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// The pages name the application, carry the request along, and let their forms end there and nowhere else.
#[tokio::test]
async fn the_way_through() {
    on_both_engines(async |core| {
        person(&core).await;
        let i = request(&core).await;
        let mut visitor = Visitor::new(&core);
        for path in ["/sign-in", "/register", "/check-mail", "/forgot-password"] {
            let page = visitor.get(&format!("{path}?i={i}")).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            page.shows(&format!("name=\"i\" value=\"{i}\""));
            let policy = page.header("content-security-policy").to_owned();
            assert!(policy.contains("form-action 'self' https://blockyard.example;"), "{path}: {policy}");
        }
        visitor.get(&format!("/sign-in?i={i}")).await.shows("Blockyard");

        let wrong = [("username", EMAIL), ("password", "wrong"), ("i", i.as_str())];
        visitor.post("/do/sign-in", &wrong).await.redirects_to(&format!("/sign-in?i={i}"));
        visitor.get(&format!("/sign-in?i={i}")).await.shows("is not right");
        visitor.get(&format!("/consent?i={i}")).await.redirects_to(&format!("/sign-in?i={i}"));

        let right = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
        visitor.post("/do/sign-in", &right).await.redirects_to(&format!("/connect/resume?i={i}"));
        // A tab that was left at sign-in goes on.
        visitor.get(&format!("/sign-in?i={i}")).await.redirects_to(&format!("/connect/resume?i={i}"));
        let page = visitor.get(&format!("/consent?i={i}")).await;
        page.shows("Allow Blockyard to use your account?");
        page.shows(EMAIL);
        assert!(page.header("content-security-policy").contains("form-action 'self' https://blockyard.example;"));
        let decision = [("i", i.as_str()), ("decision", "allow"), ("scope", "offline_access")];
        visitor.post("/do/consent", &decision).await.redirects_to(&format!("/connect/resume?i={i}"));
    })
    .await;
}

/// Only two answers are understood, and a stranger gives none.
#[tokio::test]
async fn consent_is_an_answer_of_somebody() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    let i = request(&core).await;
    let mut stranger = Visitor::new(&core);
    let allow = [("i", i.as_str()), ("decision", "allow")];
    stranger.post("/do/consent", &allow).await.redirects_to(&format!("/sign-in?i={i}"));
    for body in
        ["decision=allow", &format!("i={i}"), &format!("i={i}&decision=maybe"), &format!("i={i}&i={i}&decision=allow")]
    {
        let answer = stranger.post_raw("/do/consent", body.to_owned()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
}

/// D10, C2: "Use another account" leads to the accounts of this browser, where one of them is chosen or another one signs in
/// beside it, and comes back to the same request.
#[tokio::test]
async fn another_account() {
    let core = TestCore::sqlite().await;
    person(&core).await;
    person_called(&core, "aiko@nordhavn.example", "aiko").await;
    let i = request(&core).await;
    let mut visitor = Visitor::new(&core);
    let mara = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
    visitor.post("/do/sign-in", &mara).await.redirects_to(&format!("/connect/resume?i={i}"));
    visitor.get(&format!("/consent?i={i}")).await.shows(EMAIL);
    let choose = format!("/sign-in/choose?i={i}");
    let consent = visitor.get(&format!("/consent?i={i}")).await;
    consent.shows(&format!("href=\"{choose}\""));
    let chooser = visitor.get(&choose).await;
    chooser.shows(EMAIL);
    chooser.shows(&format!("href=\"/sign-in?i={i}&amp;another=1\""));
    visitor.get(&format!("/sign-in?i={i}&another=1")).await.shows("action=\"/do/sign-in\"");
    let wrong = [("username", "aiko"), ("password", "no"), ("i", i.as_str())];
    let back = visitor.post("/do/sign-in", &wrong).await;
    back.redirects_to(&format!("/sign-in?i={i}&another=1"));
    visitor.get(back.location()).await.shows("You are not signed in yet");
    let aiko = [("username", "aiko"), ("password", PASSWORD), ("i", i.as_str())];
    visitor.post("/do/sign-in", &aiko).await.redirects_to(&format!("/connect/resume?i={i}"));
    visitor.get(&format!("/consent?i={i}")).await.shows("aiko@nordhavn.example");
    let chooser = visitor.get(&choose).await;
    let mara = sessions_on(&chooser).remove(0);
    let back = visitor.post("/do/choose-account", &[("as", &mara), ("i", &i)]).await;
    back.redirects_to(&format!("/connect/resume?i={i}"));
    visitor.get(&format!("/consent?i={i}")).await.shows(EMAIL);
}

/// A request that took too long is over, and says so.
#[tokio::test]
async fn too_late() {
    let core = TestCore::sqlite().await;
    let i = request(&core).await;
    core.clock.advance(std::time::Duration::from_hours(2));
    let mut visitor = Visitor::new(&core);
    for path in ["/sign-in", "/consent"] {
        let answer = visitor.get(&format!("{path}?i={i}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.shows("This visit is over");
    }
}
