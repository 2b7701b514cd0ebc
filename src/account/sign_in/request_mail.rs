//! A person asks for a mail to sign in with (B5).

use crate::{
    account::{
        credentials, store,
        ticket::{self, Asked, Issued, TicketKind},
    },
    audit::{self, AuditKind, Entry},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    mail::Message,
    text::EmailAddress,
};

/// Who, and where to go afterwards.
#[derive(Clone, Debug)]
pub struct RequestSignInMail {
    /// The address of the account.
    pub email: EmailAddress,
    /// The interaction to go back to.
    pub return_to: Option<String>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum RequestSignInMailError {
    /// `sign_in.by_email` is off.
    #[error("nobody signs in by e-mail here")]
    Off,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends a link and a code to sign in with, if the address has an account. If not, the answer is the same and so is the
/// work, as with [`crate::account::forgot_password`].
///
/// Whoever has not confirmed their address yet is sent what confirms it instead: somebody else may have registered it with
/// a password of theirs, and would be let in together with its owner.
///
/// # Errors
/// [`RequestSignInMailError`].
pub async fn request_sign_in_mail(ctx: &Ctx, cmd: RequestSignInMail) -> Result<(), RequestSignInMailError> {
    if !ctx.config().sign_in.by_email {
        return Err(RequestSignInMailError::Off);
    }
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let account = store::by_email(&mut conn, cmd.email.key()).await?;
    drop(conn);
    let owner = account.map(|account| account.user).filter(|user| user.is_active);
    let verifies = owner.as_ref().is_some_and(|user| !user.is_verified());
    let (kind, ttl) = if verifies {
        (TicketKind::VerifyEmail, ctx.config().verification.ttl)
    } else {
        (TicketKind::SignIn, ctx.config().sign_in.email_ttl)
    };
    let mut tx = ctx.core.db().write().await?;
    let asked = Asked { owner: owner.as_ref(), kind, return_to: cmd.return_to, ttl };
    let words = |ticket: Issued| {
        if verifies {
            return ticket.into_verification();
        }
        let (link, code, expires_at) = (ticket.link, ticket.code, ticket.expires_at);
        Message::SignInLink { link, code, expires_at, device: credentials::device(ctx) }
    };
    let is_mailed = ticket::mail_or_decoy(&mut tx, ctx, asked, words).await?;
    let mut entry = Entry::new(AuditKind::SignInMailRequested);
    if let Some(user) = owner.filter(|_| is_mailed) {
        if verifies {
            store::forget_later(&mut tx, user.id, credentials::forget_at(ctx)).await?;
        }
        entry.user_id = Some(user.id);
    }
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}
