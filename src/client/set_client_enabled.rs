//! Turning a client off, and on again (D11).

use super::{Client, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
};

/// Turn a client on or off. While it is off nobody can use it, and nothing of it is lost.
#[derive(Clone, Debug)]
pub struct SetClientEnabled {
    /// `client_id`.
    pub client_id: String,
    /// Whether it may be used.
    pub is_enabled: bool,
}

/// Why a client was not turned on or off.
#[derive(Debug, thiserror::Error)]
pub enum SetClientEnabledError {
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

/// Turns a client on or off; one that is so already is left alone.
///
/// # Errors
/// [`SetClientEnabledError`]
pub async fn set_client_enabled(ctx: &Ctx, cmd: SetClientEnabled) -> Result<(), SetClientEnabledError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::find(&mut conn, &cmd.client_id).await?.filter(|client| !client.is_system);
    drop(conn);
    let client = found.ok_or(SetClientEnabledError::NotFound)?;
    if client.is_enabled == cmd.is_enabled {
        return Ok(());
    }
    let mut tx = ctx.core.db().write().await?;
    if !turn(&mut tx, ctx, &client, client.version, cmd.is_enabled).await? {
        return Err(SetClientEnabledError::Changed);
    }
    tx.commit().await?;
    Ok(())
}

/// Turns a client on or off that is at `version`; false when it no longer is.
pub(crate) async fn turn(
    tx: &mut Tx,
    ctx: &Ctx,
    client: &Client,
    version: i64,
    is_enabled: bool,
) -> Result<bool, Internal> {
    if !store::set_enabled(tx, &client.id, version, is_enabled, ctx.now()).await? {
        return Ok(false);
    }
    let kind = if is_enabled { AuditKind::ClientEnabled } else { AuditKind::ClientDisabled };
    audit::record(tx, ctx, audit::Entry::new(kind).with_client(&client.id)).await?;
    tx.touch(Touched::Clients);
    Ok(true)
}
