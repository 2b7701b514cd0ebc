//! Who may invite whom, into what (E3, E6).

use super::*;

/// E3, E6: who may invite whom: by right up to the ceiling, or as a viewer where every member may.
#[tokio::test]
async fn rights_and_ceilings() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let admin = house.member(&core, "priya@nordhavn.example", Builtin::Admin).await;
        let viewer = house.member(&core, "tom@nordhavn.example", Builtin::Viewer).await;
        let stranger = account(&core, "eve@fjord.example", true).await;
        let as_role = async |by: &Ctx, role: Builtin| {
            invite_members(by, house.cmd("leo@fjord.example", role.id())).await.map(|all| all[0].outcome)
        };
        for role in [Builtin::Owner, Builtin::Admin] {
            assert!(matches!(as_role(&admin, role).await, Err(InviteMembersError::Ceiling)), "{role:?}");
        }
        assert!(matches!(as_role(&house.owner, Builtin::Owner).await, Err(InviteMembersError::Ceiling)));
        assert!(matches!(as_role(&viewer, Builtin::Viewer).await, Err(InviteMembersError::Denied(_))));
        assert!(matches!(as_role(&stranger, Builtin::Viewer).await, Err(InviteMembersError::NotFound)));
        let anonymous = as_role(&core.anonymous(), Builtin::Viewer).await;
        assert!(matches!(anonymous, Err(InviteMembersError::Denied(_))));
        let gone = invite_members(&admin, house.cmd("leo@fjord.example", core.new_id())).await;
        assert!(matches!(gone, Err(InviteMembersError::NoSuchRole)));

        house.set(&core, |settings| settings.member_invites = true).await;
        assert!(matches!(as_role(&viewer, Builtin::Operator).await, Err(InviteMembersError::Ceiling)));
        let Ok(Outcome::Invited(own)) = as_role(&viewer, Builtin::Viewer).await else { panic!("not invited") };
        let Outcome::Invited(admins) = house.invite(&admin, "ida@fjord.example").await[0] else {
            panic!("not invited")
        };
        // Others' invitations are for those who have the right.
        let error = withdraw_invitation(&viewer, &house.which(), admins).await.unwrap_err();
        assert!(matches!(error, InvitationChangeError::Ceiling));
        withdraw_invitation(&viewer, &house.which(), own).await.unwrap();
        withdraw_invitation(&admin, &house.which(), admins).await.unwrap();

        // What is denied somebody is not theirs by that way either.
        let entry = AddEntry {
            organization: house.which(),
            user_id: user_id(&viewer),
            effect: Effect::Denial,
            pattern: "members:invite".try_into().unwrap(),
            resource: None,
            reason: String::new(),
            expires_at: None,
            version: None,
        };
        org::add_entry(&house.owner, entry).await.unwrap();
        assert!(matches!(as_role(&viewer, Builtin::Viewer).await, Err(InviteMembersError::Denied(_))));
    })
    .await;
}

/// E6: what belongs to another organisation is not there.
#[tokio::test]
async fn walls_stand_between_organizations() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let id = house.invite_one(LEO).await;
        let other = account(&core, "eve@fjord.example", true).await;
        let cmd = CreateOrganization { name: "Fjord".try_into().unwrap(), slug: None, owner: None };
        let fjord: OrganizationRef = org::create_organization(&other, cmd).await.unwrap().id.into();
        for which in [&fjord, &house.which()] {
            let is_none = |error: &InvitationChangeError| {
                matches!(error, InvitationChangeError::NoSuchInvitation | InvitationChangeError::NotFound)
            };
            assert!(is_none(&withdraw_invitation(&other, which, id).await.unwrap_err()));
            assert!(is_none(&resend_invitation(&other, which, id).await.unwrap_err()));
        }
        let cmd =
            ListInvitations { organization: house.which(), search: String::new(), state: None, after: None, limit: 10 };
        assert!(matches!(list_invitations(&other, cmd).await, Err(Refused::NotFound)));

        // A deleted organisation invites nobody any more.
        let mail = last_mail(&core).await;
        let leo = account(&core, LEO, true).await;
        org::delete_organization(&house.owner, &house.which(), None).await.unwrap();
        assert!(list_my_invitations(&leo).await.unwrap().is_empty());
        assert_eq!(find_invitation(&leo, &token(&mail)).await.unwrap(), None);
        for which in [link(&mail), Which::Id(id)] {
            assert!(matches!(accept_invitation(&leo, &which).await, Err(AcceptInvitationError::NotFound)));
        }
    })
    .await;
}

/// E6: the last place goes to one of two who accept at the same moment; the other one may try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_place_is_taken_once() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let leo = account(&core, LEO, true).await;
        let ida = account(&core, "ida@fjord.example", true).await;
        let outcomes = house.invite(&house.owner, &format!("{LEO}, ida@fjord.example")).await;
        house.set(&core, |settings| settings.max_members = 2).await;
        let mut tries = Vec::new();
        for (ctx, outcome) in [leo.clone(), ida.clone()].into_iter().zip(outcomes) {
            let Outcome::Invited(id) = outcome else { panic!("not invited") };
            tries.push(tokio::spawn(async move { accept_invitation(&ctx, &Which::Id(id)).await }));
        }
        let (mut joined, mut full) = (0, 0);
        for one in tries {
            match one.await.unwrap() {
                Ok(_) => joined += 1,
                Err(AcceptInvitationError::Full { most: 2 }) => full += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!((joined, full), (1, 1));
        house.set(&core, |settings| settings.max_members = 3).await;
        for ctx in [leo, ida] {
            for mine in list_my_invitations(&ctx).await.unwrap() {
                accept_invitation(&ctx, &Which::Id(mine.invitation.id)).await.unwrap();
            }
            assert!(is_member(&core, &ctx, house.id).await);
        }
    })
    .await;
}

/// E6: an invitation stands on a role that is there, and on the rights of whoever sent it last.
#[tokio::test]
async fn nobodys_rights_outlive_them() {
    on_both_engines(async |core| {
        let house = House::found(&core).await;
        let admin = house.member(&core, "priya@nordhavn.example", Builtin::Admin).await;
        let leo = account(&core, LEO, true).await;
        let [Outcome::Invited(id)] = house.invite(&admin, LEO).await[..] else { panic!("not invited") };
        let which = Which::Id(id);
        let cmd = ChangeRole {
            organization: house.which(),
            user_id: user_id(&admin),
            role_id: Builtin::Viewer.id(),
            version: None,
        };
        org::change_role(&house.owner, cmd).await.unwrap();
        assert!(matches!(accept_invitation(&leo, &which).await, Err(AcceptInvitationError::InviterMayNot)));
        org::leave_organization(&admin, &house.which()).await.unwrap();
        assert!(matches!(accept_invitation(&leo, &which).await, Err(AcceptInvitationError::InviterMayNot)));
        // Whoever may sends it again, and it is theirs.
        core.clock.advance(Duration::from_mins(5));
        resend_invitation(&house.owner, &house.which(), id).await.unwrap();
        accept_invitation(&leo, &which).await.unwrap();

        let settings = RoleSettings {
            name: "night shift".try_into().unwrap(),
            description: String::new(),
            definition: RoleDefinition {
                permissions: vec!["members:read".try_into().unwrap()],
                ..RoleDefinition::default()
            },
        };
        let role = org::create_role(&house.owner, Some(&house.which()), settings).await.unwrap();
        let ida = account(&core, "ida@fjord.example", true).await;
        let outcomes = invite_members(&house.owner, house.cmd("ida@fjord.example", role.id)).await.unwrap();
        let Outcome::Invited(id) = outcomes[0].outcome else { panic!("not invited") };
        org::delete_role(&house.owner, Some(&house.which()), role.id, None).await.unwrap();
        assert!(matches!(accept_invitation(&ida, &Which::Id(id)).await, Err(AcceptInvitationError::RoleGone)));
        assert_eq!(list_my_invitations(&ida).await.unwrap()[0].role, None);
        core.clock.advance(Duration::from_mins(5));
        let error = resend_invitation(&house.owner, &house.which(), id).await.unwrap_err();
        assert!(matches!(error, InvitationChangeError::RoleGone));
    })
    .await;
}
