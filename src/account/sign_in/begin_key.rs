//! A person is about to show a passkey or security key in the second step (B1).

use super::pending;
use crate::{
    core::Ctx,
    error::Internal,
    factor::{self, SecondFactor},
    limits::TooMany,
    passkey::{Ceremony, second_factor},
    secret::PlainToken,
};

/// Why no ceremony began.
#[derive(Debug, thiserror::Error)]
pub enum BeginSecondFactorError {
    /// The sign-in was completed, is too old, was never ours, or the account changed: begin again.
    #[error("this sign-in was completed or took too long; begin again")]
    Gone,
    /// This person has no key that could be used here.
    #[error("there is no key to ask for")]
    NotOffered,
    /// Sign-in is paused (A7), or there are too many ceremonies from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Begins a ceremony with the keys of whoever signs in behind this handle.
///
/// # Errors
/// [`BeginSecondFactorError`].
pub async fn begin_second_factor(ctx: &Ctx, handle: &PlainToken) -> Result<Ceremony, BeginSecondFactorError> {
    ctx.core.limits().stored_request(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = pending::find(&mut conn, ctx, handle).await?.ok_or(BeginSecondFactorError::Gone)?;
    let has = factor::of_user(&mut conn, ctx.config(), found.user.id).await?;
    drop(conn);
    if !found.methods(&has).contains(&SecondFactor::Passkey) {
        return Err(BeginSecondFactorError::NotOffered);
    }
    pending::refuse_while_paused(ctx, &found.user)?;
    second_factor::begin(ctx, found.user.id).await
}
