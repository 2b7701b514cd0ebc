//! Roles and settings of an organisation, its owner and its end (E1, E3, E4, E7).

use http::StatusCode;
use ostiary::{
    org::Builtin,
    testing::{TestCore, on_both_engines},
};

use super::{
    studio::{AIKO, MARA, hidden, signed_in, studio},
    visitor::person_called,
};

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
        wrong.shows("value=\"nord&lt;b");
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
