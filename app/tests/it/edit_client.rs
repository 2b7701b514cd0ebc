//! D11: changing an application.

use ostiary::{
    client::{ClientSettings, CreateClient, UpdateClient, create_client, get_client, update_client},
    protocol::RedirectUri,
    testing::TestCore,
    text::DisplayName,
};

use super::visitor::{Answer, Visitor, administrator, person};

const FORM: &str = "/admin/clients/edit?id=blockyard";
const ONE: &str = "/admin/clients/client?id=blockyard";

async fn blockyard(core: &TestCore) -> Result<(), Box<dyn std::error::Error>> {
    let settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse("https://blockyard.example/callback")?],
        access_token_ttl_secs: Some(600),
        audiences: vec!["https://api.blockyard.example".to_owned(), "stock".to_owned()],
        require_auth_time: true,
        ..ClientSettings::default()
    };
    let cmd = CreateClient { id: Some("blockyard".to_owned()), name: DisplayName::try_from("Blockyard")?, settings };
    create_client(&core.operator(), cmd).await?;
    Ok(())
}

/// What a browser sends for the form on `page`, unless somebody types.
fn fields(page: &Answer) -> Vec<(String, String)> {
    let form = page.html.split("action=\"/do/edit-client\"").nth(1).and_then(|rest| rest.split("</form>").next());
    let mut found = Vec::new();
    for tag in form.unwrap_or_default().split('<') {
        let attribute = |name: &str| {
            let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
            Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        };
        let kind = tag.split([' ', '>']).next().unwrap_or_default();
        let name = attribute("name");
        match (kind, name) {
            ("input", Some(name)) => {
                let is_box = attribute("type").as_deref() == Some("checkbox");
                if !is_box || tag.contains(" checked") {
                    found.push((name, attribute("value").unwrap_or_default()));
                }
            }
            ("textarea", Some(name)) => {
                let text = tag.split_once('>').map_or("", |(_, text)| text);
                let text = text.strip_prefix('\n').unwrap_or(text).replace("&lt;", "<").replace("&amp;", "&");
                found.push((name, text.replace('\n', "\r\n")));
            }
            ("select", Some(name)) => found.push((name, String::new())),
            ("option", None) if tag.contains(" selected") => {
                if let Some((_, chosen)) = found.last_mut() {
                    *chosen = attribute("value").unwrap_or_default();
                }
            }
            _ => {}
        }
    }
    found
}

/// The fields with these typed over.
fn with(fields: &[(String, String)], typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let others = fields.iter().filter(|(name, _)| !typed.iter().any(|(over, _)| over == name)).cloned();
    others.chain(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).collect()
}

async fn post(visitor: &mut Visitor, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post("/do/edit-client", &fields).await
}

/// D11, DESIGN §5: to everybody but administrators the form is not there, and changes nothing.
#[tokio::test]
async fn only_administrators_change_an_application() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    person(&core).await;
    let (mut nobody, mut mara) = (Visitor::new(&core), Visitor::new(&core));
    mara.sign_in().await;
    let form = fields(&admin.get(FORM).await);
    let form = with(&form, &[("client_name", "Taken over")]);
    nobody.get(FORM).await.redirects_to("/sign-in?next=clients");
    assert_eq!(mara.get(FORM).await.status, 404);
    post(&mut nobody, &form).await.redirects_to("/sign-in?next=clients");
    assert_eq!(post(&mut mara, &form).await.status, 404);
    assert_eq!(get_client(&core.operator(), "blockyard").await.unwrap().version, 1);
    for id in ["nobody", "\0", "ostiary", ""] {
        assert_eq!(post(&mut admin, &with(&form, &[("id", id)])).await.status, 404, "{id:?}");
    }
}

/// D11: what the form shows, sent back, is what is there: nothing is lost on the way through it. What is typed is
/// changed, and nothing else.
#[tokio::test]
async fn an_application_is_changed() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    admin.get(ONE).await.shows("href=\"/admin/clients/edit?id=blockyard\"");
    let page = admin.get(FORM).await;
    let form = fields(&page);
    assert!(form.contains(&("further".to_owned(), "{\r\n  \"require_auth_time\": true\r\n}".to_owned())), "{form:?}");
    post(&mut admin, &form).await.redirects_to(ONE);
    admin.get(ONE).await.shows("Nothing was different");
    let before = get_client(&core.operator(), "blockyard").await.unwrap();
    assert_eq!(before.version, 1);

    let typed = [
        ("client_name", "Block & Yard"),
        ("redirect_uris", "https://blockyard.example/callback\r\n\r\n  https://b.example/back \r\n"),
        ("grant_types", "authorization_code"),
        ("grant_types", "refresh_token"),
        ("grant_types", "client_credentials"),
        ("scopes", " openid   email "),
        ("client_uri", "https://blockyard.example/"),
        ("access_token_ttl_secs", ""),
        ("audiences", ""),
        ("first_party", "1"),
        ("further", "{\"software_id\": \"yard\"}"),
    ];
    post(&mut admin, &with(&form, &typed)).await.redirects_to(ONE);
    admin.get(ONE).await.shows("The application is changed");
    let after = get_client(&core.operator(), "blockyard").await.unwrap();
    assert_eq!((after.version, after.name.as_str()), (2, "Block & Yard"));
    let mut changed = after.settings.differing(&before.settings);
    changed.sort();
    let expected = [
        "access_token_ttl_secs",
        "audiences",
        "client_uri",
        "first_party",
        "grant_types",
        "redirect_uris",
        "require_auth_time",
        "scopes",
        "software_id",
    ];
    assert_eq!(changed, expected);
    assert_eq!(after.settings.redirect_uris.len(), 2);
    assert_eq!(after.settings.scopes.to_string(), "email openid");
    assert!(!after.live_secrets(core.now()).is_empty(), "its secret stays");

    let form = fields(&admin.get(FORM).await);
    post(&mut admin, &with(&form, &[("auth_method", "none"), ("grant_types", "authorization_code")])).await;
    let public = get_client(&core.operator(), "blockyard").await.unwrap();
    assert!(public.live_secrets(core.now()).is_empty(), "without a use for them its secrets end");
}

/// D11: everything wrong is said at its field at once, what was typed stays, and nothing is changed.
#[tokio::test]
async fn mistakes_are_said_where_they_are() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    let form = fields(&admin.get(FORM).await);
    let typed = [
        ("client_name", ""),
        ("redirect_uris", "https://a.example/\r\nhttp://b.example/"),
        ("client_uri", "blockyard"),
        ("access_token_ttl_secs", "ten"),
        ("scopes", "open\"id"),
        ("jwks", "{"),
        ("further", "{\"requir_auth_time\": true}"),
        ("grant_types", "password"),
    ];
    let wrong = post(&mut admin, &with(&form, &typed)).await;
    assert_eq!(wrong.status, 422);
    for text in [
        "<title>Error: ",
        "A name is missing",
        "Line 2 begins with http.",
        "It is no whole address",
        "It takes a whole number.",
        "id=\"scopes-error\"",
        "It is no JSON",
        "requir_auth_time is not a setting",
        "id=\"grant_types-error\"",
        "\nhttps://a.example/\r\nhttp://b.example/</textarea>",
        "value=\"blockyard\"",
        "value=\"ten\"",
    ] {
        wrong.shows(text);
    }
    for (typed, text) in [
        (("further", "[]"), "It is no object in JSON"),
        (("further", "{\"scopes\": \"openid\"}"), "scopes has a field of its own"),
        (("further", "{\"software_id\": \"a\\u0000b\"}"), "software_id holds a NUL"),
        (("audiences", "a\0b"), "It holds a NUL character."),
        (("redirect_uris", ""), "needs at least one redirect URI"),
        (("access_token_ttl_secs", "9"), "between 10 seconds and 24 hours"),
        (("access_token_ttl_secs", "99999999999"), "It takes a whole number."),
        (("profile", "fapi2_security"), "proves itself by a private key"),
        (("profile", "fapi3"), "id=\"profile-error\""),
        (("jwks", "{\"keys\": 1}"), "id=\"jwks-error\""),
    ] {
        let wrong = post(&mut admin, &with(&form, &[typed])).await;
        assert_eq!(wrong.status, 422, "{typed:?}");
        wrong.shows(text);
    }
    let twice = with(&form, &[("client_uri", "https://a.example/"), ("client_uri", "https://b.example/")]);
    assert_eq!(post(&mut admin, &twice).await.status, 400);
    assert_eq!(post(&mut admin, &with(&form, &[("version", "x")])).await.status, 400);
    assert_eq!(get_client(&core.operator(), "blockyard").await.unwrap().version, 1);
}

/// D11: what somebody else changed meanwhile is not overwritten unseen: the answer says in what it differs, and keeps what
/// was typed.
#[tokio::test]
async fn two_administrators_do_not_overwrite_each_other() {
    let core = TestCore::sqlite().await;
    blockyard(&core).await.unwrap();
    let mut admin = Visitor::new(&core);
    administrator(&core, &mut admin).await;
    let form = fields(&admin.get(FORM).await);
    let theirs = get_client(&core.operator(), "blockyard").await.unwrap();
    let settings = ClientSettings { first_party: true, ..theirs.settings };
    let name = DisplayName::try_from("Theirs").unwrap();
    let cmd = UpdateClient { client_id: "blockyard".to_owned(), name, settings, is_enabled: None, version: Some(1) };
    update_client(&core.operator(), cmd).await.unwrap();

    let mine = with(&form, &[("client_name", "Mine")]);
    let late = post(&mut admin, &mine).await;
    assert_eq!(late.status, 409);
    for text in ["Somebody changed it since", "<li>Name</li>", "<li>It belongs to the house</li>", "value=\"Mine\""] {
        late.shows(text);
    }
    assert!(!late.html.contains("<li>Scopes"), "what is the same is not listed");
    assert_eq!(get_client(&core.operator(), "blockyard").await.unwrap().name, "Theirs");
    post(&mut admin, &fields(&late)).await.redirects_to(ONE);
    let after = get_client(&core.operator(), "blockyard").await.unwrap();
    assert_eq!((after.name.as_str(), after.settings.first_party, after.version), ("Mine", false, 3));
}
