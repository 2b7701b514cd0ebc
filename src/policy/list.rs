//! Looking at policies.

use super::{PolicyScope, PolicyVersion, place, store};
use crate::{authz::Denied, core::Ctx, error::Internal, org::refused};

/// Why policies are not shown.
#[derive(Debug, thiserror::Error)]
pub enum PoliciesError {
    /// There is no such organisation or version, or the actor is no member.
    #[error("there is no such organisation or version")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(PoliciesError);

/// A set of policies with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySet {
    /// Its versions, the newest first: all that ever counted, and the latest drafts.
    pub versions: Vec<PolicyVersion>,
}

impl PolicySet {
    /// The version that counts.
    pub fn active(&self) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.is_active)
    }

    /// The number of the newest version; 0 when there is none.
    pub fn newest(&self) -> i64 {
        self.versions.first().map_or(0, |version| version.number)
    }

    /// One of them.
    pub fn version(&self, number: i64) -> Option<&PolicyVersion> {
        self.versions.iter().find(|version| version.number == number)
    }
}

/// All versions.
///
/// # Errors
/// [`PoliciesError`]
pub async fn get_policies(ctx: &Ctx, scope: &PolicyScope) -> Result<PolicySet, PoliciesError> {
    let place = place::enter(ctx, scope).await?;
    let mut conn = ctx.core.db().read().await?;
    Ok(PolicySet { versions: store::versions(&mut conn, place.key()).await? })
}

/// One version and its text.
///
/// # Errors
/// [`PoliciesError`]
pub async fn get_policy_version(
    ctx: &Ctx,
    scope: &PolicyScope,
    number: i64,
) -> Result<(PolicyVersion, String), PoliciesError> {
    let place = place::enter(ctx, scope).await?;
    let mut conn = ctx.core.db().read().await?;
    let versions = store::versions(&mut conn, place.key()).await?;
    let version = versions.into_iter().find(|version| version.number == number).ok_or(PoliciesError::NotFound)?;
    let text = store::text(&mut conn, place.key(), number).await?.ok_or(PoliciesError::NotFound)?;
    Ok((version, text))
}
