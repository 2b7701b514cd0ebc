//! A person confirms an address, by the link or the code of the mail (A4).

use crate::{
    clock::Timestamp, core::Ctx, error::Internal, id::UserId, limits::TooMany, secret::PlainToken, text::EmailAddress,
};

/// What the person came with.
#[derive(Clone, Debug)]
pub enum VerifyEmail {
    /// The token of the link (`TokenKind::EmailVerification`).
    Link(PlainToken),
    /// The code, typed where the registration was made.
    Code {
        /// The address the code was sent to.
        email: EmailAddress,
        /// As typed: spaces and hyphens are overlooked.
        code: String,
    },
}

/// The address is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailVerified {
    /// Whose it is.
    pub user_id: UserId,
    /// The interaction to go back to.
    pub return_to: Option<String>,
}

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// Not the code of the newest mail to that address (or there never was one). Counted.
    #[error("this is not the code of the newest mail")]
    WrongCode,
    /// The link or code was used, is too old, was never ours, or was guessed at too often.
    #[error("this link or code was used or is too old")]
    Unknown,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Confirms an address; link and code of a mail work once, together.
///
/// # Errors
/// [`VerifyEmailError`].
pub async fn verify_email(ctx: &Ctx, cmd: VerifyEmail) -> Result<EmailVerified, VerifyEmailError> {
    todo!("{ctx:?}{cmd:?}")
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVerification {
    /// The address it confirms.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_verification(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenVerification>, Internal> {
    todo!("{ctx:?}{token:?}")
}
