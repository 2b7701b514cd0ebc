//! A person confirms an address, by the link or the code of the mail (A4).

use super::{
    store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::{TicketId, UserId},
    limits::TooMany,
    secret::PlainToken,
    text::EmailAddress,
};

const KIND: TicketKind = TicketKind::VerifyEmail;

/// What the person came with.
#[derive(Clone, Debug)]
pub enum VerifyEmail {
    /// The token of the link (`TokenKind::EmailVerification`).
    Link(PlainToken),
    /// The code, typed where the registration was made.
    Code {
        /// The address the code was sent to.
        email: EmailAddress,
        /// As typed: spaces and hyphens are overlooked.
        code: String,
    },
}

/// The address is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailVerified {
    /// Whose it is.
    pub user_id: UserId,
    /// The interaction to go back to.
    pub return_to: Option<String>,
}

/// Why it is not. The REST API answers `WrongCode` and `Unknown` alike: it takes any address, and the difference would
/// tell which of them wait to be confirmed. The page takes only the address its own browser registered.
#[derive(Debug, thiserror::Error)]
pub enum VerifyEmailError {
    /// Not the code of the newest mail to that address (or there never was one). Counted.
    #[error("this is not the code of the newest mail")]
    WrongCode,
    /// The link or code was used, is too old, was never ours, or was guessed at too often.
    #[error("this link or code was used or is too old")]
    Unknown,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Confirms an address; link and code of a mail work once, together.
///
/// # Errors
/// [`VerifyEmailError`].
pub async fn verify_email(ctx: &Ctx, cmd: VerifyEmail) -> Result<EmailVerified, VerifyEmailError> {
    ctx.core.limits().auth(ctx)?;
    match cmd {
        VerifyEmail::Link(token) => {
            let found = ticket::find_open(ctx, KIND, &token).await?.ok_or(VerifyEmailError::Unknown)?;
            let mut tx = ctx.core.db().write().await?;
            let done = confirm(&mut tx, ctx, found.id).await?.ok_or(VerifyEmailError::Unknown)?;
            tx.commit().await?;
            Ok(done)
        }
        VerifyEmail::Code { email, code } => {
            let code = ticket::digits(&code).ok_or(VerifyEmailError::WrongCode)?;
            let most = i64::from(ctx.config().verification.code_attempts);
            let mut conn = ctx.core.db().read().await?;
            let account = store::by_email(&mut conn, email.key()).await?.ok_or(VerifyEmailError::WrongCode)?;
            let newest = ticket_store::newest(&mut conn, KIND.as_str(), account.user.id).await?;
            drop(conn);
            let newest = newest.ok_or(VerifyEmailError::WrongCode)?;
            if !newest.is_open(ctx.now()) || newest.attempts >= most {
                return Err(VerifyEmailError::Unknown);
            }
            let mut tx = ctx.core.db().write().await?;
            let counted = ticket_store::count_try(&mut tx, newest.id, ctx.now(), most).await?;
            let right = counted.ok_or(VerifyEmailError::Unknown)? == ticket::code_digest(ctx, newest.id, &code);
            if !right {
                tx.commit().await?;
                return Err(VerifyEmailError::WrongCode);
            }
            let done = confirm(&mut tx, ctx, newest.id).await?.ok_or(VerifyEmailError::Unknown)?;
            tx.commit().await?;
            Ok(done)
        }
    }
}

/// Uses the ticket up and confirms the address; `None` when the ticket was used meanwhile.
async fn confirm(tx: &mut Tx, ctx: &Ctx, id: TicketId) -> Result<Option<EmailVerified>, Internal> {
    let now = ctx.now();
    let Some(used) = ticket_store::consume(tx, id, now).await? else { return Ok(None) };
    let Some(user_id) = used.user_id else { return Ok(None) };
    if !store::verify_email(tx, user_id, now).await? {
        return Ok(None);
    }
    ticket_store::close(tx, KIND.as_str(), user_id, now).await?;
    audit::record(tx, ctx, Entry::about(AuditKind::EmailVerified, user_id)).await?;
    tx.touch(user_id);
    Ok(Some(EmailVerified { user_id, return_to: used.return_to }))
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVerification {
    /// The address it confirms.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_verification(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenVerification>, Internal> {
    let found = ticket::find_with_owner(ctx, KIND, token).await?;
    Ok(found.map(|(found, user)| OpenVerification { email: user.email, expires_at: found.expires_at }))
}
