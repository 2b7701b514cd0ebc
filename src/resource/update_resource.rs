//! Changing an API.

use super::{ResourceProblem, ResourceSettings, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
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
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] ResourceProblem),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Changes an API. Tokens that were issued for it stay as they are.
///
/// # Errors
/// [`UpdateResourceError`]
pub async fn update_resource(ctx: &Ctx, cmd: UpdateResource) -> Result<(), UpdateResourceError> {
    require_operator(ctx)?;
    let UpdateResource { identifier, name, settings } = cmd;
    settings.check(&identifier)?;
    let details = serde_json::json!({ "resource": identifier, "settings": settings });
    let mut tx = ctx.core.db().write().await?;
    if !store::update_resource(&mut tx, identifier, name.into(), settings, ctx.now()).await? {
        return Err(UpdateResourceError::NotFound);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ResourceUpdated).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    tx.commit().await?;
    Ok(())
}
