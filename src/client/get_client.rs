//! Listing clients.

use super::{Client, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// Why the clients were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListClientsError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Up to `limit` clients in the order of their ids, from behind `after` on; without their secrets.
///
/// # Errors
/// [`ListClientsError`]
pub async fn list_clients(ctx: &Ctx, after: Option<&str>, limit: u32) -> Result<Vec<Client>, ListClientsError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::list(&mut conn, after.unwrap_or_default(), limit).await?)
}
