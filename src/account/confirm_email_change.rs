//! The new e-mail address is proved (A9): the second of two steps.

use super::{
    credentials, email_store, request_email_change as request, store,
    ticket::{self, TicketKind},
    ticket_store::{self, Found},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    mail::{self, Message},
    secret::PlainToken,
    text::EmailAddress,
};

const KIND: TicketKind = TicketKind::ChangeEmail;

/// What came with the mail to the new address.
#[derive(Clone, Debug)]
pub enum ConfirmEmailChange {
    /// The token of the link (`TokenKind::EmailChange`).
    Link(PlainToken),
    /// The code, as typed: spaces and hyphens are overlooked.
    Code(String),
}

/// Why the address is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmEmailChangeError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Not the code of the newest mail. Counted.
    #[error("this is not the code of the newest mail")]
    WrongCode,
    /// The link or code was used, is too old, was guessed at too often, or belongs to somebody else's change.
    #[error("this link or code was used or is too old")]
    Unknown,
    /// Another account got the address meanwhile.
    #[error("the address belongs to another account by now")]
    Taken,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives the account of the person who asks its new address; link and code work once, together, and only for whoever is
/// signed in to the account they were asked for from. A new stamp ends every other session (A8); the old address is told,
/// with a way to undo it.
///
/// # Errors
/// [`ConfirmEmailChangeError`].
pub async fn confirm_email_change(ctx: &Ctx, cmd: ConfirmEmailChange) -> Result<EmailAddress, ConfirmEmailChangeError> {
    let actor = authz::require_user(ctx)?;
    let (user_id, session_id) = (actor.user_id, actor.session_id);
    ctx.core.limits().auth(ctx)?;
    let ticket = match cmd {
        ConfirmEmailChange::Link(token) => by_link(ctx, user_id, &token).await?,
        ConfirmEmailChange::Code(code) => by_code(ctx, user_id, &code).await?,
    };
    let email = ticket.address()?.ok_or(ConfirmEmailChangeError::Unknown)?;
    let mut conn = ctx.core.db().read().await?;
    let user = store::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    let now = ctx.now();

    let mut tx = ctx.core.db().write().await?;
    ticket_store::consume(&mut tx, ticket.id, now).await?.ok_or(ConfirmEmailChangeError::Unknown)?;
    email_store::delete_unproved(&mut tx, &email).await?;
    if !email_store::change(&mut tx, user_id, &email, now).await? {
        return Err(ConfirmEmailChangeError::Taken);
    }
    if !credentials::renew_stamp(&mut tx, ctx, user_id, session_id, "email_changed").await? {
        return Err(Denied.into());
    }
    // What was sent to the old address opens nothing any more, but for the way back.
    for kind in [TicketKind::VerifyEmail, TicketKind::ResetPassword] {
        ticket_store::close(&mut tx, kind.as_str(), user_id, now).await?;
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::EmailChanged, user_id)).await?;
    if user.is_verified() {
        let (link, expires_at) = request::undo_link(&mut tx, ctx, &user).await?;
        let message = Message::EmailChanged { link, at: now, device: credentials::device(ctx), expires_at };
        mail::enqueue(&mut tx, ctx, &user, message).await?;
    }
    tx.commit().await?;
    Ok(email)
}

/// The open ticket behind a link, if it is of this person.
async fn by_link(ctx: &Ctx, user_id: UserId, token: &PlainToken) -> Result<Found, ConfirmEmailChangeError> {
    let found = ticket::find_open(ctx, KIND, token).await?;
    found.filter(|ticket| ticket.user_id == Some(user_id)).ok_or(ConfirmEmailChangeError::Unknown)
}

/// The newest ticket of this person, if this is its code. Each try counts before it is compared.
async fn by_code(ctx: &Ctx, user_id: UserId, code: &str) -> Result<Found, ConfirmEmailChangeError> {
    let code = ticket::digits(code).ok_or(ConfirmEmailChangeError::WrongCode)?;
    let most = i64::from(ctx.config().verification.code_attempts);
    let mut conn = ctx.core.db().read().await?;
    let newest = request::newest(&mut conn, ctx, user_id).await?;
    drop(conn);
    let (newest, _) = newest.ok_or(ConfirmEmailChangeError::Unknown)?;
    let mut tx = ctx.core.db().write().await?;
    let counted = ticket_store::count_try(&mut tx, newest.id, ctx.now(), most).await?;
    tx.commit().await?;
    let is_right = counted.ok_or(ConfirmEmailChangeError::Unknown)? == ticket::code_digest(ctx, newest.id, &code);
    if is_right { Ok(newest) } else { Err(ConfirmEmailChangeError::WrongCode) }
}

/// The new address behind a link that still works for the person who asks; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_email_proof(ctx: &Ctx, token: &PlainToken) -> Result<Option<EmailAddress>, Internal> {
    let Some(user_id) = ctx.user().map(|actor| actor.user_id) else { return Ok(None) };
    let found = ticket::find_open(ctx, KIND, token).await?.filter(|ticket| ticket.user_id == Some(user_id));
    found.map_or(Ok(None), |ticket| ticket.address())
}
