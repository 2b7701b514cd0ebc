//! A person lets themselves be sent codes, by e-mail or as text messages, or no longer (B4).

use super::{Channel, channel_store};
use crate::{
    account,
    audit::{self, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    mail::{self, Message},
};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCodes {
    /// How they are sent.
    pub channel: Channel,
    /// From now on; otherwise, no longer.
    pub on: bool,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum SetCodesError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// This instance sends no codes that way, or the person's address or number is not
    /// confirmed.
    #[error("codes are not to be had that way")]
    Unavailable,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(SetCodesError);

/// Turns codes of a channel on or off. Either changes what opens the account, so the stamp changes (A8), it goes on record and
/// is told by mail (B9). What is as it should be already stays so without any of that.
///
/// # Errors
/// [`SetCodesError`].
pub async fn set_codes(ctx: &Ctx, cmd: SetCodes) -> Result<(), SetCodesError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let (user_id, now) = (actor.user_id, ctx.now());
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    if cmd.on && !cmd.channel.may_be_chosen(ctx, &user) {
        return Err(SetCodesError::Unavailable);
    }

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    let changed = if cmd.on {
        channel_store::add(&mut tx, user_id, cmd.channel, now).await?
    } else {
        channel_store::remove(&mut tx, user_id, cmd.channel).await?
    };
    if !changed {
        return Ok(());
    }
    // Under the lock: a number may have gone since it was looked at.
    let user = account::find(&mut tx, user_id).await?.ok_or(Denied)?;
    if cmd.on && !cmd.channel.may_be_chosen(ctx, &user) {
        return Err(SetCodesError::Unavailable);
    }
    let kind = cmd.channel.on_record(cmd.on);
    if !account::renew_stamp(&mut tx, ctx, user_id, actor.session_id, kind.as_str()).await? {
        return Err(Denied.into());
    }
    audit::record(&mut tx, ctx, Entry::about(kind, user_id)).await?;
    let message = Message::CodesSet { channel: cmd.channel, at: now, device: account::device(ctx), on: cmd.on };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(())
}
