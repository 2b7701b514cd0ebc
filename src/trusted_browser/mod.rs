//! Trusted browsers (B7): where somebody who showed a second factor is asked for the password alone for a while.
//!
//! A record is made in the step that shows the second factor, and known by the digest of a token that only this browser's
//! cookie holds. It is of use to nobody who does not know the password, too, and to no other account; each one is made with a
//! token of its own, so a cookie that somebody planted is never trusted. It ends after its time, by being ended, and with
//! everything that ends the person's other sessions or changes the security stamp (A8).
//!
//! It is a reason not to ask, and no proof: a session that it let in says `pwd` and nothing more (B6).

mod end;
mod list;
mod store;
#[cfg(test)]
mod tests;

pub use self::{
    end::{EndTrust, EndTrustError, end_trust},
    list::{ListTrustError, TrustedBrowserView, list_trusted_browsers},
};
pub(crate) use store::delete_expired;

use crate::{
    account::{self, User},
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::Tx,
    error::Internal,
    id::UserId,
    mail::{self, Message},
    secret::{PlainToken, TokenKind},
};

/// More than this many are nobody's; the oldest makes room.
const MOST: i64 = 20;

/// Is this browser trusted with this account? Notes that it was used.
pub(crate) async fn is_trusted(tx: &mut Tx, ctx: &Ctx, user: &User, tokens: &[PlainToken]) -> Result<bool, Internal> {
    if ctx.config().second_factors.trust_browsers_for.is_zero() {
        return Ok(false);
    }
    for token in tokens {
        if store::used(tx, token.digest(), user.id, user.stamp, ctx.now()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Trusts the browser that asks; the token for its cookie, this one time. None where the instance trusts none.
pub(crate) async fn trust(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<Option<PlainToken>, Internal> {
    let life = ctx.config().second_factors.trust_browsers_for;
    if life.is_zero() {
        return Ok(None);
    }
    let token = PlainToken::generate(TokenKind::TrustedBrowser, ctx.core.entropy());
    let row = store::NewRow {
        id: ctx.new_id(),
        digest: token.digest(),
        user_id: user.id,
        stamp: user.stamp,
        user_agent: ctx.meta.user_agent.clone(),
        now: ctx.now(),
        expires_at: ctx.now() + life,
    };
    let details = serde_json::json!({ "browser": row.id });
    store::insert(tx, row).await?;
    store::keep_newest(tx, user.id, MOST).await?;
    audit::record(tx, ctx, Entry::about(AuditKind::BrowserTrusted, user.id).with_details(details)).await?;
    let message = Message::BrowserTrusted { at: ctx.now(), device: account::device(ctx), until: ctx.now() + life };
    mail::enqueue(tx, ctx, user, message).await?;
    Ok(Some(token))
}

/// Trusts no browser of this person any more.
pub(crate) async fn end_all(tx: &mut Tx, user_id: UserId) -> Result<(), Internal> {
    store::end_all(tx, user_id).await
}
