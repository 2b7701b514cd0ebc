//! An operator deactivates an account, or activates it again.

use super::{credentials, store, ticket::TicketKind, ticket_store};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActivationError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Deactivates an account: its sessions and tokens end at once (A8). Done twice, it changes nothing.
///
/// # Errors
/// [`ActivationError`].
pub async fn disable_user(ctx: &Ctx, user_id: UserId) -> Result<(), ActivationError> {
    authz::require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    // Also of somebody who deactivated their account themselves: their way back closes.
    ticket_store::close(&mut tx, TicketKind::ComeBack.as_str(), user_id, ctx.now()).await?;
    if store::set_active(&mut tx, user_id, false, ctx.new_id(), ctx.now()).await? {
        credentials::end_access(&mut tx, ctx, user_id, None, "deactivated").await?;
        audit::record(&mut tx, ctx, Entry::about(AuditKind::UserDeactivated, user_id)).await?;
    } else if store::find(&mut tx, user_id).await?.is_none() {
        return Err(ActivationError::NotFound);
    }
    Ok(tx.commit().await?)
}

/// Activates an account again. Done twice, it changes nothing.
///
/// # Errors
/// [`ActivationError`].
pub async fn enable_user(ctx: &Ctx, user_id: UserId) -> Result<(), ActivationError> {
    authz::require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    if store::set_active(&mut tx, user_id, true, ctx.new_id(), ctx.now()).await? {
        tx.touch(user_id);
        audit::record(&mut tx, ctx, Entry::about(AuditKind::UserReactivated, user_id)).await?;
    } else if store::find(&mut tx, user_id).await?.is_none() {
        return Err(ActivationError::NotFound);
    }
    Ok(tx.commit().await?)
}
