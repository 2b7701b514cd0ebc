//! The code that was sent to a number is typed (A9): the second of two steps.

use super::{PhoneNumber, change::change, digest, store};
use crate::{
    account,
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    limits::TooMany,
};

/// The code, as typed: spaces and hyphens are overlooked.
#[derive(Clone)]
pub struct ConfirmPhone {
    /// Six digits.
    pub code: String,
}

/// Why the number is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmPhoneError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Not the code of the newest message. Counted.
    #[error("this is not the code of the newest message")]
    WrongCode,
    /// The code was used, is too old, was guessed at too often, or none was sent.
    #[error("this code was used or is too old")]
    Unknown,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives the account of the person who asks the number that this code was sent to. Codes by SMS, where they are on, go there
/// from now on.
///
/// # Errors
/// [`ConfirmPhoneError`].
pub async fn confirm_phone(ctx: &Ctx, cmd: ConfirmPhone) -> Result<PhoneNumber, ConfirmPhoneError> {
    let actor = authz::require_user(ctx)?;
    let user_id = actor.user_id;
    ctx.core.limits().auth(ctx)?;
    let code = account::six_digits_of(&cmd.code).ok_or(ConfirmPhoneError::WrongCode)?;
    let most = i64::from(ctx.config().verification.code_attempts);
    let now = ctx.now();

    let mut tx = ctx.core.db().write().await?;
    let counted = store::count_try(&mut tx, user_id, now, most).await?;
    // The try counts whatever comes of the rest.
    tx.commit().await?;
    let proof = counted.ok_or(ConfirmPhoneError::Unknown)?;
    let number = proof.number()?;
    if proof.code_digest != digest(&ctx.core, user_id, &number, &code) {
        return Err(ConfirmPhoneError::WrongCode);
    }

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    if !store::consume(&mut tx, user_id, proof.code_digest).await? {
        return Err(ConfirmPhoneError::Unknown);
    }
    let user = account::find(&mut tx, user_id).await?.ok_or(Denied)?;
    if !change(&mut tx, ctx, actor, &user, Some(&number)).await? {
        return Err(Denied.into());
    }
    tx.commit().await?;
    Ok(number)
}
