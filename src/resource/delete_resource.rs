//! Removing a resource.

use super::store;
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
};

/// Remove a resource.
#[derive(Clone, Debug)]
pub struct DeleteResource {
    /// Which one.
    pub identifier: String,
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
    let details = serde_json::json!({ "resource": cmd.identifier });
    let mut tx = ctx.core.db().write().await?;
    if !store::delete_resource(&mut tx, cmd.identifier).await? {
        return Err(DeleteResourceError::NotFound);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ResourceDeleted).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    tx.commit().await?;
    Ok(())
}
