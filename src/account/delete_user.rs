//! An operator deletes an account, or brings it back (A10).

use super::{
    User, leave,
    leave::{GRACE, NoOtherAdmin},
    leave_store, store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::UserId,
    mail::{self, Message},
};

/// Why nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// Nobody else looks after the instance.
    #[error("the last administrator cannot be deleted")]
    LastAdmin,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<NoOtherAdmin> for DeleteUserError {
    fn from(cause: NoOtherAdmin) -> Self {
        match cause {
            NoOtherAdmin::LastAdmin => Self::LastAdmin,
            NoOtherAdmin::Internal(error) => Self::Internal(error),
        }
    }
}

/// Deletes an account: from now on there is none for anybody, and every session and token ends. In 30 days it is erased; until
/// then [`restore_user`] brings it back, and its address and username are not given to others. Its owner is told by mail.
/// Says when it is erased.
///
/// # Errors
/// [`DeleteUserError`].
pub async fn delete_user(ctx: &Ctx, user_id: UserId) -> Result<Timestamp, DeleteUserError> {
    authz::require_operator(ctx)?;
    let (now, erase_at) = (ctx.now(), ctx.now() + GRACE);
    let mut tx = ctx.core.db().write().await?;
    let user = store::find(&mut tx, user_id).await?.ok_or(DeleteUserError::NotFound)?;
    leave::leave_an_admin(&mut tx, &user).await?;
    if !leave_store::delete(&mut tx, user_id, erase_at, ctx.new_id(), now).await? {
        return Err(DeleteUserError::NotFound);
    }
    leave::close_all(&mut tx, ctx, user_id, "deleted").await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserDeleted, user_id)).await?;
    mail::enqueue(&mut tx, ctx, &user, Message::AccountDeleted { at: now, erase_at }).await?;
    tx.commit().await?;
    Ok(erase_at)
}

/// Why nothing was brought back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreUserError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account among those that were deleted and are not erased yet.
    #[error("no such account was deleted in the last 30 days")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Brings back an account that was deleted, by its address, username or id as typed. What ended stays ended; its owner signs
/// in as before, unless it was deactivated before.
///
/// # Errors
/// [`RestoreUserError`].
pub async fn restore_user(ctx: &Ctx, identifier: &str) -> Result<User, RestoreUserError> {
    authz::require_operator(ctx)?;
    let key = identifier.trim().to_lowercase();
    let id = key.parse().unwrap_or_else(|_| ctx.new_id());
    let mut tx = ctx.core.db().write().await?;
    let restored = leave_store::restore(&mut tx, key.replace('\0', ""), id, ctx.now()).await?;
    let user_id = restored.ok_or(RestoreUserError::NotFound)?;
    tx.touch(user_id);
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserRestored, user_id)).await?;
    let user = store::find(&mut tx, user_id).await?.ok_or(RestoreUserError::NotFound)?;
    tx.commit().await?;
    Ok(user)
}
