//! Roles and the catalogue.

use super::*;

fn settings(name: &str, permissions: &[&str], inherits: &[RoleId]) -> RoleSettings {
    RoleSettings {
        name: RoleName::try_from(name).unwrap(),
        description: String::new(),
        definition: RoleDefinition {
            permissions: permissions.iter().map(|text| pattern(text)).collect(),
            inherits: inherits.to_vec(),
            assigns: Vec::new(),
        },
    }
}

/// E3: a custom role inherits, is given, changed under its holders, and goes when nobody has it.
#[tokio::test]
async fn a_custom_role_lives() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let which: OrganizationRef = nordhavn.id.into();
        let owner = as_user(&core, nordhavn.owner);
        let base = create_role(&owner, Some(&which), settings("Base", &["members:invite"], &[])).await.unwrap();
        let lead = create_role(&owner, Some(&which), settings("Lead", &[], &[base.id])).await.unwrap();
        let give =
            ChangeRole { organization: which.clone(), user_id: nordhavn.viewer, role_id: lead.id, version: None };
        change_role(&owner, give).await.unwrap();
        assert!(may(&core, &nordhavn, nordhavn.viewer, "members:invite").await);
        let standing = find_standing(&core, nordhavn.viewer, nordhavn.id).await.unwrap().unwrap();
        let decision = standing.effective.decide(&permission("members:invite"), None, core.now());
        assert_eq!(decision.role_path, [lead.id, base.id]);
        let less = settings("Base", &["members:read"], &[]);
        update_role(&owner, Some(&which), base.id, less.clone(), Some(1)).await.unwrap();
        assert!(!may(&core, &nordhavn, nordhavn.viewer, "members:invite").await);
        let stale = update_role(&owner, Some(&which), base.id, less, Some(1)).await;
        assert!(matches!(stale, Err(RoleError::Changed)));
        for id in [base.id, lead.id] {
            assert!(matches!(delete_role(&owner, Some(&which), id, None).await, Err(RoleError::InUse)));
        }
        let back = ChangeRole {
            organization: which.clone(),
            user_id: nordhavn.viewer,
            role_id: Builtin::Viewer.id(),
            version: None,
        };
        change_role(&owner, back).await.unwrap();
        delete_role(&owner, Some(&which), lead.id, None).await.unwrap();
        delete_role(&owner, Some(&which), base.id, None).await.unwrap();
    })
    .await;
}

/// E3: no cycles, no endless chains, no foreign roles, no two of one name.
#[tokio::test]
async fn what_roles_cannot_be() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let which: OrganizationRef = nordhavn.id.into();
        let owner = as_user(&core, nordhavn.owner);
        let make = async |name: &str, inherits: &[RoleId]| {
            create_role(&owner, Some(&which), settings(name, &["org:read"], inherits)).await
        };
        let mut chain = vec![make("r0", &[]).await.unwrap().id];
        for n in 1..MOST_DEPTH {
            let below = chain[n - 1];
            chain.push(make(&format!("r{n}"), &[below]).await.unwrap().id);
        }
        let top = chain[MOST_DEPTH - 1];
        assert!(matches!(make("deep", &[top]).await, Err(RoleError::Hierarchy(HierarchyProblem::Depth))));
        let change = async |id, name: &str, inherits: &[RoleId]| {
            update_role(&owner, Some(&which), id, settings(name, &["org:read"], inherits), None).await
        };
        let cycle = change(chain[0], "r0", &[top]).await;
        assert!(matches!(cycle, Err(RoleError::Hierarchy(HierarchyProblem::Cycle))), "{cycle:?}");
        let itself = change(chain[0], "r0", &[chain[0]]).await;
        assert!(matches!(itself, Err(RoleError::Hierarchy(HierarchyProblem::Cycle))), "{itself:?}");
        assert!(matches!(make("R0", &[]).await, Err(RoleError::NameTaken)));
        assert!(matches!(make("Owner", &[]).await, Err(RoleError::NameTaken)));
        assert!(matches!(make("heir", &[Builtin::Owner.id()]).await, Err(RoleError::Ceiling)));
        let other = house(&core, "other").await;
        let (stranger, elsewhere) = (as_user(&core, other.owner), OrganizationRef::from(other.id));
        let foreign = create_role(&stranger, Some(&elsewhere), settings("theirs", &[], &[])).await.unwrap().id;
        let unknown = make("thief", &[foreign]).await;
        assert!(matches!(unknown, Err(RoleError::Hierarchy(HierarchyProblem::Unknown))));
        assert!(matches!(change(foreign, "theirs", &[]).await, Err(RoleError::NoSuchRole)));
        assert!(matches!(change(Builtin::Viewer.id(), "viewer", &[]).await, Err(RoleError::NoSuchRole)));
        let bad = create_role(&owner, Some(&which), settings("moon", &["moon:walk"], &[])).await;
        assert!(matches!(bad, Err(RoleError::UnknownPermission(_))));
    })
    .await;
}

/// E3: who manages roles by a grant makes none that is above what their role gives.
#[tokio::test]
async fn roles_are_made_below_ones_own() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let which: OrganizationRef = nordhavn.id.into();
        let (owner, admin) = (as_user(&core, nordhavn.owner), as_user(&core, nordhavn.admin));
        add_entry(&owner, grant(&nordhavn, nordhavn.admin, "members:roles")).await.unwrap();
        let high = create_role(&admin, Some(&which), settings("High", &["org:write"], &[])).await;
        assert!(matches!(high, Err(RoleError::Ceiling)));
        let theirs = create_role(&owner, Some(&which), settings("Theirs", &["org:write"], &[])).await.unwrap();
        for result in [
            update_role(&admin, Some(&which), theirs.id, settings("Theirs", &[], &[]), None).await.map(drop),
            delete_role(&admin, Some(&which), theirs.id, None).await,
        ] {
            assert!(matches!(result, Err(RoleError::Ceiling)), "{result:?}");
        }
        let low = create_role(&admin, Some(&which), settings("Low", &["members:invite"], &[])).await.unwrap();
        let give =
            |role_id| ChangeRole { organization: which.clone(), user_id: nordhavn.viewer, role_id, version: None };
        change_role(&admin, give(low.id)).await.unwrap();
        assert!(matches!(change_role(&admin, give(theirs.id)).await, Err(MemberChangeError::Ceiling)));
        // As good as one's own is not below one's own.
        let like_admin = ["org:read", "members:read", "members:invite", "members:remove"];
        let mut peer = settings("Peer", &like_admin, &[]);
        peer.definition.assigns = vec![Builtin::Operator.id(), Builtin::Viewer.id()];
        let peer = create_role(&admin, Some(&which), peer).await.unwrap();
        assert!(matches!(change_role(&admin, give(peer.id)).await, Err(MemberChangeError::Ceiling)));
        // What is denied to them they cannot give by a role.
        add_entry(&owner, denial(&nordhavn, nordhavn.admin, "members:invite")).await.unwrap();
        assert!(matches!(change_role(&admin, give(low.id)).await, Err(MemberChangeError::Ceiling)));
    })
    .await;
}

/// E4, E9: the catalogue and roles of the instance are the operator's; ours stay.
#[tokio::test]
async fn the_catalogue() {
    on_both_engines(async |core| {
        let operator = core.operator();
        let save = async |name: &str, words: &str| save_permission(&operator, &permission(name), words, None).await;
        assert_eq!(save("servers:start", "Start servers").await.unwrap(), 1);
        assert_eq!(save("servers:start", "Start servers").await.unwrap(), 1, "nothing to change");
        assert_eq!(save("servers:start", "Start a server").await.unwrap(), 2);
        assert!(matches!(save("org:read", "Other words").await, Err(CatalogueError::System)));
        assert!(matches!(save("servers:stop", " ").await, Err(CatalogueError::Description)));
        let viewer = find_rulebook(&core, None).await.unwrap().roles.get(Builtin::Viewer.id()).unwrap().clone();
        let mut definition = viewer.definition.clone();
        definition.permissions.push(pattern("servers:*"));
        let wanted =
            RoleSettings { name: RoleName::try_from("viewer").unwrap(), description: viewer.description, definition };
        update_role(&operator, None, viewer.id, wanted.clone(), None).await.unwrap();
        let nordhavn = house(&core, "nordhavn").await;
        assert!(may(&core, &nordhavn, nordhavn.viewer, "servers:start").await);
        let renamed = RoleSettings { name: RoleName::try_from("looker").unwrap(), ..wanted };
        assert!(matches!(update_role(&operator, None, viewer.id, renamed, None).await, Err(RoleError::Builtin)));
        assert!(matches!(delete_role(&operator, None, viewer.id, None).await, Err(RoleError::Builtin)));
        let start = permission("servers:start");
        assert!(matches!(
            delete_permission(&as_user(&core, nordhavn.owner), &start, None).await,
            Err(CatalogueError::Denied(_))
        ));
        delete_permission(&operator, &start, Some(2)).await.unwrap();
        let standing = find_standing(&core, nordhavn.viewer, nordhavn.id).await.unwrap().unwrap();
        assert!(standing.permissions(core.now()).iter().all(|held| held.category() != "servers"));
        assert!(matches!(
            delete_permission(&operator, &permission("org:read"), None).await,
            Err(CatalogueError::System)
        ));
    })
    .await;
}

/// E9
#[tokio::test]
async fn roles_on_the_instance() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara").await;
        let operator = core.operator();
        let support = create_role(&operator, None, settings("support", &["members:read"], &[])).await.unwrap();
        let roles = set_user_roles(&operator, mara, &[support.id, support.id]).await.unwrap();
        assert_eq!(roles.len(), 2);
        let held = get_user_roles(&as_user(&core, mara), mara).await.unwrap();
        assert_eq!(held.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["support"]);
        assert!(matches!(set_user_roles(&as_user(&core, mara), mara, &[]).await, Err(UserRolesError::Denied(_))));
        let stranger = as_user(&core, person(&core, "stranger").await);
        assert!(matches!(get_user_roles(&stranger, mara).await, Err(UserRolesError::Denied(_))));
        assert!(matches!(set_user_roles(&operator, mara, &[core.new_id()]).await, Err(UserRolesError::NoSuchRole)));
        assert!(matches!(set_user_roles(&operator, core.new_id(), &[]).await, Err(UserRolesError::NotFound)));
        set_user_roles(&operator, mara, &[]).await.unwrap();
        assert!(get_user_roles(&operator, mara).await.unwrap().is_empty());
    })
    .await;
}
