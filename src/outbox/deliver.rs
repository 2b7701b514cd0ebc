//! Taking messages out of the outbox and delivering them.
//!
//! A message is *taken* by one guarded statement that sets a lease, so two nodes never hold the same one; if a node dies
//! with it, the lease runs out and another node takes it. Delivery is therefore at least once, and the same message
//! carries the same id each time. Of each aggregate only the oldest message that is not done is taken, which keeps their
//! order. Failures are tried again after growing pauses for about a day; a refusal for good ends it at once. When it is
//! over, either way, the payload is erased.

use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

use super::{
    OutboxKind,
    store::{self, Taken},
};
use crate::{
    core::Core,
    error::Internal,
    logout::{self, Notice},
    mail::{self, Mail, SendError, Transport},
    seal::Purpose,
    sms::{self, Sms},
};

/// Pauses after the first, second … failure. After one more failure than these we give up.
const PAUSES: [Duration; 9] = [
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(4),
    Duration::from_hours(6),
    Duration::from_hours(7),
];
/// So long nobody else takes a message; longer than any delivery takes.
const LEASE: Duration = Duration::from_mins(5);
/// Messages taken at a time in each lane, and so connections to the mail server.
const BATCH: i64 = 8;

/// Messages that wait for one another's connections, and for nobody else's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// To the mail server.
    Mail,
    /// To the gateway for text messages.
    Sms,
    /// To servers of applications, which are fast or slow as they like.
    Calls,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Calls];

    /// As the statements name it that tell which messages are of it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Calls => "calls",
        }
    }
}

/// What a round of deliveries did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Arrived.
    pub delivered: u32,
    /// Failed; most will be tried again.
    pub failed: u32,
}

/// Delivers what is due in all lanes, until nothing is.
///
/// # Errors
/// [`Internal`] when the database does not answer. What could not be delivered is no error.
pub async fn deliver_due(core: &Core, transport: &Transport) -> Result<Delivery, Internal> {
    let [mail, sms, calls] = Lane::ALL.map(|lane| deliver_lane(core, transport, lane));
    let (mail, sms, calls) = tokio::join!(mail, sms, calls);
    let done = [mail?, sms?, calls?];
    let sum = |of: fn(&Delivery) -> u32| done.iter().map(of).sum();
    Ok(Delivery { delivered: sum(|done| done.delivered), failed: sum(|done| done.failed) })
}

/// Delivers what is due in one lane, until nothing is.
///
/// # Errors
/// [`Internal`] when the database does not answer. What could not be delivered is no error.
pub async fn deliver_lane(core: &Core, transport: &Transport, lane: Lane) -> Result<Delivery, Internal> {
    let mut done = Delivery::default();
    loop {
        let now = core.now();
        let mut conn = core.db().read().await?;
        // Looking costs nothing; taking costs a durable write.
        if !store::something_is_due(&mut conn, lane.as_str(), now).await? {
            return Ok(done);
        }
        drop(conn);
        let mut tx = core.db().write().await?;
        let taken = store::take(&mut tx, lane.as_str(), now, now + LEASE, BATCH).await?;
        tx.commit().await?;
        if taken.is_empty() {
            return Ok(done);
        }
        let mut deliveries = JoinSet::new();
        for message in taken {
            let (core, transport) = (core.clone(), transport.clone());
            deliveries.spawn(async move { deliver(&core, &transport, message).await });
        }
        while let Some(result) = deliveries.join_next().await {
            if result.map_err(|cause| Internal::new("deliver a message", cause))?? {
                done.delivered += 1;
            } else {
                done.failed += 1;
            }
        }
    }
}

/// True when it arrived.
async fn deliver(core: &Core, transport: &Transport, message: Taken) -> Result<bool, Internal> {
    let (id, attempts) = (message.id, message.attempts);
    let result = hand_over(core, transport, message).await;
    let now = core.now();
    let mut tx = core.db().write().await?;
    let arrived = result.is_ok();
    match result {
        Ok(()) => store::delivered(&mut tx, id, now).await?,
        Err(SendError { is_permanent, what }) => {
            let failures = usize::try_from(attempts).unwrap_or(usize::MAX).saturating_sub(1);
            if let Some(pause) = PAUSES.get(failures).filter(|_| !is_permanent) {
                tracing::warn!(%id, error = what, pause_secs = pause.as_secs(), "a message was not delivered");
                store::failed(&mut tx, id, now + *pause, what).await?;
            } else {
                tracing::error!(%id, error = what, "a message cannot be delivered; given up");
                store::given_up(&mut tx, id, now, what).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(arrived)
}

async fn hand_over(core: &Core, transport: &Transport, message: Taken) -> Result<(), SendError> {
    // A node of a newer version knows more kinds; it will take the message.
    let unknown = SendError { is_permanent: false, what: "of an unknown kind".to_owned() };
    match OutboxKind::parse(&message.kind).ok_or(unknown)? {
        OutboxKind::Nothing => Ok(()),
        OutboxKind::Mail => {
            let mail: Mail = open(core, message.sealed_payload)?;
            let composed = mail::compose(core.config(), &mail, message.id, core.now());
            transport.send(composed.map_err(|_| lost("cannot be written"))?, message.id).await
        }
        OutboxKind::Sms => {
            let text: Sms = open(core, message.sealed_payload)?;
            sms::deliver(core, &text, message.id).await
        }
        OutboxKind::BackChannelLogout => {
            let notice: Notice = open(core, message.sealed_payload)?;
            logout::deliver(core, &notice).await
        }
    }
}

/// What the message says.
fn open<T: DeserializeOwned>(core: &Core, sealed: Option<Vec<u8>>) -> Result<T, SendError> {
    let sealed = sealed.ok_or_else(|| lost("empty"))?;
    let plain = core.sealer().open(Purpose::Outbox, &sealed).ok_or_else(|| lost("sealed with another key"))?;
    serde_json::from_slice(&plain).map_err(|_| lost("not understood"))
}

fn lost(what: &str) -> SendError {
    SendError { is_permanent: true, what: what.to_owned() }
}
