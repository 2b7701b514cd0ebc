//! E3, E4: permissions and roles of the instance are declared like the rest.

use super::*;
use crate::{
    account::{CreateUser, create_user},
    db::Conn,
    id::{RoleId, UserId},
    org::{
        self, CatalogueError, CreateOrganization, OrganizationRef, Permission, Role, RoleDefinition, RoleError,
        RoleName, RoleSettings, Rulebook, create_role, find_rulebook,
    },
    text::EmailAddress,
};

fn permission(name: &str, roles: &[Builtin]) -> DeclaredPermission {
    DeclaredPermission {
        name: Permission::try_from(name).unwrap(),
        settings: PermissionSettings { description: format!("Words for {name}"), roles: roles.to_vec() },
    }
}

fn names(names: &[&str]) -> Vec<RoleName> {
    names.iter().map(|name| RoleName::try_from(*name).unwrap()).collect()
}

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::try_from(*text).unwrap()).collect()
}

fn role(name: &str, permissions: &[&str], inherits: &[&str]) -> DeclaredRole {
    let settings = DeclaredRoleSettings {
        description: "Declared".to_owned(),
        permissions: patterns(permissions),
        inherits: names(inherits),
        assigns: Vec::new(),
    };
    DeclaredRole { name: RoleName::try_from(name).unwrap(), settings }
}

/// Two permissions, one role.
fn whole(owner: &str) -> ApplyDeclaration {
    let mut cmd = by(owner, Vec::new());
    cmd.declaration.permissions = vec![
        permission("mods:write", &[Builtin::Owner, Builtin::Operator]),
        permission("mods:read", &[Builtin::Owner, Builtin::Viewer]),
    ];
    cmd.declaration.roles = vec![role("Modder", &["mods:*"], &["viewer"])];
    cmd
}

async fn there(core: &TestCore) -> std::sync::Arc<Rulebook> {
    find_rulebook(core, None).await.unwrap()
}

fn named(rulebook: &Rulebook, name: &str) -> Role {
    rulebook.roles.named(name).cloned().unwrap()
}

/// Which built-in roles imply it.
fn holders(rulebook: &Rulebook, name: &str) -> Vec<Builtin> {
    let name = Permission::try_from(name).unwrap();
    let implies = |id: RoleId| rulebook.roles.implied(id).iter().any(|implied| implied.pattern.covers(&name));
    Builtin::ALL.into_iter().filter(|role| implies(role.id())).collect()
}

async fn said(ctx: &Ctx, cmd: &ApplyDeclaration) -> String {
    plan_declaration(ctx, cmd).await.unwrap_err().to_string()
}

/// E4: what is declared is in the catalogue and in the built-in roles at once, each role written once; again is nothing to do.
#[tokio::test]
async fn permissions_and_roles_are_applied_once() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let cmd = whole("mods");
        let before = there(&core).await;
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert_eq!(plan.to_string(), "+ permission mods:read\n+ permission mods:write\n+ role modder\n");
        assert_eq!(there(&core).await, before, "a plan writes nothing");
        assert_eq!(apply(&ctx, &cmd).await.plan, plan);
        let after = there(&core).await;
        assert_eq!(holders(&after, "mods:write"), [Builtin::Owner, Builtin::Operator]);
        assert_eq!(holders(&after, "mods:read"), [Builtin::Owner, Builtin::Viewer]);
        let modder = named(&after, "modder");
        assert_eq!(modder.definition.inherits, [Builtin::Viewer.id()]);
        assert_eq!((modder.name.as_str(), modder.mark.owner.as_deref()), ("Modder", Some("mods")));
        let versions: Vec<_> = Builtin::ALL.map(|role| after.roles.get(role.id()).unwrap().mark.version).into();
        assert_eq!(versions, [2, 1, 2, 2], "each built-in role is written once, whoever is not concerned not at all");
        assert!(after.roles.iter().filter(|role| role.is_builtin).all(|role| role.mark.owner.is_none()));
        settled(&ctx, &cmd).await;
        assert_eq!(there(&core).await, after);
        let mut conn = core.db().read().await.unwrap();
        let recorded: i64 = recorded(&mut conn).await;
        assert_eq!(recorded, 2 + 1 + 3 + 1, "permissions, role, built-in roles, the whole");
    })
    .await;
}

async fn recorded(conn: &mut Conn) -> i64 {
    conn.query(
        "SELECT COUNT(*) FROM audit WHERE kind IN ('permission_saved', 'role_created', 'role_updated', \
         'declaration_applied')",
    )
    .scalar()
    .await
    .unwrap()
}

/// E4: what other declarations and hands put into the built-in roles stays; what this one no longer says goes.
#[tokio::test]
async fn the_built_in_roles_are_shared() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = whole("mods");
        apply(&ctx, &cmd).await;
        let mut other = by("wiki", Vec::new());
        other.declaration.permissions = vec![permission("wiki:edit", &[Builtin::Viewer])];
        apply(&ctx, &other).await;
        // By hand: viewers may write mods, operators everything of wikis.
        let rulebook = there(&core).await;
        for (builtin, pattern) in [(Builtin::Viewer, "mods:write"), (Builtin::Operator, "wiki:*")] {
            let role = rulebook.roles.get(builtin.id()).unwrap();
            let mut definition = role.definition.clone();
            definition.permissions.extend(patterns(&[pattern]));
            let name = RoleName::try_from(role.name.as_str()).unwrap();
            let settings = RoleSettings { name, description: role.description.clone(), definition };
            org::update_role(&ctx, None, role.id, settings, None).await.unwrap();
        }
        settled(&ctx, &other).await;
        cmd.declaration.permissions[0].settings.roles = vec![Builtin::Operator, Builtin::Owner, Builtin::Admin];
        let plan = apply(&ctx, &cmd).await.plan.to_string();
        assert_eq!(plan, "~ permission mods:write: roles + admin - viewer\n");
        let after = there(&core).await;
        assert_eq!(holders(&after, "mods:write"), [Builtin::Owner, Builtin::Admin, Builtin::Operator]);
        assert_eq!(holders(&after, "wiki:edit"), [Builtin::Operator, Builtin::Viewer]);
        settled(&ctx, &cmd).await;

        cmd.declaration.permissions.truncate(1);
        cmd.declaration.roles.clear();
        let plan = plan_declaration(&ctx, &cmd).await.unwrap();
        assert!(plan.is_empty() && plan.kept.len() == 2, "{plan}");
        cmd.prune = true;
        assert_eq!(
            apply(&ctx, &cmd).await.plan.to_string(),
            "- role modder (owned, no longer declared)\n- permission mods:read (owned, no longer declared)\n"
        );
        let after = there(&core).await;
        assert!(after.roles.named("Modder").is_none());
        let viewer = after.roles.get(Builtin::Viewer.id()).unwrap();
        assert_eq!(viewer.definition.permissions, patterns(&["org:read", "members:read", "wiki:edit"]));
        settled(&ctx, &cmd).await;
    })
    .await;
}

/// E4: what hands put into a built-in role is no reason to refuse, though the catalogue no longer knows it; bounds hold.
#[tokio::test]
async fn what_hands_left_behind_is_no_mistake() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let old = Permission::try_from("wiki:edit").unwrap();
        org::save_permission(&ctx, &old, "Edit", None).await.unwrap();
        let rulebook = there(&core).await;
        let viewer = rulebook.roles.get(Builtin::Viewer.id()).unwrap();
        let with = |extra: Vec<Pattern>| {
            let mut definition = viewer.definition.clone();
            definition.permissions.extend(extra);
            RoleSettings { name: RoleName::try_from("viewer").unwrap(), description: String::new(), definition }
        };
        org::update_role(&ctx, None, viewer.id, with(patterns(&["wiki:edit"])), None).await.unwrap();
        org::delete_permission(&ctx, &old, None).await.unwrap();
        let mut cmd = whole("mods");
        cmd.declaration.permissions[0].settings.description = " Words with spaces around them ".to_owned();
        apply(&ctx, &cmd).await;
        settled(&ctx, &cmd).await;
        assert_eq!(holders(&*there(&core).await, "mods:read"), [Builtin::Owner, Builtin::Viewer]);

        let many: Vec<Pattern> = vec![Pattern::try_from("org:read").unwrap(); 200];
        let refused = org::update_role(&ctx, None, viewer.id, with(many), None).await;
        assert!(matches!(refused, Err(RoleError::TooMuch)), "built-in roles have bounds, too");
    })
    .await;
}

/// D11: what was changed by hand is told, and goes; what was made by hand is taken over only when that is asked for.
#[tokio::test]
async fn changes_by_hand_go_and_others_things_stay() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let cmd = whole("mods");
        let write = Permission::try_from("mods:write").unwrap();
        org::save_permission(&ctx, &write, "By hand", None).await.unwrap();
        assert_eq!(said(&ctx, &cmd).await, "permission mods:write was made by hand; --adopt takes it over");
        let adopted = apply(&ctx, &ApplyDeclaration { adopt: true, ..cmd.clone() }).await.plan.to_string();
        assert!(adopted.contains("~ permission mods:write: owner null → \"mods\""), "{adopted}");
        assert_eq!(
            said(&ctx, &whole("other")).await,
            "permission mods:write is declared by mods; --adopt takes it over"
        );

        org::save_permission(&ctx, &write, "Other words", None).await.unwrap();
        let modder = named(&*there(&core).await, "Modder");
        let definition = RoleDefinition { inherits: Vec::new(), ..modder.definition.clone() };
        let settings =
            RoleSettings { name: RoleName::try_from("MODDER").unwrap(), description: String::new(), definition };
        org::update_role(&ctx, None, modder.id, settings, None).await.unwrap();
        assert_eq!(
            apply(&ctx, &cmd).await.plan.to_string(),
            "! permission mods:write was changed by hand since it was last applied\n\
             ~ permission mods:write: description \"Other words\" → \"Words for mods:write\"\n\
             ! role modder was changed by hand since it was last applied\n\
             ~ role modder: name \"MODDER\" → \"Modder\"\n\
             ~ role modder: description \"\" → \"Declared\"\n\
             ~ role modder: inherits + viewer\n"
        );
        settled(&ctx, &cmd).await;
        assert_eq!(named(&*there(&core).await, "Modder").id, modder.id, "whoever has it keeps it");
    })
    .await;
}

/// E3: roles of one declaration may name one another, in whichever order; what they cannot be is named.
#[tokio::test]
async fn what_cannot_be_is_named() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let with = |roles: Vec<DeclaredRole>| {
            let mut cmd = whole("mods");
            cmd.declaration.roles = roles;
            cmd
        };
        let chain = with(vec![role("a", &[], &["B"]), role("b", &["mods:read"], &[])]);
        apply(&ctx, &chain).await;
        let after = there(&core).await;
        assert_eq!(named(&after, "a").definition.inherits, [named(&after, "b").id]);
        settled(&ctx, &chain).await;
        let cases = [
            (vec![role("a", &[], &["b"]), role("b", &[], &["a"])], "role b: a role cannot inherit itself"),
            (vec![role("a", &[], &["nobody"])], "role a: there is no role \"nobody\""),
            (vec![role("a", &["mods:fly"], &[])], "role a: there is no permission mods:fly"),
            (vec![role("a", &[], &["owner"])], "role a: a role you make or change can give only"),
            (vec![role("viewer", &[], &[])], "role viewer is Ostiary's own"),
            (vec![role("a", &[], &[]), role("A", &[], &[])], "role a is declared twice"),
        ];
        for (roles, expected) in cases {
            let said = said(&ctx, &with(roles)).await;
            assert!(said.starts_with(expected), "{said}");
        }
        let mut cmd = by("x", Vec::new());
        cmd.declaration.permissions = vec![permission("org:read", &[])];
        assert_eq!(said(&ctx, &cmd).await, "permission org:read is Ostiary's own and cannot be declared");
        cmd.declaration.permissions = vec![permission("a:b", &[])];
        cmd.declaration.permissions[0].settings.description = "two\nlines".to_owned();
        let refused = plan_declaration(&ctx, &cmd).await;
        assert!(matches!(refused, Err(ApplyError::Permission { problem: CatalogueError::Description, .. })));
        cmd.declaration.permissions = (0..2000).map(|n| permission(&format!("many:p{n}"), &[])).collect();
        assert!(said(&ctx, &cmd).await.contains("there can be 2000 permissions"));
        assert_eq!(there(&core).await, after, "nothing is half done");
    })
    .await;
}

async fn person(ctx: &Ctx, name: &str) -> UserId {
    let cmd = CreateUser {
        email: EmailAddress::try_from(format!("{name}@nordhavn.example")).unwrap(),
        username: None,
        display_name: None,
        password: None,
        is_verified: true,
        is_admin: false,
    };
    create_user(ctx, cmd).await.unwrap().user_id
}

/// E3: a role stays while members have it, or roles of any organisation name it; two that go may name each other.
#[tokio::test]
async fn a_role_in_use_stays() {
    on_both_engines(async |core: TestCore| {
        let ctx = core.operator();
        let mut cmd = whole("mods");
        cmd.declaration.roles.push(role("Lead", &[], &["Modder"]));
        apply(&ctx, &cmd).await;
        let (owner, member) = (person(&ctx, "mara").await, person(&ctx, "ines").await);
        let name = DisplayName::try_from("Nordhavn").unwrap();
        let made = CreateOrganization { name, slug: None, owner: Some(owner) };
        let organization = OrganizationRef::from(org::create_organization(&ctx, made).await.unwrap().id);
        let modder = named(&*there(&core).await, "Modder").id;
        let heir = || RoleSettings {
            name: RoleName::try_from("Heir").unwrap(),
            description: String::new(),
            definition: RoleDefinition { inherits: vec![modder], ..RoleDefinition::default() },
        };
        let own = create_role(&ctx, Some(&organization), heir()).await.unwrap().id;
        cmd.declaration.roles.clear();
        cmd.prune = true;
        let in_use = "role modder: members have this role, or other roles name it";
        assert_eq!(said(&ctx, &cmd).await, in_use);
        org::delete_role(&ctx, Some(&organization), own, None).await.unwrap();
        org::add_member(&ctx, &organization, member, modder).await.unwrap();
        assert_eq!(said(&ctx, &cmd).await, in_use);
        let change = org::ChangeRole {
            organization: organization.clone(),
            user_id: member,
            role_id: Builtin::Viewer.id(),
            version: None,
        };
        org::change_role(&ctx, change).await.unwrap();
        let plan = apply(&ctx, &cmd).await.plan.to_string();
        assert_eq!(plan.matches("- role ").count(), 2, "{plan}");
        let late = create_role(&ctx, Some(&organization), heir()).await;
        assert!(matches!(late, Err(RoleError::Hierarchy(_))), "organisations know at once");
    })
    .await;
}
