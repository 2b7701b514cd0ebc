//! Somebody types the code that a device shows (RFC 8628 §3.3).

use super::UserCode;
use crate::{core::Ctx, error::Internal, grant::store::decoupled, limits::TooMany};

/// A code, as it was typed.
#[derive(Debug)]
pub struct EnterUserCode {
    /// What was typed.
    pub text: String,
}

/// Why it opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum EnterUserCodeError {
    /// No code, or none that waits: which of the two is not told.
    #[error("the code is not right, or no longer good")]
    Unknown,
    /// Too many tries from this address or in this session (RFC 8628 §5.1).
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Looks whether a request waits behind the code. Every try counts, of people who are signed in and of those who are not.
///
/// # Errors
/// [`EnterUserCodeError`]
pub async fn enter_user_code(ctx: &Ctx, cmd: EnterUserCode) -> Result<UserCode, EnterUserCodeError> {
    ctx.core.limits().user_code(ctx)?;
    let code = UserCode::parse(&cmd.text).ok_or(EnterUserCodeError::Unknown)?;
    let mut conn = ctx.core.db().read().await?;
    let row = decoupled::find_by_user_code(&mut conn, code.digest(&ctx.core)).await?;
    match row.filter(|row| row.waits(ctx.now())) {
        Some(_) => Ok(code),
        None => Err(EnterUserCodeError::Unknown),
    }
}
