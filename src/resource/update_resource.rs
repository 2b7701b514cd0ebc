//! Changing an API.

use super::{ApiResource, Entry, ResourceProblem, ResourceSettings, Saved, steps, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
    text::DisplayName,
};

/// Replace what an API is registered with.
#[derive(Clone, Debug)]
pub struct UpdateResource {
    /// Which one.
    pub identifier: String,
    /// What people see.
    pub name: DisplayName,
    /// What it is registered with from now on.
    pub settings: ResourceSettings,
    /// The version that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// Why an API was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateResourceError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such resource.
    #[error("there is no such resource")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this resource meanwhile")]
    Changed,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] ResourceProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Changes an API; one that is so already is left alone. Tokens that were issued for it stay as they are.
///
/// # Errors
/// [`UpdateResourceError`]
pub async fn update_resource(ctx: &Ctx, cmd: UpdateResource) -> Result<Saved, UpdateResourceError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::resources(&mut conn, Some(&cmd.identifier)).await?.pop();
    drop(conn);
    let before = found.ok_or(UpdateResourceError::NotFound)?;
    let after = Entry::from(ApiResource::new(cmd.identifier, cmd.name, cmd.settings, ctx.now()));
    after.check()?;
    if !before.mark.is_at(cmd.version) {
        return Err(UpdateResourceError::Changed);
    }
    let mut tx = ctx.core.db().write().await?;
    let version = steps::change(&mut tx, ctx, &before.into(), &after).await?.ok_or(UpdateResourceError::Changed)?;
    tx.commit().await?;
    Ok(Saved { version })
}
