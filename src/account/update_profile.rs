//! People say what they are called, and more (A9).

use super::{Profile, User, store};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
    text::DisplayName,
};

/// How often it is tried anew because something else about the account changed at the same moment.
const TRIES: usize = 3;

/// What an account is to say of its owner from now on; what is left out is said no more.
#[derive(Clone, Debug)]
pub struct UpdateProfile {
    /// Whose.
    pub user_id: UserId,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// Everything else.
    pub profile: Profile,
    /// Change it only as it was when it was looked at: [`User::version`]. Any when absent.
    pub version: Option<i64>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateProfileError {
    /// Nobody is signed in, or it is somebody else's account.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// It is no longer as it was looked at.
    #[error("somebody else changed this account meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Changes what an account says of its owner; for its owner and for operators. Nothing changes where all is as it was.
///
/// # Errors
/// [`UpdateProfileError`].
pub async fn update_profile(ctx: &Ctx, cmd: UpdateProfile) -> Result<User, UpdateProfileError> {
    if ctx.user().is_none_or(|actor| actor.user_id != cmd.user_id) {
        authz::require_operator(ctx)?;
    }
    for _ in 0..TRIES {
        let mut conn = ctx.core.db().read().await?;
        let user = store::find(&mut conn, cmd.user_id).await?.ok_or(UpdateProfileError::NotFound)?;
        drop(conn);
        if cmd.version.is_some_and(|version| version != user.version()) {
            return Err(UpdateProfileError::Changed);
        }
        let profile = cmd.profile.clone().put_into(user.profile.clone());
        let changed = changed(&user, cmd.display_name.as_ref(), &profile);
        if changed.is_empty() {
            return Ok(user);
        }
        let display_name = cmd.display_name.clone();
        let new = User { display_name, profile, updated_at: user.next_update(ctx.now()), ..user.clone() };
        let mut tx = ctx.core.db().write().await?;
        if !store::set_profile(&mut tx, &new, user.updated_at).await? {
            continue;
        }
        tx.touch(user.id);
        let details = serde_json::json!({ "changed": changed });
        audit::record(&mut tx, ctx, Entry::about(AuditKind::ProfileUpdated, user.id).with_details(details)).await?;
        tx.commit().await?;
        return Ok(new);
    }
    Err(UpdateProfileError::Changed)
}

/// The claims that are not as they were; their names go on record, their values do not.
fn changed(user: &User, display_name: Option<&DisplayName>, profile: &serde_json::Value) -> Vec<&'static str> {
    let claims = ["given_name", "family_name", "locale", "zoneinfo", "picture"];
    let name = (user.display_name.as_ref() != display_name).then_some("name");
    name.into_iter().chain(claims.into_iter().filter(|claim| user.profile.get(claim) != profile.get(claim))).collect()
}
