//! Walls between organisations, and ceilings within them, against random calls.

use proptest::{prelude::*, test_runner::TestRunner};

use super::*;

/// What a member may try.
#[derive(Clone, Copy, Debug)]
enum Try {
    Role { by: usize, whom: usize, role: usize },
    Grant { by: usize, whom: usize, what: usize },
    Deny { by: usize, whom: usize, what: usize },
    TakeBack { by: usize, whom: usize },
    Make { by: usize, what: usize, inherits: usize },
    GiveMade { by: usize, whom: usize },
    Remove { by: usize, whom: usize },
}

const WHAT: [&str; 5] = ["org:*", "org:write", "members:roles", "members:invite", "members:*"];
const ROLES: [Builtin; 4] = [Builtin::Owner, Builtin::Admin, Builtin::Operator, Builtin::Viewer];

fn tries() -> impl Strategy<Value = Try> {
    let (who, what, role) = (0..3_usize, 0..WHAT.len(), 0..ROLES.len());
    prop_oneof![
        (who.clone(), who.clone(), role.clone()).prop_map(|(by, whom, role)| Try::Role { by, whom, role }),
        (who.clone(), who.clone(), what.clone()).prop_map(|(by, whom, what)| Try::Grant { by, whom, what }),
        (who.clone(), who.clone(), what.clone()).prop_map(|(by, whom, what)| Try::Deny { by, whom, what }),
        (who.clone(), who.clone()).prop_map(|(by, whom)| Try::TakeBack { by, whom }),
        (who.clone(), what, role).prop_map(|(by, what, inherits)| Try::Make { by, what, inherits }),
        (who.clone(), who.clone()).prop_map(|(by, whom)| Try::GiveMade { by, whom }),
        (who.clone(), who).prop_map(|(by, whom)| Try::Remove { by, whom }),
    ]
}

/// Carries a try out; whatever is refused is refused.
async fn carry_out(core: &TestCore, house: &House, people: &[UserId; 3], step: Try) {
    let which: OrganizationRef = house.id.into();
    let by = |index: usize| as_user(core, people[index]);
    let newest = async || {
        let rulebook = find_rulebook(core, Some(house.id)).await.unwrap();
        rulebook.roles.iter().filter(|role| role.organization_id.is_some()).last().map(|role| role.id)
    };
    match step {
        Try::Role { by: who, whom, role } => {
            let cmd =
                ChangeRole { organization: which, user_id: people[whom], role_id: ROLES[role].id(), version: None };
            drop(change_role(&by(who), cmd).await);
        }
        Try::Grant { by: who, whom, what } => {
            drop(add_entry(&by(who), grant(house, people[whom], WHAT[what])).await);
        }
        Try::Deny { by: who, whom, what } => {
            drop(add_entry(&by(who), denial(house, people[whom], WHAT[what])).await);
        }
        Try::TakeBack { by: who, whom } => {
            let Ok(found) = get_member(&core.operator(), &which, people[whom]).await else { return };
            let Some(entry) = found.entries.last() else { return };
            let cmd = RemoveEntry { organization: which, user_id: people[whom], entry: entry.id, version: None };
            drop(remove_entry(&by(who), cmd).await);
        }
        Try::Make { by: who, what, inherits } => {
            let name = format!("role {}", core.new_id::<RoleId>());
            let settings = RoleSettings {
                name: RoleName::try_from(name.as_str()).unwrap(),
                description: String::new(),
                definition: RoleDefinition {
                    permissions: vec![pattern(WHAT[what])],
                    inherits: vec![ROLES[inherits].id()],
                    assigns: vec![ROLES[inherits].id()],
                },
            };
            drop(create_role(&by(who), Some(&which), settings).await);
        }
        Try::GiveMade { by: who, whom } => {
            let Some(role_id) = newest().await else { return };
            let cmd = ChangeRole { organization: which, user_id: people[whom], role_id, version: None };
            drop(change_role(&by(who), cmd).await);
        }
        Try::Remove { by: who, whom } => {
            drop(remove_member(&by(who), &which, people[whom], None).await);
        }
    }
}

/// E3: no sequence of allowed commands lets people raise themselves above what the highest of them holds by role. Here an
/// admin who also manages roles, an operator and a viewer try; `org:write` and the rest of the owner's stay out of reach.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_climbs() {
    let core = TestCore::sqlite_with(|config| config.organizations.most_owned = 1000).await;
    let mut runner = TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::default() });
    let handle = tokio::runtime::Handle::current();
    runner
        .run(&prop::collection::vec(tries(), 1..14), |steps| {
            let (house, climbed) = tokio::task::block_in_place(|| {
                handle.block_on(async {
                    let unique: OrganizationId = core.new_id();
                    let house = house(&core, &format!("house-{unique}")).await;
                    let people = [house.admin, house.operator, house.viewer];
                    let owner = as_user(&core, house.owner);
                    add_entry(&owner, grant(&house, house.admin, "members:roles")).await.unwrap();
                    for step in steps.clone() {
                        carry_out(&core, &house, &people, step).await;
                    }
                    let mut climbed = Vec::new();
                    for who in people {
                        for what in ["org:write", "org:delete", "org:billing"] {
                            if may(&core, &house, who, what).await {
                                climbed.push((who, what));
                            }
                        }
                        if who != house.admin && may(&core, &house, who, "members:roles").await {
                            climbed.push((who, "members:roles"));
                        }
                        if role_of(&core, &house, who).await == Some(Builtin::Owner.id()) {
                            climbed.push((who, "owner"));
                        }
                    }
                    (house.id, climbed)
                })
            });
            prop_assert!(climbed.is_empty(), "{house}: {climbed:?} after {steps:?}");
            Ok(())
        })
        .unwrap();
}

/// Tenant isolation: to the owner of one organisation, everything about another answers as if it were not there.
#[tokio::test]
async fn another_organisation_is_not_there() {
    on_both_engines(async |core| {
        let (ours, theirs) = (house(&core, "ours").await, house(&core, "theirs").await);
        let stranger = as_user(&core, ours.owner);
        let which: OrganizationRef = theirs.id.into();
        for which in [which.clone(), OrganizationRef::parse("theirs").unwrap(), OrganizationRef::Id(core.new_id())] {
            assert!(matches!(get_organization(&stranger, &which).await, Err(Refused::NotFound)));
            assert!(matches!(list_roles(&stranger, &which).await, Err(Refused::NotFound)));
            assert!(matches!(get_member(&stranger, &which, theirs.viewer).await, Err(Refused::NotFound)));
            let list = ListMembers {
                organization: which.clone(),
                search: String::new(),
                role_id: None,
                order: MemberOrder::Name,
                after: None,
                limit: 10,
            };
            assert!(matches!(list_members(&stranger, list).await, Err(Refused::NotFound)));
            assert!(matches!(
                remove_member(&stranger, &which, theirs.viewer, None).await,
                Err(MemberChangeError::NotFound)
            ));
            assert!(matches!(leave_organization(&stranger, &which).await, Err(MemberChangeError::NotFound)));
            assert!(matches!(
                transfer_ownership(&stranger, &which, ours.owner).await,
                Err(TransferOwnershipError::NotFound)
            ));
            assert!(matches!(
                delete_organization(&stranger, &which, None).await,
                Err(DeleteOrganizationError::NotFound)
            ));
        }
        let foreign = [
            add_entry(&stranger, grant(&theirs, theirs.viewer, "org:write")).await.map(drop),
            add_entry(&stranger, grant(&ours, theirs.viewer, "org:write")).await.map(drop),
        ];
        assert!(matches!(foreign[0], Err(AddEntryError::Member(MemberChangeError::NotFound))));
        assert!(matches!(foreign[1], Err(AddEntryError::Member(MemberChangeError::NoSuchMember))));
        // An entry of another organisation is none of ours, whoever's id goes with it.
        let owner = as_user(&core, theirs.owner);
        let entry = add_entry(&owner, grant(&theirs, theirs.viewer, "org:write")).await.unwrap().id;
        let cmd = RemoveEntry { organization: ours.id.into(), user_id: ours.viewer, entry, version: None };
        assert!(matches!(remove_entry(&stranger, cmd).await, Err(RemoveEntryError::NoSuchEntry)));
        let found = list_my_organizations(
            &stranger,
            ListOrganizations { search: "theirs".to_owned(), ..ListOrganizations::first() },
        );
        assert!(found.await.unwrap().organizations.is_empty());
    })
    .await;
}
