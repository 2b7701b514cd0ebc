//! Members, their roles, grants and denials.

use std::time::Duration;

use super::*;

fn change(house: &House, user_id: UserId, role: Builtin) -> ChangeRole {
    ChangeRole { organization: house.id.into(), user_id, role_id: role.id(), version: None }
}

/// E3: owner → admin, operator, viewer; admin → operator, viewer; others none; nobody themselves.
#[tokio::test]
async fn roles_are_given_below_ones_own() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let by = |user| as_user(&core, user);
        change_role(&by(nordhavn.admin), change(&nordhavn, nordhavn.viewer, Builtin::Operator)).await.unwrap();
        let denied = [
            (nordhavn.admin, nordhavn.viewer, Builtin::Admin),
            (nordhavn.admin, nordhavn.admin, Builtin::Viewer),
            (nordhavn.owner, nordhavn.viewer, Builtin::Owner),
        ];
        for (who, whom, role) in denied {
            let result = change_role(&by(who), change(&nordhavn, whom, role)).await;
            assert!(matches!(result, Err(MemberChangeError::Ceiling)), "{role:?}: {result:?}");
        }
        for who in [nordhavn.operator, nordhavn.viewer] {
            let result = change_role(&by(who), change(&nordhavn, nordhavn.viewer, Builtin::Viewer)).await;
            assert!(matches!(result, Err(MemberChangeError::Denied(_))), "{result:?}");
        }
        change_role(&by(nordhavn.owner), change(&nordhavn, nordhavn.viewer, Builtin::Admin)).await.unwrap();
        let peer = change_role(&by(nordhavn.admin), change(&nordhavn, nordhavn.viewer, Builtin::Viewer)).await;
        assert!(matches!(peer, Err(MemberChangeError::Ceiling)), "an admin does not demote an admin");
    })
    .await;
}

/// E1, E3: an organisation always has exactly one owner.
#[tokio::test]
async fn the_owner_stays_until_they_hand_over() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let which = nordhavn.id.into();
        let owner = as_user(&core, nordhavn.owner);
        assert!(matches!(leave_organization(&owner, &which).await, Err(MemberChangeError::LastOwner)));
        for who in [owner.clone(), as_user(&core, nordhavn.admin), core.operator()] {
            let demoted = change_role(&who, change(&nordhavn, nordhavn.owner, Builtin::Viewer)).await;
            assert!(matches!(demoted, Err(MemberChangeError::LastOwner)), "{demoted:?}");
            let removed = remove_member(&who, &which, nordhavn.owner, None).await;
            assert!(matches!(removed, Err(MemberChangeError::LastOwner)), "{removed:?}");
        }
        let stranger = person(&core, "stranger").await;
        assert!(matches!(
            transfer_ownership(&owner, &which, stranger).await,
            Err(TransferOwnershipError::NoSuchMember)
        ));
        assert!(matches!(
            transfer_ownership(&as_user(&core, nordhavn.admin), &which, nordhavn.admin).await,
            Err(TransferOwnershipError::Denied(_))
        ));
        transfer_ownership(&owner, &which, nordhavn.viewer).await.unwrap();
        assert_eq!(role_of(&core, &nordhavn, nordhavn.viewer).await, Some(Builtin::Owner.id()));
        assert_eq!(role_of(&core, &nordhavn, nordhavn.owner).await, Some(Builtin::Admin.id()));
        leave_organization(&owner, &which).await.unwrap();
        assert!(role_of(&core, &nordhavn, nordhavn.owner).await.is_none());
    })
    .await;
}

/// E1: of many who are handed the organisation at once, one owns it.
#[tokio::test]
async fn one_owner_after_a_race() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let which: OrganizationRef = nordhavn.id.into();
        let operator = core.operator();
        let to = [nordhavn.admin, nordhavn.operator, nordhavn.viewer, nordhavn.owner];
        let job = |to: UserId| {
            let (ctx, which) = (operator.clone(), which.clone());
            async move { transfer_ownership(&ctx, &which, to).await }
        };
        for result in together(to.into_iter().map(job).collect()).await {
            result.unwrap();
        }
        let cmd = ListMembers {
            organization: which.clone(),
            search: String::new(),
            role_id: Some(Builtin::Owner.id()),
            order: MemberOrder::Name,
            after: None,
            limit: 10,
        };
        assert_eq!(list_members(&operator, cmd).await.unwrap().members.len(), 1);
    })
    .await;
}

/// E5: a grant gives, ends by itself, and is taken back; a denial takes what the role gives.
#[tokio::test]
async fn grants_and_denials() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let owner = as_user(&core, nordhavn.owner);
        let viewer = nordhavn.viewer;
        assert!(!may(&core, &nordhavn, viewer, "members:invite").await);
        let end = core.now() + Duration::from_hours(1);
        let cmd = AddEntry { expires_at: Some(end), ..grant(&nordhavn, viewer, "members:invite") };
        add_entry(&owner, cmd).await.unwrap();
        assert!(may(&core, &nordhavn, viewer, "members:invite").await);
        core.clock.advance(Duration::from_hours(1));
        assert!(!may(&core, &nordhavn, viewer, "members:invite").await, "it is over");
        let denied = add_entry(&owner, denial(&nordhavn, viewer, "members:*")).await.unwrap();
        assert!(!may(&core, &nordhavn, viewer, "members:read").await);
        let take_back =
            |version| RemoveEntry { organization: nordhavn.id.into(), user_id: viewer, entry: denied.id, version };
        let late = remove_entry(&owner, take_back(Some(denied.version - 1))).await;
        assert!(matches!(late, Err(RemoveEntryError::Member(MemberChangeError::Changed))));
        remove_entry(&owner, take_back(Some(denied.version))).await.unwrap();
        assert!(may(&core, &nordhavn, viewer, "members:read").await);
        let again = remove_entry(&owner, take_back(None)).await;
        assert!(matches!(again, Err(RemoveEntryError::NoSuchEntry)));
    })
    .await;
}

/// E3, E5
#[tokio::test]
async fn what_cannot_be_granted() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let owner = as_user(&core, nordhavn.owner);
        let add = async |cmd| add_entry(&owner, cmd).await.map(drop);
        let viewer = nordhavn.viewer;
        assert!(matches!(add(grant(&nordhavn, viewer, "moon:walk")).await, Err(AddEntryError::UnknownPermission)));
        let past = AddEntry { expires_at: Some(core.now()), ..grant(&nordhavn, viewer, "org:write") };
        assert!(matches!(add(past).await, Err(AddEntryError::Past)));
        let long = AddEntry { reason: "x".repeat(301), ..grant(&nordhavn, viewer, "org:write") };
        assert!(matches!(add(long).await, Err(AddEntryError::Reason)));
        let nul = AddEntry { reason: "x\0".to_owned(), ..grant(&nordhavn, viewer, "org:write") };
        assert!(matches!(add(nul).await, Err(AddEntryError::Reason)));
        save_permission(&core.operator(), &permission("moon:walk"), "Walk on the moon", None).await.unwrap();
        assert!(matches!(add(grant(&nordhavn, viewer, "moon:walk")).await, Err(AddEntryError::NotYours)));
        assert!(matches!(
            add(grant(&nordhavn, nordhavn.owner, "org:write")).await,
            Err(AddEntryError::Member(MemberChangeError::LastOwner))
        ));
        // An admin looks after members, but not after their rights, unless granted; and a grant is not passed on.
        let admin = as_user(&core, nordhavn.admin);
        assert!(matches!(
            add_entry(&admin, grant(&nordhavn, viewer, "members:invite")).await,
            Err(AddEntryError::Member(MemberChangeError::Denied(_)))
        ));
        add(grant(&nordhavn, nordhavn.admin, "members:roles")).await.unwrap();
        add(grant(&nordhavn, nordhavn.admin, "org:write")).await.unwrap();
        assert!(matches!(add_entry(&admin, grant(&nordhavn, viewer, "org:write")).await, Err(AddEntryError::NotYours)));
        add_entry(&admin, grant(&nordhavn, viewer, "members:invite")).await.unwrap();
        assert!(matches!(
            add_entry(&admin, grant(&nordhavn, nordhavn.admin, "members:invite")).await,
            Err(AddEntryError::Member(MemberChangeError::Ceiling))
        ));
    })
    .await;
}

/// E2, E5: nobody gets rid of a denial by leaving and coming back; grants do not wait.
#[tokio::test]
async fn denials_wait_for_who_left() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let owner = as_user(&core, nordhavn.owner);
        let viewer = nordhavn.viewer;
        add_entry(&owner, denial(&nordhavn, viewer, "members:read")).await.unwrap();
        add_entry(&owner, grant(&nordhavn, viewer, "members:invite")).await.unwrap();
        leave_organization(&as_user(&core, viewer), &nordhavn.id.into()).await.unwrap();
        add_member(&core.operator(), &nordhavn.id.into(), viewer, Builtin::Admin.id()).await.unwrap();
        assert!(!may(&core, &nordhavn, viewer, "members:read").await);
        let entries = get_member(&owner, &nordhavn.id.into(), viewer).await.unwrap().entries;
        assert_eq!(entries.len(), 1);
    })
    .await;
}

/// E1: the last place is taken once.
#[tokio::test]
async fn a_full_organisation_takes_nobody() {
    crate::testing::on_both_engines_with(
        |config| config.organizations.max_members = 5,
        async |core| {
            let nordhavn = house(&core, "nordhavn").await;
            let mut late = Vec::new();
            for n in 0..4 {
                late.push(person(&core, &format!("late{n}")).await);
            }
            let operator = core.operator();
            let which: OrganizationRef = nordhavn.id.into();
            let job = |user: UserId| {
                let (ctx, which) = (operator.clone(), which.clone());
                async move { add_member(&ctx, &which, user, Builtin::Viewer.id()).await }
            };
            let results = together(late.into_iter().map(job).collect()).await;
            assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
            let full = |result: &Result<_, _>| matches!(result, Err(AddMemberError::Join(JoinError::Full { most: 5 })));
            assert_eq!(results.iter().filter(|result| full(result)).count(), 3);
        },
    )
    .await;
}

/// E11: found by name and address without regard to case, wildcards are letters like others; pages neither lose nor repeat.
#[tokio::test]
async fn members_are_found_page_by_page() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let admin = as_user(&core, nordhavn.admin);
        let look = |search: &str, order, after, limit| ListMembers {
            organization: nordhavn.id.into(),
            search: search.to_owned(),
            role_id: None,
            order,
            after,
            limit,
        };
        for (search, count) in [("", 4), ("NORDHAVN-V", 1), ("%", 0), ("_", 0), ("nordhavn.example", 4), ("q\0", 0)] {
            let page = list_members(&admin, look(search, MemberOrder::Name, None, 50)).await.unwrap();
            assert_eq!((page.members.len(), page.total), (count, 4), "{search:?}");
        }
        for order in [MemberOrder::Name, MemberOrder::Newest] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = list_members(&admin, look("", order, after, 3)).await.unwrap();
                seen.extend(page.members.into_iter().map(|member| member.membership.user_id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(seen.len(), 4, "{order:?}");
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 4, "{order:?}");
        }
    })
    .await;
}

/// E10: what another node changes is known here at once, and what follows from roles with it.
#[tokio::test]
async fn other_nodes_hear_of_changes() {
    let Some(database) = crate::testing::TestDatabase::postgres().await else { return };
    let core = TestCore::on(database, |_| {}).await;
    let nordhavn = house(&core, "nordhavn").await;
    let other = core.second_node().await;
    let db = other.db().clone();
    let follow = tokio::spawn(async move { db.follow_changes().await });
    let seen = async |wanted: bool| {
        for _ in 0..500 {
            let standing = find_standing(&other, nordhavn.viewer, nordhavn.id).await.unwrap().unwrap();
            if standing.effective.allows(&permission("members:invite"), core.now()) == wanted {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    };
    assert!(seen(false).await);
    add_entry(&as_user(&core, nordhavn.owner), grant(&nordhavn, nordhavn.viewer, "members:invite")).await.unwrap();
    assert!(seen(true).await);
    follow.abort();
}
