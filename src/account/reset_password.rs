//! A person chooses a new password through the link of a mail (A5).

use super::error::busy_or_internal;
use crate::{
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
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

/// Sets the new password, ends all sessions and tokens (`verification.reset_ends_sessions`), lifts a pause.
///
/// # Errors
/// [`ResetPasswordError`].
pub async fn reset_password(ctx: &Ctx, cmd: ResetPassword) -> Result<PasswordReset, ResetPasswordError> {
    todo!("{ctx:?}{cmd:?}")
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
    todo!("{ctx:?}{token:?}")
}
