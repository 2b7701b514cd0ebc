//! Taking away what has expired (D12).

use super::store::clean_up::delete_expired;
use crate::{core::Core, error::Internal};

/// Rows of each table that go in one transaction: others may write in between.
const STEP: i64 = 500;

/// Deletes expired interactions, codes, refresh tokens, grants and revocation marks, in small steps. Says how many rows
/// went. Called by the clean-up job.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn clean_up(core: &Core) -> Result<u64, Internal> {
    let mut gone = 0;
    loop {
        let mut tx = core.db().write().await?;
        let step = delete_expired(&mut tx, core.now(), STEP).await?;
        tx.commit().await?;
        if step == 0 {
            return Ok(gone);
        }
        gone += step;
    }
}
