//! A person gives an authenticator app another name.

use super::store;
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::AuthenticatorId,
    text::DisplayName,
};

/// Which, and what it is called from now on.
#[derive(Clone, Debug)]
pub struct RenameAuthenticator {
    /// The authenticator.
    pub id: AuthenticatorId,
    /// Its new name.
    pub name: DisplayName,
}

/// Why it has its old name.
#[derive(Debug, thiserror::Error)]
pub enum RenameAuthenticatorError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such authenticator, or it is somebody else's: which, is not told.
    #[error("there is no such authenticator app")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives one of one's own authenticators another name. It protects nothing, so an older sign-in will do.
///
/// # Errors
/// [`RenameAuthenticatorError`].
pub async fn rename_authenticator(ctx: &Ctx, cmd: RenameAuthenticator) -> Result<(), RenameAuthenticatorError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut tx = ctx.core.db().write().await?;
    if !store::rename(&mut tx, cmd.id, user_id, cmd.name).await? {
        return Err(RenameAuthenticatorError::NotFound);
    }
    let entry = Entry::about(AuditKind::AuthenticatorRenamed, user_id);
    audit::record(&mut tx, ctx, entry.with_details(serde_json::json!({ "authenticator": cmd.id }))).await?;
    tx.commit().await?;
    Ok(())
}
