//! `ostiary serve`: the identity provider, until it is told to stop.

use ostiary::{config::Config, core::Core};
use tokio::{
    net::TcpListener,
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{Failure, open};
use crate::{listen, router, telemetry};

/// Serves until SIGTERM or SIGINT.
pub(super) fn run(config: Config) -> Result<(), Failure> {
    telemetry::init(&config.log).map_err(|cause| Failure::new(format!("log.level: {cause}")))?;
    open::runtime(Builder::new_multi_thread().thread_name("ostiary"))?.block_on(async {
        let stop = stop_signal()?;
        let (core, _) = open::open(config).await?;
        let served = serve(&core, stop).await;
        core.db().close().await;
        served
    })
}

/// Answers until `stop` says true, jobs and all.
pub(super) async fn serve(core: &Core, mut stop: watch::Receiver<bool>) -> Result<(), Failure> {
    let server = &core.config().server;
    let tls = server.tls.as_ref().map(listen::tls_acceptor).transpose().map_err(Failure::new)?;
    let router = router::build(core).map_err(Failure::new)?;
    let listener = TcpListener::bind(server.listen)
        .await
        .map_err(|cause| Failure::new(format!("cannot listen on {}: {cause}", server.listen)))?;
    let follower = tokio::spawn({
        let core = core.clone();
        async move { core.db().follow_changes().await }
    });
    tracing::info!(listen = %server.listen, url = core.config().issuer(), "the door is open");
    let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
    listen::serve(listener, router, tls, stopped, server.shutdown_grace).await;
    follower.abort();
    tracing::info!("stopped");
    Ok(())
}

/// Becomes true when the process is told to stop; a second signal ends it at once.
pub(super) fn stop_signal() -> Result<watch::Receiver<bool>, Failure> {
    let listen = |kind| signal(kind).map_err(|cause| Failure::new(format!("cannot listen for signals: {cause}")));
    let (mut terminate, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if tell.send_replace(true) {
                std::process::exit(1);
            }
        }
    });
    Ok(stop)
}
