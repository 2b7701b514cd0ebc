//! A person gives a passkey another name.

use super::{PasskeyName, store};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::PasskeyId,
};

/// Which, and what it is called from now on.
#[derive(Clone, Debug)]
pub struct RenamePasskey {
    /// Which.
    pub id: PasskeyId,
    /// The new name.
    pub name: PasskeyName,
}

/// Why it was not renamed.
#[derive(Debug, thiserror::Error)]
pub enum RenamePasskeyError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They have no such passkey.
    #[error("there is no such passkey")]
    NotFound,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Gives a passkey of the person who asks another name.
///
/// # Errors
/// [`RenamePasskeyError`].
pub async fn rename_passkey(ctx: &Ctx, cmd: RenamePasskey) -> Result<(), RenamePasskeyError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut tx = ctx.core.db().write().await?;
    if !store::rename(&mut tx, cmd.id, user_id, cmd.name.into()).await? {
        return Err(RenamePasskeyError::NotFound);
    }
    let details = serde_json::json!({ "passkey": cmd.id });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PasskeyRenamed, user_id).with_details(details)).await?;
    tx.commit().await?;
    Ok(())
}
