//! Withdrawing a key in an emergency.

use super::{rotate_keys, store};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    core::Ctx,
    db::Touched,
    error::Internal,
};

/// Withdraw a key: everything it signed is refused at once, on every node.
#[derive(Clone, Debug)]
pub struct RevokeKey {
    /// The key.
    pub kid: String,
}

/// The key is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRevoked {
    /// The key that signs in its place, when the withdrawn one was signing or about to.
    pub successor: Option<String>,
}

/// Why the key was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum RevokeKeyError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such key, or it was withdrawn before.
    #[error("there is no such key, or it was revoked before")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Withdraws a key; if no other one could sign, a successor does so at once.
///
/// # Errors
/// [`RevokeKeyError`]
pub async fn revoke_key(ctx: &Ctx, cmd: RevokeKey) -> Result<KeyRevoked, RevokeKeyError> {
    require_operator(ctx)?;
    let now = ctx.now();
    let mut conn = ctx.core.db().read().await?;
    let keys = store::list(&mut conn).await?;
    drop(conn);
    let key = keys.iter().find(|key| key.kid() == cmd.kid).ok_or(RevokeKeyError::NotFound)?;
    let another_signs =
        keys.iter().any(|other| other.alg == key.alg && other.kid() != cmd.kid && other.times.may_sign(now));
    let successor = if another_signs { None } else { Some(rotate_keys::make_apart(ctx, key.alg, now).await?) };

    let mut tx = ctx.core.db().write().await?;
    if !store::revoke(&mut tx, &cmd.kid, now).await? {
        return Err(RevokeKeyError::NotFound);
    }
    let details = serde_json::json!({ "kid": cmd.kid, "alg": key.alg });
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::KeyRevoked).with_details(details)).await?;
    if let Some(successor) = &successor {
        rotate_keys::insert_successor(&mut tx, ctx, successor).await?;
    }
    tx.touch(Touched::Keys);
    tx.commit().await?;
    Ok(KeyRevoked { successor: successor.map(|key| key.kid().to_owned()) })
}
