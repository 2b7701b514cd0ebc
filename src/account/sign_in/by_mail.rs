//! A person signs in with what a mail brought: its link, or its code (B5).
//!
//! The mailbox is the first step, and stands in for the password that it also resets: whoever has a second factor shows it
//! next, though not the mailbox again. What a mail brought works once, for a few minutes, as long as nothing about the
//! account changed: these tickets close with every new security stamp.

use super::{
    Refusal, SignInOutcome,
    pending::refuse_while_paused,
    proceed::{First, proceed},
    record_refusal,
    steps::Amr,
    store as sign_ins,
};
use crate::{
    account::{
        User,
        error::or_full,
        lockout, store,
        ticket::{self, TicketKind},
        ticket_store,
    },
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    factor::{self, SecondFactor},
    id::TicketId,
    limits::TooMany,
    secret::PlainToken,
    session::{OpenError, SessionKind},
    text::EmailAddress,
};

const KIND: TicketKind = TicketKind::SignIn;

/// What the person came with.
#[derive(Clone, Debug)]
pub enum MailProof {
    /// The token of the link (`TokenKind::EmailSignIn`).
    Link(PlainToken),
    /// The code, typed where the mail was asked for.
    Code {
        /// The address it was sent to.
        email: EmailAddress,
        /// As typed: spaces and hyphens are overlooked.
        code: String,
    },
}

/// A sign-in by mail.
#[derive(Clone, Debug)]
pub struct SignInByMail {
    /// Link or code.
    pub proof: MailProof,
    /// "Stay signed in" (C1).
    pub stay: bool,
    /// Browser or API.
    pub kind: SessionKind,
}

/// What came of it, and where to go.
#[derive(Clone, Debug)]
pub struct SignedInByMail {
    /// The session, or what is still to be shown.
    pub outcome: SignInOutcome,
    /// The interaction to go back to.
    pub return_to: Option<String>,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum SignInByMailError {
    /// `sign_in.by_email` is off.
    #[error("nobody signs in by e-mail here")]
    Off,
    /// The code is not that of the newest mail, was used, or is too old; or the address has no account, or it is paused:
    /// one and the same (A7).
    #[error("this is not the code of the newest mail, or it was used or is too old")]
    WrongCode,
    /// The link was used, is too old, was never ours, or the account changed.
    #[error("this link was used or is too old")]
    Gone,
    /// They have as many sessions as they may, and are to end one first (C6).
    #[error("signed in in {most} places already")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// Sign-in is paused, which only the holder of a link is told (A7), or there were too many tries.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

or_full!(SignInByMailError);

/// Opens a session for whoever holds the mail and has nothing else to show.
///
/// # Errors
/// [`SignInByMailError`].
pub async fn sign_in_by_mail(
    ctx: &Ctx,
    cmd: SignInByMail,
    trusted_by: &[PlainToken],
) -> Result<SignedInByMail, SignInByMailError> {
    if !ctx.config().sign_in.by_email {
        return Err(SignInByMailError::Off);
    }
    let (user, ticket, refused) = match &cmd.proof {
        MailProof::Link(token) => {
            ctx.core.limits().auth(ctx)?;
            let found = ticket::find_with_owner(ctx, KIND, token).await?;
            let (found, user) = found.ok_or(SignInByMailError::Gone)?;
            refuse_while_paused(ctx, &user)?;
            (user, found.id, SignInByMailError::Gone)
        }
        MailProof::Code { email, code } => {
            ctx.core.limits().sign_in(ctx, email.as_str())?;
            let (user, ticket) = check_code(ctx, email, code).await?.ok_or(SignInByMailError::WrongCode)?;
            (user, ticket, SignInByMailError::WrongCode)
        }
    };
    enter(ctx, &cmd, &user, ticket, trusted_by).await?.ok_or(refused)
}

/// Uses the mail up, and goes on from there. `None` when somebody was first, or the account changed meanwhile.
async fn enter(
    ctx: &Ctx,
    cmd: &SignInByMail,
    user: &User,
    ticket: TicketId,
    trusted_by: &[PlainToken],
) -> Result<Option<SignedInByMail>, OpenError> {
    let mut conn = ctx.core.db().read().await?;
    let has = factor::of_user(&mut conn, ctx.config(), user.id).await?.without(SecondFactor::Email);
    drop(conn);
    let mut tx = ctx.core.db().write().await?;
    // With a first factor the stamp changes, so nobody who has one by now is taken for somebody who has none.
    if !sign_ins::is_as_before(&mut tx, user.id, user.stamp).await? {
        return Ok(None);
    }
    let Some(spent) = ticket_store::consume(&mut tx, ticket, ctx.now()).await? else { return Ok(None) };
    let first = First { user, amr: Amr::OneTimeCode, kind: cmd.kind, stay: cmd.stay };
    let Some(outcome) = proceed(&mut tx, ctx, first, &has, trusted_by).await? else { return Ok(None) };
    ticket_store::close(&mut tx, KIND.as_str(), user.id, ctx.now()).await?;
    tx.commit().await?;
    Ok(Some(SignedInByMail { outcome, return_to: spent.return_to }))
}

/// The account and the ticket whose code was typed. A try is counted before it is compared, with the wrong passwords (A7).
async fn check_code(ctx: &Ctx, email: &EmailAddress, typed: &str) -> Result<Option<(User, TicketId)>, Internal> {
    let most = i64::from(ctx.config().verification.code_attempts);
    let mut conn = ctx.core.db().read().await?;
    let account = store::by_email(&mut conn, email.key()).await?;
    let user = account.map(|account| account.user).filter(|user| user.is_active);
    let newest = match &user {
        Some(user) => ticket_store::newest(&mut conn, KIND.as_str(), user.id).await?,
        None => None,
    };
    drop(conn);
    let mut tx = ctx.core.db().write().await?;
    let mut right = None;
    if let (Some(user), Some(ticket), Some(code)) = (&user, newest, ticket::digits(typed))
        && !user.is_locked(ctx.now())
        && ticket_store::count_try(&mut tx, ticket.id, ctx.now(), most).await?
            == Some(ticket::code_digest(ctx, ticket.id, &code))
    {
        right = Some(ticket.id);
    }
    if right.is_none() {
        let refusal = match &user {
            None => Refusal::Unknown,
            Some(user) if lockout::count(&mut tx, ctx, user).await? => Refusal::MailCode,
            Some(_) => Refusal::Locked,
        };
        record_refusal(&mut tx, ctx, user.as_ref().map(|user| user.id), refusal).await?;
    }
    tx.commit().await?;
    Ok(user.zip(right))
}

/// A link that still works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSignInLink {
    /// Who it signs in.
    pub email: EmailAddress,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Looks whether a link works, without using it up; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_sign_in_link(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenSignInLink>, Internal> {
    if !ctx.config().sign_in.by_email {
        return Ok(None);
    }
    let found = ticket::find_with_owner(ctx, KIND, token).await?;
    Ok(found.map(|(found, user)| OpenSignInLink { email: user.email, expires_at: found.expires_at }))
}
