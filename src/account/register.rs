//! A person makes an account (A1).

use super::error::busy_or_internal;
use crate::{
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    password::BrokenRules,
    secret::SecretString,
    text::{DisplayName, EmailAddress, Username},
};

/// What a person fills in.
#[derive(Clone, Debug)]
pub struct Register {
    /// Where mails go.
    pub email: EmailAddress,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password to be.
    pub password: SecretString,
    /// The interaction to go back to after the address is confirmed.
    pub return_to: Option<String>,
}

/// What came of it. A page shows both alike (`registration.page_tells_taken`); the mail tells the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// There is a new account.
    Created {
        /// Its id.
        user_id: UserId,
        /// The address must be confirmed before the first sign-in.
        must_verify: bool,
    },
    /// The address has an account already; nothing was made, and its owner is told by mail.
    AddressTaken,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// People cannot register here by themselves.
    #[error("registration is closed")]
    Disabled,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// The username belongs to somebody else.
    #[error("this username is taken")]
    UsernameTaken,
    /// Too many requests from this address.
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

busy_or_internal!(RegisterError);

/// Makes an account and sends the mail that confirms its address.
///
/// # Errors
/// [`RegisterError`].
pub async fn register(ctx: &Ctx, cmd: Register) -> Result<Registered, RegisterError> {
    todo!("{ctx:?}{cmd:?}")
}
