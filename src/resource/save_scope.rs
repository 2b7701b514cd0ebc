//! Giving a scope words.

use super::{Entry, ResourceProblem, Saved, ScopeEntry, ScopeSettings, steps, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
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
    /// The version that the change was thought out for; any, or none at all, when absent.
    pub version: Option<i64>,
}

/// Why a scope was not described.
#[derive(Debug, thiserror::Error)]
pub enum SaveScopeError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Somebody else changed or removed it meanwhile.
    #[error("somebody else changed this scope meanwhile")]
    Changed,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] ResourceProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Describes a scope; one that is described so already is left alone.
///
/// # Errors
/// [`SaveScopeError`]
pub async fn save_scope(ctx: &Ctx, cmd: SaveScope) -> Result<Saved, SaveScopeError> {
    require_operator(ctx)?;
    let after = Entry::from(ScopeEntry::new(cmd.name, cmd.settings, ctx.now()));
    after.check()?;
    let mut conn = ctx.core.db().read().await?;
    let before = store::scopes(&mut conn, Some(after.id())).await?.pop();
    drop(conn);
    let is_as_seen = before.as_ref().map_or(cmd.version.is_none(), |before| before.mark.is_at(cmd.version));
    if !is_as_seen {
        return Err(SaveScopeError::Changed);
    }
    let mut tx = ctx.core.db().write().await?;
    let written = match before {
        Some(before) => steps::change(&mut tx, ctx, &before.into(), &after).await?,
        None => steps::insert(&mut tx, ctx, &after).await?.then_some(after.mark().version),
    };
    let version = written.ok_or(SaveScopeError::Changed)?;
    tx.commit().await?;
    Ok(Saved { version })
}
