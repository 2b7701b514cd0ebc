//! E8: why, and the policies of an organisation.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use ostiary::{
    account::find_user,
    id::UserId,
    org::{Builtin, CreateOrganization, add_member, create_organization},
    policy::{PolicyScope, get_policies},
    testing::TestCore,
    text::DisplayName,
};

use super::visitor::{EMAIL, Visitor, person, person_called};

const OTHER: &str = "tove@nordhavn.example";
const WHY: &str = "/organizations/nordhavn/why";
const POLICIES: &str = "/organizations/nordhavn/policies";

fn form<'a>(text: &'a str, act: &'a str) -> [(&'a str, &'a str); 5] {
    [("organization", "nordhavn"), ("newest", "0"), ("text", text), ("comment", "why & <b>"), ("do", act)]
}

/// The person of these tests, with this role in Nordhavn, which somebody else owns unless it is the owner's.
async fn house(core: &TestCore, role: Builtin) -> (Visitor, UserId) {
    person(core).await;
    person_called(core, OTHER, "tove").await;
    let operator = core.operator();
    let user_id = find_user(&operator, EMAIL).await.unwrap().id;
    let owner = if role == Builtin::Owner { user_id } else { find_user(&operator, OTHER).await.unwrap().id };
    let cmd = CreateOrganization { name: DisplayName::try_from("Nordhavn").unwrap(), slug: None, owner: Some(owner) };
    let organization = create_organization(&operator, cmd).await.unwrap().id;
    if role != Builtin::Owner {
        add_member(&operator, &organization.into(), user_id, role.id()).await.unwrap();
    }
    let mut visitor = Visitor::new(core);
    visitor.sign_in().await;
    (visitor, user_id)
}

/// E8: the way to an answer, for oneself and with another role; what was typed stays, and is text.
#[tokio::test]
async fn why_shows_the_way_to_an_answer() {
    let core = TestCore::sqlite().await;
    let (mut mara, user_id) = house(&core, Builtin::Viewer).await;
    mara.get(WHY).await.shows("As if their role were");
    let ask = |more: &str| format!("{WHY}?person={user_id}&{more}");
    let allowed = mara.get(&ask("action=org:read")).await;
    allowed.shows("Role viewer allows it");
    allowed.shows("Allowed.");
    let refused = mara.get(&ask("action=org:write&type=server&id=node-3")).await;
    refused.shows("Refused.");
    refused.shows("value=\"node-3\"");
    let what_if = mara.get(&ask(&format!("action=org:write&role={}", Builtin::Owner.id()))).await;
    what_if.shows("Role owner, if they had it, allows it");
    let wrong = mara.get(&ask("action=%3Cb%3E")).await;
    wrong.shows("Write a permission");
    assert!(!wrong.html.contains("<b>\""), "what was typed is text");
    mara.get(&ask("action=org:read&type=a/b")).await.shows("A type has no slash");
    mara.get(&ask("action=org:read&role=none")).await.shows("This organisation has no such role.");
    assert_eq!(mara.get("/organizations/nowhere/why").await.status, 404);
    let mut nobody = Visitor::new(&core);
    assert_eq!(nobody.get(WHY).await.status, 303);
}

/// E8: a text is saved, tried, activated behind a confirmation, and goes back; mistakes are named by line, and what was
/// typed stays.
#[tokio::test]
async fn policies_are_written_and_activated() {
    let core = TestCore::sqlite().await;
    let (mut mara, _) = house(&core, Builtin::Owner).await;
    let page = mara.get(POLICIES).await;
    page.shows("No version is saved.");
    let broken = "// 1 < 2 </textarea><i>\r\n@id(\"a\")\r\npermit (principal, action, resource) when { context.shoe };";
    for act in ["save", "try"] {
        let wrong = mara.post("/do/policies", &form(broken, act)).await;
        assert_eq!(wrong.status, 422);
        wrong.shows("Line 3");
        assert!(!wrong.html.contains("</textarea><i>"), "the text stays text");
    }
    let fields = form("@id(\"a\") permit (principal, action, resource);", "save");
    mara.post("/do/policies", &fields).await.redirects_to(POLICIES);
    let saved = mara.get(POLICIES).await;
    saved.shows("Draft");
    saved.shows("why &amp; &lt;b&gt;");
    let stale = mara.post("/do/policies", &fields).await;
    assert_eq!(stale.status, 422);
    stale.shows("Somebody saved another version");

    mara.get(&format!("{POLICIES}/activate?v=1")).await.shows("Let version 1 count?");
    assert_eq!(mara.get(&format!("{POLICIES}/activate?v=7")).await.status, 404);
    let activate = [("organization", "nordhavn"), ("number", "1"), ("active", "")];
    mara.post("/do/activate-policies", &activate).await.redirects_to(POLICIES);
    mara.get(POLICIES).await.shows("Counts");
    mara.post("/do/activate-policies", &activate).await.redirects_to(POLICIES);
    mara.get(POLICIES).await.shows("Somebody changed this since you opened it");
    let off = [("organization", "nordhavn"), ("number", ""), ("active", "1")];
    mara.get(&format!("{POLICIES}/activate")).await.shows("Let no policies count?");
    mara.post("/do/activate-policies", &off).await.redirects_to(POLICIES);
    let scope = PolicyScope::Organization(ostiary::org::OrganizationRef::parse("nordhavn").unwrap());
    let set = get_policies(&core.operator(), &scope).await.unwrap();
    assert_eq!((set.newest(), set.active()), (1, None));
}

/// E8: members without `org:write` see no policies, and others no organisation.
#[tokio::test]
async fn policies_are_for_who_may_change_them() {
    let core = TestCore::sqlite().await;
    let (mut mara, _) = house(&core, Builtin::Viewer).await;
    assert_eq!(mara.get(POLICIES).await.status, 403);
    assert_eq!(mara.get("/organizations/nowhere/policies").await.status, 404);
    let fields = [("organization", "nordhavn"), ("newest", "0"), ("text", ""), ("comment", ""), ("do", "save")];
    assert_eq!(mara.post("/do/policies", &fields).await.status, 403);
    let fields = [("organization", "nordhavn"), ("number", "1"), ("active", "")];
    assert_eq!(mara.post("/do/activate-policies", &fields).await.status, 403);
}
