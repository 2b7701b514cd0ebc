//! Registering an API.

use super::{ApiResource, Entry, ResourceProblem, ResourceSettings, Saved, steps};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    declaration::Mark,
    error::Internal,
    text::DisplayName,
};

/// Register an API.
#[derive(Clone, Debug)]
pub struct CreateResource {
    /// What clients name.
    pub identifier: String,
    /// What people see.
    pub name: DisplayName,
    /// What it is registered with.
    pub settings: ResourceSettings,
}

/// Why an API was not registered.
#[derive(Debug, thiserror::Error)]
pub enum CreateResourceError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The identifier is taken.
    #[error("there is a resource with this identifier")]
    Taken,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] ResourceProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Registers an API.
///
/// # Errors
/// [`CreateResourceError`]
pub async fn create_resource(ctx: &Ctx, cmd: CreateResource) -> Result<Saved, CreateResourceError> {
    require_operator(ctx)?;
    let CreateResource { identifier, name, settings } = cmd;
    let resource = Entry::from(ApiResource::new(identifier, name, settings, ctx.now()));
    resource.check()?;
    let mut tx = ctx.core.db().write().await?;
    if !steps::insert(&mut tx, ctx, &resource).await? {
        return Err(CreateResourceError::Taken);
    }
    tx.commit().await?;
    Ok(Saved { version: Mark::NEW.version })
}
