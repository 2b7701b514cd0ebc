//! The end of a membership: somebody is removed, or leaves (E2).

use super::{
    Builtin,
    access::{self, Right},
    change::{self, MemberChangeError},
    member_store,
    organization::OrganizationRef,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz,
    core::Ctx,
    db::Touched,
    id::UserId,
};

/// Removes a member whose role the asker may take. Tokens for this organisation are not renewed from now on.
///
/// # Errors
/// [`MemberChangeError`].
pub async fn remove_member(
    ctx: &Ctx,
    organization: &OrganizationRef,
    user_id: UserId,
    version: Option<i64>,
) -> Result<(), MemberChangeError> {
    let (mut tx, seat) = access::begin(ctx, organization, Right::RemoveMembers).await?;
    let member = change::target(&mut tx, &seat, user_id, version).await?;
    if !member_store::end(&mut tx, member.id, member.version, ctx.now()).await? {
        return Err(MemberChangeError::Changed);
    }
    tx.touch(Touched::memberships(user_id));
    let entry = Entry::about(AuditKind::MemberRemoved, user_id).within(seat.organization.id);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// The person who asks leaves an organisation. Its owner cannot: they hand it over first.
///
/// # Errors
/// [`MemberChangeError`].
pub async fn leave_organization(ctx: &Ctx, organization: &OrganizationRef) -> Result<(), MemberChangeError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let (mut tx, seat) = access::begin_if(ctx, organization, |_| Ok(())).await?;
    let id = seat.organization.id;
    let member = member_store::find(&mut tx, id, user_id).await?.ok_or(MemberChangeError::NotFound)?;
    if member.role_id == Builtin::Owner.id() {
        return Err(MemberChangeError::LastOwner);
    }
    if !member_store::end(&mut tx, member.id, member.version, ctx.now()).await? {
        return Err(MemberChangeError::Changed);
    }
    tx.touch(Touched::memberships(user_id));
    audit::record(&mut tx, ctx, Entry::about(AuditKind::MemberLeft, user_id).within(id)).await?;
    tx.commit().await?;
    Ok(())
}
