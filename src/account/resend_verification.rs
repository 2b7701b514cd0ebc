//! The verification mail is asked for again (A4).

use super::{
    credentials, store,
    ticket::{self, TicketKind},
};
use crate::{core::Ctx, error::Internal, limits::TooMany, mail, text::EmailAddress};

/// Whose mail, and where to go afterwards.
#[derive(Clone, Debug)]
pub struct ResendVerification {
    /// The address it was sent to.
    pub email: EmailAddress,
    /// The interaction to go back to after the address is confirmed.
    pub return_to: Option<String>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ResendVerificationError {
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends the mail again if there is an account that waits for it and the last one is older than
/// `verification.resend_after`. The answer is always the same, and so is the work: where there is nobody to write to, a
/// ticket that opens nothing and a message to nobody are written.
///
/// # Errors
/// [`ResendVerificationError`].
pub async fn resend_verification(ctx: &Ctx, cmd: ResendVerification) -> Result<(), ResendVerificationError> {
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let account = store::by_email(&mut conn, cmd.email.key()).await?;
    drop(conn);
    let waiting = account.map(|account| account.user).filter(|user| !user.is_verified() && user.is_active);
    let ttl = ctx.config().verification.ttl;
    let mut tx = ctx.core.db().write().await?;
    let held = waiting.as_ref().map_or_else(|| ctx.new_id(), |user| user.id);
    store::hold(&mut tx, held).await?;
    let may_mail = ticket::may_mail(&mut tx, ctx, TicketKind::VerifyEmail, held).await?;
    if let Some(user) = waiting.filter(|_| may_mail) {
        let ticket = ticket::issue(&mut tx, ctx, TicketKind::VerifyEmail, Some(user.id), cmd.return_to, ttl).await?;
        store::forget_later(&mut tx, user.id, credentials::forget_at(ctx)).await?;
        mail::enqueue(&mut tx, ctx, &user, ticket.into_verification()).await?;
    } else {
        ticket::issue_decoy(&mut tx, ctx, TicketKind::VerifyEmail, None, ttl).await?;
        mail::enqueue_nothing(&mut tx, ctx).await?;
    }
    tx.commit().await?;
    Ok(())
}
