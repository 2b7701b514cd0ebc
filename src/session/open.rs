//! How a session begins.

use super::{OpenError, SessionKind, limit, store};
use crate::{
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::{SessionId, Stamp, UserId},
};

/// What a session is opened with. Address and browser come from the context.
#[derive(Clone, Debug)]
pub(crate) struct NewSession {
    /// Whose it is.
    pub(crate) user_id: UserId,
    /// The owner's security stamp at this moment (A8).
    pub(crate) stamp: Stamp,
    /// Where they signed in.
    pub(crate) kind: SessionKind,
    /// When they proved who they are: now, unless the session relies on what was shown in one before (B6).
    pub(crate) auth_time: Timestamp,
    /// How they proved who they are (RFC 8176).
    pub(crate) amr: Vec<String>,
    /// "Stay signed in": the longer pair of lifetimes.
    pub(crate) stay: bool,
}

/// Opens a session, if there may be one more (C6). The sign-in goes on record with its caller, who knows how it came about.
pub(crate) async fn open(tx: &mut Tx, ctx: &Ctx, new: NewSession) -> Result<SessionId, OpenError> {
    limit::make_room(tx, ctx, new.user_id).await?;
    let sessions = &ctx.config().sessions;
    let id = ctx.new_id();
    let now = ctx.now();
    let absolute = if new.stay { sessions.stay_absolute } else { sessions.absolute };
    store::insert(
        tx,
        store::NewRow {
            id,
            user_id: new.user_id,
            stamp: new.stamp,
            kind: new.kind.as_str(),
            amr: new.amr,
            ip: ctx.meta.ip.map(|ip| ip.to_string()),
            user_agent: ctx.meta.user_agent.clone(),
            stay: new.stay,
            auth_time: new.auth_time,
            now,
            expires_at: new.auth_time + absolute,
        },
    )
    .await?;
    tx.touch(new.user_id);
    Ok(id)
}

/// Lets a session outlive a change of its owner's security stamp: the one in which the password was changed.
pub(crate) async fn rebind(tx: &mut Tx, session_id: SessionId, stamp: Stamp) -> Result<(), Internal> {
    store::set_stamp(tx, session_id, stamp).await
}
