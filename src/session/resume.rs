//! What a request does with the session it names: is it alive, and whose is it?

use std::time::Duration;

use super::{SessionKind, store};
use crate::{
    clock::Timestamp,
    config::Sessions,
    core::{Core, UserActor},
    db::Tx,
    error::Internal,
    id::SessionId,
};

/// `last_active_at` moves at most this often, and the last use of a grant with it: a page of ten requests costs one
/// write, not ten.
pub(crate) const TOUCH_EVERY: Duration = Duration::from_mins(1);

/// A session that is alive, and its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    /// The owner as commands want to know them.
    pub actor: UserActor,
    /// The owner as pages show them.
    pub user: SessionUser,
    /// Where they signed in.
    pub kind: SessionKind,
    /// "Stay signed in" was ticked.
    pub stay: bool,
    /// Ends at this moment in any case.
    pub expires_at: Timestamp,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUser {
    /// Their address.
    pub email: String,
    /// The name others see.
    pub display_name: Option<String>,
    /// The short name.
    pub username: Option<String>,
    /// Administrator of this instance.
    pub is_admin: bool,
}

/// Looks at the session a cookie or token names; `None` when it has ended, lain idle too long, grown too old, belongs to
/// somebody deactivated, or is bound to an older security stamp (A8). One read; moves the time of last use at most once
/// a minute.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn resume_session(core: &Core, id: SessionId) -> Result<Option<LiveSession>, Internal> {
    let now = core.now();
    let row = store::find_with_owner(&mut core.db().read().await?, id).await?;
    let Some(mut row) = row.filter(|row| is_alive(&core.config().sessions, row, now)) else { return Ok(None) };
    if needs_touch(row.last_active_at, now) {
        let mut tx = core.db().write().await?;
        store::touch(&mut tx, id, now, now - TOUCH_EVERY).await?;
        tx.commit().await?;
    }
    Ok(Some(LiveSession {
        actor: UserActor {
            user_id: row.user_id,
            session_id: id,
            auth_time: row.auth_time,
            amr: std::mem::take(&mut row.amr.0),
            is_admin: row.is_admin,
        },
        kind: SessionKind::parse(&row.kind),
        stay: row.stay,
        expires_at: row.expires_at,
        user: user_of(row),
    }))
}

/// The owner of a session as pages show them.
pub(super) fn user_of(row: store::OwnedRow) -> SessionUser {
    let store::OwnedRow { email, display_name, username, is_admin, .. } = row;
    SessionUser { email, display_name, username, is_admin }
}

/// Moves the time of last use, at most once a minute: a refresh of a session's tokens is use of it, too (C3). True when
/// it was moved.
pub(crate) async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool, Internal> {
    store::touch(tx, id, now, now - TOUCH_EVERY).await
}

fn needs_touch(last_active_at: Timestamp, now: Timestamp) -> bool {
    now.since(last_active_at) >= TOUCH_EVERY
}

pub(super) fn is_alive(config: &Sessions, row: &store::OwnedRow, now: Timestamp) -> bool {
    row.ended_at.is_none()
        && row.is_active
        && row.stamp == row.owner_stamp
        && is_in_time(config, row.stay, row.last_active_at, row.expires_at, now)
}

/// Neither idle for too long nor too old.
pub(super) fn is_in_time(
    config: &Sessions,
    stay: bool,
    last_active_at: Timestamp,
    expires_at: Timestamp,
    now: Timestamp,
) -> bool {
    let idle = if stay { config.stay_idle } else { config.idle };
    now < expires_at && now < last_active_at + idle
}
