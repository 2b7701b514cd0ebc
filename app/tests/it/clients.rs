//! D11: the administration of applications.

use ostiary::{
    client::{AuthenticateClient, ClientSettings, CreateClient, authenticate_client, create_client, get_client},
    protocol::{ClientCredentials, RedirectUri},
    secret::SecretString,
    testing::TestCore,
    text::DisplayName,
};

use super::visitor::{Answer, Visitor, administrator, person};

async fn blockyard(core: &TestCore) -> Result<String, Box<dyn std::error::Error>> {
    let redirect_uris = vec![RedirectUri::parse("https://blockyard.example/callback")?];
    let settings = ClientSettings { redirect_uris, ..ClientSettings::default() };
    let name = DisplayName::try_from("Blockyard")?;
    let cmd = CreateClient { id: Some("blockyard".to_owned()), name, settings };
    let made = create_client(&core.operator(), cmd).await?;
    Ok(made.client_secret.map(|secret| secret.expose().to_owned()).unwrap_or_default())
}

/// D11, DESIGN §5: to everybody but administrators these pages are not there; who is not signed in is asked to.
#[tokio::test]
async fn only_administrators_see_the_list() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut nobody = Visitor::new(&core);
    nobody.get("/admin/clients").await.redirects_to("/sign-in?next=clients");
    person(&core).await;
    let mut mara = Visitor::new(&core);
    mara.sign_in().await;
    let hidden = mara.get("/admin/clients").await;
    assert_eq!(hidden.status, 404);
    assert!(!hidden.html.contains("Blockyard"));
    assert!(!mara.get("/account").await.html.contains("/admin/"), "what one may not see is not in the menu");
}

/// D11: the list finds by name and id, and leads from the account.
#[tokio::test]
async fn an_administrator_finds_an_application() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    admin.get("/account").await.shows("href=\"/admin/clients\"");
    let list = admin.get("/admin/clients").await;
    list.shows("Blockyard");
    list.shows("1 application in all");
    for (search, found) in [("BLOCK", true), ("yard", true), ("%25", false), ("wiki", false)] {
        let page = admin.get(&format!("/admin/clients?q={search}")).await;
        assert_eq!(page.html.contains("<code>blockyard</code>"), found, "{search}");
    }
    let later = admin.get("/admin/clients?after=blockyard").await;
    later.shows("No further application is here.");
    assert!(!later.html.contains("<code>blockyard</code>"));
    admin.get("/admin/clients?q=wiki").await.shows("No application has this in its name or id.");
}

const ONE: &str = "/admin/clients/client?id=blockyard";

/// The link on `page` that holds `part`.
fn link(page: &Answer, part: &str) -> Option<String> {
    let links = page.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&")).find(|link| link.contains(part))
}

/// D11, DESIGN §5: to everybody but administrators no page of an application is there, and nothing can be done with it.
#[tokio::test]
async fn only_administrators_see_and_change_an_application() {
    let core = TestCore::sqlite().await;
    let secret = blockyard(&core).await.unwrap();
    person(&core).await;
    let (mut nobody, mut mara) = (Visitor::new(&core), Visitor::new(&core));
    mara.sign_in().await;
    for page in ["client", "new-secret", "turn", "delete"] {
        let path = format!("/admin/clients/{page}?id=blockyard");
        nobody.get(&path).await.redirects_to("/sign-in?next=clients");
        let hidden = mara.get(&path).await;
        assert_eq!(hidden.status, 404, "{path}");
        assert!(!hidden.html.contains("Blockyard"), "{path}");
    }
    for (form, field) in
        [("new-client-secret", ("keep", "not")), ("turn-client", ("turn", "off")), ("delete-client", ("version", "1"))]
    {
        let fields = [("id", "blockyard"), field];
        nobody.post(&format!("/do/{form}"), &fields).await.redirects_to("/sign-in?next=clients");
        assert_eq!(mara.post(&format!("/do/{form}"), &fields).await.status, 404, "{form}");
    }
    assert!(works(&core, &secret).await);
    let client = get_client(&core.operator(), "blockyard").await.unwrap();
    assert_eq!((client.version, client.live_secrets(core.now()).len()), (1, 1));
}

/// D11: an application is told in words; an id that nobody has is a page that is not there, whatever characters it holds.
#[tokio::test]
async fn an_application_is_shown() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    assert_eq!(link(&admin.get("/admin/clients").await, "client?").as_deref(), Some(ONE));
    let page = admin.get(ONE).await;
    for text in [
        "<h1",
        "Web application",
        "client_secret_basic",
        "https://blockyard.example/callback",
        "Code, refresh token",
        "PKCE always",
    ] {
        page.shows(text);
    }
    for id in ["", "nobody", "ostiary", "%00", "..", "new", "%3Cscript%3E"] {
        assert_eq!(admin.get(&format!("/admin/clients/client?id={id}")).await.status, 404, "{id}");
    }
    assert_eq!(admin.get("/admin/clients/client").await.status, 404);
}

/// D11: a new secret is shown once, works beside the one before, and each can be ended.
#[tokio::test]
async fn a_secret_is_changed_without_a_gap() {
    let core = TestCore::sqlite().await;
    let first = blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    let works = async |secret: &str| works(&core, secret).await;
    let asks = admin.get("/admin/clients/new-secret?id=blockyard").await;
    asks.shows(&format!("…{}", &first[first.len() - 4..]));
    admin.post("/do/new-client-secret", &[("id", "blockyard"), ("keep", "day")]).await.redirects_to(ONE);
    let page = admin.get(ONE).await;
    assert_eq!(page.header("cache-control"), "no-store");
    page.shows("A second secret works");
    page.shows("works until");
    let second = page.html.split("ost_cs_").nth(1).map(|rest| format!("ost_cs_{}", &rest[..43])).unwrap();
    assert!(works(&first).await && works(&second).await);
    assert!(!admin.get(ONE).await.html.contains("ost_cs_"), "it is shown once");
    let end = link(&page, "end-secret").unwrap();
    let asks = admin.get(&end).await;
    asks.shows("The other one stays.");
    let secret = asks.html.split("name=\"secret\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    admin.post("/do/end-client-secret", &[("id", "blockyard"), ("secret", secret)]).await.redirects_to(ONE);
    admin.get(ONE).await.shows("The secret is ended");
    assert!(works(&first).await && !works(&second).await, "the newest stands first");
    assert_eq!(admin.post("/do/end-client-secret", &[("id", "blockyard"), ("secret", secret)]).await.status, 404);
    for (id, secret) in [("blockyard", "x"), ("%00", "x"), ("\0", "0198a7f2-c1d2-7e6c-9b6b-6a1f0c2d3e4f")] {
        assert_eq!(admin.post("/do/end-client-secret", &[("id", id), ("secret", secret)]).await.status, 404);
    }
    assert_eq!(admin.post("/do/new-client-secret", &[("id", "blockyard"), ("keep", "ever")]).await.status, 400);
}

/// D11: off and on again, and gone; what somebody else changed meanwhile is not deleted unseen.
#[tokio::test]
async fn an_application_is_turned_off_and_on_and_deleted() {
    let core = TestCore::sqlite().await;
    let secret = blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    admin.get("/admin/clients/turn?id=blockyard").await.shows("Turn Blockyard off?");
    admin.post("/do/turn-client", &[("id", "blockyard"), ("turn", "off")]).await.redirects_to(ONE);
    admin.get(ONE).await.shows("The application is off");
    assert!(!works(&core, &secret).await);
    admin.get("/admin/clients/turn?id=blockyard").await.shows("Turn Blockyard on?");
    admin.post("/do/turn-client", &[("id", "blockyard"), ("turn", "on")]).await.redirects_to(ONE);
    assert!(works(&core, &secret).await);
    admin.get("/admin/clients/delete?id=blockyard").await.shows("name=\"version\" value=\"3\"");
    admin.post("/do/delete-client", &[("id", "blockyard"), ("version", "2")]).await.redirects_to(ONE);
    admin.get(ONE).await.shows("Somebody changed this since you opened it");
    admin.post("/do/delete-client", &[("id", "blockyard"), ("version", "3")]).await.redirects_to("/admin/clients");
    let list = admin.get("/admin/clients").await;
    list.shows("The application is deleted");
    assert_eq!(admin.get(ONE).await.status, 404);
    for id in ["blockyard", "\0", "ostiary"] {
        assert_eq!(admin.post("/do/delete-client", &[("id", id), ("version", "1")]).await.status, 404, "{id:?}");
        assert_eq!(admin.post("/do/turn-client", &[("id", id), ("turn", "on")]).await.status, 404, "{id:?}");
    }
}

/// D11: an application is made by a short form; its secret is shown once, and everything typed stays after a mistake.
#[tokio::test]
async fn an_application_is_made() {
    let core = TestCore::sqlite().await;
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    admin.get("/admin/clients").await.shows("href=\"/admin/clients/new\"");
    let address = "https://blockyard.example/callback";
    let form =
        |name, kind, uris, id| [("client_name", name), ("kind", kind), ("redirect_uris", uris), ("client_id", id)];
    let wrong = admin
        .post("/do/create-client", &form("", "web", "https://a.example/\n\nhttp://b.example/<i>&amp;", "a b"))
        .await;
    assert_eq!(wrong.status, 422);
    for text in [
        "<title>Error: ",
        "A name is missing",
        "Line 3 holds a character",
        "\nhttps://a.example/",
        "&lt;i>&amp;amp;",
        "value=\"a b\"",
    ] {
        wrong.shows(text);
    }
    for (fields, text) in [
        (form("Blockyard", "web", " ", ""), "An address is missing"),
        (form("Blockyard", "web", address, "a b"), "An id has 1 to 100 letters"),
        (form("Block\0yard", "web", address, ""), "A name is one line"),
        (form("Blockyard", "web", "https://a.example/*", ""), "Line 1 holds an asterisk"),
    ] {
        let refused = admin.post("/do/create-client", &fields).await;
        assert_eq!(refused.status, 422, "{text}");
        refused.shows(text);
    }
    assert_eq!(admin.post("/do/create-client", &form("Blockyard", "other", address, "")).await.status, 400);
    admin.post("/do/create-client", &form("Blockyard", "web", address, "blockyard")).await.redirects_to(ONE);
    let page = admin.get(ONE).await;
    page.shows("This is its secret");
    let secret = page.html.split("ost_cs_").nth(1).map(|rest| format!("ost_cs_{}", &rest[..43])).unwrap();
    assert!(works(&core, &secret).await);
    assert!(!admin.get(ONE).await.html.contains("ost_cs_"), "it is shown once");
    let taken = admin.post("/do/create-client", &form("Blockyard", "web", address, "blockyard")).await;
    taken.shows("Another application has this id");
    let made = admin.post("/do/create-client", &form("Yard", "public", "com.example.yard:/back", "")).await;
    let page = admin.get(made.location()).await;
    page.shows("It has no secret: PKCE proves it.");
    page.shows("Public application");
    let uris = "https://yard.example/back\r\nhttps://yard.example:8443/back\r\ncom.example.yard:/back";
    admin.post("/do/create-client", &form("Yard", "public", uris, "yard")).await;
    let yard = get_client(&core.operator(), "yard").await.unwrap();
    assert_eq!(yard.settings.allowed_origins, ["https://yard.example", "https://yard.example:8443"]);
    let made = admin.post("/do/create-client", &form("Night shift", "machine", "", "..")).await;
    made.redirects_to("/admin/clients/client?id=..");
    admin.get(made.location()).await.shows("Its own credentials");
}

/// Whether the application proves itself with this secret.
async fn works(core: &TestCore, secret: &str) -> bool {
    let credentials =
        ClientCredentials::Basic { client_id: "blockyard".to_owned(), secret: SecretString::from(secret) };
    let endpoint = core.config().url("/connect/token");
    let cmd = AuthenticateClient { credentials: &credentials, endpoint: &endpoint, certificate: None };
    authenticate_client(&core.anonymous(), cmd).await.is_ok()
}
