//! What happened in an organisation (H1), for those who look after it.

use std::collections::BTreeMap;

use super::{
    access::{self, Refused, Right, Seat},
    organization::OrganizationRef,
    people_store,
};
use crate::{
    audit::{self, ListActivity, OrganizationLine},
    core::Ctx,
    id::{AuditId, UserId},
};

/// One page.
#[derive(Clone, Debug)]
pub struct OrganizationActivity {
    /// What the asker may do here.
    pub seat: Seat,
    /// The newest first.
    pub lines: Vec<OrganizationLine>,
    /// What the people in them are called; nobody whose account is gone.
    pub names: BTreeMap<UserId, String>,
    /// Where the next page goes on, if there is one.
    pub next: Option<AuditId>,
}

/// Lists what happened in an organisation. It says who did what to whom, so it takes more than being let in: `org:write`,
/// the right to change the organisation itself.
///
/// # Errors
/// [`Refused`]
pub async fn list_activity(
    ctx: &Ctx,
    organization: &OrganizationRef,
    cmd: ListActivity,
) -> Result<OrganizationActivity, Refused> {
    let seat = access::require(ctx, organization, Right::WriteOrganization).await?;
    let mut conn = ctx.core.db().read().await?;
    let (lines, next) = audit::of_organization(&mut conn, seat.organization.id, cmd).await?;
    let people = lines.iter().flat_map(|line| [line.about, line.by]).flatten().collect::<Vec<_>>();
    let names = people_store::names(&mut conn, people).await?;
    Ok(OrganizationActivity { seat, lines, names, next })
}
