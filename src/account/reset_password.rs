//! A person chooses a new password through the link of a mail (A5).

use super::{
    User, credentials,
    error::busy_or_internal,
    store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    factor,
    id::{TicketId, UserId},
    limits::TooMany,
    mail::{self, Message},
    password::BrokenRules,
    secret::{PlainToken, SecretString},
    text::EmailAddress,
};

/// The link's token and the new password.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// The token of the link (`TokenKind::PasswordReset`).
    pub token: PlainToken,
    /// The new password.
    pub password: SecretString,
}

/// The password is the new one, and the address is confirmed by the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    /// Whose.
    pub user_id: UserId,
    /// The interaction to go back to.
    pub return_to: Option<String>,
}

/// Why it is not. A password that breaks rules does not use up the link.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// The link was used, is too old, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(ResetPasswordError);

/// Sets the new password, ends all sessions and tokens (`verification.reset_ends_sessions`), lifts a pause. Not that of
/// somebody with a second factor: whoever reads their mail would have five more guesses at it with every reset (A7, B2).
///
/// # Errors
/// [`ResetPasswordError`].
pub async fn reset_password(ctx: &Ctx, cmd: ResetPassword) -> Result<PasswordReset, ResetPasswordError> {
    ctx.core.limits().auth(ctx)?;
    let (ticket_id, user, _) = open(ctx, &cmd.token).await?.ok_or(ResetPasswordError::Unknown)?;
    ctx.config().password.check(cmd.password.expose(), user.email.as_str())?;
    let hash = credentials::hash(ctx, cmd.password).await?;
    let ends_sessions = ctx.config().verification.reset_ends_sessions;
    let now = ctx.now();

    let mut tx = ctx.core.db().write().await?;
    let ticket = ticket_store::consume(&mut tx, ticket_id, now).await?.ok_or(ResetPasswordError::Unknown)?;
    let stamp = ends_sessions.then(|| ctx.new_id());
    let forgives = factor::of_user(&mut tx, ctx.config(), user.id).await?.asked().is_empty();
    let chosen = store::ChosenByMail { id: user.id, hash, stamp, forgives, now };
    if !store::reset_password(&mut tx, chosen).await? {
        return Err(ResetPasswordError::Unknown);
    }
    ticket_store::close(&mut tx, TicketKind::ResetPassword.as_str(), user.id, now).await?;
    ticket_store::close(&mut tx, TicketKind::VerifyEmail.as_str(), user.id, now).await?;
    ticket_store::close(&mut tx, TicketKind::ChangeEmail.as_str(), user.id, now).await?;
    if ends_sessions {
        credentials::end_access(&mut tx, ctx, user.id, None, "password_reset").await?;
    }
    tx.touch(user.id);
    if !user.is_verified() {
        audit::record(&mut tx, ctx, Entry::about(AuditKind::EmailVerified, user.id)).await?;
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PasswordReset, user.id)).await?;
    // Who has just chosen a first password need not be told that it is another one.
    if user.is_verified() && user.has_password {
        let message = Message::PasswordWasReset { at: now, device: credentials::device(ctx) };
        mail::enqueue(&mut tx, ctx, &user, message).await?;
    }
    tx.commit().await?;
    Ok(PasswordReset { user_id: user.id, return_to: ticket.return_to })
}

/// The open ticket behind a token, with its active user and its end.
async fn open(ctx: &Ctx, token: &PlainToken) -> Result<Option<(TicketId, User, Timestamp)>, Internal> {
    let found = ticket::find_with_owner(ctx, TicketKind::ResetPassword, token).await?;
    Ok(found.map(|(found, user)| (found.id, user, found.expires_at)))
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReset {
    /// Whose password it changes; for the password manager's hidden username field and the rule about the address.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_reset(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenReset>, Internal> {
    Ok(open(ctx, token).await?.map(|(_, user, expires_at)| OpenReset { email: user.email, expires_at }))
}
