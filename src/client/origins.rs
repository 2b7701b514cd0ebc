//! Which web origins may call us from scripts (I6): those that some client is registered with.

use std::{collections::HashSet, sync::Arc};

use super::store;
use crate::{core::Core, db::Touched, error::Internal};

/// How many clients are read at once.
const PAGE: u32 = 500;

/// Whether a client that may be used is registered with `origin` (RFC 6454 §6.2: scheme, host and port as browsers write
/// them). All origins are kept in memory, so asking for unknown ones again and again does not reach the database.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn is_allowed_origin(core: &Core, origin: &str) -> Result<bool, Internal> {
    let revision = core.db().revisions().of(Touched::Clients);
    if let Some((seen, origins)) = core.clients().origins.get(&())
        && seen == revision
    {
        return Ok(origins.contains(origin));
    }
    let origins = Arc::new(read(core).await?);
    core.clients().origins.insert((), (revision, Arc::clone(&origins)));
    Ok(origins.contains(origin))
}

async fn read(core: &Core) -> Result<HashSet<String>, Internal> {
    let mut conn = core.db().read().await?;
    let mut origins = HashSet::new();
    let mut after = String::new();
    loop {
        let page = store::list(&mut conn, &after, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        for client in page {
            if client.is_enabled {
                origins.extend(client.settings.allowed_origins);
            }
            after = client.id;
        }
        if is_last {
            return Ok(origins);
        }
    }
}
