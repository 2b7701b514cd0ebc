//! Somebody signs in in a browser that holds a session already.

use super::{end, store};
use crate::{audit::AuditKind, core::Ctx, error::Internal, id::SessionId, logout};

/// The session `new` takes the place of the one that asks, which ends.
///
/// If both belong to the same person, who only proved again who they are (`prompt=login`, `max_age`, a second tab), then
/// applications keep what they hold: it goes over to the new session, and so does their interest in its end. If they do
/// not, the old session is signed out with everything that applications hold through it.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn replace_session(ctx: &Ctx, new: SessionId) -> Result<(), Internal> {
    let Some(old) = ctx.user() else { return Ok(()) };
    if old.session_id == new {
        return Ok(());
    }
    let mut tx = ctx.core.db().write().await?;
    let same_person = store::owner(&mut tx, new).await? == Some(old.user_id);
    if store::end_one(&mut tx, old.session_id, old.user_id, ctx.now()).await? {
        if same_person {
            store::move_grants(&mut tx, old.session_id, new).await?;
            logout::carry_over(&mut tx, old.session_id, new).await?;
            tx.touch(old.user_id);
        } else {
            end::settle(&mut tx, ctx, old.user_id, old.session_id, AuditKind::SignedOut).await?;
        }
    }
    tx.commit().await
}
