//! Roles are made, changed and deleted (E3, E9).

use super::{
    Builtin,
    access::{self, Right, Seat, refused},
    organization::OrganizationRef,
    permission::Pattern,
    role::{HierarchyProblem, MOST_PATTERNS, MOST_RELATED, Role, RoleDefinition, RoleName},
    roles::Rulebook,
    steps,
};
use crate::{
    authz::{self, Denied},
    core::Ctx,
    db::Tx,
    declaration::Mark,
    error::Internal,
    id::{OrganizationId, RoleId},
};

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 300;
/// Most roles of one organisation, and of the instance.
pub(crate) const MOST_ROLES: usize = 100;

/// What a role is to be.
#[derive(Clone, Debug)]
pub struct RoleSettings {
    /// Its name.
    pub name: RoleName,
    /// What it is for, in words; may be empty.
    pub description: String,
    /// What it implies, inherits and may assign.
    pub definition: RoleDefinition,
}

impl Role {
    /// Whether it can be so among the others of `rulebook`.
    pub(crate) fn check(&self, rulebook: &Rulebook) -> Result<(), RoleError> {
        self.check_size()?;
        let definition = &self.definition;
        if let Some(unknown) = rulebook.permissions.first_unknown(definition) {
            return Err(RoleError::UnknownPermission(unknown.clone()));
        }
        // Ownership is handed over; no role can inherit or give it.
        if definition.names(Builtin::Owner.id()) {
            return Err(RoleError::Ceiling);
        }
        Ok(rulebook.roles.check(self.id, definition)?)
    }

    /// Whether it is short enough, whatever it says.
    pub(crate) fn check_size(&self) -> Result<(), RoleError> {
        let definition = &self.definition;
        let is_long = self.description.chars().count() > MAX_DESCRIPTION;
        let related = definition.inherits.len().max(definition.assigns.len());
        if is_long
            || self.description.chars().any(char::is_control)
            || definition.permissions.len() > MOST_PATTERNS
            || related > MOST_RELATED
        {
            return Err(RoleError::TooMuch);
        }
        Ok(())
    }
}

/// A role is as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleSaved {
    /// Its id.
    pub id: RoleId,
    /// Its version now.
    pub version: i64,
}

/// Why a role was not made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such role here.
    #[error("there is no such role")]
    NoSuchRole,
    /// The built-in roles keep their names, and stay.
    #[error("a built-in role keeps its name, and stays")]
    Builtin,
    /// The name belongs to another role.
    #[error("there is a role with this name")]
    NameTaken,
    /// It names a permission that the catalogue does not know.
    #[error("there is no permission {0}")]
    UnknownPermission(Pattern),
    /// It names roles that cannot be named.
    #[error(transparent)]
    Hierarchy(#[from] HierarchyProblem),
    /// Too long, or too much of something.
    #[error(
        "a role has at most {MOST_PATTERNS} permissions, names at most {MOST_RELATED} roles, and is described on one line of at most {MAX_DESCRIPTION} characters"
    )]
    TooMuch,
    /// There are as many as can be.
    #[error("there can be {MOST_ROLES} roles")]
    TooMany,
    /// It gives more than the actor's own role does (E3).
    #[error("a role you make or change can give only what your own role gives you")]
    Ceiling,
    /// Members have it, or other roles name it.
    #[error("members have this role, or other roles name it")]
    InUse,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this role meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(RoleError);

/// A change of roles under way: of one organisation, or of the instance.
struct Work {
    tx: Tx,
    /// Who asks, in an organisation; operators, for the instance.
    seat: Option<Seat>,
    rulebook: Rulebook,
    organization_id: Option<OrganizationId>,
}

/// Opens the transaction for whoever may manage these roles.
async fn begin(ctx: &Ctx, organization: Option<&OrganizationRef>) -> Result<Work, RoleError> {
    if let Some(organization) = organization {
        let (tx, seat) = access::begin(ctx, organization, Right::ManageRoles).await?;
        let (rulebook, organization_id) = ((*seat.rulebook).clone(), Some(seat.organization.id));
        return Ok(Work { tx, seat: Some(seat), rulebook, organization_id });
    }
    authz::require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    steps::hold(&mut tx).await?;
    let rulebook = steps::rulebook(&mut tx).await?;
    Ok(Work { tx, seat: None, rulebook, organization_id: None })
}

impl Work {
    /// A role that belongs here.
    fn find(&self, id: RoleId, version: Option<i64>) -> Result<&Role, RoleError> {
        let found = self.rulebook.roles.get(id).filter(|role| role.organization_id == self.organization_id);
        let role = found.ok_or(RoleError::NoSuchRole)?;
        if role.mark.is_at(version) { Ok(role) } else { Err(RoleError::Changed) }
    }

    /// Whether a role can be so, and may be made so by whoever asks.
    async fn check(&mut self, role: &Role) -> Result<(), RoleError> {
        role.check(&self.rulebook)?;
        if self.seat.as_ref().is_some_and(|seat| !seat.covers(&role.definition)) {
            return Err(RoleError::Ceiling);
        }
        if steps::name_is_taken(&mut self.tx, role).await? {
            return Err(RoleError::NameTaken);
        }
        Ok(())
    }
}

/// Makes a role: in an organisation, or without one for the instance, where all organisations can use it.
///
/// # Errors
/// [`RoleError`].
pub async fn create_role(
    ctx: &Ctx,
    organization: Option<&OrganizationRef>,
    settings: RoleSettings,
) -> Result<RoleSaved, RoleError> {
    let mut work = begin(ctx, organization).await?;
    let count = work.rulebook.roles.iter().filter(|role| role.organization_id == work.organization_id).count();
    if count >= MOST_ROLES {
        return Err(RoleError::TooMany);
    }
    let role = Role {
        id: ctx.new_id(),
        organization_id: work.organization_id,
        name: settings.name.as_str().to_owned(),
        description: settings.description.trim().to_owned(),
        is_builtin: false,
        definition: settings.definition,
        mark: Mark::NEW,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    work.check(&role).await?;
    if !steps::insert_role(&mut work.tx, ctx, &role).await? {
        return Err(RoleError::NameTaken);
    }
    work.tx.commit().await?;
    Ok(RoleSaved { id: role.id, version: role.mark.version })
}

/// Replaces what a role is; one that is so already is left alone. Everybody who has it is concerned at once. Of built-in
/// roles, operators change the permissions only.
///
/// # Errors
/// [`RoleError`].
pub async fn update_role(
    ctx: &Ctx,
    organization: Option<&OrganizationRef>,
    id: RoleId,
    settings: RoleSettings,
    version: Option<i64>,
) -> Result<RoleSaved, RoleError> {
    let mut work = begin(ctx, organization).await?;
    let before = work.find(id, version)?.clone();
    let is_renamed = before.name != settings.name.as_str();
    let keeps_roles = before.definition.assigns == settings.definition.assigns
        && before.definition.inherits == settings.definition.inherits;
    if before.is_builtin && (is_renamed || !keeps_roles) {
        return Err(RoleError::Builtin);
    }
    // Who may change a role must hold what it gives now, too: nobody takes from a role what is above their own.
    if work.seat.as_ref().is_some_and(|seat| !seat.covers(&before.definition)) {
        return Err(RoleError::Ceiling);
    }
    let role = Role {
        name: settings.name.as_str().to_owned(),
        description: settings.description.trim().to_owned(),
        definition: settings.definition,
        updated_at: ctx.now(),
        ..before.clone()
    };
    work.check(&role).await?;
    let version = steps::change_role(&mut work.tx, ctx, &before, &role).await?.ok_or(RoleError::Changed)?;
    work.tx.commit().await?;
    Ok(RoleSaved { id, version })
}

/// Deletes a role that nobody has.
///
/// # Errors
/// [`RoleError`].
pub async fn delete_role(
    ctx: &Ctx,
    organization: Option<&OrganizationRef>,
    id: RoleId,
    version: Option<i64>,
) -> Result<(), RoleError> {
    let mut work = begin(ctx, organization).await?;
    let role = work.find(id, version)?.clone();
    if role.is_builtin {
        return Err(RoleError::Builtin);
    }
    if work.seat.as_ref().is_some_and(|seat| !seat.covers(&role.definition)) {
        return Err(RoleError::Ceiling);
    }
    if !steps::named_by(&mut work.tx, id).await?.is_empty() || steps::is_held(&mut work.tx, id).await? {
        return Err(RoleError::InUse);
    }
    if !steps::remove_role(&mut work.tx, ctx, &role).await? {
        return Err(RoleError::Changed);
    }
    work.tx.commit().await?;
    Ok(())
}
