//! The person chose among the accounts of their browser, and for which organisation they come (C2, E12, OIDC Core §3.1.2.1
//! `prompt=select_account`).

use super::{details::ChosenOrganization, interaction::Pending, store::interactions};
use crate::{core::Ctx, error::Internal, id::OrganizationId, org, secret::PlainToken};

/// Notes that the one who asks was chosen for this request, and prefers the organisation from now on, if one was chosen, too.
/// Nobody is asked again then, unless they have to prove who they are. An organisation that is not theirs is as good as none,
/// and a request that is over is left as it is: the page after this one says so.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn choose_account(
    ctx: &Ctx,
    interaction: &PlainToken,
    organization: Option<OrganizationId>,
) -> Result<(), Internal> {
    let Some(actor) = ctx.user() else { return Ok(()) };
    let Some((mut pending, _)) = Pending::find(ctx, interaction).await? else { return Ok(()) };
    let Some((id, _)) = pending.stored else { return Ok(()) };
    let organization = match organization {
        Some(id) => org::find_standing(&ctx.core, actor.user_id, id).await?.map(|_| id),
        None => None,
    };
    pending.state.chosen = Some(actor.session_id);
    if let Some(organization_id) = organization {
        pending.state.organization = Some(ChosenOrganization { user_id: actor.user_id, organization_id });
    }
    let mut tx = ctx.core.db().write().await?;
    interactions::save_state(&mut tx, id, pending.state, ctx.now()).await?;
    if let Some(organization_id) = organization {
        org::prefer(&mut tx, actor.user_id, organization_id).await?;
    }
    tx.commit().await
}
