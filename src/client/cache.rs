//! Clients in memory.

use std::{collections::HashSet, sync::Arc, time::Duration};

use moka::sync::Cache;

use super::{
    Client,
    documents::{self, Flights},
    keys::KeyCache,
    store,
};
use crate::{core::Core, db::Touched, error::Internal};

/// Clients in memory, each with the revision seen before it was read. Unknown ids are remembered too, so that asking
/// for them again and again does not reach the database. All is read anew after five seconds: on SQLite the command
/// line may have changed it, and no node tells.
pub struct ClientCache {
    clients: Cache<String, (u64, Option<Arc<Client>>)>,
    /// The web origins of all of them, as one entry.
    pub(super) origins: Cache<(), (u64, Arc<HashSet<String>>)>,
    /// Their public keys.
    pub(super) keys: KeyCache,
    /// Documents of theirs that are being fetched.
    pub(super) flights: Flights,
}

impl Default for ClientCache {
    fn default() -> Self {
        const GOOD_FOR: Duration = Duration::from_secs(5);
        Self {
            clients: Cache::builder().max_capacity(10_000).time_to_live(GOOD_FOR).build(),
            origins: Cache::builder().max_capacity(1).time_to_live(GOOD_FOR).build(),
            keys: KeyCache::default(),
            flights: Flights::default(),
        }
    }
}

impl std::fmt::Debug for ClientCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientCache")
    }
}

/// The client with this id, unless it is disabled. An id that is a URL may be one whose document has to be fetched first.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_client(core: &Core, id: &str) -> Result<Option<Arc<Client>>, Internal> {
    let known = find_known(core, id).await?;
    if documents::is_url(id) {
        // Boxed, so that all others do not carry the future of a fetch along.
        return Box::pin(documents::find(core, id, known)).await;
    }
    Ok(known)
}

async fn find_known(core: &Core, id: &str) -> Result<Option<Arc<Client>>, Internal> {
    let revision = core.db().revisions().of(Touched::Clients);
    if let Some((seen, client)) = core.clients().clients.get(id)
        && seen == revision
    {
        return Ok(client);
    }
    let mut conn = core.db().read().await?;
    let client = store::find(&mut conn, id).await?.filter(|client| client.is_enabled).map(Arc::new);
    core.clients().clients.insert(id.to_owned(), (revision, client.clone()));
    Ok(client)
}
