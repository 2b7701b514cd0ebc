//! A person takes their number away (A9).

use super::{change::change, store};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    factor::{self, Channel},
    limits::TooMany,
};

/// Why it is still there.
#[derive(Debug, thiserror::Error)]
pub enum RemovePhoneError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// There is none.
    #[error("there is no number")]
    NotFound,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(RemovePhoneError);

/// Removes the number of the person who asks, confirmed or not, and codes by SMS with it. This works on instances, too, that
/// send no messages any more.
///
/// # Errors
/// [`RemovePhoneError`].
pub async fn remove_phone(ctx: &Ctx) -> Result<(), RemovePhoneError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let user_id = actor.user_id;
    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    let user = account::find(&mut tx, user_id).await?.ok_or(Denied)?;
    if user.claim("phone_number").is_empty() {
        return Err(RemovePhoneError::NotFound);
    }
    store::forget(&mut tx, user_id).await?;
    if factor::leave_channel(&mut tx, user_id, Channel::Sms).await? {
        audit::record(&mut tx, ctx, Entry::about(AuditKind::SmsCodesOff, user_id)).await?;
    }
    if !change(&mut tx, ctx, actor, &user, None).await? {
        return Err(Denied.into());
    }
    tx.commit().await?;
    Ok(())
}
