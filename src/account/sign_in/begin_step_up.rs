//! Somebody who signed in with less is asked for more (B6).

use super::{
    SecondFactorRequired,
    pending::{self, NewPending, OnTop},
    steps::{self, Amr, Least},
    store,
};
use crate::{
    account,
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    factor,
    limits::TooMany,
    session::SessionKind,
};

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct BeginStepUp {
    /// What the second step has to reach.
    pub least: Least,
    /// Their session is one of "stay signed in".
    pub stay: bool,
}

/// Why nothing is asked for.
#[derive(Debug, thiserror::Error)]
pub enum BeginStepUpError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// What they showed is nothing to build on, or they have nothing more to show: they sign in from the beginning.
    #[error("there is no step up from here")]
    NoStep,
    /// Too many of them wait, from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Begins a second step on top of the session of the browser that asks. It is completed like any other
/// ([`super::complete_sign_in`]), by this session only.
///
/// # Errors
/// [`BeginStepUpError`].
pub async fn begin_step_up(ctx: &Ctx, cmd: BeginStepUp) -> Result<SecondFactorRequired, BeginStepUpError> {
    let actor = authz::require_user(ctx)?;
    ctx.core.limits().stored_request(ctx)?;
    let amr: Vec<Amr> = actor.amr.iter().filter_map(|word| word.parse().ok()).collect();
    if !steps::can_be_built_on(&amr) {
        return Err(BeginStepUpError::NoStep);
    }
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, actor.user_id).await?.ok_or(Denied)?;
    let has = factor::of_user(&mut conn, ctx.config(), user.id).await?;
    drop(conn);
    let methods = cmd.least.of(&has.methods);
    if methods.is_empty() {
        return Err(BeginStepUpError::NoStep);
    }
    let on_top = OnTop { session_id: actor.session_id, shown_at: actor.auth_time, least: cmd.least };
    let new = NewPending { user: &user, kind: SessionKind::Browser, amr, stay: cmd.stay, on_top: Some(on_top) };
    let mut tx = ctx.core.db().write().await?;
    if !store::is_as_before(&mut tx, user.id, user.stamp).await? {
        return Err(BeginStepUpError::NoStep);
    }
    let required = pending::keep(&mut tx, ctx, new, methods).await?;
    tx.commit().await?;
    Ok(required)
}
