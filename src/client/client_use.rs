//! Who depends on a client: to be known before it is turned off or removed (D11).

use super::store;
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// What people have with a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientUse {
    /// People whose account it may use at present.
    pub people: i64,
    /// People whose answer to what it asked is remembered (D10).
    pub consents: i64,
}

/// Why it was not counted.
#[derive(Debug, thiserror::Error)]
pub enum ClientUseError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Counts who depends on a client; nobody does on one that is not there.
///
/// # Errors
/// [`ClientUseError`]
pub async fn count_client_use(ctx: &Ctx, client_id: &str) -> Result<ClientUse, ClientUseError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::count_use(&mut conn, client_id, ctx.now()).await?)
}
