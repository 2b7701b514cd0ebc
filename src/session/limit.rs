//! How many sessions a person may have at once (C6).

use super::{end, resume::is_in_time, store};
use crate::{audit::AuditKind, config::BeyondMost, core::Ctx, db::Tx, error::Internal, id::UserId};

/// Why no session was opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The person has as many as they may, and is to end one first.
    #[error("there are {most} sessions already")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// Something broke.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes room for one more session of this person, or says that there is none. Whoever signs in again where they are signed
/// in needs none: the new session takes the place of the old one. The row of the person is held by whoever asks, so two
/// sign-ins at once count each other.
pub(super) async fn make_room(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<(), OpenError> {
    let sessions = &ctx.config().sessions;
    let is_here = ctx.user().is_some_and(|actor| actor.user_id == user_id);
    if sessions.most == 0 || is_here {
        return Ok(());
    }
    let now = ctx.now();
    let rows = store::list_of_user(tx, user_id, None, now).await?;
    let alive = rows.into_iter().filter(|row| is_in_time(sessions, row.stay, row.last_active_at, row.expires_at, now));
    let mut alive: Vec<_> = alive.map(|row| (row.created_at, row.id)).collect();
    alive.sort_unstable();
    let most = usize::try_from(sessions.most).unwrap_or(usize::MAX);
    let too_many = (alive.len() + 1).saturating_sub(most);
    if too_many > 0 && sessions.beyond_most == BeyondMost::RefuseNew {
        return Err(OpenError::Full { most: sessions.most });
    }
    for (_, id) in alive.into_iter().take(too_many) {
        if store::end_one(tx, id, user_id, now).await? {
            end::settle(tx, ctx, user_id, id, AuditKind::SessionEnded).await?;
        }
    }
    Ok(())
}
