//! Codes that are sent (B4): six digits for one sign-in that waits, kept as a keyed digest, in place of those before them.

use zeroize::Zeroizing;

use super::{
    Channel,
    channel::Reached,
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
    sms::{self, CodeFor, Sms},
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
    channel: Channel,
) -> Result<Result<(), TooMany>, Internal> {
    let For { user, pending, expires_at } = to;
    let reached = channel.reach(user).ok_or_else(|| Internal::new("send a code", "nowhere to send it to"))?;
    let limits = ctx.core.limits();
    let counted = match &reached {
        Reached::Address(address) => limits.sent_code(&address.key()),
        Reached::Number(number) => limits.sent_sms(ctx, number, user.id),
    };
    if let Err(limit) = counted {
        return Ok(Err(limit));
    }
    let code = entropy::six_digits(ctx.core.entropy());
    let digest = digest(&ctx.core, pending, &SecretString::from(code.as_str()));
    channel_store::replace_code(tx, NewCode { pending, channel, code: digest, now: ctx.now() }).await?;
    match reached {
        Reached::Address(_) => {
            let message = Message::SignInCode { code, expires_at, device: account::device(ctx) };
            mail::enqueue(tx, ctx, user, message).await?;
        }
        Reached::Number(to) => {
            let message = Sms { to, code, digest, for_what: CodeFor::SignIn { pending }, expires_at };
            sms::enqueue(tx, ctx, &message).await?;
        }
    }
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
