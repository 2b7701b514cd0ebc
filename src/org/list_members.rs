//! Who belongs to an organisation, page by page (E2, E11).

use std::collections::BTreeMap;

use super::{
    access::{self, Refused, Right, Seat},
    member_store::{self, Wanted},
    membership::{MemberEntry, Membership},
    organization::OrganizationRef,
    people_store,
    standing::{self, Standing},
    store::containing,
};
use crate::{
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::{MembershipId, RoleId, UserId},
    page::PageSize,
};

/// The most members of one page.
pub const MOST_LISTED: u32 = 200;

/// A member, as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their membership.
    pub membership: Membership,
    /// What they are called: display name, username or address.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their username.
    pub username: Option<String>,
    /// False while their account is deactivated.
    pub is_active: bool,
    /// When they last signed in, anywhere.
    pub last_sign_in_at: Option<Timestamp>,
    /// How many grants and denials they have.
    pub entries: i64,
}

/// In which order members come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberOrder {
    /// Those who joined last first.
    #[default]
    Newest,
    /// By name.
    Name,
}

/// Which members.
#[derive(Clone, Debug)]
pub struct ListMembers {
    /// Of which organisation.
    pub organization: OrganizationRef,
    /// Only those whose name, username or address contains this; everybody when empty.
    pub search: String,
    /// Only those with this role.
    pub role_id: Option<RoleId>,
    /// In which order.
    pub order: MemberOrder,
    /// Those behind this one, the last of the page before.
    pub after: Option<MembershipId>,
    /// How many: [`MOST_LISTED`] at most.
    pub limit: u32,
}

/// One page.
#[derive(Clone, Debug)]
pub struct MemberPage {
    /// What the asker may do here.
    pub seat: Seat,
    /// The members.
    pub members: Vec<Member>,
    /// Where the next page goes on, if there is one.
    pub next: Option<MembershipId>,
    /// How many members the organisation has, whatever is looked for.
    pub total: i64,
    /// How many have each role.
    pub by_role: Vec<(RoleId, i64)>,
}

/// Lists members.
///
/// # Errors
/// [`Refused`]
pub async fn list_members(ctx: &Ctx, cmd: ListMembers) -> Result<MemberPage, Refused> {
    let seat = access::require(ctx, &cmd.organization, Right::ReadMembers).await?;
    let size = PageSize::new(cmd.limit, MOST_LISTED);
    let wanted = Wanted {
        organization_id: seat.organization.id,
        like: containing(&cmd.search),
        role_id: cmd.role_id,
        order: cmd.order,
        limit: size.to_ask(),
    };
    let mut conn = ctx.core.db().read().await?;
    let mut members = member_store::list(&mut conn, wanted, cmd.after).await?;
    let by_role = member_store::count_by_role(&mut conn, seat.organization.id).await?;
    let next = size.cut(&mut members, |member| member.membership.id);
    let total = by_role.iter().map(|(_, count)| count).sum();
    Ok(MemberPage { seat, members, next, total, by_role })
}

/// One member with everything that decides what they may do.
#[derive(Clone, Debug)]
pub struct MemberDetails {
    /// What the asker may do here.
    pub seat: Seat,
    /// The member.
    pub member: Member,
    /// Their grants and denials, the oldest first; those that are over, too, until they are removed.
    pub entries: Vec<MemberEntry>,
    /// What they may do.
    pub standing: std::sync::Arc<Standing>,
    /// What those are called who invited them, and made their grants and denials.
    pub names: BTreeMap<UserId, String>,
}

/// One member: for themselves, and for those who may see members.
///
/// # Errors
/// [`Refused`]: also [`Refused::NotFound`] when there is no such member.
pub async fn get_member(ctx: &Ctx, organization: &OrganizationRef, user_id: UserId) -> Result<MemberDetails, Refused> {
    let seat = access::enter(ctx, organization).await?;
    if seat.user_id() != Some(user_id) {
        seat.require(Right::ReadMembers)?;
    }
    let id = seat.organization.id;
    let found = standing::find_standing(&ctx.core, user_id, id).await?;
    let standing = found.ok_or(Refused::NotFound)?;
    let mut conn = ctx.core.db().read().await?;
    let member = member_store::get(&mut conn, id, user_id).await?.ok_or(Refused::NotFound)?;
    let entries = member_store::entries(&mut conn, member.membership.id).await?;
    let makers = entries.iter().filter_map(|entry| entry.created_by).chain(member.membership.invited_by);
    let makers = makers.collect::<Vec<_>>();
    let names = people_store::names(&mut conn, makers).await?;
    Ok(MemberDetails { seat, member, entries, standing, names })
}

/// Removes grants and denials that were over before `before`; says how many.
pub(crate) async fn delete_expired_entries(
    tx: &mut crate::db::Tx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, Internal> {
    member_store::delete_expired(tx, before, limit).await
}
