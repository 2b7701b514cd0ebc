//! The end of an organisation, and its return (E1).

use std::time::Duration;

use super::{
    Builtin, access,
    access::{Right, refused},
    member_store,
    organization::{Organization, OrganizationRef},
    store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::OrganizationId,
};

/// How long a deleted organisation can be brought back.
pub const GRACE: Duration = Duration::from_hours(24 * 30);

/// Why nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteOrganizationError {
    /// There is none, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It goes with the account that it was made for, and not before.
    #[error("a personal organisation goes with its account")]
    Personal,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this organisation meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(DeleteOrganizationError);

/// Deletes an organisation: from now on it is there for nobody. In 30 days it is erased; until then its owner or an operator
/// brings it back. Says when it is erased.
///
/// # Errors
/// [`DeleteOrganizationError`].
pub async fn delete_organization(
    ctx: &Ctx,
    organization: &OrganizationRef,
    version: Option<i64>,
) -> Result<Timestamp, DeleteOrganizationError> {
    let (mut tx, seat) = access::begin(ctx, organization, Right::DeleteOrganization).await?;
    let id = seat.organization.id;
    if seat.organization.personal_of.is_some() {
        return Err(DeleteOrganizationError::Personal);
    }
    let erase_at = ctx.now() + GRACE;
    if !store::delete(&mut tx, id, version, erase_at, ctx.now()).await? {
        return Err(DeleteOrganizationError::Changed);
    }
    tx.touch(id);
    audit::record(&mut tx, ctx, Entry::new(AuditKind::OrganizationDeleted).within(id)).await?;
    tx.commit().await?;
    Ok(erase_at)
}

/// Why nothing was brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreOrganizationError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such organisation among those that were deleted and are not erased yet, or it is not the actor's.
    #[error("no such organisation was deleted in the last 30 days")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Brings a deleted organisation back, with its members, roles and all. For its owner, and operators.
///
/// # Errors
/// [`RestoreOrganizationError`].
pub async fn restore_organization(ctx: &Ctx, id: OrganizationId) -> Result<(), RestoreOrganizationError> {
    let is_operator = authz::require_operator(ctx).is_ok();
    let mut tx = ctx.core.db().write().await?;
    if !is_operator {
        let user_id = authz::require_user(ctx)?.user_id;
        let membership = member_store::find(&mut tx, id, user_id).await?;
        if membership.is_none_or(|membership| membership.role_id != Builtin::Owner.id()) {
            return Err(RestoreOrganizationError::NotFound);
        }
    }
    if !store::restore(&mut tx, id, ctx.now()).await? {
        return Err(RestoreOrganizationError::NotFound);
    }
    tx.touch(id);
    audit::record(&mut tx, ctx, Entry::new(AuditKind::OrganizationRestored).within(id)).await?;
    tx.commit().await?;
    Ok(())
}

/// The organisations of the person who asks that they can still bring back.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_deleted(ctx: &Ctx) -> Result<Vec<Organization>, Internal> {
    let Some(actor) = ctx.user() else { return Ok(Vec::new()) };
    let mut conn = ctx.core.db().read().await?;
    store::deleted_of_user(&mut conn, actor.user_id, Builtin::Owner.id(), ctx.now()).await
}

/// Erases organisations whose grace is over; says how many.
pub(crate) async fn erase_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    store::erase_due(tx, now, limit).await
}
