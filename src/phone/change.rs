//! What confirming a number and removing one have in common.

use super::{PhoneNumber, store};
use crate::{
    account::{self, User},
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::{Ctx, UserActor},
    db::Tx,
    error::Internal,
    factor::{self, Channel},
    id::UserId,
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

/// Takes away a number that was confirmed at that moment or later, and codes by SMS with it; says whether there was one. For an
/// account whose owner says that it was not them: nothing is told. Its row must be held.
pub(crate) async fn remove_since(tx: &mut Tx, ctx: &Ctx, user_id: UserId, since: Timestamp) -> Result<bool, Internal> {
    store::forget(tx, user_id).await?;
    if !audit::happened_since(tx, user_id, AuditKind::PhoneChanged, since).await? {
        return Ok(false);
    }
    let Some(user) = account::find(tx, user_id).await? else { return Ok(false) };
    factor::leave_channel(tx, user_id, Channel::Sms).await?;
    account::set_claims(tx, ctx, &user, PhoneNumber::put_into(None, user.profile.clone())).await
}
