//! Opening the house for a command.

use std::sync::Arc;

use ostiary::{
    clock::SystemClock,
    config::Config,
    core::{Core, CoreParts},
    db::Db,
    entropy::SystemEntropy,
    seal::Sealer,
};
use tokio::runtime::{Builder, Runtime};

use super::Failure;

/// Opens the database, brings it up to date (I1) and puts the parts together.
pub(super) async fn open(config: Config) -> Result<Core, Failure> {
    let db = Db::open(config.database.url.expose(), config.database.max_connections).await.map_err(Failure::new)?;
    db.migrate().await.map_err(Failure::new)?;
    let entropy = SystemEntropy;
    let sealer = Sealer::load(&config, db.engine(), &entropy).map_err(Failure::new)?;
    Ok(Core::new(CoreParts { config, db, clock: Arc::new(SystemClock), entropy: Arc::new(entropy), sealer }))
}

/// Runs a short command on a runtime of one thread.
pub(super) fn run<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    runtime(&mut Builder::new_current_thread())?.block_on(work)
}

/// A runtime of this kind.
pub(super) fn runtime(builder: &mut Builder) -> Result<Runtime, Failure> {
    builder.enable_all().build().map_err(|cause| Failure::new(format!("cannot start: {cause}")))
}
