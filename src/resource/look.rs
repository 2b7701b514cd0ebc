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

/// Why a resource or a scope is not shown.
#[derive(Debug, thiserror::Error)]
pub enum GetError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is none.
    #[error("there is none such")]
    NotFound,
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
    Ok(store::resources(&mut conn, None).await?)
}

/// All scopes that are described, by name.
///
/// # Errors
/// [`ListError`]
pub async fn list_scopes(ctx: &Ctx) -> Result<Vec<ScopeEntry>, ListError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::scopes(&mut conn, None).await?)
}

/// The resource with this identifier, compared byte for byte.
///
/// # Errors
/// [`GetError`]
pub async fn get_resource(ctx: &Ctx, identifier: &str) -> Result<ApiResource, GetError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    store::resources(&mut conn, Some(identifier)).await?.pop().ok_or(GetError::NotFound)
}

/// What describes this scope.
///
/// # Errors
/// [`GetError`]
pub async fn get_scope(ctx: &Ctx, name: &str) -> Result<ScopeEntry, GetError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    store::scopes(&mut conn, Some(name)).await?.pop().ok_or(GetError::NotFound)
}
