//! The first administrator is made through the one-time link that the first start prints.

use super::error::busy_or_internal;
use crate::{
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    password::BrokenRules,
    secret::{PlainToken, SecretString},
    text::{DisplayName, EmailAddress},
};

/// What the operator fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The token of the link (`TokenKind::SetUp`).
    pub token: PlainToken,
    /// The administrator's address; taken as confirmed.
    pub email: EmailAddress,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password to be.
    pub password: SecretString,
}

/// There is an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetUpDone {
    /// Whose id this is.
    pub user_id: UserId,
}

/// Why there is none. A password that breaks rules does not use up the link.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link was used, is too old, was replaced, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// The address has an account.
    #[error("this address has an account")]
    AddressTaken,
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

busy_or_internal!(SetUpError);

/// Makes the first administrator.
///
/// # Errors
/// [`SetUpError`].
pub async fn set_up(ctx: &Ctx, cmd: SetUp) -> Result<SetUpDone, SetUpError> {
    todo!("{ctx:?}{cmd:?}")
}

/// Looks whether a set-up link works, without using it up; for the page behind it.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_set_up(ctx: &Ctx, token: &PlainToken) -> Result<bool, Internal> {
    todo!("{ctx:?}{token:?}")
}
