//! What Ostiary does by itself: it delivers the outbox, cleans up (D12), and rotates keys.
//!
//! Delivery runs on every node; messages are leased one by one. Housekeeping runs on the one node that holds the lease
//! `housekeeping` in the table `leases`; when that node dies, the lease runs out and another one goes on.

mod clean_up;
mod clean_up_store;
mod lease;
mod lease_store;
#[cfg(test)]
mod tests;

use std::time::Duration;

use tokio::sync::watch;
use uuid::Uuid;

pub use self::clean_up::{CleanedUp, clean_up};
use crate::{
    core::Core,
    error::Internal,
    keys,
    mail::Transport,
    outbox::{self, Lane},
    policy,
};

/// How often the outbox is looked into when nothing rings; messages of other nodes and second tries are found so.
const POLL: Duration = Duration::from_secs(3);
/// How often decisions are put on record.
const RECORD: Duration = Duration::from_secs(5);
/// How often this node asks whether it is its turn to keep house.
const TICK: Duration = Duration::from_mins(1);
/// How often the house is kept, by whichever node.
const HOUSEKEEPING: Duration = Duration::from_mins(10);

/// Runs all jobs until `shutdown` turns true (or its sender is gone), and then finishes what is under way.
pub async fn run(core: Core, shutdown: watch::Receiver<bool>) {
    tokio::join!(
        keep_running("mail", &shutdown, || deliver(core.clone(), Lane::Mail, shutdown.clone())),
        keep_running("sms", &shutdown, || deliver(core.clone(), Lane::Sms, shutdown.clone())),
        keep_running("calls", &shutdown, || deliver(core.clone(), Lane::Calls, shutdown.clone())),
        keep_running("decisions", &shutdown, || record_decisions(core.clone(), shutdown.clone())),
        keep_running("housekeeping", &shutdown, || keep_house(core.clone(), shutdown.clone())),
    );
}

/// Runs a job in a task of its own and starts it again if it breaks: one that breaks must not take the other along.
async fn keep_running<F: Future<Output = ()> + Send + 'static>(
    name: &'static str,
    shutdown: &watch::Receiver<bool>,
    job: impl Fn() -> F,
) {
    let mut shutdown = shutdown.clone();
    while let Err(cause) = tokio::spawn(job()).await {
        tracing::error!(job = name, %cause, "a job broke; it starts again");
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = stopped(&mut shutdown) => return,
        }
    }
}

async fn deliver(core: Core, lane: Lane, mut shutdown: watch::Receiver<bool>) {
    let transport = match Transport::new(&core.config().mail) {
        Ok(transport) => transport,
        Err(cause) => {
            tracing::error!(%cause, "no mail will leave");
            return;
        }
    };
    loop {
        // A failure was logged where it happened; the messages are still there.
        let _ = outbox::deliver_lane(&core, &transport, lane).await;
        let [mail, sms, calls] = core.db().outbox_filled();
        let bell = match lane {
            Lane::Mail => mail,
            Lane::Sms => sms,
            Lane::Calls => calls,
        };
        tokio::select! {
            () = bell.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            () = stopped(&mut shutdown) => return,
        }
    }
}

/// Puts the sample of decisions on record that gathered in memory (E8).
async fn record_decisions(core: Core, mut shutdown: watch::Receiver<bool>) {
    loop {
        let is_last = tokio::select! {
            () = tokio::time::sleep(RECORD) => false,
            () = stopped(&mut shutdown) => true,
        };
        // A failure was logged where it happened; a sample can do without those.
        let _ = policy::write_recorded(&core).await;
        if is_last {
            return;
        }
    }
}

async fn keep_house(core: Core, mut shutdown: watch::Receiver<bool>) {
    let node: Uuid = core.new_id();
    loop {
        core.limits().forget_quiet();
        // A failure was logged where it happened; the next round tries again.
        let _ = housekeeping(&core, node).await;
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = stopped(&mut shutdown) => return,
        }
    }
}

/// One round, if it is this node's turn.
async fn housekeeping(core: &Core, node: Uuid) -> Result<(), Internal> {
    if !lease::take(core, "housekeeping", node, HOUSEKEEPING).await? {
        return Ok(());
    }
    keys::rotate_if_due(&core.system()).await?;
    let cleaned = clean_up(core).await?;
    lease::give_back(core, "housekeeping", node).await?;
    if cleaned.rows > 0 {
        tracing::info!(rows = cleaned.rows, "removed what had expired");
    }
    Ok(())
}

async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: then there is nothing to run for either.
    let _ = shutdown.wait_for(|stop| *stop).await;
}
