//! The verification mail is asked for again (A4).

use crate::{core::Ctx, error::Internal, limits::TooMany, text::EmailAddress};

/// Whose mail, and where to go afterwards.
#[derive(Clone, Debug)]
pub struct ResendVerification {
    /// The address it was sent to.
    pub email: EmailAddress,
    /// The interaction to go back to after the address is confirmed.
    pub return_to: Option<String>,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ResendVerificationError {
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Sends the mail again if there is an account that waits for it and the last one is older than
/// `verification.resend_after`. The answer is always the same.
///
/// # Errors
/// [`ResendVerificationError`].
pub async fn resend_verification(ctx: &Ctx, cmd: ResendVerification) -> Result<(), ResendVerificationError> {
    todo!("{ctx:?}{cmd:?}")
}
