//! People activate again the account that they deactivated (A10).

use super::{
    store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    secret::PlainToken,
    text::EmailAddress,
};

const KIND: TicketKind = TicketKind::ComeBack;

/// The token of the link in the mail that told of the end (`TokenKind::ComeBack`).
#[derive(Clone, Debug)]
pub struct ComeBack {
    /// The token.
    pub token: PlainToken,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ComeBackError {
    /// The link was used, is too old, or was never ours.
    #[error("this link was used or is too old")]
    Unknown,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Activates an account again; its owner signs in to it as before. A link works once, and not when an operator deactivated
/// the account meanwhile.
///
/// # Errors
/// [`ComeBackError`].
pub async fn come_back(ctx: &Ctx, cmd: ComeBack) -> Result<EmailAddress, ComeBackError> {
    ctx.core.limits().auth(ctx)?;
    let found = ticket::find_open(ctx, KIND, &cmd.token).await?.ok_or(ComeBackError::Unknown)?;
    let user_id = found.user_id.ok_or(ComeBackError::Unknown)?;
    let mut tx = ctx.core.db().write().await?;
    ticket_store::consume(&mut tx, found.id, ctx.now()).await?.ok_or(ComeBackError::Unknown)?;
    if !store::set_active(&mut tx, user_id, true, ctx.new_id(), ctx.now()).await? {
        return Err(ComeBackError::Unknown);
    }
    tx.touch(user_id);
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserReactivated, user_id)).await?;
    let user = store::find(&mut tx, user_id).await?.ok_or(ComeBackError::Unknown)?;
    tx.commit().await?;
    Ok(user.email)
}

/// The account behind a link that still works; for the page behind the link.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_come_back(ctx: &Ctx, token: &PlainToken) -> Result<Option<EmailAddress>, Internal> {
    let Some(found) = ticket::find_open(ctx, KIND, token).await? else { return Ok(None) };
    let Some(user_id) = found.user_id else { return Ok(None) };
    let mut conn = ctx.core.db().read().await?;
    let user = store::find(&mut conn, user_id).await?.filter(|user| !user.is_active);
    Ok(user.map(|user| user.email))
}
