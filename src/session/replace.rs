//! Somebody signs in in a browser that holds sessions already (C2).

use super::{end, resume::is_alive, store};
use crate::{audit::AuditKind, core::Ctx, error::Internal, id::SessionId, logout};

/// So many accounts are signed in in one browser at most; one more, and the one that came first is signed out.
pub const MOST_ACCOUNTS: usize = 8;

/// The sessions that a browser goes on holding beside a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Other people's, in the order they were in: alive, or over by themselves.
    pub sessions: Vec<SessionId>,
    /// "Stay signed in" was ticked for each of them, so the cookie may outlive the browser.
    pub stay: bool,
}

/// The session `new` joins those that the browser holds. It takes the place of one of the same person, who only proved
/// again who they are (`prompt=login`, `max_age`, a second tab): applications keep what they hold, it goes over to the new
/// session, and so does their interest in its end. Other people's sessions stay, up to [`MOST_ACCOUNTS`].
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn replace_session(ctx: &Ctx, new: SessionId, held: &[SessionId]) -> Result<Beside, Internal> {
    let mut beside = Beside { sessions: Vec::new(), stay: true };
    if held.iter().all(|old| *old == new) {
        return Ok(beside);
    }
    let (config, now) = (&ctx.config().sessions, ctx.now());
    let mut tx = ctx.core.db().write().await?;
    let owner = store::owner(&mut tx, new).await?;
    let mut others = Vec::new();
    for &old in held.iter().filter(|old| **old != new) {
        let Some(row) = store::find_with_owner(&mut tx, old).await?.filter(|row| row.ended_at.is_none()) else {
            continue;
        };
        if Some(row.user_id) != owner {
            others.push((old, row));
        } else if is_alive(config, &row, now) && store::end_one(&mut tx, old, row.user_id, now).await? {
            store::move_grants(&mut tx, old, new).await?;
            logout::carry_over(&mut tx, old, new).await?;
            tx.touch(row.user_id);
        }
    }
    let too_many = (others.len() + 1).saturating_sub(MOST_ACCOUNTS);
    for (old, row) in others.drain(..too_many) {
        if store::end_one(&mut tx, old, row.user_id, now).await? {
            end::settle(&mut tx, ctx, row.user_id, old, AuditKind::SignedOut).await?;
        }
    }
    tx.commit().await?;
    beside.stay = others.iter().all(|(_, row)| row.stay || !is_alive(config, row, now));
    beside.sessions = others.into_iter().map(|(old, _)| old).collect();
    Ok(beside)
}
