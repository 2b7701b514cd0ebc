//! The steps that changes of the catalogue and of roles are made of; declarations do several in one transaction. Each writes
//! on the version that was looked at, and puts on record what it wrote.

use serde_json::json;

pub(crate) use super::role_store::{declare_permission, declare_role, is_held, name_is_taken, named_by};
use super::{
    permission::Permission,
    role::Role,
    role_store,
    roles::{self, PermissionEntry, Rulebook},
};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::{Conn, Touched, Tx, dialect},
    error::Internal,
};

/// The catalogue and the roles of the instance, as the database has them.
pub(crate) async fn rulebook(conn: &mut Conn) -> Result<Rulebook, Internal> {
    roles::read_rulebook(conn, None).await
}

/// Nobody else changes roles of the instance or the catalogue until this transaction ends.
pub(crate) async fn hold(tx: &mut Tx) -> Result<(), Internal> {
    dialect::hold(tx, "roles").await
}

/// Puts a permission into the catalogue, or gives it other words; says its version.
pub(crate) async fn save_permission(
    tx: &mut Tx,
    ctx: &Ctx,
    name: &Permission,
    description: &str,
) -> Result<i64, Internal> {
    let version = role_store::save_permission(tx, name, description.to_owned(), ctx.now()).await?;
    let details = json!({ "permission": name, "description": description });
    audit::record(tx, ctx, Entry::new(AuditKind::PermissionSaved).with_details(details)).await?;
    tx.touch(Touched::Roles);
    Ok(version)
}

/// Takes a permission out of the catalogue; false when it is no longer as it was looked at, or is one of ours.
pub(crate) async fn remove_permission(tx: &mut Tx, ctx: &Ctx, entry: &PermissionEntry) -> Result<bool, Internal> {
    if !role_store::delete_permission(tx, &entry.name, entry.mark.version).await? {
        return Ok(false);
    }
    let details = json!({ "permission": entry.name });
    audit::record(tx, ctx, Entry::new(AuditKind::PermissionRemoved).with_details(details)).await?;
    tx.touch(Touched::Roles);
    Ok(true)
}

/// Writes a new role; false when its name is taken.
pub(crate) async fn insert_role(tx: &mut Tx, ctx: &Ctx, role: &Role) -> Result<bool, Internal> {
    let is_new = role_store::insert(tx, role).await?;
    if is_new {
        record(tx, ctx, AuditKind::RoleCreated, role).await?;
    }
    Ok(is_new)
}

/// Writes `after` in place of `before` and says its version; none when somebody else was faster. What is so already is left
/// alone.
pub(crate) async fn change_role(tx: &mut Tx, ctx: &Ctx, before: &Role, after: &Role) -> Result<Option<i64>, Internal> {
    let version = before.mark.version;
    let is_same =
        (&before.name, &before.description, &before.definition) == (&after.name, &after.description, &after.definition);
    if is_same {
        return Ok(Some(version));
    }
    if !role_store::update(tx, after, version).await? {
        return Ok(None);
    }
    record(tx, ctx, AuditKind::RoleUpdated, after).await?;
    Ok(Some(version + 1))
}

/// Removes a role that nobody has; false when it is no longer as it was looked at, or is built in.
pub(crate) async fn remove_role(tx: &mut Tx, ctx: &Ctx, role: &Role) -> Result<bool, Internal> {
    role_store::forget_ended(tx, role.id, super::Builtin::Viewer.id()).await?;
    let is_gone = role_store::delete(tx, role.id, role.mark.version).await?;
    if is_gone {
        record(tx, ctx, AuditKind::RoleDeleted, role).await?;
    }
    Ok(is_gone)
}

async fn record(tx: &mut Tx, ctx: &Ctx, kind: AuditKind, role: &Role) -> Result<(), Internal> {
    let details = json!({ "role": role.id, "name": role.name, "definition": role.definition });
    let entry = Entry::new(kind).with_details(details);
    let entry = if let Some(id) = role.organization_id {
        tx.touch(id);
        entry.within(id)
    } else {
        tx.touch(Touched::Roles);
        entry
    };
    audit::record(tx, ctx, entry).await
}
