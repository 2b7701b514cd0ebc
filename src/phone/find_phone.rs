//! What a person sees of their number.

use super::{PhoneNumber, store};
use crate::{
    account,
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
};

/// The number, and the one that is to take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneView {
    /// As the account has it; confirmed or not.
    pub number: Option<String>,
    /// It is known to be theirs.
    pub is_verified: bool,
    /// One that a code was sent to.
    pub waiting: Option<WaitingPhone>,
    /// This instance sends codes, so that a number can be added.
    pub is_offered: bool,
}

/// A number that waits for its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingPhone {
    /// The number.
    pub number: PhoneNumber,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub enum FindPhoneError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The number of the person who asks.
///
/// # Errors
/// [`FindPhoneError`].
pub async fn find_phone(ctx: &Ctx) -> Result<PhoneView, FindPhoneError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let most = i64::from(ctx.config().verification.code_attempts);
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    let waiting = store::find(&mut conn, user_id, ctx.now(), most).await?;
    let waiting = match waiting {
        Some(row) => Some(WaitingPhone { number: row.number()?, expires_at: row.expires_at }),
        None => None,
    };
    let number = Some(user.claim("phone_number")).filter(|number| !number.is_empty()).map(str::to_owned);
    Ok(PhoneView {
        number,
        is_verified: user.verified_phone().is_some(),
        waiting,
        is_offered: ctx.config().sms.is_on(),
    })
}
