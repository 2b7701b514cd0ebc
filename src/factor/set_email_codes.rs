//! A person lets themselves be sent codes by e-mail, or no longer (B4).

use super::{SecondFactor, channel_store};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    mail::{self, Message},
};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetEmailCodes {
    /// From now on; otherwise, no longer.
    pub on: bool,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum SetEmailCodesError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// This instance sends no codes, or the person's address is not confirmed.
    #[error("codes by e-mail are not to be had")]
    Unavailable,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(SetEmailCodesError);

/// Turns codes by e-mail on or off. Either changes what opens the account, so the stamp changes (A8), it goes on record and
/// is told by mail (B9). What is as it should be already stays so without any of that.
///
/// # Errors
/// [`SetEmailCodesError`].
pub async fn set_email_codes(ctx: &Ctx, cmd: SetEmailCodes) -> Result<(), SetEmailCodesError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let (user_id, now) = (actor.user_id, ctx.now());
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    if cmd.on && !(ctx.config().second_factors.email && user.is_verified()) {
        return Err(SetEmailCodesError::Unavailable);
    }

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    let changed = if cmd.on {
        channel_store::add(&mut tx, user_id, SecondFactor::Email, now).await?
    } else {
        channel_store::remove(&mut tx, user_id, SecondFactor::Email).await?
    };
    if !changed {
        return Ok(());
    }
    let (kind, why) = if cmd.on {
        (AuditKind::EmailCodesOn, "email_codes_on")
    } else {
        (AuditKind::EmailCodesOff, "email_codes_off")
    };
    if !account::renew_stamp(&mut tx, ctx, user_id, actor.session_id, why).await? {
        return Err(Denied.into());
    }
    audit::record(&mut tx, ctx, Entry::about(kind, user_id)).await?;
    let message = Message::EmailCodesSet { at: now, device: account::device(ctx), on: cmd.on };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(())
}
