//! A person trusts a browser no longer.

use super::store;
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::TrustedBrowserId,
};

/// Which.
#[derive(Clone, Copy, Debug)]
pub struct EndTrust {
    /// The record.
    pub id: TrustedBrowserId,
}

/// Why it is still trusted.
#[derive(Debug, thiserror::Error)]
pub enum EndTrustError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such record, or it is somebody else's: which, is not told.
    #[error("there is no such trusted browser")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Has the second step asked for again in one of one's own browsers.
///
/// # Errors
/// [`EndTrustError`].
pub async fn end_trust(ctx: &Ctx, cmd: EndTrust) -> Result<(), EndTrustError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut tx = ctx.core.db().write().await?;
    if !store::end(&mut tx, cmd.id, user_id).await? {
        return Err(EndTrustError::NotFound);
    }
    let details = serde_json::json!({ "browser": cmd.id });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::BrowserTrustEnded, user_id).with_details(details)).await?;
    tx.commit().await?;
    Ok(())
}
