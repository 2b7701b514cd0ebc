//! Invitations that are over.

use super::store;
use crate::{
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::{Core, Ctx},
    db::Tx,
    error::Internal,
    id::OrganizationId,
};

/// Notes of pending invitations that they are over, of one organisation or of all; says of how many.
pub(super) async fn expire(
    tx: &mut Tx,
    ctx: &Ctx,
    organization_id: Option<OrganizationId>,
    limit: i64,
) -> Result<u64, Internal> {
    let expired = store::expire(tx, organization_id, ctx.now(), limit).await?;
    let mut count = 0;
    for (id, organization_id) in expired {
        let entry = Entry::new(AuditKind::InvitationExpired).within(organization_id);
        audit::record(tx, ctx, entry.with_details(serde_json::json!({ "invitation": id }))).await?;
        count += 1;
    }
    Ok(count)
}

/// The same for the job.
pub(crate) async fn expire_due(tx: &mut Tx, core: &Core, limit: i64) -> Result<u64, Internal> {
    expire(tx, &core.system(), None, limit).await
}

/// Removes invitations that ended before `before`: addresses of people who are no members are not kept for ever.
pub(crate) async fn delete_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    store::delete_closed(tx, before, limit).await
}
