//! A person removes an authenticator app (B2).

use super::store;
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    id::AuthenticatorId,
    limits::TooMany,
    mail::{self, Message},
};

/// Which.
#[derive(Clone, Copy, Debug)]
pub struct RemoveAuthenticator {
    /// The authenticator.
    pub id: AuthenticatorId,
}

/// Why it is still there.
#[derive(Debug, thiserror::Error)]
pub enum RemoveAuthenticatorError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// There is no such authenticator, or it is somebody else's: which, is not told.
    #[error("there is no such authenticator app")]
    NotFound,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(RemoveAuthenticatorError);

/// Removes one of one's own authenticators. The recovery codes go with the last one.
///
/// # Errors
/// [`RemoveAuthenticatorError`].
pub async fn remove_authenticator(ctx: &Ctx, cmd: RemoveAuthenticator) -> Result<(), RemoveAuthenticatorError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let user_id = actor.user_id;
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    if !store::remove(&mut tx, cmd.id, user_id).await? {
        return Err(RemoveAuthenticatorError::NotFound);
    }
    let was_last = store::confirmed_of_user(&mut tx, user_id).await?.is_empty();
    if was_last {
        store::delete_recovery_codes(&mut tx, user_id).await?;
    }
    if !account::renew_stamp(&mut tx, ctx, user_id, actor.session_id, "authenticator_removed").await? {
        return Err(Denied.into());
    }
    let details = serde_json::json!({ "authenticator": cmd.id, "last": was_last });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::AuthenticatorRemoved, user_id).with_details(details)).await?;
    let message = Message::AuthenticatorRemoved { at: ctx.now(), device: account::device(ctx), was_last };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(())
}
