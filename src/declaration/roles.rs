//! Declared roles of the instance (E3, E9): compared with those that are there, and written. A role is known by its name
//! without regard to case. The built-in ones are not declared: permissions say which of them imply them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Declaration, DeclaredRole, Mark,
    apply::{ApplyDeclaration, ApplyError},
    object::{Kind, Object},
    plan::Action,
    work::{Task, Work, Write},
};
use crate::{
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    id::RoleId,
    org::{
        CatalogueError, MOST_PERMISSIONS, MOST_ROLES, Role, RoleDefinition, RoleError, RoleName, Roles, Rulebook, steps,
    },
};

/// What is said of it.
pub(super) fn object(name: &RoleName) -> Object {
    Object::new(Kind::Role, name.key())
}

/// The same of one that is there.
pub(super) fn object_of(role: &Role) -> Object {
    Object::new(Kind::Role, role.name_key())
}

/// What there is to do about all that are declared. They may name one another, and those that are there.
pub(super) fn compare(cmd: &ApplyDeclaration, ctx: &Ctx, rulebook: &Rulebook) -> Result<Vec<Work>, ApplyError> {
    let mut ids: BTreeMap<String, RoleId> = rulebook.roles.iter().map(|role| (role.name_key(), role.id)).collect();
    for declared in &cmd.declaration.roles {
        ids.entry(declared.name.key()).or_insert_with(|| ctx.new_id());
    }
    let mut works = Vec::new();
    for declared in &cmd.declaration.roles {
        if let Some(role) = after(declared, &ids, ctx)? {
            works.extend(compare_one(cmd, declared, role, &rulebook.roles)?);
        }
    }
    Ok(works)
}

/// A role as it is to be, if it were new.
fn after(declared: &DeclaredRole, ids: &BTreeMap<String, RoleId>, ctx: &Ctx) -> Result<Option<Role>, ApplyError> {
    let resolve = |names: &[RoleName]| {
        let missing =
            |name: &RoleName| ApplyError::NoSuchRole { object: object(&declared.name), name: name.as_str().to_owned() };
        let one = |name: &RoleName| ids.get(&name.key()).copied().ok_or_else(|| missing(name));
        let ids = names.iter().map(one).collect::<Result<BTreeSet<_>, ApplyError>>()?;
        Ok::<Vec<RoleId>, ApplyError>(ids.into_iter().collect())
    };
    let settings = &declared.settings;
    let permissions: BTreeSet<_> = settings.permissions.iter().cloned().collect();
    let definition = RoleDefinition {
        permissions: permissions.into_iter().collect(),
        inherits: resolve(&settings.inherits)?,
        assigns: resolve(&settings.assigns)?,
    };
    Ok(ids.get(&declared.name.key()).map(|id| Role {
        id: *id,
        organization_id: None,
        name: declared.name.as_str().to_owned(),
        description: settings.description.trim().to_owned(),
        is_builtin: false,
        definition,
        mark: Mark::NEW,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    }))
}

fn compare_one(
    cmd: &ApplyDeclaration,
    declared: &DeclaredRole,
    role: Role,
    roles: &Roles,
) -> Result<Option<Work>, ApplyError> {
    let object = object(&declared.name);
    let Some(before) = roles.get(role.id) else {
        return Ok(Some(Work::create(object, Task::Role(Write::Create(Box::new(role))))));
    };
    if before.is_builtin {
        return Err(ApplyError::Reserved { object });
    }
    let keys = |names: &[RoleName]| names.iter().map(RoleName::key).collect();
    let names = |ids: &[RoleId]| ids.iter().filter_map(|id| roles.get(*id)).map(Role::name_key).collect();
    let (inherits, assigns) = (&before.definition.inherits, &before.definition.assigns);
    let said = members(before, &names(inherits), &names(assigns));
    let wanted = members(&role, &keys(&declared.settings.inherits), &keys(&declared.settings.assigns));
    let after = Role { mark: before.mark.clone(), created_at: before.created_at, ..role };
    let write = Write::Update { before: Box::new(before.clone()), after: Box::new(after) };
    Work::compare(cmd, object, &before.mark, (&said, &wanted), Task::Role(write))
}

/// What can differ. Lists are sets here: in which order they are written says nothing.
fn members(role: &Role, inherits: &BTreeSet<String>, assigns: &BTreeSet<String>) -> Map<String, Value> {
    let permissions: BTreeSet<_> = role.definition.permissions.iter().collect();
    let members = [
        ("name", json!(role.name)),
        ("description", json!(role.description)),
        ("permissions", json!(permissions)),
        ("inherits", json!(inherits)),
        ("assigns", json!(assigns)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What there is to do about one that is no longer declared.
pub(super) fn remove(role: &Role) -> Work {
    let task = Task::Role(Write::Remove(Box::new(role.clone())));
    Work::remove(object_of(role), role.mark.differs_from_declaration(), task)
}

/// Writes; false when it is no longer as it was looked at.
pub(super) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    write: &Write<Role>,
    declaration: &Declaration,
) -> Result<bool, Internal> {
    let (role, version) = match write {
        Write::Remove(role) => return steps::remove_role(tx, ctx, role).await,
        Write::Create(role) => (role, steps::insert_role(tx, ctx, role).await?.then_some(role.mark.version)),
        Write::Update { before, after } => (after, steps::change_role(tx, ctx, before, after).await?),
    };
    match version {
        // The built-in ones belong to nobody.
        Some(_) if role.is_builtin => Ok(true),
        Some(version) => steps::declare_role(tx, role.id, version, declaration.owner.as_str()).await,
        None => Ok(false),
    }
}

/// Whether the catalogue and the roles can be as they are after the `works`.
///
/// # Errors
/// The first that cannot, and why.
pub(super) async fn check(conn: &mut Conn, rulebook: &Rulebook, works: &[Work]) -> Result<(), ApplyError> {
    let after = afterwards(rulebook, works);
    for work in works {
        let object = || work.object.clone();
        let refuse = |problem: RoleError| ApplyError::Role { object: object(), problem: Box::new(problem) };
        let is_new = work.change.as_ref().is_some_and(|change| change.action == Action::Create);
        match &work.task {
            Task::Permission(_) if is_new && after.permissions.iter().count() > MOST_PERMISSIONS => {
                return Err(ApplyError::Permission { object: object(), problem: CatalogueError::TooMany });
            }
            Task::Role(_) if is_new && after.roles.iter().count() > MOST_ROLES => {
                return Err(refuse(RoleError::TooMany));
            }
            // What hands put into a built-in role is not the declaration's to judge.
            Task::Role(Write::Update { after: role, .. }) if role.is_builtin => role.check_size().map_err(refuse)?,
            Task::Role(Write::Create(role) | Write::Update { after: role, .. }) => {
                role.check(&after).map_err(refuse)?;
                if steps::name_is_taken(conn, role).await? {
                    return Err(refuse(RoleError::NameTaken));
                }
            }
            Task::Role(Write::Remove(role)) => {
                let still_names =
                    |other: RoleId| after.roles.get(other).is_some_and(|other| other.definition.names(role.id));
                let of_instance = |other: &RoleId| rulebook.roles.get(*other).is_some();
                let named = steps::named_by(conn, role.id).await?;
                if named.iter().any(|other| !of_instance(other) || still_names(*other))
                    || steps::is_held(conn, role.id).await?
                {
                    return Err(refuse(RoleError::InUse));
                }
            }
            Task::Permission(_) | Task::Entry(_) | Task::Client(..) => {}
        }
    }
    Ok(())
}

/// The catalogue and the roles of the instance as they are after the `works`.
fn afterwards(rulebook: &Rulebook, works: &[Work]) -> Rulebook {
    let (mut permissions, mut roles) = (rulebook.permissions.clone(), rulebook.roles.clone());
    for work in works {
        match &work.task {
            Task::Permission(Write::Remove(entry)) => permissions.remove(&entry.name),
            Task::Permission(Write::Create(entry) | Write::Update { after: entry, .. }) => {
                permissions.insert((**entry).clone());
            }
            Task::Role(Write::Remove(role)) => roles.remove(role.id),
            Task::Role(Write::Create(role) | Write::Update { after: role, .. }) => roles.insert((**role).clone()),
            Task::Entry(_) | Task::Client(..) => {}
        }
    }
    Rulebook { permissions, roles }
}
