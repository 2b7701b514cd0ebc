//! One account: one's own, or any for an operator.

use super::User;
use crate::{authz::Denied, core::Ctx, error::Internal, id::UserId};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum GetUserError {
    /// Nobody is signed in, or it is somebody else's account.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The account with this id; for its owner and for operators.
///
/// # Errors
/// [`GetUserError`].
pub async fn get_user(ctx: &Ctx, user_id: UserId) -> Result<User, GetUserError> {
    todo!("{ctx:?}{user_id:?}")
}

/// The account of the person who asks.
///
/// # Errors
/// [`GetUserError`].
pub async fn get_me(ctx: &Ctx) -> Result<User, GetUserError> {
    todo!("{ctx:?}")
}

/// The account with this e-mail address, username or id, as typed; for operators.
///
/// # Errors
/// [`GetUserError`].
pub async fn find_user(ctx: &Ctx, identifier: &str) -> Result<User, GetUserError> {
    todo!("{ctx:?}{identifier:?}")
}
