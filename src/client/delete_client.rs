//! Removing a client.

use super::store;
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
};

/// Remove a client with everything it holds: consents, grants, tokens.
#[derive(Clone, Debug)]
pub struct DeleteClient {
    /// `client_id`.
    pub client_id: String,
    /// The version that was looked at; any when absent.
    pub version: Option<i64>,
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
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this client meanwhile")]
    Changed,
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
    if remove(&mut tx, ctx, &cmd.client_id, cmd.version).await? {
        tx.commit().await?;
        return Ok(());
    }
    let is_there = store::find(&mut tx, &cmd.client_id).await?.is_some_and(|client| !client.is_system);
    Err(if is_there { DeleteClientError::Changed } else { DeleteClientError::NotFound })
}

/// Removes a client that is at `version`; false when there is none such.
pub(crate) async fn remove(tx: &mut Tx, ctx: &Ctx, id: &str, version: Option<i64>) -> Result<bool, Internal> {
    if !store::delete(tx, id, version).await? {
        return Ok(false);
    }
    audit::record(tx, ctx, audit::Entry::new(AuditKind::ClientDeleted).with_client(id)).await?;
    tx.touch(Touched::Clients);
    Ok(true)
}
