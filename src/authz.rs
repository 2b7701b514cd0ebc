//! Who may do what: the first line of every command.

use crate::core::{Actor, Ctx, UserActor};

/// The actor may not do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("you may not do this")]
pub struct Denied;

/// Only somebody who is signed in.
///
/// # Errors
/// [`Denied`] for everybody else.
pub fn require_user(ctx: &Ctx) -> Result<&UserActor, Denied> {
    ctx.user().ok_or(Denied)
}

/// Only the command line, jobs, and administrators of the instance.
///
/// # Errors
/// [`Denied`] for everybody else.
pub fn require_operator(ctx: &Ctx) -> Result<(), Denied> {
    match &ctx.actor {
        Actor::Operator | Actor::System => Ok(()),
        Actor::User(user) if user.is_admin => Ok(()),
        Actor::Anonymous | Actor::User(_) | Actor::Client { .. } => Err(Denied),
    }
}
