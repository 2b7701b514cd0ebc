//! Organisations and their members, as the people in them use their pages (E1–E3, E5, E11).

use std::time::Duration;

use http::StatusCode;
use ostiary::{
    org::Builtin,
    testing::{TestCore, on_both_engines},
};

use super::{
    studio::{AIKO, MARA, RUBEN, hidden, id_of, signed_in, studio},
    visitor::{Visitor, administrator, person_called},
};

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
        list.shows("Nordhavn &lt;b");
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
        let (past, soon) = (day(-2), day(1));
        let fields = |version: &str, more: &[(&'static str, &str)]| {
            let mut fields = vec![("organization", studio.id.clone()), ("member", studio.ruben_id.clone())];
            fields.push(("version", version.to_owned()));
            let all = ["effect", "permission", "resource_type", "resource_id", "reason", "ends"];
            for name in all {
                let given = more.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| *value);
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
            (vec![("effect", "grant"), ("permission", "org:write"), ("ends", past.as_str())], "This day is over"),
        ] {
            let more = [more, vec![("reason", "a&b \"kept\"")]].concat();
            let answer = studio.mara.post_raw("/do/add-member-entry", fields(&version, &more)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
            answer.shows(words);
            answer.shows("a&amp;b &quot;kept&quot;");
        }
        let grant = [("effect", "grant"), ("permission", "org:write"), ("reason", "move"), ("ends", soon.as_str())];
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
