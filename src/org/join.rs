//! Somebody joins an organisation.

use super::{member_store, membership::Membership, organization::Organization, people_store};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    id::{MembershipId, RoleId, UserId},
};

/// Who joins, as what.
#[derive(Clone, Copy, Debug)]
pub struct Joining {
    /// The person.
    pub user_id: UserId,
    /// Their role.
    pub role_id: RoleId,
    /// Who invited them.
    pub invited_by: Option<UserId>,
}

/// Why somebody does not join.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// They are a member.
    #[error("they are a member already")]
    Already,
    /// The organisation has as many members as it may.
    #[error("this organisation has {most} members, which is the most it may have")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// The organisation takes only people whose address is confirmed.
    #[error("the e-mail address must be confirmed first")]
    Unverified,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes somebody a member. The organisation is held by the caller ([`super::access::hold`]), so that two who come at the
/// same moment do not both take the last place.
///
/// # Errors
/// [`JoinError`]
pub(crate) async fn join(
    tx: &mut Tx,
    ctx: &Ctx,
    organization: &Organization,
    joining: Joining,
) -> Result<MembershipId, JoinError> {
    let settings = &organization.settings;
    if settings.verified_email_required && !people_store::is_verified(tx, joining.user_id).await? {
        return Err(JoinError::Unverified);
    }
    if member_store::count(tx, organization.id).await? >= i64::from(settings.max_members) {
        return Err(JoinError::Full { most: settings.max_members });
    }
    let membership = Membership {
        id: ctx.new_id(),
        organization_id: organization.id,
        user_id: joining.user_id,
        role_id: joining.role_id,
        invited_by: joining.invited_by,
        joined_at: ctx.now(),
        version: 1,
    };
    if !member_store::insert(tx, &membership).await? {
        return Err(JoinError::Already);
    }
    tx.touch(Touched::memberships(joining.user_id));
    let details = serde_json::json!({ "role": joining.role_id, "invitedBy": joining.invited_by });
    let entry = Entry::about(AuditKind::MemberJoined, joining.user_id).within(organization.id);
    audit::record(tx, ctx, entry.with_details(details)).await?;
    Ok(membership.id)
}
