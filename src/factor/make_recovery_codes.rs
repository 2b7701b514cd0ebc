//! A person makes new recovery codes (B3).

use super::{recovery, store};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    mail::{self, Message},
    secret::SecretString,
};

/// Why there are none.
#[derive(Debug, thiserror::Error)]
pub enum MakeRecoveryCodesError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// There is no second factor that they could stand in for.
    #[error("there is no second factor that recovery codes could stand in for")]
    NoFactor,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(MakeRecoveryCodesError);

/// Makes ten codes in place of all there were, and gives them in the clear this one time.
///
/// # Errors
/// [`MakeRecoveryCodesError`].
pub async fn make_recovery_codes(ctx: &Ctx) -> Result<Vec<SecretString>, MakeRecoveryCodesError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let user_id = actor.user_id;
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    if store::confirmed_of_user(&mut tx, user_id).await?.is_empty() {
        return Err(MakeRecoveryCodesError::NoFactor);
    }
    let codes = recovery::replace_all(&mut tx, ctx, user_id).await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::RecoveryCodesMade, user_id)).await?;
    let message = Message::RecoveryCodesMade { at: ctx.now(), device: account::device(ctx) };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(codes)
}
