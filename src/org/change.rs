//! What the changes of one member have in common.

use super::{
    access::{Seat, refused},
    member_store,
    membership::Membership,
};
use crate::{authz::Denied, db::Tx, error::Internal, id::UserId};

/// A member is as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberSaved {
    /// The version of the membership now.
    pub version: i64,
}

/// Why a member was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MemberChangeError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may change no members.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such member.
    #[error("there is no such member")]
    NoSuchMember,
    /// There is no such role in this organisation.
    #[error("there is no such role")]
    NoSuchRole,
    /// The actor may give or take only what is below their own role (E3), and nothing of their own.
    #[error("your role does not let you change this member so")]
    Ceiling,
    /// The last owner stays: the organisation is to be handed over first.
    #[error("an organisation always has an owner: hand it over first")]
    LastOwner,
    /// Somebody else changed the member meanwhile.
    #[error("somebody else changed this member meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(MemberChangeError);

/// The member who is to be changed, if the one in `seat` may do that at all: somebody else, whose role they may take.
pub(super) async fn target(
    tx: &mut Tx,
    seat: &Seat,
    user_id: UserId,
    version: Option<i64>,
) -> Result<Membership, MemberChangeError> {
    let found = member_store::find(tx, seat.organization.id, user_id).await?;
    let membership = found.ok_or(MemberChangeError::NoSuchMember)?;
    if membership.role_id == super::Builtin::Owner.id() {
        return Err(MemberChangeError::LastOwner);
    }
    if !seat.may_assign(membership.role_id) || (seat.user_id() == Some(user_id) && !seat.is_operator) {
        return Err(MemberChangeError::Ceiling);
    }
    if version.is_some_and(|seen| seen != membership.version) {
        return Err(MemberChangeError::Changed);
    }
    Ok(membership)
}
