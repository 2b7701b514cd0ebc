//! The person decides (D10).

use crate::{core::Ctx, error::Internal, protocol::Scope, secret::PlainToken};

/// An answer to the consent page.
#[derive(Debug)]
pub struct DecideConsent {
    /// The request that is answered.
    pub interaction: PlainToken,
    /// Yes or no.
    pub allow: bool,
    /// Which of the optional scopes were left in. Others are not listened to.
    pub granted_optional: Vec<Scope>,
    /// Do not ask again for this much.
    pub remember: bool,
}

/// Why no decision was taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideConsentError {
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first: go to the sign-in page.
    #[error("sign in first")]
    SignIn,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Takes a decision of the person whose session asks. Go on to `/connect/resume` afterwards.
///
/// # Errors
/// [`DecideConsentError`]
pub async fn decide_consent(ctx: &Ctx, cmd: DecideConsent) -> Result<(), DecideConsentError> {
    todo!("{ctx:?} {cmd:?}")
}
