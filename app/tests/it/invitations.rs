//! E6: the page behind the link of an invitation, and one's invitations in the account.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::time::Duration;

use ostiary::{
    account::find_user,
    id::OrganizationId,
    org::{
        Builtin, CreateOrganization, create_organization, find_standing,
        invitation::{Addresses, InviteMembers, Note, invite_members},
    },
    testing::{TestCore, on_both_engines},
};

use super::visitor::{EMAIL, PASSWORD, Visitor, person, person_called};

const LEO: &str = "leo@fjord.example";
const PAGE: &str = "/account/invitations";

/// An organisation of Mara's that invites these addresses, with a note.
async fn invited(core: &TestCore, addresses: &str) -> OrganizationId {
    person(core).await;
    let operator = core.operator();
    let owner = Some(find_user(&operator, EMAIL).await.unwrap().id);
    let cmd = CreateOrganization { name: "Nordhavn Studio".try_into().unwrap(), slug: None, owner };
    let id = create_organization(&operator, cmd).await.unwrap().id;
    invite(core, id, addresses).await;
    id
}

async fn invite(core: &TestCore, id: OrganizationId, addresses: &str) {
    let cmd = InviteMembers {
        organization: id.into(),
        addresses: Addresses::parse(addresses).unwrap(),
        role_id: Builtin::Viewer.id(),
        note: Some(Note::try_from("See you <b>on</b> Monday").unwrap()),
    };
    invite_members(&core.operator(), cmd).await.unwrap();
}

async fn link(core: &TestCore) -> String {
    let mail = core.mails().await.into_iter().rfind(|mail| mail.kind == "Invitation").unwrap();
    format!("/invitation?t={}", mail.token())
}

async fn is_member(core: &TestCore, email: &str, id: OrganizationId) -> bool {
    let user = find_user(&core.operator(), email).await.unwrap();
    find_standing(core, user.id, id).await.unwrap().is_some()
}

/// E6: somebody without an account follows the link, makes one for that address, signs in and is back.
#[tokio::test]
async fn a_newcomer_comes_in_by_the_link() {
    on_both_engines(async |core| {
        let id = invited(&core, LEO).await;
        let mut visitor = Visitor::new(&core);
        assert!(!visitor.get("/register?next=invitation").await.html.contains(LEO));
        let page = visitor.get(&link(&core).await).await;
        page.shows("Join Nordhavn Studio?");
        page.shows("as viewer");
        page.shows("See you &lt;b&gt;on&lt;/b&gt; Monday");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let page = visitor.get("/register?next=invitation").await;
        page.shows(LEO);
        page.shows("join Nordhavn Studio");
        let fields = |password| [("email", LEO), ("password", password), ("again", password), ("next", "invitation")];
        let weak = visitor.post("/do/register", &fields("x")).await;
        weak.redirects_to("/register?next=invitation");
        visitor.get("/register?next=invitation").await.shows(LEO);
        let made = visitor.post("/do/register", &fields(PASSWORD)).await;
        made.redirects_to("/sign-in?next=invitation");
        visitor.get("/sign-in?next=invitation").await.shows(LEO);
        let fields = [("username", LEO), ("password", PASSWORD), ("next", "invitation")];
        visitor.post("/do/sign-in", &fields).await.redirects_to("/invitation");
        let page = visitor.get("/invitation").await;
        page.shows("Accept");
        let token = link(&core).await.split_once("t=").unwrap().1.to_owned();
        let accepted = visitor.post("/do/answer-invitation", &[("t", &token), ("answer", "accept")]).await;
        accepted.redirects_to("/organizations/nordhavn-studio");
        assert!(is_member(&core, LEO, id).await);
        visitor.get(&link(&core).await).await.shows("You have joined already");
    })
    .await;
}

/// E6: who is signed in to another account is told so, and may switch; who is signed out may decline.
#[tokio::test]
async fn a_link_is_for_one_account() {
    on_both_engines(async |core| {
        invited(&core, LEO).await;
        let mut mara = Visitor::new(&core);
        mara.sign_in().await;
        let page = mara.get(&link(&core).await).await;
        page.shows("This is for another account");
        page.shows("/sign-in/choose?next=invitation");
        let token = link(&core).await.split_once("t=").unwrap().1.to_owned();
        let refused = mara.post("/do/answer-invitation", &[("t", &token), ("answer", "accept")]).await;
        refused.redirects_to(&link(&core).await);
        let mut nobody = Visitor::new(&core);
        let asked = nobody.post("/do/answer-invitation", &[("t", &token), ("answer", "accept")]).await;
        asked.redirects_to("/sign-in?next=invitation");
        nobody.post("/do/answer-invitation", &[("t", &token), ("answer", "decline")]).await;
        nobody.get(&link(&core).await).await.shows("This invitation was declined");
        nobody.get("/invitation?t=ost_iv_x").await.shows("This link does not work");
    })
    .await;
}

/// E6: in the account, with a count at the side; answered without a link.
#[tokio::test]
async fn invitations_stand_in_the_account() {
    on_both_engines(async |core| {
        person_called(&core, LEO, "leo").await;
        let id = invited(&core, LEO).await;
        let mut leo = Visitor::new(&core);
        leo.get(PAGE).await.redirects_to("/sign-in?next=invitations");
        leo.post("/do/sign-in", &[("username", "leo"), ("password", PASSWORD)]).await.redirects_to("/account");
        let page = leo.get(PAGE).await;
        page.shows("Nordhavn Studio");
        let one = page.html.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let decline = [("id", one.as_str()), ("answer", "decline")];
        leo.post("/do/answer-invitation", &decline).await.redirects_to(PAGE);
        let page = leo.get(PAGE).await;
        page.shows("The invitation is declined");
        page.shows("Nobody has invited you");
        leo.post("/do/answer-invitation", &decline).await.redirects_to(PAGE);
        leo.get(PAGE).await.shows("This invitation is over");

        core.clock.advance(Duration::from_mins(5));
        invite(&core, id, LEO).await;
        let page = leo.get(PAGE).await;
        let two = page.html.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
        let mut mara = Visitor::new(&core);
        mara.sign_in().await;
        mara.post("/do/answer-invitation", &[("id", &two), ("answer", "accept")]).await.redirects_to(PAGE);
        mara.get(PAGE).await.shows("This invitation is over");
        let accepted = leo.post("/do/answer-invitation", &[("id", &two), ("answer", "accept")]).await;
        accepted.redirects_to("/organizations/nordhavn-studio");
        assert!(is_member(&core, LEO, id).await);
    })
    .await;
}
