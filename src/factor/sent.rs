//! Codes that are sent (B4): six digits for one sign-in that waits, kept as a keyed digest, in place of those before them.

use zeroize::Zeroizing;

use super::{
    SecondFactor,
    channel_store::{self, NewCode},
};
use crate::{
    account::{self, User},
    clock::Timestamp,
    core::{Core, Ctx},
    db::Tx,
    entropy,
    error::Internal,
    limits::TooMany,
    mail::{self, Message},
    secret::{Digest, SecretString},
};

/// Where a code is for, and until when.
pub(crate) struct For<'a> {
    /// Whose sign-in.
    pub(crate) user: &'a User,
    /// The sign-in.
    pub(crate) pending: Digest,
    /// When it is over, and the code with it.
    pub(crate) expires_at: Timestamp,
}

/// Sends a code over a channel of this person. [`TooMany`] when the recipient got enough of them.
pub(crate) async fn send(
    tx: &mut Tx,
    ctx: &Ctx,
    to: For<'_>,
    channel: SecondFactor,
) -> Result<Result<(), TooMany>, Internal> {
    let For { user, pending, expires_at } = to;
    if let Err(limit) = ctx.core.limits().sent_code(&user.email.key()) {
        return Ok(Err(limit));
    }
    let code = entropy::six_digits(ctx.core.entropy());
    let digest = digest(&ctx.core, pending, &SecretString::from(code.as_str()));
    channel_store::replace_code(tx, NewCode { pending, channel, code: digest, now: ctx.now() }).await?;
    let message = Message::SignInCode { code, expires_at, device: account::device(ctx) };
    mail::enqueue(tx, ctx, user, message).await?;
    Ok(Ok(()))
}

/// What the table keeps of a code: of use for this sign-in alone. Spaces and hyphens are for reading.
pub(super) fn digest(core: &Core, pending: Digest, typed: &SecretString) -> Digest {
    let kept = typed.expose().chars().filter(|c| !c.is_whitespace() && *c != '-');
    // One more than a code has, so that nothing longer passes for one.
    let plain: Zeroizing<String> = Zeroizing::new(kept.take(7).collect());
    let about = [b"code sent for ", pending.as_bytes().as_slice()].concat();
    core.sealer().code_digest(&about, &plain)
}
