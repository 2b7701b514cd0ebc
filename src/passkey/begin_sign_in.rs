//! Somebody is about to sign in with a passkey. Who, only the passkey knows.

use super::{
    ceremony::{self, Ceremony, CeremonyKind},
    relying_party,
};
use crate::{core::Ctx, error::Internal, limits::TooMany};

/// Why no ceremony began.
#[derive(Debug, thiserror::Error)]
pub enum BeginSignInError {
    /// There are no passkeys at the address of this instance.
    #[error("passkeys need https and a name")]
    Unavailable,
    /// Too many ceremonies from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Begins a sign-in without a name (B1): the authenticator offers the keys it holds for us.
///
/// # Errors
/// [`BeginSignInError`].
pub async fn begin_sign_in(ctx: &Ctx) -> Result<Ceremony, BeginSignInError> {
    ctx.core.limits().stored_request(ctx)?;
    let webauthn = relying_party::open(ctx.config())?.ok_or(BeginSignInError::Unavailable)?;
    let begun = webauthn.start_discoverable_authentication();
    let (options, state) = begun.map_err(|cause| Internal::new("begin a sign-in with a passkey", cause))?;
    Ok(ceremony::begin(ctx, CeremonyKind::SignIn, &options, &state).await?)
}
