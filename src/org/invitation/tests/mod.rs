//! Invitations at the edges (E6).

use std::time::Duration;

mod limits;
mod newcomers;
mod rights;

use super::*;
use crate::{
    account::{self, CreateUser, Register, Registered},
    config::Config,
    core::{Actor, Ctx, UserActor},
    id::{InvitationId, OrganizationId, RoleId, UserId},
    jobs,
    org::{
        self, AddEntry, Builtin, ChangeRole, CreateOrganization, Effect, OrganizationRef, OrganizationSettings,
        Refused, RoleDefinition, RoleSettings, UpdateOrganization,
    },
    secret::{PlainToken, SecretString, TokenKind},
    testing::{TestCore, TestMail, on_both_engines, on_both_engines_with},
    text::EmailAddress,
};

const DAY: Duration = Duration::from_hours(24);
const PASSWORD: &str = "Seven-lanterns-7";
const LEO: &str = "Leo.Brandt@nordhavn.example";

fn email(text: &str) -> EmailAddress {
    EmailAddress::try_from(text).unwrap()
}

/// An account with a confirmed address, or one that is not confirmed.
async fn account(core: &TestCore, address: &str, is_verified: bool) -> Ctx {
    let cmd = CreateUser {
        email: email(address),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified,
        is_admin: false,
    };
    let made = account::create_user(&core.operator(), cmd).await.unwrap();
    as_user(core, made.user_id)
}

fn as_user(core: &TestCore, user_id: UserId) -> Ctx {
    let (session_id, auth_time) = (core.new_id(), core.now());
    let actor = UserActor { user_id, session_id, auth_time, amr: Vec::new(), is_admin: false };
    core.ctx(Actor::User(actor), core.meta())
}

fn user_id(ctx: &Ctx) -> UserId {
    ctx.user().unwrap().user_id
}

/// An organisation and its owner.
struct House {
    owner: Ctx,
    id: OrganizationId,
}

impl House {
    async fn found(core: &TestCore) -> Self {
        let owner = account(core, "mara@nordhavn.example", true).await;
        let cmd = CreateOrganization { name: "Nordhavn Studio".try_into().unwrap(), slug: None, owner: None };
        let id = org::create_organization(&owner, cmd).await.unwrap().id;
        Self { owner, id }
    }

    fn which(&self) -> OrganizationRef {
        self.id.into()
    }

    fn cmd(&self, addresses: &str, role_id: RoleId) -> InviteMembers {
        let addresses = Addresses::parse(addresses).unwrap();
        InviteMembers { organization: self.which(), addresses, role_id, note: None }
    }

    async fn invite(&self, by: &Ctx, addresses: &str) -> Vec<Outcome> {
        let cmd = self.cmd(addresses, Builtin::Viewer.id());
        invite_members(by, cmd).await.unwrap().into_iter().map(|one| one.outcome).collect()
    }

    async fn invite_one(&self, address: &str) -> InvitationId {
        let [Outcome::Invited(id)] = self.invite(&self.owner, address).await[..] else { panic!("not invited") };
        id
    }

    /// Somebody who is a member as this.
    async fn member(&self, core: &TestCore, address: &str, role: Builtin) -> Ctx {
        let ctx = account(core, address, true).await;
        org::add_member(&core.operator(), &self.which(), user_id(&ctx), role.id()).await.unwrap();
        ctx
    }

    async fn set(&self, core: &TestCore, change: impl FnOnce(&mut OrganizationSettings)) {
        let found = org::get_organization(&core.operator(), &self.which()).await.unwrap().organization;
        let mut settings = found.settings.clone();
        change(&mut settings);
        let cmd = UpdateOrganization {
            organization: self.which(),
            name: None,
            slug: None,
            settings: Some(settings),
            version: None,
        };
        org::update_organization(&core.operator(), cmd).await.unwrap();
    }

    async fn states(&self, state: Option<InvitationState>) -> Vec<(String, InvitationState)> {
        let cmd = ListInvitations {
            organization: self.which(),
            search: String::new(),
            state,
            after: None,
            limit: MOST_INVITATIONS,
        };
        let page = list_invitations(&self.owner, cmd).await.unwrap();
        page.invitations.into_iter().map(|one| (one.email.to_string(), one.state)).collect()
    }
}

async fn last_mail(core: &TestCore) -> TestMail {
    core.mails().await.into_iter().rfind(|mail| mail.kind == "Invitation").unwrap()
}

fn link(mail: &TestMail) -> Which {
    Which::Link(token(mail))
}

fn token(mail: &TestMail) -> PlainToken {
    PlainToken::parse(TokenKind::Invitation, mail.token()).unwrap()
}

async fn is_member(core: &TestCore, ctx: &Ctx, id: OrganizationId) -> bool {
    org::find_standing(core, user_id(ctx), id).await.unwrap().is_some()
}

/// E6: invited, mailed, accepted by link; the link works once, and the mail went to that address only.
#[tokio::test]
async fn an_invitation_is_accepted_by_its_link() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        house.invite_one(LEO).await;
        let mail = last_mail(&core).await;
        assert_eq!(mail.to, LEO);
        let leo = account(&core, "leo.brandt@nordhavn.example", true).await;
        let open = find_invitation(&leo, &token(&mail)).await.unwrap().unwrap();
        assert_eq!((open.reader, open.organization.as_str()), (Reader::Invited, "Nordhavn Studio"));
        assert_eq!((open.role.as_deref(), open.invitation.state), (Some("viewer"), InvitationState::Pending));
        assert_eq!(open.invitation.inviter.as_deref(), Some("mara@nordhavn.example"));
        assert_eq!(find_invitation(&core.anonymous(), &token(&mail)).await.unwrap().unwrap().reader, Reader::Nobody);

        let done = accept_invitation(&leo, &link(&mail)).await.unwrap();
        assert_eq!((done.organization_id, done.slug.as_str()), (house.id, "nordhavn-studio"));
        let standing = org::find_standing(&core, user_id(&leo), house.id).await.unwrap().unwrap();
        assert_eq!(standing.membership.role_id, Builtin::Viewer.id());
        assert_eq!(standing.membership.invited_by, Some(user_id(&house.owner)));

        let again = accept_invitation(&leo, &link(&mail)).await.unwrap_err();
        assert!(matches!(again, AcceptInvitationError::Closed(InvitationState::Accepted)));
        let state = find_invitation(&leo, &token(&mail)).await.unwrap().unwrap().invitation.state;
        assert_eq!(state, InvitationState::Accepted);
        assert_eq!(house.states(None).await, [(LEO.to_owned(), InvitationState::Accepted)]);
        assert_eq!(house.invite(&house.owner, LEO).await, [Outcome::AlreadyMember]);
    })
    .await;
}

/// E6: of a pasted list each address has its own outcome.
#[tokio::test]
async fn every_address_has_its_outcome() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        house.set(&core, |settings| settings.max_members = 4).await;
        house.member(&core, "priya@nordhavn.example", Builtin::Admin).await;
        house.invite_one("samira@fjord.example").await;
        let pasted =
            "Priya <PRIYA@nordhavn.example>, samira@fjord.example; nobody\nleo@fjord.example ida@fjord.example";
        let outcomes = house.invite(&house.owner, pasted).await;
        assert!(
            matches!(
                outcomes[..],
                [
                    Outcome::AlreadyMember,
                    Outcome::AlreadyInvited,
                    Outcome::NotAnAddress,
                    Outcome::Invited(_),
                    Outcome::Full
                ]
            ),
            "{outcomes:?}"
        );
        // What is taken back or over makes room again.
        let page = ListInvitations {
            organization: house.which(),
            search: "SAMIRA".to_owned(),
            state: Some(InvitationState::Pending),
            after: None,
            limit: 5,
        };
        let page = list_invitations(&house.owner, page).await.unwrap();
        assert_eq!((page.invitations.len(), page.places, page.next), (1, 0, None));
        assert_eq!(page.by_state, [(InvitationState::Pending, 2)]);
        withdraw_invitation(&house.owner, &house.which(), page.invitations[0].id).await.unwrap();
        assert!(matches!(house.invite(&house.owner, "ida@fjord.example").await[..], [Outcome::Invited(_)]));
        core.clock.advance(8 * DAY);
        let outcomes = house.invite(&house.owner, "ida@fjord.example, leo@fjord.example").await;
        assert!(matches!(outcomes[..], [Outcome::Invited(_), Outcome::Invited(_)]), "{outcomes:?}");
    })
    .await;
}

/// E6: only the account whose confirmed address was invited accepts, be it by link or by id.
#[tokio::test]
async fn an_invitation_is_for_one_address() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let id = house.invite_one(LEO).await;
        let mail = last_mail(&core).await;
        let other = account(&core, "eve@fjord.example", true).await;
        assert!(matches!(accept_invitation(&other, &link(&mail)).await, Err(AcceptInvitationError::ForAnother)));
        assert!(matches!(accept_invitation(&other, &Which::Id(id)).await, Err(AcceptInvitationError::NotFound)));
        assert!(matches!(reject_invitation(&other, &Which::Id(id)).await, Err(RejectInvitationError::NotFound)));
        assert!(list_my_invitations(&other).await.unwrap().is_empty());
        assert_eq!(find_invitation(&other, &token(&mail)).await.unwrap().unwrap().reader, Reader::Another);
        let nobody = core.anonymous();
        assert!(matches!(accept_invitation(&nobody, &link(&mail)).await, Err(AcceptInvitationError::Denied(_))));
        assert!(matches!(reject_invitation(&nobody, &Which::Id(id)).await, Err(RejectInvitationError::Denied(_))));

        // The link confirms no account that is there already: a stranger may know its password.
        let leo = account(&core, LEO, false).await;
        assert!(matches!(accept_invitation(&leo, &link(&mail)).await, Err(AcceptInvitationError::Unconfirmed)));
        assert!(matches!(accept_invitation(&leo, &Which::Id(id)).await, Err(AcceptInvitationError::NotFound)));
        assert!(list_my_invitations(&leo).await.unwrap().is_empty());
        assert!(!is_member(&core, &leo, house.id).await);
    })
    .await;
}

/// E6: without a link, by the confirmed address; declined, and invited again.
#[tokio::test]
async fn ones_own_invitations_are_answered_without_a_link() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let leo = account(&core, LEO, true).await;
        house.invite_one(LEO).await;
        let mine = list_my_invitations(&leo).await.unwrap();
        assert_eq!((mine.len(), mine[0].organization.as_str()), (1, "Nordhavn Studio"));
        let first = Which::Id(mine[0].invitation.id);
        reject_invitation(&leo, &first).await.unwrap();
        let again = reject_invitation(&leo, &first).await.unwrap_err();
        assert!(matches!(again, RejectInvitationError::Closed(InvitationState::Rejected)));
        assert!(matches!(
            accept_invitation(&leo, &first).await,
            Err(AcceptInvitationError::Closed(InvitationState::Rejected))
        ));
        assert!(list_my_invitations(&leo).await.unwrap().is_empty());

        assert_eq!(house.invite(&house.owner, LEO).await, [Outcome::Later], "not at once");
        core.clock.advance(Duration::from_mins(5));
        let id = house.invite_one(LEO).await;
        accept_invitation(&leo, &Which::Id(id)).await.unwrap();
        assert!(is_member(&core, &leo, house.id).await);
        let both = [(LEO.to_owned(), InvitationState::Accepted), (LEO.to_owned(), InvitationState::Rejected)];
        assert_eq!(house.states(None).await, both);
        assert_eq!(house.states(Some(InvitationState::Rejected)).await, both[1..]);
    })
    .await;
}

/// E6: notes have bounds; line breaks are kept.
#[test]
fn notes_have_bounds() {
    assert_eq!(Note::try_from(" Hello\r\nLeo ").unwrap().as_str(), "Hello\nLeo");
    assert!(Note::try_from("x".repeat(500).as_str()).is_ok());
    for bad in ["", "a\0b", "a\u{202E}b", &"x".repeat(501)] {
        assert!(Note::try_from(bad).is_err(), "{bad}");
    }
}

/// E11: pages go on where they ended, and wildcards are letters.
#[tokio::test]
async fn lists_have_pages() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        for address in ["a_1@x.example", "ab1@x.example", "c1@x.example"] {
            house.invite_one(address).await;
            core.clock.advance(Duration::from_secs(1));
        }
        let cmd = |search: &str, after, limit| ListInvitations {
            organization: house.which(),
            search: search.to_owned(),
            state: None,
            after,
            limit,
        };
        let first = list_invitations(&house.owner, cmd("", None, 2)).await.unwrap();
        assert_eq!(first.invitations.len(), 2);
        let second = list_invitations(&house.owner, cmd("", first.next, 2)).await.unwrap();
        assert_eq!((second.invitations.len(), second.next), (1, None));
        assert_eq!(second.invitations[0].email.as_str(), "a_1@x.example");
        assert_eq!(list_invitations(&house.owner, cmd("A_", None, 9)).await.unwrap().invitations.len(), 1);
        assert_eq!(list_invitations(&house.owner, cmd("a\0%", None, 9)).await.unwrap().invitations.len(), 0);
    })
    .await;
}
