//! A person asks for a new password (A5).

use super::{
    credentials, store,
    ticket::{self, Asked, Issued, TicketKind},
};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    mail::Message,
    text::EmailAddress,
};

/// Whose password, and where to go afterwards.
#[derive(Clone, Debug)]
pub struct ForgotPassword {
    /// The address of the account.
    pub email: EmailAddress,
    /// The interaction to go back to after the new password is chosen.
    pub return_to: Option<String>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ForgotPasswordError {
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends a link to choose a new password, if the address has an account. If not, the answer is the same and so is the
/// work: a ticket that opens nothing and a message to nobody are written. The mail is put into words later, by a job.
///
/// # Errors
/// [`ForgotPasswordError`].
pub async fn forgot_password(ctx: &Ctx, cmd: ForgotPassword) -> Result<(), ForgotPasswordError> {
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let account = store::by_email(&mut conn, cmd.email.key()).await?;
    drop(conn);
    let owner = account.map(|account| account.user).filter(|user| user.is_active);
    let ttl = ctx.config().verification.reset_ttl;
    let mut tx = ctx.core.db().write().await?;
    let asked = Asked { owner: owner.as_ref(), kind: TicketKind::ResetPassword, return_to: cmd.return_to, ttl };
    let words = |ticket: Issued| Message::ResetPassword { link: ticket.link, expires_at: ticket.expires_at };
    let is_mailed = ticket::mail_or_decoy(&mut tx, ctx, asked, words).await?;
    let mut entry = Entry::new(AuditKind::PasswordResetRequested);
    if let Some(user) = owner.filter(|_| is_mailed) {
        store::forget_later(&mut tx, user.id, credentials::forget_at(ctx)).await?;
        entry.user_id = Some(user.id);
    }
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}
