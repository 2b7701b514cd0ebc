//! Looking at clients.

use super::{Client, store};
use crate::{
    authz::{Denied, require_operator},
    core::Ctx,
    error::Internal,
};

/// Which clients to list.
#[derive(Clone, Debug)]
pub struct ListClients {
    /// Only those whose name or id holds this text.
    pub search: Option<String>,
    /// The last id of the page before.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u32,
}

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

/// Clients in the order of their ids; without their secrets.
///
/// # Errors
/// [`ListClientsError`]
pub async fn list_clients(ctx: &Ctx, cmd: ListClients) -> Result<Vec<Client>, ListClientsError> {
    require_operator(ctx)?;
    let after = cmd.after.unwrap_or_default();
    // No name and no id holds the character, and PostgreSQL takes no text that does.
    if after.contains('\0') || cmd.search.as_deref().is_some_and(|text| text.contains('\0')) {
        return Ok(Vec::new());
    }
    let mut conn = ctx.core.db().read().await?;
    let found = match cmd.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => store::search(&mut conn, text, &after, cmd.limit).await?,
        None => store::list(&mut conn, &after, cmd.limit).await?,
    };
    Ok(found)
}

/// How many clients there are, our own not counted.
///
/// # Errors
/// [`ListClientsError`]
pub async fn count_clients(ctx: &Ctx) -> Result<i64, ListClientsError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::count(&mut conn).await?)
}

/// Why a client was not shown.
#[derive(Debug, thiserror::Error)]
pub enum GetClientError {
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

/// A client that people made, enabled or not, as it stands in the database.
///
/// # Errors
/// [`GetClientError`]
pub async fn get_client(ctx: &Ctx, client_id: &str) -> Result<Client, GetClientError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::find(&mut conn, client_id).await?.filter(|client| !client.is_system);
    found.ok_or(GetClientError::NotFound)
}
