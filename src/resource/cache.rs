//! Resources and scopes in memory.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;

use super::{Catalogue, store};
use crate::{core::Core, db::Touched, error::Internal};

/// The catalogue in memory, with the revision seen before it was read. It is read anew after five seconds: on SQLite the
/// command line may have changed it, and no node tells.
pub struct CatalogueCache(Cache<(), (u64, Arc<Catalogue>)>);

impl Default for CatalogueCache {
    fn default() -> Self {
        const GOOD_FOR: Duration = Duration::from_secs(5);
        Self(Cache::builder().max_capacity(1).time_to_live(GOOD_FOR).build())
    }
}

impl std::fmt::Debug for CatalogueCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CatalogueCache")
    }
}

/// All resources and scopes.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_catalogue(core: &Core) -> Result<Arc<Catalogue>, Internal> {
    let revision = core.db().revisions().of(Touched::Catalogue);
    let cache = &core.catalogue().0;
    if let Some((seen, catalogue)) = cache.get(&())
        && seen == revision
    {
        return Ok(catalogue);
    }
    let mut conn = core.db().read().await?;
    let resources = store::resources(&mut conn, None).await?;
    let scopes = store::scopes(&mut conn, None).await?;
    let catalogue = Arc::new(Catalogue {
        resources: resources.into_iter().map(|resource| (resource.identifier.clone(), resource)).collect(),
        scopes: scopes.into_iter().map(|scope| (scope.name.clone(), scope)).collect(),
    });
    cache.insert((), (revision, Arc::clone(&catalogue)));
    Ok(catalogue)
}
