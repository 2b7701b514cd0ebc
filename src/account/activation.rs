//! An operator deactivates an account, or activates it again.

use crate::{authz::Denied, core::Ctx, error::Internal, id::UserId};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActivationError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Deactivates an account: its sessions and tokens end at once (A8). Done twice, it changes nothing.
///
/// # Errors
/// [`ActivationError`].
pub async fn disable_user(ctx: &Ctx, user_id: UserId) -> Result<(), ActivationError> {
    todo!("{ctx:?}{user_id:?}")
}

/// Activates an account again. Done twice, it changes nothing.
///
/// # Errors
/// [`ActivationError`].
pub async fn enable_user(ctx: &Ctx, user_id: UserId) -> Result<(), ActivationError> {
    todo!("{ctx:?}{user_id:?}")
}
