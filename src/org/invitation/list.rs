//! Which invitations there are.

use super::{
    model::{Invitation, InvitationState},
    store::{self, Wanted},
};
use crate::{
    account,
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::InvitationId,
    org::{OrganizationRef, Refused, Right, Seat, access, find_rulebook, member_store, store::containing},
    page::PageSize,
};

/// The most invitations of one page.
pub const MOST_INVITATIONS: u32 = 200;

/// Which invitations.
#[derive(Clone, Debug)]
pub struct ListInvitations {
    /// Of which organisation.
    pub organization: OrganizationRef,
    /// Only those whose address contains this; all when empty.
    pub search: String,
    /// Only those in this state.
    pub state: Option<InvitationState>,
    /// Those behind this one, the last of the page before.
    pub after: Option<InvitationId>,
    /// How many: [`MOST_INVITATIONS`] at most.
    pub limit: u32,
}

/// One page.
#[derive(Clone, Debug)]
pub struct InvitationPage {
    /// What the asker may do here.
    pub seat: Seat,
    /// The newest first.
    pub invitations: Vec<Invitation>,
    /// Where the next page goes on, if there is one.
    pub next: Option<InvitationId>,
    /// How many there are in each state, whatever is looked for.
    pub by_state: Vec<(InvitationState, i64)>,
    /// So many more can be invited.
    pub places: u32,
}

/// The invitations of an organisation, for those who may see its members.
///
/// # Errors
/// [`Refused`]
pub async fn list_invitations(ctx: &Ctx, cmd: ListInvitations) -> Result<InvitationPage, Refused> {
    let seat = access::require(ctx, &cmd.organization, Right::ReadMembers).await?;
    let size = PageSize::new(cmd.limit, MOST_INVITATIONS);
    let id = seat.organization.id;
    let wanted = Wanted {
        organization_id: id,
        like: containing(&cmd.search),
        state: cmd.state,
        after: cmd.after,
        limit: size.to_ask(),
        now: ctx.now(),
    };
    let mut conn = ctx.core.db().read().await?;
    let mut invitations = store::list(&mut conn, wanted).await?;
    let by_state = store::count_by_state(&mut conn, id, ctx.now()).await?;
    let members = member_store::count(&mut conn, id).await?;
    drop(conn);
    let next = size.cut(&mut invitations, |last| last.id);
    let pending = by_state.iter().find(|(state, _)| *state == InvitationState::Pending).map_or(0, |(_, count)| *count);
    let most = i64::from(seat.organization.settings.max_members);
    let places = u32::try_from(most.saturating_sub(members + pending)).unwrap_or(0);
    Ok(InvitationPage { seat, invitations, next, by_state, places })
}

/// One invitation of an organisation, for those who may see its members; `None` when it has no such.
///
/// # Errors
/// [`Refused`]
pub async fn get_invitation(
    ctx: &Ctx,
    organization: &OrganizationRef,
    id: InvitationId,
) -> Result<Option<Invitation>, Refused> {
    let seat = access::require(ctx, organization, Right::ReadMembers).await?;
    let mut conn = ctx.core.db().read().await?;
    let found = store::find(&mut conn, id, ctx.now()).await?;
    Ok(found.filter(|found| found.organization_id == seat.organization.id))
}

/// An invitation to the person who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyInvitation {
    /// The invitation.
    pub invitation: Invitation,
    /// The name of the organisation.
    pub organization: String,
    /// How it is called in addresses.
    pub slug: String,
    /// What they would be; nothing when that role was deleted.
    pub role: Option<String>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListMyInvitationsError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// What the person who asks can accept: invitations to the confirmed address of their account, the newest first.
///
/// # Errors
/// [`ListMyInvitationsError`]
pub async fn list_my_invitations(ctx: &Ctx) -> Result<Vec<MyInvitation>, ListMyInvitationsError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    if !user.is_verified() {
        return Ok(Vec::new());
    }
    let found = store::to_address(&mut conn, user.email.key(), ctx.now(), i64::from(MOST_INVITATIONS)).await?;
    drop(conn);
    let mut mine = Vec::with_capacity(found.len());
    for (invitation, organization, slug) in found {
        let rulebook = find_rulebook(&ctx.core, Some(invitation.organization_id)).await?;
        let role = invitation.role_id.and_then(|id| rulebook.roles.name_of(id)).map(str::to_owned);
        mine.push(MyInvitation { invitation, organization, slug, role });
    }
    Ok(mine)
}
