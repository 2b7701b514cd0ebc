//! A new secret for a client, with time to put it in place (D11).

use std::time::Duration;

use super::{create_client::add_secret, find_client, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
    secret::PlainToken,
};

/// Give a client a new secret.
#[derive(Clone, Debug)]
pub struct RotateClientSecret {
    /// `client_id`.
    pub client_id: String,
    /// How long the old secret still works beside the new one; zero ends it at once.
    pub keep_old_for: Duration,
}

/// The client has a new secret.
#[derive(Debug)]
pub struct ClientSecretRotated {
    /// The new secret. Shown this once.
    pub client_secret: PlainToken,
}

/// Why there is no new secret.
#[derive(Debug, thiserror::Error)]
pub enum RotateClientSecretError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such client.
    #[error("there is no such client")]
    NotFound,
    /// It is public, or proves itself by a key or certificate of its own.
    #[error("this client has no secret")]
    NoSecret,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes a new secret. At most two are live afterwards: this and the one before it.
///
/// # Errors
/// [`RotateClientSecretError`]
pub async fn rotate_client_secret(
    ctx: &Ctx,
    cmd: RotateClientSecret,
) -> Result<ClientSecretRotated, RotateClientSecretError> {
    require_operator(ctx)?;
    let client = find_client(&ctx.core, &cmd.client_id).await?.filter(|client| !client.is_system);
    let client = client.ok_or(RotateClientSecretError::NotFound)?;
    if !client.settings.has_secret() {
        return Err(RotateClientSecretError::NoSecret);
    }
    let mut tx = ctx.core.db().write().await?;
    store::delete_older_secrets(&mut tx, &client.id).await?;
    store::end_secrets(&mut tx, &client.id, ctx.now() + cmd.keep_old_for).await?;
    let client_secret = add_secret(&mut tx, ctx, &client).await?;
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::ClientSecretRotated).with_client(&client.id)).await?;
    tx.touch(Touched::Clients);
    tx.commit().await?;
    Ok(ClientSecretRotated { client_secret })
}
