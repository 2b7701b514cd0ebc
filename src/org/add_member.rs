//! An operator makes somebody a member. Everybody else invites.

use super::{
    access::{self, Right, refused},
    join::{JoinError, Joining, join},
    organization::OrganizationRef,
    people_store,
};
use crate::{
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::{MembershipId, RoleId, UserId},
};

/// Why somebody is no member.
#[derive(Debug, thiserror::Error)]
pub enum AddMemberError {
    /// There is no such organisation.
    #[error("there is no such organisation")]
    NotFound,
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such account.
    #[error("there is no such account")]
    NoSuchUser,
    /// There is no such role, or it is the owner's, which is handed over.
    #[error("there is no such role to be given")]
    NoSuchRole,
    /// They cannot join.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(AddMemberError);

/// Makes somebody a member, without asking them.
///
/// # Errors
/// [`AddMemberError`]
pub async fn add_member(
    ctx: &Ctx,
    organization: &OrganizationRef,
    user_id: UserId,
    role_id: RoleId,
) -> Result<MembershipId, AddMemberError> {
    authz::require_operator(ctx)?;
    let (mut tx, seat) = access::begin(ctx, organization, Right::InviteMembers).await?;
    if !seat.may_assign(role_id) {
        return Err(AddMemberError::NoSuchRole);
    }
    if !people_store::exists(&mut tx, user_id).await? {
        return Err(AddMemberError::NoSuchUser);
    }
    let invited_by = ctx.user().map(|actor| actor.user_id);
    let id = join(&mut tx, ctx, &seat.organization, Joining { user_id, role_id, invited_by }).await?;
    tx.commit().await?;
    Ok(id)
}
