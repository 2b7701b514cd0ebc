//! Somebody declines an invitation.

use super::{
    accept::{find, is_same},
    change::record,
    model::{InvitationState, Which},
    store,
};
use crate::{
    account,
    audit::AuditKind,
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    limits::TooMany,
};

/// Why an invitation is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RejectInvitationError {
    /// There is none, or it is not for the confirmed address of this account.
    #[error("there is no such invitation")]
    NotFound,
    /// Nobody is signed in, and there is no link either.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It is not pending any more.
    #[error("this invitation is {0} already")]
    Closed(InvitationState),
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Declines an invitation. Who has its link reads the mailbox, and needs no account for this.
///
/// # Errors
/// [`RejectInvitationError`].
pub async fn reject_invitation(ctx: &Ctx, which: &Which) -> Result<(), RejectInvitationError> {
    match which {
        Which::Id(_) => drop(authz::require_user(ctx)?),
        Which::Link(_) => ctx.core.limits().auth(ctx)?,
    }
    let mut conn = ctx.core.db().read().await?;
    let found = find(&mut conn, ctx, which).await?.ok_or(RejectInvitationError::NotFound)?;
    let user = match ctx.user() {
        Some(actor) => account::find(&mut conn, actor.user_id).await?,
        None => None,
    };
    drop(conn);
    let owner = user.filter(|user| user.is_verified() && is_same(&user.email, &found.email));
    if owner.is_none() && matches!(which, Which::Id(_)) {
        return Err(RejectInvitationError::NotFound);
    }
    let mut tx = ctx.core.db().write().await?;
    let user_id = owner.map(|owner| owner.id);
    if !store::close(&mut tx, found.id, InvitationState::Rejected, user_id, ctx.now()).await? {
        let state = store::find(&mut tx, found.id, ctx.now()).await?.map(|found| found.state);
        return Err(state.map_or(RejectInvitationError::NotFound, RejectInvitationError::Closed));
    }
    record(&mut tx, ctx, AuditKind::InvitationRejected, &found).await?;
    tx.commit().await?;
    Ok(())
}
