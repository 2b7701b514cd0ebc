//! Removing a scope.

use super::store;
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
};

/// Remove a scope.
#[derive(Clone, Debug)]
pub struct DeleteScope {
    /// Which one.
    pub name: String,
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
    let details = serde_json::json!({ "scope": cmd.name });
    let mut tx = ctx.core.db().write().await?;
    if !store::delete_scope(&mut tx, cmd.name).await? {
        return Err(DeleteScopeError::NotFound);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ScopeDeleted).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    tx.commit().await?;
    Ok(())
}
