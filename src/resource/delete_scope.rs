//! Removing a scope.

use super::{Entry, steps, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// Remove a scope.
#[derive(Clone, Debug)]
pub struct DeleteScope {
    /// Which one.
    pub name: String,
    /// The version that was looked at; any when absent.
    pub version: Option<i64>,
}

/// Why a scope was not removed.
#[derive(Debug, thiserror::Error)]
pub enum DeleteScopeError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such scope.
    #[error("there is no such scope")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this scope meanwhile")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Removes a scope. It is shown by its name from then on; who may ask for it stays as it is.
///
/// # Errors
/// [`DeleteScopeError`]
pub async fn delete_scope(ctx: &Ctx, cmd: DeleteScope) -> Result<(), DeleteScopeError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::scopes(&mut conn, Some(&cmd.name)).await?.pop();
    drop(conn);
    let found = found.ok_or(DeleteScopeError::NotFound)?;
    if !found.mark.is_at(cmd.version) {
        return Err(DeleteScopeError::Changed);
    }
    let mut tx = ctx.core.db().write().await?;
    if !steps::remove(&mut tx, ctx, &Entry::from(found)).await? {
        return Err(DeleteScopeError::Changed);
    }
    tx.commit().await?;
    Ok(())
}
