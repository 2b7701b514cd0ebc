//! Registering an API.

use super::{ResourceProblem, ResourceSettings, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
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
pub async fn create_resource(ctx: &Ctx, cmd: CreateResource) -> Result<(), CreateResourceError> {
    require_operator(ctx)?;
    let CreateResource { identifier, name, settings } = cmd;
    settings.check(&identifier)?;
    let details = serde_json::json!({ "resource": identifier, "settings": settings });
    let mut tx = ctx.core.db().write().await?;
    if !store::insert_resource(&mut tx, identifier, name.into(), settings, ctx.now()).await? {
        return Err(CreateResourceError::Taken);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ResourceCreated).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    tx.commit().await?;
    Ok(())
}
