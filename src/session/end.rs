//! How a session ends before its time.

use super::store;
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    db::Tx,
    error::Internal,
    grant::revoke as grant,
    id::{SessionId, UserId},
    logout, trusted_browser,
};

/// Ends one of one's own sessions.
#[derive(Clone, Copy, Debug)]
pub struct EndSession {
    /// Which.
    pub id: SessionId,
}

/// Why no session was ended.
#[derive(Debug, thiserror::Error)]
pub enum EndSessionError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such session, it has ended already, or it is somebody else's: which, is not told.
    #[error("there is no such session")]
    NotFound,
    /// Something broke.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Ends one of one's own sessions and everything that applications hold through it (C3).
///
/// # Errors
/// [`EndSessionError`]; a foreign session is [`EndSessionError::NotFound`].
pub async fn end_session(ctx: &Ctx, cmd: EndSession) -> Result<(), EndSessionError> {
    let actor = authz::require_user(ctx)?;
    let user_id = actor.user_id;
    let mut tx = ctx.core.db().write().await?;
    if !store::end_one(&mut tx, cmd.id, user_id, ctx.now()).await? {
        return Err(EndSessionError::NotFound);
    }
    let kind = if cmd.id == actor.session_id { AuditKind::SignedOut } else { AuditKind::SessionEnded };
    settle(&mut tx, ctx, user_id, cmd.id, kind).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all of one's own sessions but the one that asks (C3); says how many.
///
/// # Errors
/// [`EndSessionError::Denied`] when nobody is signed in, [`EndSessionError::Internal`] when something broke.
pub async fn end_other_sessions(ctx: &Ctx) -> Result<usize, EndSessionError> {
    let actor = authz::require_user(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    let ended = end_all_of_user(&mut tx, ctx, actor.user_id, Some(actor.session_id)).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Signs out of the session that asks; without one there is nothing to do.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn sign_out(ctx: &Ctx) -> Result<(), Internal> {
    if ctx.user().is_none() {
        return Ok(());
    }
    let mut tx = ctx.core.db().write().await?;
    end_current(&mut tx, ctx, None).await?;
    tx.commit().await
}

/// Ends the session that asks, if there is one; `asked_by` is the application that wished for it.
pub(crate) async fn end_current(tx: &mut Tx, ctx: &Ctx, asked_by: Option<&str>) -> Result<(), Internal> {
    let Some(actor) = ctx.user() else { return Ok(()) };
    // Twice at the same moment: one of the two finds nothing left to end.
    if store::end_one(tx, actor.session_id, actor.user_id, ctx.now()).await? {
        let entry = Entry { client_id: asked_by, ..Entry::about(AuditKind::SignedOut, actor.user_id) };
        settle_as(tx, ctx, actor.user_id, actor.session_id, entry).await?;
    }
    Ok(())
}

/// Ends all sessions of a person, except one if so asked, each with what applications hold through it; says how many. No
/// browser is trusted with the account afterwards (B7).
pub(crate) async fn end_all_of_user(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    except: Option<SessionId>,
) -> Result<usize, Internal> {
    trusted_browser::end_all(tx, user_id).await?;
    let ended = store::end_all(tx, user_id, except, ctx.now()).await?;
    for &id in &ended {
        settle(tx, ctx, user_id, id, AuditKind::SessionEnded).await?;
    }
    Ok(ended.len())
}

/// What follows from the end of a session.
pub(super) async fn settle(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    id: SessionId,
    kind: AuditKind,
) -> Result<(), Internal> {
    settle_as(tx, ctx, user_id, id, Entry::about(kind, user_id)).await
}

/// It goes on record, what applications hold through it ends, and they are told (D9).
async fn settle_as(tx: &mut Tx, ctx: &Ctx, user_id: UserId, id: SessionId, entry: Entry<'_>) -> Result<(), Internal> {
    audit::record(tx, ctx, entry.with_details(serde_json::json!({ "session": id }))).await?;
    grant::revoke_of_session(tx, ctx, id, "session_ended").await?;
    logout::announce(tx, ctx, user_id, id).await?;
    tx.touch(user_id);
    Ok(())
}
