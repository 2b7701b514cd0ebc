//! Organisations, as the people in them use their pages (E1–E5, E7, E11).

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::time::Duration;

use http::StatusCode;
use ostiary::{
    account::find_user,
    id::UserId,
    org::{Builtin, OrganizationRef, add_member},
    testing::{TestCore, on_both_engines},
};

use super::visitor::{Answer, PASSWORD, Visitor, administrator, person_called};

const MARA: &str = "mara@nordhavn.example";
const AIKO: &str = "aiko@nordhavn.example";
const RUBEN: &str = "ruben@nordhavn.example";

async fn signed_in(core: &TestCore, email: &str) -> Visitor {
    let mut visitor = Visitor::new(core);
    visitor.post("/do/sign-in", &[("username", email), ("password", PASSWORD)]).await.redirects_to("/account");
    visitor
}

async fn id_of(core: &TestCore, email: &str) -> UserId {
    find_user(&core.operator(), email).await.unwrap().id
}

/// The value of a hidden field, such as the version of what a form speaks of.
fn hidden(answer: &Answer, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    answer.shows(&mark);
    let (_, rest) = answer.html.split_once(&mark).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Mara's studio, with Aiko and Ruben in it.
struct Studio {
    mara: Visitor,
    aiko: Visitor,
    aiko_id: String,
    ruben_id: String,
    id: String,
}

async fn studio(core: &TestCore, aikos: Builtin) -> Studio {
    for (email, name) in [(MARA, "mara"), (AIKO, "aiko"), (RUBEN, "ruben")] {
        person_called(core, email, name).await;
    }
    let mut mara = signed_in(core, MARA).await;
    let fields = [("organization_name", "Nordhavn Studio"), ("slug", "nordhavn")];
    mara.post("/do/create-organization", &fields).await.redirects_to("/organizations/nordhavn");
    let organization = OrganizationRef::parse("nordhavn").unwrap();
    let (aiko_id, ruben_id) = (id_of(core, AIKO).await, id_of(core, RUBEN).await);
    add_member(&core.operator(), &organization, aiko_id, aikos.id()).await.unwrap();
    add_member(&core.operator(), &organization, ruben_id, Builtin::Viewer.id()).await.unwrap();
    let id = hidden(&mara.get("/organizations/nordhavn/settings").await, "organization");
    let aiko = signed_in(core, AIKO).await;
    Studio { mara, aiko, aiko_id: aiko_id.to_string(), ruben_id: ruben_id.to_string(), id }
}

impl Studio {
    /// The page of Ruben, as `visitor` sees it.
    fn ruben(&self) -> String {
        format!("/organizations/nordhavn/members/{}", self.ruben_id)
    }
}

/// E1, E2: somebody founds an organisation, sees it among theirs, and chooses it.
#[tokio::test]
async fn an_organization_is_founded_and_chosen() {
    on_both_engines(async |core| {
        person_called(&core, MARA, "mara").await;
        let mut mara = signed_in(&core, MARA).await;
        let wrong = mara.post("/do/create-organization", &[("organization_name", " "), ("slug", "-x")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.shows("Two things need another look");
        wrong.shows("value=\"-x\"");
        let fields = [("organization_name", "Nordhavn <b>Studio"), ("slug", "")];
        mara.post("/do/create-organization", &fields).await.redirects_to("/organizations/nordhavn-b-studio");
        let page = mara.get("/organizations/nordhavn-b-studio").await;
        page.shows("The organisation is founded");
        page.shows("You are its owner");
        let fields = [("organization_name", "Another"), ("slug", "nordhavn-b-studio")];
        mara.post("/do/create-organization", &fields).await.shows("Another organisation has this short name");
        let list = mara.get("/organizations").await;
        list.shows("Nordhavn &lt;b>Studio");
        list.shows("yours alone");
        let id = hidden(&list, "organization");
        mara.post("/do/choose-organization", &[("organization", &id)])
            .await
            .redirects_to("/organizations/nordhavn-b-studio");
        mara.get("/account").await.shows("/organizations/nordhavn-b-studio/members");
    })
    .await;
}

/// E11: whoever does not belong to an organisation is told what is said of every address where nothing is; a member who
/// may not do something is told so, and is not led there.
#[tokio::test]
async fn walls_and_rights() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Viewer).await;
        person_called(&core, "eve@elsewhere.example", "eve").await;
        let mut eve = signed_in(&core, "eve@elsewhere.example").await;
        let ruben = studio.ruben();
        for path in [
            "/organizations/nordhavn",
            "/organizations/nordhavn/members",
            &ruben,
            "/organizations/nordhavn/roles",
            "/organizations/nordhavn/settings",
            "/organizations/nordhavn/activity",
            "/organizations/nordhavn/leave",
            "/organizations/%ff",
        ] {
            let answer = eve.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.html.contains("Nordhavn"), "{path}");
        }
        for form in ["/do/leave-organization", "/do/choose-organization"] {
            let answer = eve.post(form, &[("organization", &studio.id)]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{form}");
        }
        let home = studio.aiko.get("/organizations/nordhavn").await;
        home.shows("/organizations/nordhavn/members");
        for rest in ["/settings", "/activity"] {
            let path = format!("/organizations/nordhavn{rest}");
            assert!(!home.html.contains(&format!("href=\"{path}\"")), "{rest}");
            assert_eq!(studio.aiko.get(&path).await.status, StatusCode::FORBIDDEN, "{rest}");
        }
        assert_eq!(studio.aiko.get("/organizations/nordhavn/roles/new").await.status, StatusCode::FORBIDDEN);
        let seen = studio.aiko.get(&ruben).await;
        seen.shows("You may see roles, not give them");
        assert!(!seen.html.contains("/do/"), "a viewer is offered nothing");
        let mut ada = Visitor::new(&core);
        administrator(&core, &mut ada).await;
        ada.get("/organizations/nordhavn/settings").await.shows("You look after it");
    })
    .await;
}

/// E2, E11: members are found by name, role and in order.
#[tokio::test]
async fn members_are_listed() {
    let core = TestCore::sqlite().await;
    let mut studio = studio(&core, Builtin::Admin).await;
    let all = studio.mara.get("/organizations/nordhavn/members").await;
    all.shows("3 of 10 places are taken.");
    for email in [MARA, AIKO, RUBEN] {
        all.shows(email);
    }
    let found = studio.mara.get("/organizations/nordhavn/members?q=RUBEN%40&order=name").await;
    found.shows(RUBEN);
    assert!(!found.html.contains(AIKO));
    let admin = Builtin::Admin.id();
    let admins = studio.mara.get(&format!("/organizations/nordhavn/members?role={admin}")).await;
    admins.shows(AIKO);
    assert!(!admins.html.contains(RUBEN));
    studio.mara.get("/organizations/nordhavn/members?q=%25").await.shows("Nobody here fits this.");
}

/// E3: a member's role is changed by those above, to what they may give; who was slower is shown how it is now.
#[tokio::test]
async fn roles_of_members_change() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Admin).await;
        let path = studio.ruben();
        let page = studio.mara.get(&path).await;
        page.shows("Ownership is not given");
        let version = hidden(&page, "version");
        let operator = Builtin::Operator.id().to_string();
        let mut fields = vec![
            ("organization", studio.id.clone()),
            ("member", studio.ruben_id.clone()),
            ("version", version),
            ("role", operator),
        ];
        let post = |fields: &[(&'static str, String)]| serde_html_form::to_string(fields).unwrap();
        studio.mara.post_raw("/do/change-member-role", post(&fields)).await.redirects_to(&path);
        let page = studio.mara.get(&path).await;
        page.shows("The role is changed");
        page.shows("Role: Operator");
        // Aiko opened the page before that.
        studio.aiko.post_raw("/do/change-member-role", post(&fields)).await.redirects_to(&path);
        studio.aiko.get(&path).await.shows("Somebody changed this since you opened it");
        // And may not make anybody as high as herself.
        fields[2].1 = hidden(&page, "version");
        fields[3].1 = Builtin::Admin.id().to_string();
        let refused = studio.aiko.post_raw("/do/change-member-role", post(&fields)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.shows("Your role does not let you give this role");
        let own = format!("/organizations/nordhavn/members/{}", studio.aiko_id);
        studio.aiko.get(&own).await.shows("Nobody changes their own role.");
    })
    .await;
}

/// E5: a grant and a denial are added, say why somebody may, end by themselves, and are withdrawn.
#[tokio::test]
async fn grants_and_denials() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Viewer).await;
        let path = studio.ruben();
        let day = |days: i64| {
            let at = core.now().to_date_time() + time::Duration::days(days);
            at.date().to_string()
        };
        let fields = |version: &str, more: &[(&'static str, &str)]| {
            let mut fields = vec![("organization", studio.id.clone()), ("member", studio.ruben_id.clone())];
            fields.push(("version", version.to_owned()));
            let all = ["effect", "permission", "resource_type", "resource_id", "reason", "ends"];
            for name in all {
                let given = more.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value);
                fields.push((name, given.to_owned()));
            }
            serde_html_form::to_string(&fields).unwrap()
        };
        let version = hidden(&studio.mara.get(&path).await, "version");
        for (more, words) in [
            (vec![("effect", "grant"), ("permission", "")], "Choose a permission"),
            (vec![("effect", "grant"), ("permission", "no:such")], "Choose a permission"),
            (vec![("effect", "grant"), ("permission", "org:write"), ("resource_id", "x")], "The type is missing"),
            (vec![("effect", "grant"), ("permission", "org:write"), ("ends", "soon")], "This is no date"),
            (vec![("effect", "grant"), ("permission", "org:write"), ("ends", &day(-2))], "This day is over"),
        ] {
            let more = [more, vec![("reason", "a&b \"kept\"")]].concat();
            let answer = studio.mara.post_raw("/do/add-member-entry", fields(&version, &more)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            answer.shows(words);
            answer.shows("a&amp;b &quot;kept&quot;");
        }
        let grant = [("effect", "grant"), ("permission", "org:write"), ("reason", "move"), ("ends", &day(1))];
        studio.mara.post_raw("/do/add-member-entry", fields(&version, &grant)).await.redirects_to(&path);
        let page = studio.mara.get(&path).await;
        page.shows("It is written down");
        page.shows("“move”");
        page.shows("Granted until");
        let version = hidden(&page, "version");
        let denial =
            [("effect", "denial"), ("permission", "members:*"), ("resource_type", "server"), ("resource_id", "n3")];
        studio.mara.post_raw("/do/add-member-entry", fields(&version, &denial)).await.redirects_to(&path);
        studio.mara.get(&path).await.shows("Denied on server n3");
        core.clock.advance(Duration::from_hours(72));
        studio.mara = signed_in(&core, MARA).await;
        let page = studio.mara.get(&path).await;
        page.shows("over since");
        assert!(!page.html.contains("Granted until"), "what is over counts for nothing");
        let (_, rest) = page.html.split_once("/withdraw?id=").unwrap();
        let entry = rest.split('"').next().unwrap();
        let ask = studio.mara.get(&format!("{path}/withdraw?id={entry}")).await;
        ask.shows("Withdraw this grant?");
        let sent = [
            ("organization", studio.id.as_str()),
            ("member", studio.ruben_id.as_str()),
            ("version", &hidden(&ask, "version")),
            ("entry", entry),
        ];
        studio.mara.post("/do/remove-member-entry", &sent).await.redirects_to(&path);
        let page = studio.mara.get(&path).await;
        page.shows("It is withdrawn");
        assert!(!page.html.contains("“move”"));
        assert_eq!(studio.mara.get(&format!("{path}/withdraw?id={entry}")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// E2: a member is removed after being asked about, and has nothing to do with the organisation any more.
#[tokio::test]
async fn a_member_is_removed_and_one_leaves() {
    let core = TestCore::sqlite().await;
    let mut studio = studio(&core, Builtin::Admin).await;
    let path = studio.ruben();
    let ask = studio.aiko.get(&format!("{path}/remove")).await;
    ask.shows("Remove Mara Lindqvist?");
    let version = hidden(&ask, "version");
    let sent = [("organization", &*studio.id), ("member", &*studio.ruben_id), ("version", &*version)];
    studio.aiko.post("/do/remove-member", &sent).await.redirects_to("/organizations/nordhavn/members");
    studio.aiko.get("/organizations/nordhavn/members").await.shows("The member is removed");
    let mut ruben = signed_in(&core, RUBEN).await;
    assert_eq!(ruben.get("/organizations/nordhavn").await.status, StatusCode::NOT_FOUND);
    // Nobody removes the owner, and an owner does not leave.
    let mara = id_of(&core, MARA).await;
    let owner = format!("/organizations/nordhavn/members/{mara}/remove");
    assert_eq!(studio.aiko.get(&owner).await.status, StatusCode::FORBIDDEN);
    studio.mara.get("/organizations/nordhavn/leave").await.redirects_to("/organizations/nordhavn");
    studio.aiko.get("/organizations/nordhavn/leave").await.shows("Leave Nordhavn Studio?");
    studio.aiko.post("/do/leave-organization", &[("organization", &studio.id)]).await.redirects_to("/organizations");
    studio.aiko.get("/organizations").await.shows("You have left");
}

/// E3, E4: roles of an organisation are made, shown beside the others, changed and deleted; nobody makes one above
/// themselves, and none inherits itself.
#[tokio::test]
async fn roles_are_made_changed_and_deleted() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Admin).await;
        let send = |role: &str, version: &str, more: &[(&'static str, String)]| {
            let fields = [("organization", studio.id.clone()), ("role", role.to_owned())];
            let fields = fields.into_iter().chain([("version", version.to_owned())]).chain(more.iter().cloned());
            serde_html_form::to_string(fields.collect::<Vec<_>>()).unwrap()
        };
        let named =
            |name: &str| vec![("role_name", name.to_owned()), ("description", "Looks after the night".to_owned())];
        let ticked = |name: &'static str, value: String| vec![(name, value)];
        let viewer = Builtin::Viewer.id().to_string();
        let new = [
            named("Night shift"),
            ticked("permissions", "members:invite".to_owned()),
            ticked("permissions", "members:remove".to_owned()),
            ticked("inherits", viewer),
        ]
        .concat();
        let list = "/organizations/nordhavn/roles";
        studio.mara.post_raw("/do/save-role", send("", "0", &new)).await.redirects_to(list);
        let page = studio.mara.get(list).await;
        page.shows("The role is made");
        page.shows("Yes, through Viewer");
        page.shows("built on Viewer");
        studio.mara.post_raw("/do/save-role", send("", "0", &new)).await.shows("There is a role with this name");
        studio.mara.post_raw("/do/save-role", send("", "0", &named("a/b"))).await.shows("A name has 1 to 50 letters");
        let (_, rest) = page.html.split_once("/organizations/nordhavn/roles/0").unwrap();
        let id = format!("0{}", rest.split(['"', '/']).next().unwrap());
        let form = studio.mara.get(&format!("{list}/{id}")).await;
        form.shows("value=\"Night shift\"");
        let version = hidden(&form, "version");
        let circle = [named("Night shift"), ticked("inherits", id.clone())].concat();
        studio.mara.post_raw("/do/save-role", send(&id, &version, &circle)).await.shows("cannot inherit itself");
        let changed = [named("Night watch"), ticked("permissions", "members:*".to_owned())].concat();
        studio.mara.post_raw("/do/save-role", send(&id, &version, &changed)).await.redirects_to(list);
        studio.mara.get(list).await.shows("Night watch");
        let late = studio.mara.post_raw("/do/save-role", send(&id, &version, &changed)).await;
        late.redirects_to(&format!("{list}/{id}"));
        studio.mara.get(late.location()).await.shows("Somebody changed this since you opened it");
        // An admin makes no roles at all.
        let refused = studio.aiko.post_raw("/do/save-role", send("", "0", &named("Mine"))).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let ask = studio.mara.get(&format!("{list}/{id}/delete")).await;
        ask.shows("Delete Night watch?");
        let version = hidden(&ask, "version");
        studio.mara.post_raw("/do/delete-role", send(&id, &version, &[])).await.redirects_to(list);
        assert_eq!(studio.mara.get(&format!("{list}/{id}")).await.status, StatusCode::NOT_FOUND);
        let owner = Builtin::Owner.id();
        assert_eq!(studio.mara.get(&format!("{list}/{owner}")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// E1, E7: an organisation is called otherwise, has other rules, and says what cannot be.
#[tokio::test]
async fn settings_are_changed() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Viewer).await;
        let page = studio.mara.get("/organizations/nordhavn/settings").await;
        let version = hidden(&page, "version");
        let id = studio.id.clone();
        let sent = |version: &str, slug: &str, most: &str| {
            serde_html_form::to_string([
                ("organization", &*id),
                ("version", version),
                ("organization_name", "Nordhavn & Sons"),
                ("slug", slug),
                ("max_members", most),
                ("member_invites", "1"),
            ])
            .unwrap()
        };
        let wrong = studio.mara.post_raw("/do/edit-organization", sent(&version, "new", "0")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.shows("A few words are kept for us");
        let wrong = studio.mara.post_raw("/do/edit-organization", sent(&version, "nordhavn", "5000")).await;
        wrong.shows("There is room for 1 to 1000 members");
        wrong.shows("value=\"Nordhavn &amp; Sons\"");
        let saved = studio.mara.post_raw("/do/edit-organization", sent(&version, "sons", "20")).await;
        saved.redirects_to("/organizations/sons/settings");
        let page = studio.mara.get("/organizations/sons/settings").await;
        page.shows("The organisation is changed");
        assert_eq!(studio.mara.get("/organizations/nordhavn").await.status, StatusCode::NOT_FOUND);
        let late = studio.mara.post_raw("/do/edit-organization", sent(&version, "other", "20")).await;
        late.redirects_to("/organizations/sons/settings");
        studio.mara.get(late.location()).await.shows("Somebody changed this since you opened it");
        let version = hidden(&page, "version");
        let rules = |more: &[(&'static str, &'static str)]| {
            let fields = [("organization", &*id), ("version", &*version), ("require", "1")];
            serde_html_form::to_string(fields.into_iter().chain(more.iter().copied()).collect::<Vec<_>>()).unwrap()
        };
        studio.mara.post_raw("/do/mfa-policy", rules(&[("grace", "7")])).await.shows("Tick at least one way");
        let long = rules(&[("grace", "1000"), ("methods", "totp")]);
        studio.mara.post_raw("/do/mfa-policy", long).await.shows("A grace period has 0 to 365 days");
        let good = rules(&[("grace", "7"), ("methods", "totp"), ("methods", "passkey")]);
        studio.mara.post_raw("/do/mfa-policy", good).await.redirects_to("/organizations/sons/settings");
        studio.mara.get("/organizations/sons/settings").await.shows("What signing in asks for is changed");
        studio.mara.get("/organizations/sons/activity").await.shows("What signing in asks for changed");
    })
    .await;
}

/// E1: an organisation is handed over, and deleted by its new owner, who brings it back. Whoever owns one that others
/// belong to does not leave for good (A10).
#[tokio::test]
async fn ownership_moves_and_the_end_is_taken_back() {
    on_both_engines(async |core| {
        let mut studio = studio(&core, Builtin::Admin).await;
        studio.mara.get("/account/data").await.shows("Others belong to what you own");
        studio.mara.get("/account/data/delete").await.redirects_to("/account/data");
        studio.mara.post("/do/delete-account", &[]).await.redirects_to("/account/data");
        let path = "/organizations/nordhavn/settings/hand-over";
        let list = studio.mara.get(path).await;
        list.shows(AIKO);
        let sure = studio.mara.get(&format!("{path}?id={}", studio.aiko_id)).await;
        sure.shows("Hand over Nordhavn Studio?");
        let sent = [("organization", studio.id.as_str()), ("member", studio.aiko_id.as_str())];
        studio.mara.post("/do/hand-over", &sent).await.redirects_to("/organizations/nordhavn");
        studio.mara.get("/organizations/nordhavn").await.shows("The organisation has its new owner");
        assert_eq!(studio.mara.get(path).await.status, StatusCode::FORBIDDEN);
        assert_eq!(studio.mara.post("/do/hand-over", &sent).await.status, StatusCode::FORBIDDEN);

        let page = studio.aiko.get("/organizations/nordhavn/settings/delete").await;
        let version = hidden(&page, "version");
        let confirm = |word| [("organization", studio.id.as_str()), ("version", version.as_str()), ("confirm", word)];
        let wrong = studio.aiko.post("/do/delete-organization", &confirm("nord<b>")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.shows("This is not its short name");
        wrong.shows("value=\"nord&lt;b>\"");
        studio.aiko.post("/do/delete-organization", &confirm("nordhavn")).await.redirects_to("/organizations");
        let list = studio.aiko.get("/organizations").await;
        list.shows("The organisation is deleted");
        list.shows("Bring back");
        assert_eq!(studio.mara.get("/organizations/nordhavn").await.status, StatusCode::NOT_FOUND);
        let bring = [("organization", studio.id.as_str())];
        assert_eq!(studio.mara.post("/do/restore-organization", &bring).await.status, StatusCode::NOT_FOUND);
        studio.aiko.post("/do/restore-organization", &bring).await.redirects_to("/organizations");
        studio.mara.get("/organizations/nordhavn").await.shows("Nordhavn Studio");
        let activity = studio.aiko.get("/organizations/nordhavn/activity").await;
        for words in ["Organisation brought back", "Ownership handed over", "Organisation founded", "by Mara Lindqvist"]
        {
            activity.shows(words);
        }
    })
    .await;
}

/// E1: the one made for a person alone is neither handed over nor deleted; its settings say so.
#[tokio::test]
async fn a_personal_organization_stays() {
    let core = TestCore::sqlite().await;
    person_called(&core, MARA, "mara").await;
    let mut mara = signed_in(&core, MARA).await;
    mara.get("/account").await.shows("Yours alone");
    let page = mara.get("/organizations/mara/settings").await;
    page.shows("It was made for one person, and stays theirs.");
    for rest in ["hand-over", "delete"] {
        let answer = mara.get(&format!("/organizations/mara/settings/{rest}")).await;
        answer.redirects_to("/organizations/mara/settings");
    }
}
