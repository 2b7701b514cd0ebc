//! `ostiary serve`: the identity provider, until it is told to stop.

use ostiary::{account, config::Config, core::Core, jobs};
use tokio::{
    net::TcpListener,
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use super::{Failure, open, output};
use crate::{listen, router, telemetry};

/// Serves until SIGTERM or SIGINT.
pub(super) fn run(config: Config) -> Result<(), Failure> {
    telemetry::init(&config.log).map_err(|cause| Failure::new(format!("log.level: {cause}")))?;
    open::runtime(Builder::new_multi_thread().thread_name("ostiary"))?.block_on(async {
        let stop = stop_signal()?;
        let core = open::open(config).await?;
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
    let jobs = tokio::spawn(jobs::run(core.clone(), stop.clone()));
    tracing::info!(listen = %server.listen, url = core.config().issuer(), "the door is open");
    invite_administrator(core).await?;
    let stopped = async move { drop(stop.wait_for(|stop| *stop).await) };
    listen::serve(listener, router, tls, stopped, server.shutdown_grace).await;
    if tokio::time::timeout(server.shutdown_grace, jobs).await.is_err() {
        tracing::warn!("a job did not finish in time; it will be done again");
    }
    follower.abort();
    tracing::info!("stopped");
    Ok(())
}

/// On an empty database: prints the link that makes the first administrator. To standard output, because the log must hold
/// no secret.
async fn invite_administrator(core: &Core) -> Result<(), Failure> {
    let Some(link) = account::create_set_up_link(&core.system()).await.map_err(Failure::new)? else { return Ok(()) };
    output::line(format_args!(
        "There is no account yet. Open this link, once and today, to make the first administrator:\n  {link}"
    ))
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
