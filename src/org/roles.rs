//! The catalogue of permissions and the roles of an organisation, in memory (E3, E4).

use std::{collections::BTreeMap, sync::Arc};

use super::{
    permission::{Pattern, Permission},
    role::{RoleDefinition, Roles},
    role_store,
};
use crate::{
    core::Core,
    db::{Conn, Touched},
    declaration::Mark,
    error::Internal,
    id::OrganizationId,
};

/// A permission of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionEntry {
    /// Its name.
    pub name: Permission,
    /// What it allows, in words.
    pub description: String,
    /// Ours: it cannot be removed.
    pub is_system: bool,
    /// Its version, and the declaration it belongs to.
    pub mark: Mark,
}

/// All permissions there are (E4), by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions(BTreeMap<Permission, PermissionEntry>);

impl FromIterator<PermissionEntry> for Permissions {
    fn from_iter<I: IntoIterator<Item = PermissionEntry>>(entries: I) -> Self {
        Self(entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect())
    }
}

impl Permissions {
    /// One of them.
    pub fn get(&self, name: &Permission) -> Option<&PermissionEntry> {
        self.0.get(name)
    }

    /// The names of all.
    pub fn names(&self) -> impl Iterator<Item = &Permission> {
        self.0.keys()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &PermissionEntry> {
        self.0.values()
    }

    /// Puts one in, in place of what had its name.
    pub(crate) fn insert(&mut self, entry: PermissionEntry) {
        self.0.insert(entry.name.clone(), entry);
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, name: &Permission) {
        self.0.remove(name);
    }

    /// Whether a pattern means any of them.
    pub fn knows(&self, pattern: &Pattern) -> bool {
        self.0.keys().any(|name| pattern.covers(name))
    }

    /// The first of a role's patterns that means none of them.
    pub(super) fn first_unknown<'d>(&self, definition: &'d RoleDefinition) -> Option<&'d Pattern> {
        definition.permissions.iter().find(|pattern| !self.knows(pattern))
    }
}

/// What roles and permissions an organisation can use, as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rulebook {
    /// The catalogue.
    pub permissions: Permissions,
    /// Roles of the organisation and of the instance.
    pub roles: Roles,
}

/// What roles and permissions an organisation can use; those of the instance only, without one.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_rulebook(core: &Core, organization_id: Option<OrganizationId>) -> Result<Arc<Rulebook>, Internal> {
    let revisions = core.db().revisions();
    let revision =
        (revisions.of(Touched::Roles), organization_id.map(|id| revisions.of(Touched::from(id))).unwrap_or_default());
    let cache = &core.organizations().rulebooks;
    if let Some((seen, rulebook)) = cache.get(&organization_id)
        && seen == revision
    {
        return Ok(rulebook);
    }
    let mut conn = core.db().read().await?;
    let rulebook = Arc::new(read_rulebook(&mut conn, organization_id).await?);
    cache.insert(organization_id, (revision, Arc::clone(&rulebook)));
    Ok(rulebook)
}

/// The same from the database: inside of transactions that change it.
pub(super) async fn read_rulebook(
    conn: &mut Conn,
    organization_id: Option<OrganizationId>,
) -> Result<Rulebook, Internal> {
    let permissions = role_store::permissions(conn).await?.into_iter().collect();
    let roles = role_store::roles(conn, organization_id).await?.into_iter().collect();
    Ok(Rulebook { permissions, roles })
}
