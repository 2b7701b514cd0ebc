//! Declared permissions (E4): compared with the catalogue, and written. Each names the built-in roles that imply it, so
//! that several applications can each bring their own without knowing of one another.

use serde_json::{Map, Value, json};

use super::{
    Declaration, DeclaredPermission, Mark,
    apply::{ApplyDeclaration, ApplyError},
    object::{Kind, Object},
    roles,
    work::{Task, Work, Write},
};
use crate::{
    core::Ctx,
    db::Tx,
    error::Internal,
    org::{Builtin, Pattern, Permission, PermissionEntry, Rulebook, check_description, steps},
};

/// What is said of it.
pub(super) fn object(name: &Permission) -> Object {
    Object::new(Kind::Permission, name.as_str())
}

/// Checks what can be checked without looking at what is there.
pub(super) fn check(permission: &DeclaredPermission) -> Result<(), ApplyError> {
    check_description(permission.settings.description.trim())
        .map_err(|problem| ApplyError::Permission { object: object(&permission.name), problem })
}

/// What there is to do about one that is declared.
pub(super) fn compare(
    cmd: &ApplyDeclaration,
    declared: &DeclaredPermission,
    rulebook: &Rulebook,
) -> Result<Option<Work>, ApplyError> {
    let object = object(&declared.name);
    let description = declared.settings.description.trim().to_owned();
    let Some(before) = rulebook.permissions.get(&declared.name) else {
        let entry = PermissionEntry { name: declared.name.clone(), description, is_system: false, mark: Mark::NEW };
        return Ok(Some(Work::create(object, Task::Permission(Write::Create(Box::new(entry))))));
    };
    if before.is_system {
        return Err(ApplyError::Reserved { object });
    }
    let said = members(&before.description, &roles_with(rulebook, &declared.name));
    let wanted = members(&description, &declared.settings.roles);
    let after = PermissionEntry { description, ..before.clone() };
    let write = Write::Update { before: Box::new(before.clone()), after: Box::new(after) };
    Work::compare(cmd, object, &before.mark, (&said, &wanted), Task::Permission(write))
}

/// What there is to do about one that is no longer declared.
pub(super) fn remove(entry: &PermissionEntry) -> Work {
    let task = Task::Permission(Write::Remove(Box::new(entry.clone())));
    Work::remove(object(&entry.name), entry.mark.differs_from_declaration(), task)
}

/// Writes; false when it is no longer as it was looked at.
pub(super) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    write: &Write<PermissionEntry>,
    declaration: &Declaration,
) -> Result<bool, Internal> {
    let (entry, version) = match write {
        Write::Remove(entry) => return steps::remove_permission(tx, ctx, entry).await,
        Write::Update { before, after } if before.description == after.description => (after, after.mark.version),
        Write::Create(entry) | Write::Update { after: entry, .. } => {
            (entry, steps::save_permission(tx, ctx, &entry.name, &entry.description).await?)
        }
    };
    steps::declare_permission(tx, &entry.name, version, declaration.owner.as_str()).await
}

/// The built-in roles that imply this by its name; what they imply by its whole category is not the declaration's to say.
fn roles_with(rulebook: &Rulebook, name: &Permission) -> Vec<Builtin> {
    let has = |role: &Builtin| {
        let role = rulebook.roles.get(role.id());
        role.is_some_and(|role| role.definition.permissions.iter().any(|pattern| is(pattern, name)))
    };
    Builtin::ALL.into_iter().filter(has).collect()
}

/// The roles as a set: in which order they are written says nothing.
fn members(description: &str, roles: &[Builtin]) -> Map<String, Value> {
    let roles: Vec<Builtin> = Builtin::ALL.into_iter().filter(|role| roles.contains(role)).collect();
    Map::from_iter([("description".to_owned(), json!(description)), ("roles".to_owned(), json!(roles))])
}

/// The built-in roles that change with the permissions of `works`: each once, however many it gains and loses. What the plan
/// says of that stands with the permissions.
pub(super) fn builtin_roles(declared: &[DeclaredPermission], works: &[Work], rulebook: &Rulebook) -> Vec<Work> {
    let gone = |pattern: &Pattern| {
        works
            .iter()
            .any(|work| matches!(&work.task, Task::Permission(Write::Remove(entry)) if is(pattern, &entry.name)))
    };
    let mut changed = Vec::new();
    for builtin in Builtin::ALL {
        let Some(before) = rulebook.roles.get(builtin.id()) else { continue };
        let mut after = before.clone();
        let permissions = &mut after.definition.permissions;
        permissions.retain(|pattern| !gone(pattern));
        for permission in declared {
            let (name, implies) = (&permission.name, permission.settings.roles.contains(&builtin));
            if !implies {
                permissions.retain(|pattern| !is(pattern, name));
            } else if !permissions.iter().any(|pattern| is(pattern, name)) {
                permissions.push(name.clone().into());
            }
        }
        if after.definition != before.definition {
            let write = Write::Update { before: Box::new(before.clone()), after: Box::new(after) };
            changed.push(Work { object: roles::object_of(before), change: None, task: Task::Role(write) });
        }
    }
    changed
}

/// Whether a role says a permission by its own name, and not by its category.
fn is(pattern: &Pattern, name: &Permission) -> bool {
    pattern.as_str() == name.as_str()
}
