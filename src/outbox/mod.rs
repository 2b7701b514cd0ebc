//! The outbox (H2): messages written in the transaction that caused them, delivered afterwards, at least once, in
//! order for each aggregate. Payloads are sealed: mails carry links that are secrets.
//!
//! Mails leave in one lane, text messages in another, calls to applications in a third ([`Lane`]): an application that
//! answers slowly keeps nobody's code waiting.
//!
//! To deliver a new kind: a variant of [`OutboxKind`], its payload type, and an arm in the delivery job.

mod deliver;
mod file;
mod store;
#[cfg(test)]
mod tests;

pub use deliver::{Delivery, Lane, deliver_due, deliver_lane};
pub(crate) use file::write_file;
pub(crate) use store::delete_done;
#[cfg(any(test, feature = "testing"))]
pub(crate) use store::waiting;

use serde::Serialize;

use crate::{core::Ctx, db::Tx, error::Internal, id::OutboxId, seal::Purpose};

/// What kind of message it is, and so who delivers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OutboxKind {
    /// A mail.
    Mail,
    /// Nothing: written where a mail would be if there were somebody to write to.
    Nothing,
    /// A text message (B4).
    Sms,
    /// The end of a session, told to an application (D9).
    BackChannelLogout,
}

impl OutboxKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Nothing => "nothing",
            Self::Sms => "sms",
            Self::BackChannelLogout => "backchannel_logout",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "mail" => Some(Self::Mail),
            "nothing" => Some(Self::Nothing),
            "sms" => Some(Self::Sms),
            "backchannel_logout" => Some(Self::BackChannelLogout),
            _ => None,
        }
    }
}

/// Puts a message into the outbox in `tx`; it leaves after the commit.
pub(crate) async fn enqueue(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: OutboxKind,
    aggregate_id: String,
    payload: &impl Serialize,
) -> Result<OutboxId, Internal> {
    let plain = serde_json::to_vec(payload).map_err(|cause| Internal::new("write an outbox message", cause))?;
    let sealed = ctx.core.sealer().seal(Purpose::Outbox, &plain, ctx.core.entropy())?;
    let id = ctx.new_id();
    store::insert(tx, id, kind.as_str(), aggregate_id, sealed, ctx.now()).await?;
    tx.fills_outbox();
    Ok(id)
}
