//! Giving a scope words.

use super::{ResourceProblem, ScopeSettings, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
    protocol::Scope,
};

/// Describe a scope, for the first time or anew.
#[derive(Clone, Debug)]
pub struct SaveScope {
    /// The scope.
    pub name: Scope,
    /// What it means.
    pub settings: ScopeSettings,
}

/// Why a scope was not described.
#[derive(Debug, thiserror::Error)]
pub enum SaveScopeError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] ResourceProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Describes a scope.
///
/// # Errors
/// [`SaveScopeError`]
pub async fn save_scope(ctx: &Ctx, cmd: SaveScope) -> Result<(), SaveScopeError> {
    require_operator(ctx)?;
    let SaveScope { name, settings } = cmd;
    settings.check(&name)?;
    let details = serde_json::json!({ "scope": name, "settings": settings });
    let mut tx = ctx.core.db().write().await?;
    store::save_scope(&mut tx, name.into(), settings, ctx.now()).await?;
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ScopeSaved).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    tx.commit().await?;
    Ok(())
}
