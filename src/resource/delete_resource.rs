//! Removing a resource.

use super::{Entry, steps, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// Remove a resource.
#[derive(Clone, Debug)]
pub struct DeleteResource {
    /// Which one.
    pub identifier: String,
    /// The version that was looked at; any when absent.
    pub version: Option<i64>,
}

/// Why a resource was not removed.
#[derive(Debug, thiserror::Error)]
pub enum DeleteResourceError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such resource.
    #[error("there is no such resource")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this resource meanwhile")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Removes a resource. Grants that name it can be refreshed no more, unless the client is registered with it as an audience.
///
/// # Errors
/// [`DeleteResourceError`]
pub async fn delete_resource(ctx: &Ctx, cmd: DeleteResource) -> Result<(), DeleteResourceError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::resources(&mut conn, Some(&cmd.identifier)).await?.pop();
    drop(conn);
    let found = found.ok_or(DeleteResourceError::NotFound)?;
    if !found.mark.is_at(cmd.version) {
        return Err(DeleteResourceError::Changed);
    }
    let mut tx = ctx.core.db().write().await?;
    if !steps::remove(&mut tx, ctx, &Entry::from(found)).await? {
        return Err(DeleteResourceError::Changed);
    }
    tx.commit().await?;
    Ok(())
}
