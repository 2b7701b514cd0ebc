//! Looking at resources and scopes.

use super::{ApiResource, ScopeEntry, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// All resources, by identifier.
///
/// # Errors
/// [`ListError`]
pub async fn list_resources(ctx: &Ctx) -> Result<Vec<ApiResource>, ListError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::resources(&mut conn).await?)
}

/// All scopes that are described, by name.
///
/// # Errors
/// [`ListError`]
pub async fn list_scopes(ctx: &Ctx) -> Result<Vec<ScopeEntry>, ListError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::scopes(&mut conn).await?)
}
