//! Where an account was opened before (B9): whoever signs in somewhere else is told of to its owner.
//!
//! A browser is known by a token of its own in a cookie, of which the digest is kept beside each account that was opened in it;
//! whatever has no cookie, such as a program that uses the REST API, by what it calls itself. It is a reason to write a mail,
//! and nothing else: it opens nothing. What was not used for more than a year is forgotten.

mod store;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use store::delete_unused;

use crate::{
    account,
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::UserId,
    mail::{self, Message},
    secret::Digest,
};

/// So long a browser is remembered without being used, and its cookie kept.
pub const REMEMBERED_FOR: Duration = Duration::from_hours(400 * 24);

/// Notes that this account was opened here. Its owner is told when it never was, unless it was never opened anywhere.
pub(crate) async fn note(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<(), Internal> {
    let now = ctx.now();
    let here = digest(ctx);
    if store::used(tx, user_id, here, now).await? {
        return Ok(());
    }
    let is_first = !store::has_any(tx, user_id).await?;
    store::insert(tx, user_id, here, now).await?;
    if is_first {
        return Ok(());
    }
    let Some(user) = account::find(tx, user_id).await? else { return Ok(()) };
    let ip = ctx.meta.ip.map(|ip| ip.to_string());
    mail::enqueue(tx, ctx, &user, Message::NewDevice { at: now, device: account::device(ctx), ip }).await
}

/// What stands for whoever asks.
fn digest(ctx: &Ctx) -> Digest {
    ctx.meta.browser.unwrap_or_else(|| {
        let name = account::device(ctx).unwrap_or_default();
        Digest::of(format!("no cookie, {name}").as_bytes())
    })
}

/// What was used last before this moment is forgotten now.
pub(crate) fn forgotten_before(now: Timestamp) -> Timestamp {
    now - REMEMBERED_FOR
}
