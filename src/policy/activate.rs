//! Letting a version count; going back is letting an older one count.

use serde_json::json;

use super::{PolicyScope, engine::PolicyProblem, place, save, store};
use crate::{
    audit::{self, AuditKind},
    authz::Denied,
    core::Ctx,
    db::Touched,
    error::Internal,
    org::refused,
};

/// Let a version count instead of the one that does.
#[derive(Clone, Debug)]
pub struct ActivatePolicies {
    /// Whose policies.
    pub scope: PolicyScope,
    /// The version; none lets no policies count at all.
    pub number: Option<i64>,
    /// The version that counts, as the actor knows it; none when there is none.
    pub active: Option<i64>,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActivatePoliciesError {
    /// There is no such organisation or version, or the actor is no member.
    #[error("there is no such organisation or version")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// What was right when it was saved is not any more: a permission it names is gone.
    #[error("the text has mistakes by now")]
    Mistakes(Vec<PolicyProblem>),
    /// Another version counts by now.
    #[error("another version counts by now")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(ActivatePoliciesError);

/// Lets a version count, on every node from now on. One that counts already is left alone.
///
/// # Errors
/// [`ActivatePoliciesError`]
pub async fn activate_policies(ctx: &Ctx, cmd: ActivatePolicies) -> Result<(), ActivatePoliciesError> {
    let place = place::enter(ctx, &cmd.scope).await?;
    if let Some(number) = cmd.number {
        let mut conn = ctx.core.db().read().await?;
        let text = store::text(&mut conn, place.key(), number).await?;
        drop(conn);
        let text = text.ok_or(ActivatePoliciesError::NotFound)?;
        save::check(&place, text).await?.map_err(ActivatePoliciesError::Mistakes)?;
    }
    let (mut tx, place) = place::begin(ctx, &cmd.scope).await?;
    if store::active(&mut tx, place.key()).await? != cmd.active {
        return Err(ActivatePoliciesError::Changed);
    }
    if cmd.number == cmd.active {
        return Ok(());
    }
    store::deactivate(&mut tx, place.key()).await?;
    if let Some(number) = cmd.number {
        let by = ctx.user().map(|user| user.user_id);
        if !store::activate(&mut tx, place.key(), number, by, ctx.now()).await? {
            return Err(ActivatePoliciesError::NotFound);
        }
    }
    let details = json!({ "number": cmd.number, "before": cmd.active });
    let entry = audit::Entry::new(AuditKind::PoliciesActivated).with_details(details);
    audit::record(&mut tx, ctx, save::in_place(entry, &place)).await?;
    tx.touch(Touched::Policies);
    tx.commit().await?;
    Ok(())
}
