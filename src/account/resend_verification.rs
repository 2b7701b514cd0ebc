//! The verification mail is asked for again (A4).

use super::{
    credentials, store,
    ticket::{self, Asked, Issued, TicketKind},
};
use crate::{core::Ctx, error::Internal, limits::TooMany, text::EmailAddress};

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
    let asked = Asked { owner: waiting.as_ref(), kind: TicketKind::VerifyEmail, return_to: cmd.return_to, ttl };
    let is_mailed = ticket::mail_or_decoy(&mut tx, ctx, asked, Issued::into_verification).await?;
    if let Some(user) = waiting.filter(|_| is_mailed) {
        store::forget_later(&mut tx, user.id, credentials::forget_at(ctx)).await?;
    }
    tx.commit().await?;
    Ok(())
}
