//! A new secret for a client, with time to put it in place (D11).

use std::time::Duration;

use super::{Client, create_client::put_secret, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    id::ClientSecretId,
    secret::{PlainToken, TokenKind},
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
    /// The id of the new secret.
    pub secret_id: ClientSecretId,
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
    // As it stands in the database: a disabled client may be given a secret, too, and whether the secret is kept in the
    // clear depends on settings that another process may just have changed.
    let mut conn = ctx.core.db().read().await?;
    let client = store::find(&mut conn, &cmd.client_id).await?.filter(|client| !client.is_system);
    drop(conn);
    let client = client.ok_or(RotateClientSecretError::NotFound)?;
    if !client.settings.has_secret() {
        return Err(RotateClientSecretError::NoSecret);
    }
    let mut tx = ctx.core.db().write().await?;
    let client_secret = PlainToken::generate(TokenKind::ClientSecret, ctx.core.entropy());
    let secret_id = replace_secret(&mut tx, ctx, &client, client_secret.expose(), cmd.keep_old_for).await?;
    tx.commit().await?;
    Ok(ClientSecretRotated { secret_id, client_secret })
}

/// Puts a secret in the place of the one before, which works for a while yet; any older one ends now.
pub(crate) async fn replace_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    secret: &str,
    keep_old_for: Duration,
) -> Result<ClientSecretId, Internal> {
    store::delete_older_secrets(tx, &client.id).await?;
    store::end_secrets(tx, &client.id, ctx.now() + keep_old_for).await?;
    let id = put_secret(tx, ctx, client, secret).await?;
    audit::record(tx, ctx, audit::Entry::new(AuditKind::ClientSecretRotated).with_client(&client.id)).await?;
    tx.touch(Touched::Clients);
    Ok(id)
}
