//! Removing a client.

use super::store;
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
};

/// Remove a client with everything it holds: consents, grants, tokens.
#[derive(Clone, Debug)]
pub struct DeleteClient {
    /// `client_id`.
    pub client_id: String,
}

/// Why a client was not removed.
#[derive(Debug, thiserror::Error)]
pub enum DeleteClientError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such client.
    #[error("there is no such client")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Removes a client.
///
/// # Errors
/// [`DeleteClientError`]
pub async fn delete_client(ctx: &Ctx, cmd: DeleteClient) -> Result<(), DeleteClientError> {
    require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    if !store::delete(&mut tx, &cmd.client_id).await? {
        return Err(DeleteClientError::NotFound);
    }
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ClientDeleted).with_client(&cmd.client_id)).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(())
}
