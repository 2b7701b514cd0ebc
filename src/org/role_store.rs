//! All SQL about roles and the catalogue of permissions.

use sqlx::types::Json;

use super::{
    permission::Permission,
    role::{Role, RoleDefinition},
    roles::PermissionEntry,
};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    declaration::Mark,
    error::Internal,
    id::{OrganizationId, RoleId, UserId},
};

#[derive(sqlx::FromRow)]
struct RoleRow {
    id: RoleId,
    organization_id: Option<OrganizationId>,
    name: String,
    description: String,
    is_builtin: bool,
    definition: Json<RoleDefinition>,
    #[sqlx(flatten)]
    mark: Mark,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<RoleRow> for Role {
    fn from(row: RoleRow) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            description: row.description,
            is_builtin: row.is_builtin,
            definition: row.definition.0,
            mark: row.mark,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The roles of the instance, and those of an organisation if one is named.
pub(super) async fn roles(conn: &mut Conn, organization_id: Option<OrganizationId>) -> Result<Vec<Role>, Internal> {
    // Two halves, each found by its index: `OR` would walk the roles of all organisations.
    let rows: Vec<RoleRow> = conn
        .query(
            "SELECT id, organization_id, name, description, is_builtin, definition, version, owner, declared_version, \
             created_at, updated_at FROM roles WHERE organization_id IS NULL UNION ALL \
             SELECT id, organization_id, name, description, is_builtin, definition, version, owner, declared_version, \
             created_at, updated_at FROM roles WHERE organization_id = $1",
        )
        .bind(organization_id)
        .all()
        .await?;
    Ok(rows.into_iter().map(Role::from).collect())
}

/// Writes a new role; false when its name is taken.
pub(super) async fn insert(tx: &mut Tx, role: &Role) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO roles (id, organization_id, name, name_key, description, is_builtin, definition, version, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, FALSE, $6, 1, $7, $7) ON CONFLICT DO NOTHING",
    )
    .bind(role.id)
    .bind(role.organization_id)
    .bind(role.name.clone())
    .bind(role.name_key())
    .bind(role.description.clone())
    .bind(Json(role.definition.clone()))
    .bind(role.created_at)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Changes the role that is at `version`; false when it is not. Whether its name is free was looked at before.
pub(super) async fn update(tx: &mut Tx, role: &Role, version: i64) -> Result<bool, Internal> {
    tx.query(
        "UPDATE roles SET name = $3, name_key = $4, description = $5, definition = $6, updated_at = $7, \
         version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(role.id)
    .bind(version)
    .bind(role.name.clone())
    .bind(role.name_key())
    .bind(role.description.clone())
    .bind(Json(role.definition.clone()))
    .bind(role.updated_at)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Deletes the role that is at `version`; false when it is not, or is built in.
pub(super) async fn delete(tx: &mut Tx, id: RoleId, version: i64) -> Result<bool, Internal> {
    tx.query("DELETE FROM roles WHERE id = $1 AND version = $2 AND NOT is_builtin")
        .bind(id)
        .bind(version)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Notes that the role, at this version, is as its declaration says; false when it is no longer at it.
pub(crate) async fn declare_role(tx: &mut Tx, id: RoleId, version: i64, owner: &str) -> Result<bool, Internal> {
    tx.query("UPDATE roles SET owner = $3, declared_version = version WHERE id = $1 AND version = $2")
        .bind(id)
        .bind(version)
        .bind(owner.to_owned())
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Somebody has this role in an organisation.
pub(crate) async fn is_held(conn: &mut Conn, id: RoleId) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM memberships WHERE role_id = $1 AND left_at IS NULL)")
        .bind(id)
        .scalar()
        .await
}

/// Which other roles inherit this one, or may assign it: in any organisation.
pub(crate) async fn named_by(conn: &mut Conn, id: RoleId) -> Result<Vec<RoleId>, Internal> {
    // An id is in no other text that a definition has.
    let rows: Vec<(RoleId,)> = conn
        .query("SELECT id FROM roles WHERE id <> $1 AND CAST(definition AS TEXT) LIKE $2 ORDER BY id")
        .bind(id)
        .bind(format!("%{id}%"))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Memberships that ended with a role that goes keep a role that stays.
pub(super) async fn forget_ended(tx: &mut Tx, id: RoleId, instead: RoleId) -> Result<(), Internal> {
    tx.query("UPDATE memberships SET role_id = $2 WHERE role_id = $1 AND left_at IS NOT NULL")
        .bind(id)
        .bind(instead)
        .execute()
        .await
        .map(drop)
}

/// Whether another role has the name of this one: among those of the instance and of its organisation, or, for a role of the
/// instance, among those of any.
pub(crate) async fn name_is_taken(conn: &mut Conn, role: &Role) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM roles WHERE name_key = $1 AND id <> $3 \
         AND (organization_id IS NULL OR organization_id = COALESCE($2, organization_id)))",
    )
    .bind(role.name_key())
    .bind(role.organization_id)
    .bind(role.id)
    .scalar()
    .await
}

#[derive(sqlx::FromRow)]
struct PermissionRow {
    name: String,
    description: String,
    is_system: bool,
    #[sqlx(flatten)]
    mark: Mark,
}

/// The catalogue, by name.
pub(super) async fn permissions(conn: &mut Conn) -> Result<Vec<PermissionEntry>, Internal> {
    let rows: Vec<PermissionRow> = conn
        .query("SELECT name, description, is_system, version, owner, declared_version FROM permissions ORDER BY name")
        .all()
        .await?;
    let entry = |row: PermissionRow| {
        let name = Permission::try_from(row.name).map_err(|cause| Internal::new("read a stored permission", cause))?;
        Ok(PermissionEntry { name, description: row.description, is_system: row.is_system, mark: row.mark })
    };
    rows.into_iter().map(entry).collect()
}

/// Puts a permission into the catalogue, or gives it other words; says its version.
pub(super) async fn save_permission(
    tx: &mut Tx,
    name: &Permission,
    description: String,
    now: Timestamp,
) -> Result<i64, Internal> {
    tx.query(
        "INSERT INTO permissions (name, description, is_system, version, created_at, updated_at) \
         VALUES ($1, $2, FALSE, 1, $3, $3) ON CONFLICT (name) DO UPDATE SET description = $2, updated_at = $3, \
         version = permissions.version + 1 RETURNING version",
    )
    .bind(name.as_str().to_owned())
    .bind(description)
    .bind(now)
    .scalar()
    .await
}

/// Notes that the permission, at this version, is as its declaration says; false when it is no longer at it.
pub(crate) async fn declare_permission(
    tx: &mut Tx,
    name: &Permission,
    version: i64,
    owner: &str,
) -> Result<bool, Internal> {
    tx.query("UPDATE permissions SET owner = $3, declared_version = version WHERE name = $1 AND version = $2")
        .bind(name.as_str().to_owned())
        .bind(version)
        .bind(owner.to_owned())
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// Takes a permission out of the catalogue; false when it is not there, is a system one, or not at this version.
pub(super) async fn delete_permission(tx: &mut Tx, name: &Permission, version: i64) -> Result<bool, Internal> {
    tx.query("DELETE FROM permissions WHERE name = $1 AND NOT is_system AND version = $2")
        .bind(name.as_str().to_owned())
        .bind(version)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// The roles that a person has on the instance itself (E9).
pub(super) async fn roles_of_user(conn: &mut Conn, user_id: UserId) -> Result<Vec<RoleId>, Internal> {
    let rows: Vec<(RoleId,)> =
        conn.query("SELECT role_id FROM user_roles WHERE user_id = $1 ORDER BY role_id").bind(user_id).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes all of them away.
pub(super) async fn clear_user_roles(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    tx.query("DELETE FROM user_roles WHERE user_id = $1").bind(user_id).execute().await.map(drop)
}

/// Gives a person a role on the instance.
pub(super) async fn add_user_role(tx: &mut Tx, user_id: UserId, role: RoleId, now: Timestamp) -> Result<(), Internal> {
    tx.query("INSERT INTO user_roles (user_id, role_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(user_id)
        .bind(role)
        .bind(now)
        .execute()
        .await
        .map(drop)
}
