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
        assert_eq!(page.header("referrer-policy"), "same-origin");
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

const LIST: &str = "/organizations/nordhavn-studio/invitations";

/// E6: the organisation's page invites, says what became of each address, keeps what is worth another try, sends again and
/// takes back.
#[tokio::test]
async fn an_organisation_invites() {
    on_both_engines(async |core| {
        let id = invited(&core, LEO).await.to_string();
        let viewer = Builtin::Viewer.id().to_string();
        let mut mara = Visitor::new(&core);
        mara.get(LIST).await.redirects_to("/sign-in?next=organizations");
        mara.sign_in().await;
        let page = mara.get(LIST).await;
        page.shows(LEO);
        page.shows("8 places free");
        let send = |emails: &str, role: &str, note: &str| {
            [("organization", id.as_str()), ("emails", emails), ("role", role), ("note", note)]
                .map(|(name, value)| (name, value.to_owned()))
        };
        let mut post = async |fields: [(&'static str, String); 4]| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            mara.post("/do/invite-members", &fields).await
        };
        let page = post(send(" , ", &viewer, "<b>&")).await;
        assert_eq!(page.status, 422);
        page.shows("An address is missing");
        page.shows("&lt;b>&amp;</textarea>");
        let many = (0..51).map(|i| format!("a{i}@x.example")).collect::<Vec<_>>().join(" ");
        let page = post(send(&many, &viewer, "")).await;
        page.shows("too many at once");
        page.shows("a50@x.example");
        for role in ["x", &Builtin::Owner.id().to_string()] {
            post(send("ida@x.example", role, "")).await.shows("does not let you give this role");
        }
        let page = post(send(&format!("{LEO}; ida@x.example nobody"), &viewer, "")).await;
        assert_eq!(page.status, 422);
        for words in ["Invited: 1 of 3", "Is invited already", "Is no address", "\nnobody</textarea>"] {
            page.shows(words);
        }
        post(send("tove@x.example", &viewer, "")).await.redirects_to(LIST);
        let page = mara.get(LIST).await;
        page.shows("The invitation is on its way");
        let of = |email: &str| {
            let row = page.html.split("<tr").find(|row| row.contains(email)).unwrap();
            row.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
        };
        let tove = of("tove@x.example");
        let fields = [("organization", id.as_str()), ("id", tove.as_str())];
        mara.post("/do/resend-invitation", &fields).await.redirects_to(LIST);
        mara.get(LIST).await.shows("Not sent again yet");
        core.clock.advance(Duration::from_mins(2));
        mara.post("/do/resend-invitation", &fields).await.redirects_to(LIST);
        mara.get(LIST).await.shows("The invitation is sent again");
        mara.get(&format!("{LIST}/{tove}/withdraw")).await.shows("tove@x.example");
        mara.post("/do/withdraw-invitation", &fields).await.redirects_to(LIST);
        mara.get(LIST).await.shows("The invitation is taken back");
        mara.post("/do/withdraw-invitation", &fields).await.redirects_to(LIST);
        mara.get(LIST).await.shows("This invitation is over");
        assert_eq!(mara.get(&format!("{LIST}/{tove}/withdraw")).await.status, 404);
        let page = mara.get(&format!("{LIST}?state=withdrawn")).await;
        page.shows("tove@x.example");
        assert!(!page.html.contains(LEO));
        mara.get(&format!("{LIST}?id={tove}")).await.shows("\ntove@x.example</textarea>");
        mara.get(&format!("{LIST}?q=NOBODY")).await.shows("No invitation fits this");

        person_called(&core, "eve@x.example", "eve").await;
        let mut eve = Visitor::new(&core);
        eve.post("/do/sign-in", &[("username", "eve"), ("password", PASSWORD)]).await.redirects_to("/account");
        assert_eq!(eve.get(LIST).await.status, 404);
        assert_eq!(eve.post("/do/withdraw-invitation", &fields).await.status, 404);
    })
    .await;
}
