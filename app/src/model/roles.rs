//! What each role of an organisation may do (E3, E4).

use super::{OrganizationProblem, PermissionGroup, RoleTag, Room, RoomOrganization};

/// The roles: `GET /organizations/{organization}/roles`.
#[derive(Debug, Clone)]
pub struct RolesPage {
    /// The room around it.
    pub room: Room,
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// The person may make roles.
    pub may_make: bool,
    /// The columns: the built-in roles first.
    pub columns: Vec<RoleColumn>,
    /// The rows, by category.
    pub groups: Vec<MatrixGroup>,
}

/// A role in that table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleColumn {
    /// Which.
    pub role: RoleTag,
    /// What it is for.
    pub description: String,
    /// It belongs to this organisation; else to the instance.
    pub is_own: bool,
    /// How many members have it; none for those who may not see members.
    pub members: Option<u64>,
    /// The names of the roles that it inherits.
    pub inherits: Vec<String>,
    /// The person may change it.
    pub may_edit: bool,
}

/// The permissions of one category in that table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixGroup {
    /// The category.
    pub category: String,
    /// Its permissions.
    pub rows: Vec<MatrixRow>,
}

/// A permission in that table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub description: String,
    /// For each column, whether the role gives it.
    pub cells: Vec<Pass>,
}

/// Whether a role gives a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// By itself.
    Full,
    /// Through this role, which it inherits.
    Through(String),
    /// Not.
    No,
}

/// A role to be made or changed: `GET /organizations/{organization}/roles/new` and `…/roles/{role}`, posts to
/// `/do/save-role`.
#[derive(Debug, Clone)]
pub struct RolePage {
    /// The room around it.
    pub room: Room,
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// Which; none while it is made.
    pub role: Option<RoleTag>,
    /// The version that the form speaks of.
    pub version: i64,
    /// What stands in the fields.
    pub values: RoleValues,
    /// The catalogue by category.
    pub groups: Vec<PermissionGroup>,
    /// Roles that it can inherit or may assign: all but the owner's and itself.
    pub others: Vec<RoleTag>,
    /// What was wrong.
    pub problems: Vec<OrganizationProblem>,
}

/// What stands in the fields of a role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleValues {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Permissions and patterns.
    pub permissions: Vec<String>,
    /// Ids of roles whose permissions it has, too.
    pub inherits: Vec<String>,
    /// Ids of roles that its holders may give.
    pub assigns: Vec<String>,
}

/// "Delete …?": `GET /organizations/{organization}/roles/{role}/delete`, posts to `/do/delete-role`.
#[derive(Debug, Clone)]
pub struct DeleteRolePage {
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// Which.
    pub role: RoleTag,
    /// The version that the form speaks of.
    pub version: i64,
    /// Members have it, or other roles name it: it stays.
    pub is_used: bool,
}
