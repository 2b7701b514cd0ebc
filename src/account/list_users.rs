//! An operator looks through the accounts.

use super::{User, store};
use crate::{
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
    page::PageSize,
};

/// Which page of the list.
#[derive(Clone, Copy, Debug)]
pub struct ListUsers {
    /// Those behind this one; `None` for the first page.
    pub after: Option<UserId>,
    /// So many at most, 1 to 200.
    pub limit: u32,
}

/// A page of the list, oldest account first.
#[derive(Clone, Debug)]
pub struct UserPage {
    /// The accounts.
    pub users: Vec<User>,
    /// What to ask for next (`after`); `None` at the end.
    pub next: Option<UserId>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListUsersError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Lists accounts that are not deleted.
///
/// # Errors
/// [`ListUsersError`].
pub async fn list_users(ctx: &Ctx, cmd: ListUsers) -> Result<UserPage, ListUsersError> {
    authz::require_operator(ctx)?;
    let size = PageSize::new(cmd.limit, 200);
    let mut conn = ctx.core.db().read().await?;
    let mut users = store::list(&mut conn, cmd.after, size.to_ask()).await?;
    let next = size.cut(&mut users, |user| user.id);
    Ok(UserPage { users, next })
}
