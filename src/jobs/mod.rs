//! What Ostiary does by itself: it delivers the outbox, cleans up (D12), and rotates keys.

use tokio::sync::watch;

use crate::core::Core;

/// Runs all jobs until `shutdown` turns true, and then finishes what is under way.
pub async fn run(core: Core, shutdown: watch::Receiver<bool>) {
    todo!("{core:?}{shutdown:?}")
}
