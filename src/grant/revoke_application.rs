//! A person takes back what an application may do (C4).

use super::{revoke::revoke_of_client, store::applications};
use crate::{
    audit::{self, AuditKind},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
};

/// Take back everything one application may do with one's own account.
#[derive(Clone, Debug)]
pub struct RevokeApplication {
    /// Which: its client id.
    pub client_id: String,
}

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApplicationError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It may do nothing with this account, or there is none such: which, is not told.
    #[error("there is no such application")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Forgets the consent to an application, and ends its codes, refresh tokens and access tokens for the person who asks. What
/// it does with its own copy of their data is not ours to end, and it may ask again.
///
/// # Errors
/// [`RevokeApplicationError`]
pub async fn revoke_application(ctx: &Ctx, cmd: RevokeApplication) -> Result<(), RevokeApplicationError> {
    let user_id = authz::require_user(ctx)?.user_id;
    // A text of PostgreSQL cannot hold the character, so no client id does.
    if cmd.client_id.contains('\0') {
        return Err(RevokeApplicationError::NotFound);
    }
    let mut tx = ctx.core.db().write().await?;
    let grants = revoke_of_client(&mut tx, ctx, user_id, cmd.client_id.clone()).await?;
    let was_remembered = applications::forget(&mut tx, user_id, cmd.client_id.clone()).await?;
    if grants == 0 && !was_remembered {
        return Err(RevokeApplicationError::NotFound);
    }
    let details = serde_json::json!({ "grants": grants, "consent": was_remembered });
    let entry = audit::Entry::about(AuditKind::ApplicationRevoked, user_id).with_client(&cmd.client_id);
    audit::record(&mut tx, ctx, entry.with_details(details)).await?;
    tx.commit().await?;
    Ok(())
}
