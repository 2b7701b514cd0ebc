//! `ostiary demo`: see [`crate::demo`].

use std::net::SocketAddr;

use ostiary::config::{Config, Overrides};
use tokio::{net::TcpListener, runtime::Builder};

use super::{Failure, Global, open, output, serve};
use crate::{demo, listen, telemetry};

/// Where the demo keeps its things, unless told otherwise.
const DATABASE: &str = "sqlite:data/demo.db";
/// Where the application listens; its address is [`demo::APPLICATION_URL`].
const APPLICATION_PORT: u16 = 8081;

/// Runs provider and application until they are told to stop.
pub(super) fn run(global: &Global) -> Result<(), Failure> {
    let mut overrides: Overrides = global.overrides();
    overrides.database.get_or_insert_with(|| DATABASE.to_owned());
    // A file of settings for the real thing is not looked for: the demo is the same everywhere.
    let config = Config::load(global.config.as_deref(), &overrides).map_err(Failure::new)?;
    telemetry::init(&config.log).map_err(|cause| Failure::new(format!("log.level: {cause}")))?;
    open::runtime(Builder::new_multi_thread().thread_name("ostiary"))?.block_on(async {
        let stop = serve::stop_signal()?;
        let core = open::open(config).await?;
        let application = demo::application(&core).await?;
        let address = SocketAddr::from(([127, 0, 0, 1], APPLICATION_PORT));
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|cause| Failure::new(format!("cannot listen on {address}: {cause}")))?;
        let mut stopped = stop.clone();
        let stopped = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let grace = core.config().server.shutdown_grace;
        let beside = tokio::spawn(listen::serve(listener, application, None, stopped, grace));
        output::line(demo::greeting(&core))?;
        let served = serve::serve(&core, stop).await;
        beside.abort();
        core.db().close().await;
        served
    })
}
