//! The accounts that a browser holds sessions of (C2).

use super::{
    SessionUser,
    resume::{is_alive, user_of},
    store,
};
use crate::{
    core::Core,
    error::Internal,
    id::{SessionId, UserId},
};

/// An account that was signed in in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserAccount {
    /// Its session there.
    pub session_id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// They as pages show them.
    pub user: SessionUser,
    /// The session is alive. One that lay idle too long, grew too old, or is bound to an older security stamp is over: the
    /// person has to prove anew who they are.
    pub is_live: bool,
}

/// The accounts of these sessions, in this order. A session that was ended is no longer any, and neither is one of somebody
/// deactivated or deleted.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_accounts(core: &Core, held: &[SessionId]) -> Result<Vec<BrowserAccount>, Internal> {
    let (config, now) = (&core.config().sessions, core.now());
    let mut conn = core.db().read().await?;
    let mut accounts = Vec::with_capacity(held.len());
    for &session_id in held {
        let row = store::find_with_owner(&mut conn, session_id).await?;
        if let Some(row) = row.filter(|row| row.ended_at.is_none() && row.is_active) {
            let is_live = is_alive(config, &row, now);
            accounts.push(BrowserAccount { session_id, user_id: row.user_id, user: user_of(row), is_live });
        }
    }
    Ok(accounts)
}
