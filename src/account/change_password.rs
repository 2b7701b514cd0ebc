//! A person changes their password (A6).

use super::error::busy_or_internal;
use crate::{authz::Denied, core::Ctx, error::Internal, limits::TooMany, password::BrokenRules, secret::SecretString};

/// The old and the new one.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The current password.
    pub current: SecretString,
    /// The new password.
    pub new: SecretString,
}

/// The password is the new one; this session goes on, all others ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordChanged;

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The current password is not right. Counts to the lockout (A7).
    #[error("the current password is not right")]
    WrongCurrent,
    /// The new one is the old one.
    #[error("the new password must be another one")]
    MustDiffer,
    /// The new password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// Too many requests from this address, or too many wrong passwords for this account.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(ChangePasswordError);

/// Changes the password of the person who asks.
///
/// # Errors
/// [`ChangePasswordError`].
pub async fn change_password(ctx: &Ctx, cmd: ChangePassword) -> Result<PasswordChanged, ChangePasswordError> {
    todo!("{ctx:?}{cmd:?}")
}
