//! One account: one's own, or any for an operator.

use super::{User, store};
use crate::{
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
};

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
    if ctx.user().is_none_or(|actor| actor.user_id != user_id) {
        authz::require_operator(ctx)?;
    }
    let mut conn = ctx.core.db().read().await?;
    store::find(&mut conn, user_id).await?.ok_or(GetUserError::NotFound)
}

/// The account of the person who asks.
///
/// # Errors
/// [`GetUserError`].
pub async fn get_me(ctx: &Ctx) -> Result<User, GetUserError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut conn = ctx.core.db().read().await?;
    store::find(&mut conn, user_id).await?.ok_or(GetUserError::NotFound)
}

/// The account with this e-mail address, username or id, as typed; for operators.
///
/// # Errors
/// [`GetUserError`].
pub async fn find_user(ctx: &Ctx, identifier: &str) -> Result<User, GetUserError> {
    authz::require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let named = store::by_identifier(&mut conn, identifier).await?.map(|account| account.user);
    let found = match (named, identifier.trim().parse()) {
        (None, Ok(id)) => store::find(&mut conn, id).await?,
        (named, _) => named,
    };
    found.ok_or(GetUserError::NotFound)
}
