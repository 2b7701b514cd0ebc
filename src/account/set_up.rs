//! The first administrator is made through the one-time link that the first start prints.

use super::{
    credentials,
    error::busy_or_internal,
    store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    password::BrokenRules,
    secret::{PlainToken, SecretString},
    text::{DisplayName, EmailAddress},
};

/// What the operator fills in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The token of the link (`TokenKind::SetUp`).
    pub token: PlainToken,
    /// The administrator's address; taken as confirmed.
    pub email: EmailAddress,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password to be.
    pub password: SecretString,
}

/// There is an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetUpDone {
    /// Whose id this is.
    pub user_id: UserId,
}

/// Why there is none. A password that breaks rules does not use up the link.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The link was used, is too old, was replaced, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// The address has an account.
    #[error("this address has an account")]
    AddressTaken,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(SetUpError);

/// Makes the first administrator.
///
/// # Errors
/// [`SetUpError`].
pub async fn set_up(ctx: &Ctx, cmd: SetUp) -> Result<SetUpDone, SetUpError> {
    ctx.core.limits().auth(ctx)?;
    let found = ticket::find_open(ctx, TicketKind::SetUp, &cmd.token).await?.ok_or(SetUpError::Unknown)?;
    ctx.config().password.check(cmd.password.expose(), cmd.email.as_str())?;
    let hash = credentials::hash(ctx, cmd.password).await?;
    let user_id: UserId = ctx.new_id();

    let mut tx = ctx.core.db().write().await?;
    ticket_store::consume(&mut tx, found.id, ctx.now()).await?.ok_or(SetUpError::Unknown)?;
    // Somebody may have registered since the link was made, but nobody may have become administrator.
    if store::there_is_an_admin(&mut tx).await? {
        return Err(SetUpError::Unknown);
    }
    let new = store::NewUser {
        id: user_id,
        email: cmd.email,
        username: None,
        display_name: cmd.display_name,
        hash: Some(hash),
        is_verified: true,
        is_admin: true,
        stamp: ctx.new_id(),
        now: ctx.now(),
        forget_at: None,
    };
    if !store::insert(&mut tx, new).await? {
        return Err(SetUpError::AddressTaken);
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::SetUpCompleted, user_id)).await?;
    tx.commit().await?;
    Ok(SetUpDone { user_id })
}

/// Looks whether a set-up link works, without using it up; for the page behind it.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_set_up(ctx: &Ctx, token: &PlainToken) -> Result<bool, Internal> {
    if ticket::find_open(ctx, TicketKind::SetUp, token).await?.is_none() {
        return Ok(false);
    }
    let mut conn = ctx.core.db().read().await?;
    Ok(!store::there_is_an_admin(&mut conn).await?)
}
