//! What commands that change how somebody signs in have in common.

use std::time::Duration;

use super::{
    User, store,
    ticket::{self, NewTicket, TicketKind},
    ticket_store,
};
use crate::{
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    factor,
    grant::revoke as grants,
    id::{SessionId, UserId},
    passkey,
    password::{HashError, StoredHash},
    phone,
    secret::{PlainToken, SecretString},
    session,
    text::{EmailAddress, Username},
    user_agent::UserAgent,
};

const DAY: Duration = Duration::from_hours(24);

/// Hashes a new password.
pub(super) async fn hash(ctx: &Ctx, password: SecretString) -> Result<StoredHash, HashError> {
    let mut salt = [0_u8; 16];
    ctx.core.entropy().fill(&mut salt);
    ctx.core.hasher().hash(password, salt).await
}

/// Ends what an older password opened: sessions, and what applications hold (A5, A6, A8). The new stamp would stop them
/// at their next use anyway; this makes them disappear from lists at once.
pub(super) async fn end_access(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    except: Option<SessionId>,
    why: &'static str,
) -> Result<(), Internal> {
    session::end_all_of_user(tx, ctx, user_id, except).await?;
    grants::revoke_of_user(tx, ctx, user_id, except, why).await?;
    // A link that signs in (B5) is as good as a session.
    ticket_store::close(tx, TicketKind::SignIn.as_str(), user_id, ctx.now()).await?;
    tx.touch(user_id);
    Ok(())
}

/// Shuts everybody out of an account whose owner says that since then it was not them: the password opens nothing any more,
/// every session and token ends, so do links on their way, and passkeys, authenticator apps, recovery codes and a telephone
/// number that came since are gone. The link that is given leads its owner to a new password.
pub(super) async fn shut_out(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    since: Timestamp,
    why: &'static str,
) -> Result<ShutOutDone, Internal> {
    let now = ctx.now();
    store::take_password(tx, user_id, ctx.new_id(), now).await?;
    end_access(tx, ctx, user_id, None, why).await?;
    for kind in [TicketKind::ChangeEmail, TicketKind::UndoEmail, TicketKind::VerifyEmail, TicketKind::ResetPassword] {
        ticket_store::close(tx, kind.as_str(), user_id, now).await?;
    }
    let passkeys = passkey::remove_since(tx, user_id, since).await?;
    let authenticators = factor::remove_since(tx, user_id, since).await?;
    let phone = phone::remove_since(tx, ctx, user_id, since).await?;
    let new = NewTicket::new(TicketKind::ResetPassword, user_id, ctx.config().verification.reset_ttl);
    let reset = ticket::issue_new(tx, ctx, new).await?.token;
    Ok(ShutOutDone {
        reset,
        removed: serde_json::json!({ "since": since.to_string(), "passkeys": passkeys, "authenticators": authenticators, "phone": phone }),
    })
}

/// What became of it.
pub(super) struct ShutOutDone {
    /// The token for a new password (`TokenKind::PasswordReset`).
    pub(super) reset: PlainToken,
    /// What was removed, for the record.
    pub(super) removed: serde_json::Value,
}

/// The link by which the owner says that what a mail tells was not them. It works for a week.
pub(crate) async fn not_me_link(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<String, Internal> {
    let new = NewTicket::new(TicketKind::ShutOut, user_id, 7 * DAY);
    Ok(ticket::issue_new(tx, ctx, new).await?.link)
}

/// Gives the account a new stamp (A8), and ends whatever was opened before it but `keep`. Says whether the account is there.
pub(crate) async fn renew_stamp(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    keep: SessionId,
    why: &'static str,
) -> Result<bool, Internal> {
    let stamp = ctx.new_id();
    if !store::set_stamp(tx, user_id, stamp, ctx.now()).await? {
        return Ok(false);
    }
    end_access(tx, ctx, user_id, Some(keep), why).await?;
    session::rebind(tx, keep, stamp).await?;
    grants::rebind_session(tx, keep, stamp).await?;
    Ok(true)
}

/// Gives the account other claims, its name apart. False when it is not as `user` was read any more.
pub(crate) async fn set_claims(
    tx: &mut Tx,
    ctx: &Ctx,
    user: &User,
    profile: serde_json::Value,
) -> Result<bool, Internal> {
    let new = User { profile, updated_at: user.next_update(ctx.now()), ..user.clone() };
    let is_set = store::set_profile(tx, &new, user.updated_at).await?;
    tx.touch(user.id);
    Ok(is_set)
}

/// When an account made now is forgotten if nobody confirms its address: a day after the mail stopped working.
pub(super) fn forget_at(ctx: &Ctx) -> Timestamp {
    ctx.now() + ctx.config().verification.ttl.max(ctx.config().verification.reset_ttl) + DAY
}

/// The device a request came from, in words chosen from closed lists.
pub(crate) fn device(ctx: &Ctx) -> Option<String> {
    ctx.meta.user_agent.as_deref().map(|raw| UserAgent::describe(raw).to_string())
}

/// What collided when an account could not be made.
pub(super) enum Collision {
    Address,
    Username,
}

/// Tells which of the two was taken.
pub(super) async fn collision(
    tx: &mut Tx,
    email: &EmailAddress,
    username: Option<&Username>,
) -> Result<Collision, Internal> {
    if let Some(username) = username
        && store::by_email(tx, email.key()).await?.is_none()
        && store::username_is_taken(tx, username.key()).await?
    {
        return Ok(Collision::Username);
    }
    Ok(Collision::Address)
}

/// An account that somebody registered and nobody confirmed yet.
pub(super) fn is_pending(ctx: &Ctx, user: &User) -> bool {
    ctx.config().verification.required && !user.is_verified() && user.last_sign_in_at.is_none() && user.is_active
}
