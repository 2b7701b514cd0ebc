//! Another role for a member (E3), and another owner for an organisation.

use super::{
    Builtin,
    access::{self, Seat, refused},
    change::{self, MemberChangeError, MemberSaved},
    member_store,
    organization::OrganizationRef,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::Denied,
    core::Ctx,
    db::Touched,
    error::Internal,
    id::{RoleId, UserId},
};

/// Another role for a member.
#[derive(Clone, Debug)]
pub struct ChangeRole {
    /// In which organisation.
    pub organization: OrganizationRef,
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub role_id: RoleId,
    /// The version of the membership that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// Gives a member another role: one that the asker may assign, in the place of one that they may assign, too. Nobody
/// changes their own.
///
/// # Errors
/// [`MemberChangeError`].
pub async fn change_role(ctx: &Ctx, cmd: ChangeRole) -> Result<MemberSaved, MemberChangeError> {
    let can_assign = |seat: &Seat| if seat.assignable().next().is_some() { Ok(()) } else { Err(Denied) };
    let (mut tx, seat) = access::begin_if(ctx, &cmd.organization, can_assign).await?;
    let before = change::target(&mut tx, &seat, cmd.user_id, cmd.version).await?;
    if seat.rulebook.roles.get(cmd.role_id).is_none() {
        return Err(MemberChangeError::NoSuchRole);
    }
    if !seat.may_assign(cmd.role_id) {
        return Err(MemberChangeError::Ceiling);
    }
    if before.role_id == cmd.role_id {
        return Ok(MemberSaved { version: before.version });
    }
    let changed = member_store::set_role(&mut tx, before.id, before.version, cmd.role_id, ctx.now()).await?;
    let version = changed.ok_or(MemberChangeError::Changed)?;
    tx.touch(Touched::memberships(cmd.user_id));
    let name = |id| seat.rulebook.roles.get(id).map(|role| role.name.clone());
    let details = serde_json::json!({ "from": name(before.role_id), "to": name(cmd.role_id) });
    let entry = Entry::about(AuditKind::MemberRoleChanged, cmd.user_id).within(seat.organization.id);
    audit::record(&mut tx, ctx, entry.with_details(details)).await?;
    tx.commit().await?;
    Ok(MemberSaved { version })
}

/// Why an organisation has no other owner.
#[derive(Debug, thiserror::Error)]
pub enum TransferOwnershipError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// Only the owner may, and operators of the instance.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The one who is to own it is no member.
    #[error("the new owner must be a member")]
    NoSuchMember,
    /// It was made for one person and stays theirs.
    #[error("a personal organisation stays with its account")]
    Personal,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(TransferOwnershipError);

/// Hands an organisation over to another member. Who owned it is an admin from then on. Done twice, it changes nothing.
///
/// # Errors
/// [`TransferOwnershipError`].
pub async fn transfer_ownership(
    ctx: &Ctx,
    organization: &OrganizationRef,
    to: UserId,
) -> Result<(), TransferOwnershipError> {
    let is_theirs = |seat: &Seat| if seat.is_owner() || seat.is_operator { Ok(()) } else { Err(Denied) };
    let (mut tx, seat) = access::begin_if(ctx, organization, is_theirs).await?;
    let id = seat.organization.id;
    if seat.organization.personal_of.is_some() {
        return Err(TransferOwnershipError::Personal);
    }
    let next = member_store::find(&mut tx, id, to).await?.ok_or(TransferOwnershipError::NoSuchMember)?;
    if next.role_id == Builtin::Owner.id() {
        return Ok(());
    }
    for owner in member_store::with_role(&mut tx, id, Builtin::Owner.id()).await? {
        member_store::set_role(&mut tx, owner.id, owner.version, Builtin::Admin.id(), ctx.now()).await?;
        tx.touch(Touched::memberships(owner.user_id));
    }
    member_store::set_role(&mut tx, next.id, next.version, Builtin::Owner.id(), ctx.now()).await?;
    tx.touch(Touched::memberships(to));
    audit::record(&mut tx, ctx, Entry::about(AuditKind::OwnershipTransferred, to).within(id)).await?;
    tx.commit().await?;
    Ok(())
}
