//! The owner says that what a mail told of was not them (B9).

use super::{
    credentials,
    ticket::{self, TicketKind},
    ticket_store,
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

const KIND: TicketKind = TicketKind::ShutOut;

/// The token of the link.
#[derive(Clone, Debug)]
pub struct ShutOut {
    /// `TokenKind::ShutOut`.
    pub token: PlainToken,
}

/// Everybody is out.
#[derive(Clone, Debug)]
pub struct EverybodyOut {
    /// Leads the owner to a new password (`TokenKind::PasswordReset`).
    pub reset: PlainToken,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ShutOutError {
    /// The link was used, is too old, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Ends every session and token, makes the password worthless, and removes passkeys, authenticator apps, recovery codes and
/// a telephone number that came with what the mail told of, or since. Whoever reads the mail need not be able to sign in any more.
///
/// # Errors
/// [`ShutOutError`].
pub async fn shut_out(ctx: &Ctx, cmd: ShutOut) -> Result<EverybodyOut, ShutOutError> {
    ctx.core.limits().auth(ctx)?;
    let (found, user) = ticket::find_with_owner(ctx, KIND, &cmd.token).await?.ok_or(ShutOutError::Unknown)?;
    let mut tx = ctx.core.db().write().await?;
    ticket_store::consume(&mut tx, found.id, ctx.now()).await?.ok_or(ShutOutError::Unknown)?;
    let done = credentials::shut_out(&mut tx, ctx, user.id, found.created_at, "not_me").await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::EverybodyOut, user.id).with_details(done.removed)).await?;
    tx.commit().await?;
    Ok(EverybodyOut { reset: done.reset })
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenShutOut {
    /// Whose account it is.
    pub email: EmailAddress,
    /// When it happened, what the mail told of.
    pub since: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_shut_out(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenShutOut>, Internal> {
    let found = ticket::find_with_owner(ctx, KIND, token).await?;
    Ok(found.map(|(found, user)| OpenShutOut { email: user.email, since: found.created_at }))
}
