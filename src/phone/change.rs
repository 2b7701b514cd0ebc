//! What confirming a number and removing one have in common.

use super::PhoneNumber;
use crate::{
    account::{self, User},
    audit::{self, AuditKind, Entry},
    core::{Ctx, UserActor},
    db::Tx,
    error::Internal,
    mail::{self, Message},
};

/// Gives an account this number, or none: new stamp (A8), record, and a mail to its owner (B9). False when the account is
/// not there any more. Its row must be held.
pub(super) async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    actor: &UserActor,
    user: &User,
    number: Option<&PhoneNumber>,
) -> Result<bool, Internal> {
    let profile = PhoneNumber::put_into(number, user.profile.clone());
    let kind = if number.is_some() { AuditKind::PhoneChanged } else { AuditKind::PhoneRemoved };
    if !account::set_claims(tx, ctx, user, profile).await?
        || !account::renew_stamp(tx, ctx, user.id, actor.session_id, kind.as_str()).await?
    {
        return Ok(false);
    }
    audit::record(tx, ctx, Entry::about(kind, user.id)).await?;
    let ending = number.map(|number| number.ending().to_owned());
    let message = Message::PhoneChanged { ending, at: ctx.now(), device: account::device(ctx) };
    mail::enqueue(tx, ctx, user, message).await?;
    Ok(true)
}
