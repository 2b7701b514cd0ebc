//! A person wants another e-mail address (A9): the first of two steps.

use std::time::Duration;

use super::{
    User, credentials, store,
    ticket::{self, NewTicket, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    mail::{self, Mail, Message},
    text::EmailAddress,
};

/// How long the owner of the old address may undo a change.
pub(super) const UNDO_LIFE: Duration = Duration::from_hours(7 * 24);

/// The address that is to take the place of the present one.
#[derive(Clone, Debug)]
pub struct RequestEmailChange {
    /// The new one.
    pub email: EmailAddress,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum RequestEmailChangeError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They signed in too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// It is the address the account has.
    #[error("this is the address of the account")]
    Same,
    /// Too many requests from this address, or too many mails for this account.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(RequestEmailChangeError);

/// Sends a link and a code to the new address, and a warning with a way to stop it to the old one. Nothing changes until the
/// new address is proved. Whether the new address has an account is not told: its owner is, by mail. A request takes the
/// place of the one before it.
///
/// # Errors
/// [`RequestEmailChangeError`].
pub async fn request_email_change(ctx: &Ctx, cmd: RequestEmailChange) -> Result<(), RequestEmailChangeError> {
    let user_id = authz::require_fresh_user(ctx)?.user_id;
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let user = store::find(&mut conn, user_id).await?.ok_or(Denied)?;
    let holder = store::by_email(&mut conn, cmd.email.key()).await?.map(|account| account.user);
    drop(conn);
    if user.email.key() == cmd.email.key() {
        return Err(RequestEmailChangeError::Same);
    }
    let holder = holder.filter(|holder| !credentials::is_pending(ctx, holder));
    let kind = TicketKind::ChangeEmail;
    let now = ctx.now();

    let mut tx = ctx.core.db().write().await?;
    store::hold(&mut tx, user_id).await?;
    if !ticket::may_mail(&mut tx, ctx, kind, user_id).await? {
        let retry_after_secs = ctx.config().verification.resend_after.as_secs().max(1);
        return Err(TooMany { retry_after_secs }.into());
    }
    ticket_store::close(&mut tx, kind.as_str(), user_id, now).await?;
    let new =
        NewTicket { email: Some(cmd.email.clone()), ..NewTicket::new(kind, user_id, ctx.config().verification.ttl) };
    match holder {
        None => {
            let issued = ticket::issue_new(&mut tx, ctx, new).await?;
            let message = Message::ProveEmail { link: issued.link, code: issued.code, expires_at: issued.expires_at };
            let mail = Mail::new(cmd.email, user.display_name.clone(), message);
            mail::enqueue_to(&mut tx, ctx, user_id, mail).await?;
        }
        Some(holder) => {
            ticket::issue_decoy_of(&mut tx, ctx, new).await?;
            tell_holder(&mut tx, ctx, &holder).await?;
        }
    }
    if user.is_verified() {
        let (link, expires_at) = undo_link(&mut tx, ctx, &user).await?;
        let message = Message::EmailChangeAsked { link, at: now, device: credentials::device(ctx), expires_at };
        mail::enqueue(&mut tx, ctx, &user, message).await?;
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::EmailChangeRequested, user_id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the owner of an address that somebody else asked for it, as often as they may be told of that.
async fn tell_holder(tx: &mut Tx, ctx: &Ctx, holder: &User) -> Result<(), Internal> {
    let kind = TicketKind::VerifyEmail;
    if !holder.is_active || !ticket::may_mail(tx, ctx, kind, holder.id).await? {
        return mail::enqueue_nothing(tx, ctx).await;
    }
    ticket::issue_decoy(tx, ctx, kind, Some(holder.id), ctx.config().verification.ttl).await?;
    mail::enqueue(tx, ctx, holder, Message::EmailInUse).await
}

/// A link that brings back the address the account has now.
pub(super) async fn undo_link(tx: &mut Tx, ctx: &Ctx, user: &User) -> Result<(String, Timestamp), Internal> {
    let new = NewTicket::new(TicketKind::UndoEmail, user.id, UNDO_LIFE);
    let issued = ticket::issue_new(tx, ctx, NewTicket { email: Some(user.email.clone()), ..new }).await?;
    Ok((issued.link, issued.expires_at))
}

/// A change that waits for its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmailChange {
    /// The new address.
    pub email: EmailAddress,
    /// The link and the code work until then.
    pub expires_at: Timestamp,
}

/// The change that the person who asks has begun, if it can still be proved.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_email_change(ctx: &Ctx) -> Result<Option<PendingEmailChange>, Internal> {
    let Some(user_id) = ctx.user().map(|actor| actor.user_id) else { return Ok(None) };
    let mut conn = ctx.core.db().read().await?;
    newest(&mut conn, ctx, user_id).await.map(|found| found.map(|(_, pending)| pending))
}

/// The same with its ticket.
pub(super) async fn newest(
    conn: &mut crate::db::Conn,
    ctx: &Ctx,
    user_id: UserId,
) -> Result<Option<(ticket_store::Found, PendingEmailChange)>, Internal> {
    let found = ticket_store::newest(conn, TicketKind::ChangeEmail.as_str(), user_id).await?;
    let Some(found) = found.filter(|ticket| ticket.is_open(ctx.now())) else { return Ok(None) };
    let Some(email) = found.address()? else { return Ok(None) };
    let pending = PendingEmailChange { email, expires_at: found.expires_at };
    Ok(Some((found, pending)))
}
