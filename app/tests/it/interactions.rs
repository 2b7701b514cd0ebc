//! D10, D13: the pages on the way of an authorization request.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

use http::StatusCode;
use ostiary::{
    account::find_user,
    client::{ClientSettings, CreateClient, create_client},
    grant::{AuthorizationStep, BeginAuthorization, begin_authorization},
    org::{self, CreateOrganization},
    protocol::{Params, RedirectUri, Scope, ScopeSet},
    testing::{TestCore, on_both_engines},
    text::DisplayName,
};

use super::{
    chooser::sessions_on,
    visitor::{EMAIL, PASSWORD, Visitor, person, person_called},
};

const AIKO: &str = "aiko@nordhavn.example";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An application called Blockyard, and a request of it that waits for a person.
async fn request(core: &TestCore) -> String {
    application(core).await;
    request_for(core, "openid email offline_access").await
}

async fn application(core: &TestCore) {
    let mut scopes = ScopeSet::empty();
    for scope in [Scope::OPENID, Scope::EMAIL, Scope::OFFLINE_ACCESS, Scope::ORGANIZATION] {
        scopes.insert(scope);
    }
    let settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse("https://blockyard.example/callback").unwrap()],
        scopes,
        ..ClientSettings::default()
    };
    let name = DisplayName::try_from("Blockyard").unwrap();
    create_client(&core.operator(), CreateClient { id: Some("blockyard".to_owned()), name, settings }).await.unwrap();
}

async fn request_for(core: &TestCore, scope: &str) -> String {
    let scope = scope.replace(' ', "+");
    let query = format!(
        "response_type=code&client_id=blockyard&redirect_uri=https%3A%2F%2Fblockyard.example%2Fcallback&state=s\
         &scope={scope}&prompt=consent&nonce=n&code_challenge={CHALLENGE}&code_challenge_method=S256"
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

/// Founds an organisation for the account with this address.
async fn found(core: &TestCore, name: &str, owner: &str) -> String {
    let ctx = core.operator();
    let owner = find_user(&ctx, owner).await.unwrap().id;
    let cmd = CreateOrganization { name: DisplayName::try_from(name).unwrap(), slug: None, owner: Some(owner) };
    org::create_organization(&ctx, cmd).await.unwrap().id.to_string()
}

/// C2, E12: an application that asks for an organisation is given account and organisation in one choice, among those of every
/// account that is signed in; what is not theirs is no choice, and of an account that is signed out nothing is told.
#[tokio::test]
async fn account_and_organisation() {
    let core = TestCore::sqlite_with(|config| config.organizations.personal = false).await;
    person(&core).await;
    person_called(&core, AIKO, "aiko").await;
    let nordhavn = found(&core, "Nordhavn Studio", EMAIL).await;
    found(&core, "Lighthouse Modders", EMAIL).await;
    let birch = found(&core, "Birch Lane", AIKO).await;
    application(&core).await;
    let i = request_for(&core, "openid email organization").await;
    let mut visitor = Visitor::new(&core);
    let aiko = [("username", "aiko"), ("password", PASSWORD), ("i", i.as_str())];
    visitor.post("/do/sign-in", &aiko).await.redirects_to(&format!("/connect/resume?i={i}"));
    let choose = format!("/sign-in/choose?i={i}");
    let page = visitor.get(&choose).await;
    page.shows("Pick the organisation Blockyard should see.");
    page.shows("Birch Lane");
    let mara = [("username", EMAIL), ("password", PASSWORD), ("i", i.as_str())];
    visitor.post("/do/sign-in", &mara).await.redirects_to(&format!("/connect/resume?i={i}"));
    let page = visitor.get(&choose).await;
    page.shows("Pick the account and the organisation Blockyard should see.");
    for name in ["Nordhavn Studio", "Lighthouse Modders", "Birch Lane"] {
        page.shows(name);
    }
    let [aiko, mara] = &sessions_on(&page)[..] else { panic!("two accounts") };
    // What is not theirs, or nothing at all, leads to the same page again.
    for wrong in [birch.as_str(), "", "x", "\0"] {
        let chosen = [("as", mara.as_str()), ("organization", wrong), ("i", i.as_str())];
        visitor.post("/do/choose-account", &chosen).await.redirects_to(&format!("/connect/resume?i={i}"));
        visitor.get(&format!("/consent?i={i}")).await.redirects_to(&format!("/connect/resume?i={i}"));
    }
    for (session, organization, who) in [(aiko, &birch, AIKO), (mara, &nordhavn, EMAIL)] {
        let chosen = [("as", session.as_str()), ("organization", organization.as_str()), ("i", i.as_str())];
        visitor.post("/do/choose-account", &chosen).await.redirects_to(&format!("/connect/resume?i={i}"));
        visitor.get(&format!("/consent?i={i}")).await.shows(who);
    }
    let page = visitor.get(&choose).await;
    page.shows("Used last time");
    let of_mara = page.html.split("Nordhavn Studio").nth(1).unwrap();
    assert!(of_mara.contains("Lighthouse Modders"), "the one used last stands first");

    // To an application that does not ask, accounts are all there is to say.
    let plain = request_for(&core, "openid").await;
    let page = visitor.get(&format!("/sign-in/choose?i={plain}")).await;
    assert!(!page.html.contains("Birch Lane"), "nothing is asked of organisations");
    // Without an application, accounts with several organisations show them, and choosing one is acting there.
    let page = visitor.get("/sign-in/choose").await;
    page.shows("Lighthouse Modders");
    assert!(!page.html.contains("Birch Lane"), "there is one only");
    let chosen = [("as", mara.as_str()), ("organization", nordhavn.as_str()), ("next", "sessions")];
    visitor.post("/do/choose-account", &chosen).await.redirects_to("/account/sessions");

    core.clock.advance(core.config().sessions.idle);
    let i = request_for(&core, "openid organization").await;
    let page = visitor.get(&format!("/sign-in/choose?i={i}")).await;
    page.shows("Signed out");
    assert!(!page.html.contains("Birch Lane") && !page.html.contains("Nordhavn Studio"), "who is out shows nothing");
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
