//! No request takes longer than `server.request_timeout`, reading its body included.

use axum::response::Response;

use crate::{ServerState, answer::Refusal};

/// What `work` gives, unless it takes too long.
pub(super) async fn limited(
    state: &ServerState,
    work: impl Future<Output = Result<Response, Refusal>>,
) -> Result<Response, Refusal> {
    tokio::time::timeout(state.core().config().server.request_timeout, work).await.unwrap_or_else(|_| {
        tracing::warn!("a request took too long and was given up");
        Err(Refusal::TimedOut)
    })
}
