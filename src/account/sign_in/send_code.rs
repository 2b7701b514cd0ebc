//! A person asks for a code (B4).

use super::{pending, store};
use crate::{
    core::Ctx,
    error::Internal,
    factor::{self, Channel},
    limits::TooMany,
    secret::PlainToken,
    session::SessionKind,
};

/// For which sign-in, and over which channel.
#[derive(Clone, Debug)]
pub struct SendCode {
    /// The handle (`TokenKind::PendingSignIn`).
    pub pending: PlainToken,
    /// Where it was begun.
    pub kind: SessionKind,
    /// The channel.
    pub channel: Channel,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendCodeError {
    /// The sign-in was completed, is too old, was never ours, or the account changed: begin again.
    #[error("this sign-in was completed or took too long; begin again")]
    Gone,
    /// No codes are sent that way to this person.
    #[error("no codes are sent that way")]
    NotOffered,
    /// Sign-in is paused (A7), or too many codes were sent to this person, or there were too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends a code for a sign-in that waits. Codes sent for it before work no more.
///
/// # Errors
/// [`SendCodeError`].
pub async fn send_code(ctx: &Ctx, cmd: SendCode) -> Result<(), SendCodeError> {
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = pending::find(&mut conn, ctx, &cmd.pending).await?;
    let found = found.filter(|found| found.row.kind() == cmd.kind).ok_or(SendCodeError::Gone)?;
    let has = factor::of_user(&mut conn, ctx.config(), found.user.id).await?;
    drop(conn);
    if !found.methods(&has).contains(&cmd.channel.factor()) {
        return Err(SendCodeError::NotOffered);
    }
    pending::refuse_while_paused(ctx, &found.user)?;
    let mut tx = ctx.core.db().write().await?;
    if !store::is_open(&mut tx, cmd.pending.digest(), ctx.now()).await? {
        return Err(SendCodeError::Gone);
    }
    let to = factor::For { user: &found.user, pending: cmd.pending.digest(), expires_at: found.row.expires_at };
    factor::send(&mut tx, ctx, to, cmd.channel).await??;
    tx.commit().await?;
    Ok(())
}
