//! Passkeys that did not open the door, on record.

use serde_json::json;

use super::{authenticator_of, store, store::KeyRow};
use crate::{
    account::{self, User},
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::Tx,
    error::Internal,
    mail::{self, Message},
};

/// Why somebody with a passkey is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refusal {
    Unknown,
    Signature,
    Copied,
    Locked,
    Deactivated,
    NotVerified,
}

/// Puts a refusal on record. A copied key is marked, and its owner told by mail (B1, B9).
pub(super) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    held: Option<(&KeyRow, &User)>,
    refusal: Refusal,
) -> Result<(), Internal> {
    let details = json!({ "reason": refusal, "method": "passkey", "passkey": held.map(|(key, _)| key.id) });
    let entry = Entry { user_id: held.map(|(_, user)| user.id), ..Entry::new(AuditKind::SignInFailed) };
    audit::record(tx, ctx, entry.with_details(details)).await?;
    let Some((key, user)) = held.filter(|_| refusal == Refusal::Copied) else { return Ok(()) };
    store::copied(tx, key.id, ctx.now()).await?;
    let entry = Entry::about(AuditKind::PasskeyCopied, user.id);
    audit::record(tx, ctx, entry.with_details(json!({ "passkey": key.id }))).await?;
    let maker = authenticator_of(key.aaguid).map(|known| known.name.to_owned());
    mail::enqueue(tx, ctx, user, Message::PasskeyCopied { maker, at: ctx.now(), device: account::device(ctx) }).await
}
