//! Taking away what has expired (D12).

use crate::{core::Core, error::Internal};

/// Deletes expired interactions, codes, refresh tokens, grants and revocation marks, in small steps. Says how many rows
/// went. Called by the clean-up job.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn clean_up(core: &Core) -> Result<u64, Internal> {
    todo!("{core:?}")
}
