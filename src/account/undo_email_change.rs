//! The owner of the old address says that it was not them (A9, B9).

use super::{
    User, credentials, email_store,
    ticket::{self, TicketKind},
    ticket_store::{self, Found},
};
use crate::{
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    limits::TooMany,
    secret::PlainToken,
    text::EmailAddress,
};

/// The token of the link in the mail to the old address (`TokenKind::EmailUndo`).
#[derive(Clone, Debug)]
pub struct UndoEmailChange {
    /// The token.
    pub token: PlainToken,
}

/// The account is its owner's alone again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChangeUndone {
    /// Its address.
    pub email: EmailAddress,
    /// Opens the page where they choose a new password (`TokenKind::PasswordReset`).
    pub reset: PlainToken,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum UndoEmailChangeError {
    /// The link was used, is too old, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// Another account got the old address meanwhile.
    #[error("the address belongs to another account by now")]
    Taken,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Brings the old address back, or stops the change that waits, and locks out whoever asked for it: every session and token
/// ends, the password opens nothing any more, and neither do links that were sent before, and passkeys and authenticator apps
/// that were added since. Who did this must have known the password or had a passkey, so the owner chooses a new password
/// next, and older passkeys stay for them to look through.
///
/// # Errors
/// [`UndoEmailChangeError`].
pub async fn undo_email_change(ctx: &Ctx, cmd: UndoEmailChange) -> Result<EmailChangeUndone, UndoEmailChangeError> {
    ctx.core.limits().auth(ctx)?;
    let (found, user, email) = find(ctx, &cmd.token).await?.ok_or(UndoEmailChangeError::Unknown)?;
    let now = ctx.now();

    let mut tx = ctx.core.db().write().await?;
    ticket_store::consume(&mut tx, found.id, now).await?.ok_or(UndoEmailChangeError::Unknown)?;
    email_store::delete_unproved(&mut tx, &email).await?;
    if !email_store::change(&mut tx, user.id, &email, now).await? {
        return Err(UndoEmailChangeError::Taken);
    }
    let done = credentials::shut_out(&mut tx, ctx, user.id, found.created_at, "email_change_undone").await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::EmailChangeUndone, user.id).with_details(done.removed)).await?;
    tx.commit().await?;
    Ok(EmailChangeUndone { email, reset: done.reset })
}

/// The account that a link belongs to, and the address it brings back.
async fn find(ctx: &Ctx, token: &PlainToken) -> Result<Option<(Found, User, EmailAddress)>, Internal> {
    let Some((found, user)) = ticket::find_with_owner(ctx, TicketKind::UndoEmail, token).await? else {
        return Ok(None);
    };
    let email = found.address()?;
    Ok(email.map(|email| (found, user, email)))
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenUndo {
    /// The address it brings back.
    pub email: EmailAddress,
    /// The change has not been made yet: it is stopped.
    pub is_pending: bool,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_email_undo(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenUndo>, Internal> {
    let found = find(ctx, token).await?;
    Ok(found.map(|(found, user, email)| OpenUndo {
        is_pending: user.email == email,
        email,
        expires_at: found.expires_at,
    }))
}
