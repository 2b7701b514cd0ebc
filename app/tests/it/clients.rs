//! D11: the administration of applications.

use ostiary::{
    client::{ClientSettings, CreateClient, create_client},
    protocol::RedirectUri,
    testing::TestCore,
    text::DisplayName,
};

use super::visitor::{Visitor, administrator, person};

async fn blockyard(core: &TestCore) -> Result<(), Box<dyn std::error::Error>> {
    let redirect_uris = vec![RedirectUri::parse("https://blockyard.example/callback")?];
    let settings = ClientSettings { redirect_uris, ..ClientSettings::default() };
    let name = DisplayName::try_from("Blockyard")?;
    let cmd = CreateClient { id: Some("blockyard".to_owned()), name, settings };
    create_client(&core.operator(), cmd).await?;
    Ok(())
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
