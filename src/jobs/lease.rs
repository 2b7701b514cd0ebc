//! A job runs on the one node that holds its lease.

use std::time::Duration;

use uuid::Uuid;

use super::lease_store as store;
use crate::{core::Core, error::Internal};

/// So long a job may take; a node that dies with a lease keeps the others waiting for this long.
const LENGTH: Duration = Duration::from_mins(10);

/// Takes the lease of `job` for `node`, provided nobody holds it and the last run was at least `every` ago.
pub(super) async fn take(core: &Core, job: &'static str, node: Uuid, every: Duration) -> Result<bool, Internal> {
    let now = core.now();
    let mut conn = core.db().read().await?;
    // Looking costs nothing; taking costs a durable write.
    if !store::is_free(&mut conn, job, now, now - every).await? {
        return Ok(false);
    }
    drop(conn);
    let mut tx = core.db().write().await?;
    let taken = store::take(&mut tx, job, node, now, now + LENGTH, now - every).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Gives the lease back after a run.
pub(super) async fn give_back(core: &Core, job: &'static str, node: Uuid) -> Result<(), Internal> {
    let mut tx = core.db().write().await?;
    store::give_back(&mut tx, job, node, core.now()).await?;
    tx.commit().await
}
