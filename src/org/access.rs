//! Who may do what in an organisation: the first line of every command about one.
//!
//! Somebody who is no member is told that there is no such organisation, so that nobody can find out which there are. A
//! member without the right is told so. Operators of the instance pass everywhere; the ceilings of E3 hold for members
//! only.

use std::sync::Arc;

use super::{
    Builtin,
    organization::{Organization, OrganizationRef},
    permission::Pattern,
    role::{Role, RoleDefinition},
    roles::{self, Rulebook},
    standing::{self, Standing},
    store,
};
use crate::{
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    db::{Tx, dialect},
    error::Internal,
    id::{OrganizationId, RoleId, UserId},
};

/// Why somebody is stopped.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// They are no member, or there is no such organisation.
    #[error("there is no such organisation")]
    NotFound,
    /// Nobody is signed in, or a member may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives the error of a command about an organisation its answers to who is stopped.
macro_rules! refused {
    ($($error:ty),+ $(,)?) => {$(
        impl From<crate::org::Refused> for $error {
            fn from(cause: crate::org::Refused) -> Self {
                match cause {
                    crate::org::Refused::NotFound => Self::NotFound,
                    crate::org::Refused::Denied(denied) => Self::Denied(denied),
                    crate::org::Refused::Internal(error) => Self::Internal(error),
                }
            }
        }
    )+};
}

pub(crate) use refused;

/// Our own permissions (E4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// `org:read`
    ReadOrganization,
    /// `org:write`
    WriteOrganization,
    /// `org:delete`
    DeleteOrganization,
    /// `members:read`
    ReadMembers,
    /// `members:invite`
    InviteMembers,
    /// `members:remove`
    RemoveMembers,
    /// `members:roles`
    ManageRoles,
}

impl Right {
    /// Its name in the catalogue.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOrganization => "org:read",
            Self::WriteOrganization => "org:write",
            Self::DeleteOrganization => "org:delete",
            Self::ReadMembers => "members:read",
            Self::InviteMembers => "members:invite",
            Self::RemoveMembers => "members:remove",
            Self::ManageRoles => "members:roles",
        }
    }
}

/// Somebody who passed, and what they may do besides.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The organisation.
    pub organization: Arc<Organization>,
    /// Its roles and permissions.
    pub rulebook: Arc<Rulebook>,
    /// Where they stand in it; none for operators who are no members.
    pub standing: Option<Arc<Standing>>,
    /// They look after the instance: no ceiling holds for them.
    pub is_operator: bool,
    now: Timestamp,
}

impl Seat {
    /// Whether they may do this.
    pub fn may(&self, right: Right) -> bool {
        self.is_operator || self.standing.as_ref().is_some_and(|standing| standing.holds(right, self.now))
    }

    /// Whether they may do this.
    ///
    /// # Errors
    /// [`Denied`] when not.
    pub fn require(&self, right: Right) -> Result<(), Denied> {
        if self.may(right) { Ok(()) } else { Err(Denied) }
    }

    /// The person, if it is a member.
    pub fn user_id(&self) -> Option<UserId> {
        self.standing.as_ref().map(|standing| standing.membership.user_id)
    }

    /// They own it.
    pub fn is_owner(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.membership.role_id == Builtin::Owner.id())
    }

    /// The ceiling of E3: whether they may give this role to somebody, or take it. Nobody gives or takes ownership so:
    /// it is handed over. Nobody gives what is denied to themselves either: whom they gave it could give it back.
    pub fn may_assign(&self, role: RoleId) -> bool {
        let is_owner_role = role == Builtin::Owner.id();
        let roles = &self.rulebook.roles;
        let member = |standing: &Arc<Standing>| {
            roles.may_assign(standing.membership.role_id, role) && !self.is_denied_any(standing, role)
        };
        self.rulebook.roles.get(role).is_some()
            && !is_owner_role
            && (self.is_operator || self.standing.as_ref().is_some_and(member))
    }

    /// Whether this is denied to them, be it on one thing only.
    pub(super) fn is_denied(&self, right: Right) -> bool {
        let denies = |standing: &Arc<Standing>| {
            Pattern::try_from(right.as_str()).is_ok_and(|pattern| standing.effective.is_denied(&pattern, self.now))
        };
        self.standing.as_ref().is_some_and(denies)
    }

    fn is_denied_any(&self, standing: &Standing, role: RoleId) -> bool {
        let implied = self.rulebook.roles.implied(role);
        implied.iter().any(|implied| standing.effective.is_denied(&implied.pattern, self.now))
    }

    /// The roles that they may give.
    pub fn assignable(&self) -> impl Iterator<Item = &Role> {
        self.rulebook.roles.iter().filter(|role| self.may_assign(role.id))
    }

    /// Whether they hold what a role gives, so that making it raises nobody above them.
    pub fn covers(&self, definition: &RoleDefinition) -> bool {
        let member = |standing: &Arc<Standing>| {
            let may_pass_on = |pattern| standing.effective.may_pass_on(pattern, self.now);
            self.rulebook.roles.covers(standing.membership.role_id, definition)
                && definition.permissions.iter().all(may_pass_on)
                && !definition.inherits.iter().any(|role| self.is_denied_any(standing, *role))
        };
        self.is_operator || self.standing.as_ref().is_some_and(member)
    }

    /// Whether they may grant this to others.
    pub fn may_grant(&self, pattern: &Pattern) -> bool {
        let member = |standing: &Arc<Standing>| standing.effective.may_pass_on(pattern, self.now);
        self.is_operator || self.standing.as_ref().is_some_and(member)
    }
}

impl Seat {
    /// What somebody else may do, as the database says it now; nothing for those who are no members.
    pub(super) async fn of_member(
        tx: &mut Tx,
        ctx: &Ctx,
        user_id: UserId,
        organization: &Arc<Organization>,
        rulebook: &Arc<Rulebook>,
    ) -> Result<Option<Self>, Internal> {
        let standing = standing::read(tx, user_id, organization, rulebook).await?;
        let (organization, rulebook) = (Arc::clone(organization), Arc::clone(rulebook));
        Ok(standing.map(|standing| Self {
            organization,
            rulebook,
            standing: Some(Arc::new(standing)),
            is_operator: false,
            now: ctx.now(),
        }))
    }

    /// The same as the database says it now.
    async fn again(&self, tx: &mut Tx, ctx: &Ctx) -> Result<Self, Refused> {
        let found = store::find(tx, &self.organization.id.into()).await?;
        let organization = found.filter(|found| found.deleted_at.is_none()).map(Arc::new).ok_or(Refused::NotFound)?;
        let rulebook = Arc::new(roles::read_rulebook(tx, Some(organization.id)).await?);
        let standing = match ctx.user() {
            Some(actor) => standing::read(tx, actor.user_id, &organization, &rulebook).await?.map(Arc::new),
            None => None,
        };
        if standing.is_none() && !self.is_operator {
            return Err(Refused::NotFound);
        }
        Ok(Self { organization, rulebook, standing, is_operator: self.is_operator, now: self.now })
    }
}

/// Only members, and operators of the instance.
///
/// # Errors
/// [`Refused`]
pub async fn enter(ctx: &Ctx, which: &OrganizationRef) -> Result<Seat, Refused> {
    let is_operator = authz::require_operator(ctx).is_ok();
    if !is_operator {
        authz::require_user(ctx)?;
    }
    let found = standing::find_organization(&ctx.core, which).await?;
    let organization = found.ok_or(Refused::NotFound)?;
    let standing = match ctx.user() {
        Some(actor) => standing::find_standing(&ctx.core, actor.user_id, organization.id).await?,
        None => None,
    };
    let rulebook = match &standing {
        Some(standing) => Arc::clone(&standing.rulebook),
        None if is_operator => super::find_rulebook(&ctx.core, Some(organization.id)).await?,
        None => return Err(Refused::NotFound),
    };
    Ok(Seat { organization, rulebook, standing, is_operator, now: ctx.now() })
}

/// Only members who may do this, and operators of the instance.
///
/// # Errors
/// [`Refused`]
pub async fn require(ctx: &Ctx, which: &OrganizationRef, right: Right) -> Result<Seat, Refused> {
    let seat = enter(ctx, which).await?;
    seat.require(right)?;
    Ok(seat)
}

/// The same for a change: opens its transaction, waits for other changes of this organisation, and asks again there, so that
/// nobody changes anything by rights that they lost a moment ago.
///
/// # Errors
/// [`Refused`]
pub(crate) async fn begin(ctx: &Ctx, which: &OrganizationRef, right: Right) -> Result<(Tx, Seat), Refused> {
    begin_if(ctx, which, |seat| seat.require(right)).await
}

/// The same for whoever `passes`.
///
/// # Errors
/// [`Refused`]
pub(crate) async fn begin_if(
    ctx: &Ctx,
    which: &OrganizationRef,
    passes: impl Fn(&Seat) -> Result<(), Denied>,
) -> Result<(Tx, Seat), Refused> {
    let seat = enter(ctx, which).await?;
    passes(&seat)?;
    let mut tx = ctx.core.db().write().await?;
    hold(&mut tx, seat.organization.id).await?;
    let fresh = seat.again(&mut tx, ctx).await?;
    passes(&fresh)?;
    Ok((tx, fresh))
}

/// Whoever else changes this organisation waits until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, id: OrganizationId) -> Result<(), Internal> {
    dialect::hold(tx, &format!("organization {id}")).await
}
