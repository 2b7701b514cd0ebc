//! An operator makes an account for somebody.

use super::error::busy_or_internal;
use crate::{
    authz::Denied,
    core::Ctx,
    error::Internal,
    id::UserId,
    password::BrokenRules,
    secret::SecretString,
    text::{DisplayName, EmailAddress, Username},
};

/// The account to be.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Where mails go.
    pub email: EmailAddress,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password; without one, a mail brings a link to choose it.
    pub password: Option<SecretString>,
    /// The address is known to be theirs; otherwise a mail asks them to confirm it.
    pub is_verified: bool,
    /// Administrator of this instance.
    pub is_admin: bool,
}

/// There is a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCreated {
    /// Its id.
    pub user_id: UserId,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The address has an account.
    #[error("this address has an account")]
    AddressTaken,
    /// The username belongs to somebody else.
    #[error("this username is taken")]
    UsernameTaken,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
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

busy_or_internal!(CreateUserError);

/// Makes an account.
///
/// # Errors
/// [`CreateUserError`].
pub async fn create_user(ctx: &Ctx, cmd: CreateUser) -> Result<UserCreated, CreateUserError> {
    todo!("{ctx:?}{cmd:?}")
}
