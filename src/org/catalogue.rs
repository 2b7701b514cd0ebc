//! The catalogue of permissions is changed (E4), and who has which roles on the instance itself (E9).

use super::{permission::Permission, role::Role, role_store, roles, steps};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    db::Touched,
    error::Internal,
    id::{RoleId, UserId},
};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 200;
/// Most permissions.
pub(crate) const MOST_PERMISSIONS: usize = 2000;
/// Most roles that one person has on the instance.
const MOST_USER_ROLES: usize = 50;

/// Why the catalogue was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such permission.
    #[error("there is no such permission")]
    NotFound,
    /// Ours are as they are.
    #[error("the permissions of Ostiary itself cannot be changed or removed")]
    System,
    /// A description is one line of 1 to 200 characters.
    #[error("a description has 1 to {MAX_DESCRIPTION} characters on one line")]
    Description,
    /// There are as many as can be.
    #[error("there can be {MOST_PERMISSIONS} permissions")]
    TooMany,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this permission meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Checks what a permission is described as.
pub(crate) fn check_description(description: &str) -> Result<(), CatalogueError> {
    let is_fine = (1..=MAX_DESCRIPTION).contains(&description.chars().count())
        && description.trim() == description
        && !description.chars().any(char::is_control);
    if is_fine { Ok(()) } else { Err(CatalogueError::Description) }
}

/// Puts a permission into the catalogue, or gives it other words; says its version. One that is so already is left alone.
///
/// # Errors
/// [`CatalogueError`]
pub async fn save_permission(
    ctx: &Ctx,
    name: &Permission,
    description: &str,
    version: Option<i64>,
) -> Result<i64, CatalogueError> {
    authz::require_operator(ctx)?;
    let description = description.trim();
    check_description(description)?;
    let mut tx = ctx.core.db().write().await?;
    steps::hold(&mut tx).await?;
    let there = role_store::permissions(&mut tx).await?;
    match there.iter().find(|entry| entry.name == *name) {
        Some(entry) if entry.is_system => return Err(CatalogueError::System),
        Some(entry) if !entry.mark.is_at(version) => return Err(CatalogueError::Changed),
        Some(entry) if entry.description == description => return Ok(entry.mark.version),
        None if version.is_some() => return Err(CatalogueError::Changed),
        None if there.len() >= MOST_PERMISSIONS => return Err(CatalogueError::TooMany),
        Some(_) | None => {}
    }
    let saved = steps::save_permission(&mut tx, ctx, name, description).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Takes a permission out of the catalogue: nobody has it any more, whatever roles and grants say of it.
///
/// # Errors
/// [`CatalogueError`]
pub async fn delete_permission(ctx: &Ctx, name: &Permission, version: Option<i64>) -> Result<(), CatalogueError> {
    authz::require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    let there = role_store::permissions(&mut tx).await?;
    let entry = there.iter().find(|entry| entry.name == *name).ok_or(CatalogueError::NotFound)?;
    if entry.is_system {
        return Err(CatalogueError::System);
    }
    if !entry.mark.is_at(version) || !steps::remove_permission(&mut tx, ctx, entry).await? {
        return Err(CatalogueError::Changed);
    }
    tx.commit().await?;
    Ok(())
}

/// Why somebody has no other roles.
#[derive(Debug, thiserror::Error)]
pub enum UserRolesError {
    /// Only operators may change them, and only oneself and operators see them.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// There is no such role of the instance.
    #[error("there is no such role")]
    NoSuchRole,
    /// Too many.
    #[error("a person can have {MOST_USER_ROLES} roles")]
    TooMany,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives a person these roles on the instance itself, and no others (E9). They say nothing about organisations.
///
/// # Errors
/// [`UserRolesError`]
pub async fn set_user_roles(ctx: &Ctx, user_id: UserId, wanted: &[RoleId]) -> Result<Vec<Role>, UserRolesError> {
    authz::require_operator(ctx)?;
    if wanted.len() > MOST_USER_ROLES {
        return Err(UserRolesError::TooMany);
    }
    let mut tx = ctx.core.db().write().await?;
    steps::hold(&mut tx).await?;
    if !super::people_store::exists(&mut tx, user_id).await? {
        return Err(UserRolesError::NotFound);
    }
    let rulebook = roles::read_rulebook(&mut tx, None).await?;
    let find = |id: &RoleId| rulebook.roles.get(*id).cloned().ok_or(UserRolesError::NoSuchRole);
    let roles = wanted.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    role_store::clear_user_roles(&mut tx, user_id).await?;
    for role in &roles {
        role_store::add_user_role(&mut tx, user_id, role.id, ctx.now()).await?;
    }
    tx.touch(Touched::memberships(user_id));
    let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
    let details = serde_json::json!({ "roles": names });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserRolesChanged, user_id).with_details(details)).await?;
    tx.commit().await?;
    Ok(roles)
}

/// The roles that a person has on the instance itself (E9): for themselves, and for operators.
///
/// # Errors
/// [`UserRolesError`]
pub async fn get_user_roles(ctx: &Ctx, user_id: UserId) -> Result<Vec<Role>, UserRolesError> {
    if ctx.user().is_none_or(|actor| actor.user_id != user_id) {
        authz::require_operator(ctx)?;
    }
    let rulebook = roles::find_rulebook(&ctx.core, None).await?;
    let mut conn = ctx.core.db().read().await?;
    if !super::people_store::exists(&mut conn, user_id).await? {
        return Err(UserRolesError::NotFound);
    }
    let ids = role_store::roles_of_user(&mut conn, user_id).await?;
    Ok(ids.iter().filter_map(|id| rulebook.roles.get(*id).cloned()).collect())
}
