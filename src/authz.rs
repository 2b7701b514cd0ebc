//! Who may do what: the first line of every command.

use std::time::Duration;

use crate::core::{Actor, Ctx, UserActor};

/// Sensitive changes of an account are made within so long of signing in (B6).
pub const FRESH: Duration = Duration::from_mins(10);

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

/// Why a sensitive change is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFresh {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They signed in too long ago.
    #[error("sign in again first")]
    SignInAgain,
}

/// Gives a command's error its two answers to somebody who may not change what protects the account now.
macro_rules! not_fresh {
    ($($error:ty),+ $(,)?) => {$(
        impl From<crate::authz::NotFresh> for $error {
            fn from(cause: crate::authz::NotFresh) -> Self {
                match cause {
                    crate::authz::NotFresh::Denied(denied) => Self::Denied(denied),
                    crate::authz::NotFresh::SignInAgain => Self::SignInAgain,
                }
            }
        }
    )+};
}

pub(crate) use not_fresh;

/// Only somebody who signed in within the last ten minutes (B6).
///
/// # Errors
/// [`NotFresh`] for everybody else.
pub fn require_fresh_user(ctx: &Ctx) -> Result<&UserActor, NotFresh> {
    let actor = require_user(ctx)?;
    if ctx.now().since(actor.auth_time) < FRESH { Ok(actor) } else { Err(NotFresh::SignInAgain) }
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
