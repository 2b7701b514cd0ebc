//! Ending one secret of a client at once (D11).

use super::store;
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
    id::ClientSecretId,
};

/// End one secret of a client.
#[derive(Clone, Debug)]
pub struct RevokeClientSecret {
    /// `client_id`.
    pub client_id: String,
    /// The secret.
    pub secret_id: ClientSecretId,
}

/// Why a secret was not ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeClientSecretError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The client has no such secret.
    #[error("there is no such secret")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Ends a secret. The last one may end, too: then the client cannot prove itself until it is given another.
///
/// # Errors
/// [`RevokeClientSecretError`]
pub async fn revoke_client_secret(ctx: &Ctx, cmd: RevokeClientSecret) -> Result<(), RevokeClientSecretError> {
    require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    if !store::delete_secret(&mut tx, &cmd.client_id, cmd.secret_id).await? {
        return Err(RevokeClientSecretError::NotFound);
    }
    let entry = audit::Entry::new(AuditKind::ClientSecretRevoked).with_client(&cmd.client_id);
    audit::record(&mut tx, ctx, entry.with_details(serde_json::json!({ "secret_id": cmd.secret_id }))).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(())
}
