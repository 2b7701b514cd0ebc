//! A person removes a passkey.

use super::{authenticator_of, store};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    id::PasskeyId,
    mail::{self, Message},
};

/// Why it was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemovePasskeyError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They signed in too long ago (B6).
    #[error("sign in again first")]
    SignInAgain,
    /// They have no such passkey.
    #[error("there is no such passkey")]
    NotFound,
    /// Without it nothing would open the account.
    #[error("it is the last way in")]
    LastWayIn,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(RemovePasskeyError);

/// Removes a passkey of the person who asks, unless it is their last way in. The security stamp changes (A8): this session
/// goes on, all others end. They are told by mail (B9).
///
/// # Errors
/// [`RemovePasskeyError`].
pub async fn remove_passkey(ctx: &Ctx, id: PasskeyId) -> Result<(), RemovePasskeyError> {
    let actor = authz::require_fresh_user(ctx)?;
    let (user_id, session_id) = (actor.user_id, actor.session_id);
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    if !store::exists(&mut conn, id, user_id).await? {
        return Err(RemovePasskeyError::NotFound);
    }
    drop(conn);

    let mut tx = ctx.core.db().write().await?;
    // Holds the owner's row, as the removal needs.
    if !account::renew_stamp(&mut tx, ctx, user_id, session_id, "passkey_removed").await? {
        return Err(Denied.into());
    }
    let Some(aaguid) = store::remove(&mut tx, id, user_id).await? else {
        // Nothing is committed. It may also be that somebody removed it just now; then it is gone as wished.
        let is_there = store::exists(&mut tx, id, user_id).await?;
        return Err(if is_there { RemovePasskeyError::LastWayIn } else { RemovePasskeyError::NotFound });
    };
    let details = serde_json::json!({ "passkey": id });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PasskeyRemoved, user_id).with_details(details)).await?;
    let maker = authenticator_of(aaguid).map(|known| known.name.to_owned());
    let message = Message::PasskeyRemoved { maker, at: ctx.now(), device: account::device(ctx) };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(())
}
