//! Somebody accepts an invitation, and is a member.

use super::{
    change::record,
    model::{Invitation, InvitationState, Which},
    store,
};
use crate::{
    account,
    audit::AuditKind,
    authz::{self, Denied},
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    id::{OrganizationId, RoleId},
    limits::TooMany,
    org::{
        Builtin, Organization, Seat, access,
        join::{JoinError, Joining, join},
        member_store,
        organization::OrganizationRef,
        roles, store as organizations,
    },
    text::EmailAddress,
};
use std::sync::Arc;

/// They are a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Of this organisation.
    pub organization_id: OrganizationId,
    /// Which is called so in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Why they are not.
#[derive(Debug, thiserror::Error)]
pub enum AcceptInvitationError {
    /// There is none, or not for the confirmed address of this account, or its organisation is gone.
    #[error("there is no such invitation")]
    NotFound,
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The link was sent to another address than this account has.
    #[error("this invitation is for another address")]
    ForAnother,
    /// The account has this address, and nobody confirmed it yet.
    #[error("confirm your e-mail address first")]
    Unconfirmed,
    /// It is not pending any more.
    #[error("this invitation is {0} already")]
    Closed(InvitationState),
    /// Its role was deleted.
    #[error("the role of this invitation does not exist any more: ask for another invitation")]
    RoleGone,
    /// Whoever sent it may not give this role any more.
    #[error("who invited you may not do that any more: ask for another invitation")]
    InviterMayNot,
    /// The organisation has as many members as it may.
    #[error("this organisation has {most} members, which is the most it may have")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes the person who asks a member, as they were invited. Who is a member by now stays what they are.
///
/// # Errors
/// [`AcceptInvitationError`].
pub async fn accept_invitation(ctx: &Ctx, which: &Which) -> Result<Accepted, AcceptInvitationError> {
    let user_id = authz::require_user(ctx)?.user_id;
    if matches!(which, Which::Link(_)) {
        ctx.core.limits().auth(ctx)?;
    }
    let mut conn = ctx.core.db().read().await?;
    let seen = find(&mut conn, ctx, which).await?.ok_or(AcceptInvitationError::NotFound)?;
    drop(conn);

    let mut tx = ctx.core.db().write().await?;
    access::hold(&mut tx, seen.organization_id).await?;
    let user = account::find(&mut tx, user_id).await?.ok_or(Denied)?;
    is_for(which, &seen, &user)?;
    let found = store::find(&mut tx, seen.id, ctx.now()).await?.ok_or(AcceptInvitationError::NotFound)?;
    let which = OrganizationRef::Id(found.organization_id);
    let organization = organizations::find(&mut tx, &which).await?.filter(|found| found.deleted_at.is_none());
    let organization = Arc::new(organization.ok_or(AcceptInvitationError::NotFound)?);
    if !store::close(&mut tx, found.id, InvitationState::Accepted, Some(user_id), ctx.now()).await? {
        return Err(AcceptInvitationError::Closed(found.state));
    }
    if member_store::find(&mut tx, organization.id, user_id).await?.is_none() {
        let role_id = role_of(&mut tx, ctx, &organization, &found).await?;
        let joining = Joining { user_id, role_id, invited_by: found.invited_by };
        join(&mut tx, ctx, &organization, joining).await?;
    }
    record(&mut tx, ctx, AuditKind::InvitationAccepted, &found).await?;
    tx.commit().await?;
    Ok(Accepted { organization_id: organization.id, slug: organization.slug.clone(), name: organization.name.clone() })
}

impl From<JoinError> for AcceptInvitationError {
    fn from(cause: JoinError) -> Self {
        match cause {
            // The organisation is held: nobody joined since they were looked for.
            JoinError::Already => Self::Closed(InvitationState::Accepted),
            JoinError::Full { most } => Self::Full { most },
            JoinError::Unverified => Self::Unconfirmed,
            JoinError::Internal(error) => Self::Internal(error),
        }
    }
}

/// The invitation that is meant.
pub(super) async fn find(conn: &mut Conn, ctx: &Ctx, which: &Which) -> Result<Option<Invitation>, Internal> {
    match which {
        Which::Id(id) => store::find(conn, *id, ctx.now()).await,
        Which::Link(token) => store::by_link(conn, token.digest(), ctx.now()).await,
    }
}

/// Whether an invitation is for this account. Who names one by its id is not told of those to others.
fn is_for(which: &Which, invitation: &Invitation, user: &account::User) -> Result<(), AcceptInvitationError> {
    match (which, is_same(&invitation.email, &user.email), user.is_verified()) {
        (_, true, true) => Ok(()),
        (Which::Id(_), _, _) => Err(AcceptInvitationError::NotFound),
        (Which::Link(_), true, false) => Err(AcceptInvitationError::Unconfirmed),
        (Which::Link(_), false, _) => Err(AcceptInvitationError::ForAnother),
    }
}

pub(super) fn is_same(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.key() == other.key()
}

/// What they are to be, if it is still there and whoever invited them may still give it.
async fn role_of(
    tx: &mut Tx,
    ctx: &Ctx,
    organization: &Arc<Organization>,
    invitation: &Invitation,
) -> Result<RoleId, AcceptInvitationError> {
    let rulebook = Arc::new(roles::read_rulebook(tx, Some(organization.id)).await?);
    let role_id = invitation.role_id.filter(|id| rulebook.roles.get(*id).is_some());
    let role_id = role_id.filter(|id| *id != Builtin::Owner.id()).ok_or(AcceptInvitationError::RoleGone)?;
    if invitation.by_operator {
        return Ok(role_id);
    }
    let inviter = match invitation.invited_by {
        Some(inviter) => Seat::of_member(tx, ctx, inviter, organization, &rulebook).await?,
        None => None,
    };
    if inviter.is_some_and(|seat| seat.may_invite_as(role_id)) {
        Ok(role_id)
    } else {
        Err(AcceptInvitationError::InviterMayNot)
    }
}
