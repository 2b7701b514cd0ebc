//! A person asks for a new password (A5).

use crate::{core::Ctx, error::Internal, limits::TooMany, text::EmailAddress};

/// Whose password, and where to go afterwards.
#[derive(Clone, Debug)]
pub struct ForgotPassword {
    /// The address of the account.
    pub email: EmailAddress,
    /// The interaction to go back to after the new password is chosen.
    pub return_to: Option<String>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ForgotPasswordError {
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends a link to choose a new password, if the address has an account. Answer and work are the same if not.
///
/// # Errors
/// [`ForgotPasswordError`].
pub async fn forgot_password(ctx: &Ctx, cmd: ForgotPassword) -> Result<(), ForgotPasswordError> {
    todo!("{ctx:?}{cmd:?}")
}
