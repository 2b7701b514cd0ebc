//! The person chose among the accounts of their browser (C2, OIDC Core §3.1.2.1 `prompt=select_account`).

use super::interaction::Pending;
use crate::{core::Ctx, error::Internal, grant::store::interactions, secret::PlainToken};

/// Notes that the one who asks was chosen for this request. Nobody is asked again then, unless they have to prove who they
/// are. A request that is over is left as it is: the page after this one says so.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn choose_account(ctx: &Ctx, interaction: &PlainToken) -> Result<(), Internal> {
    let Some(actor) = ctx.user() else { return Ok(()) };
    let Some((mut pending, _)) = Pending::find(ctx, interaction).await? else { return Ok(()) };
    let Some((id, _)) = pending.stored else { return Ok(()) };
    pending.state.chosen = Some(actor.session_id);
    let mut tx = ctx.core.db().write().await?;
    interactions::save_state(&mut tx, id, pending.state, ctx.now()).await?;
    tx.commit().await
}
