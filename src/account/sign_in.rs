//! A person signs in with a password (A3, A4, A7).

use super::error::busy_or_internal;
use crate::{
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::{SessionId, UserId},
    limits::TooMany,
    secret::SecretString,
    session::SessionKind,
    text::EmailAddress,
};

/// What was typed.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// E-mail address or username, as typed.
    pub identifier: String,
    /// The password.
    pub password: SecretString,
    /// "Stay signed in" (C1).
    pub stay: bool,
    /// Browser or API.
    pub kind: SessionKind,
}

/// Where a right password leads. A second factor will be another case: callers match on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInOutcome {
    /// Signed in, with a new session.
    SignedIn(SignedIn),
}

/// Signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user_id: UserId,
    /// The new session.
    pub session_id: SessionId,
    /// When (OIDC Core §2, `auth_time`).
    pub auth_time: Timestamp,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, wrong password, locked, deactivated, or not verified with a wrong password: one and the same (A7).
    #[error("the e-mail or the password is not right")]
    Refused,
    /// The password is right, but the address was not confirmed yet.
    #[error("the address is not confirmed yet")]
    NotVerified {
        /// The address the mail went to.
        email: EmailAddress,
    },
    /// Too many tries for this account from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(SignInError);

/// Checks the password and opens a session.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(ctx: &Ctx, cmd: SignIn) -> Result<SignInOutcome, SignInError> {
    todo!("{ctx:?}{cmd:?}")
}
