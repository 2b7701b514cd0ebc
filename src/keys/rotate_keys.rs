//! Replacing keys: on schedule and by hand.

use super::{
    ALGORITHMS, make,
    store::{self, StoredKey},
};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    clock::Timestamp,
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    protocol::SigningAlg,
};

/// Make a successor for the key of an algorithm.
#[derive(Clone, Copy, Debug)]
pub struct RotateKeys {
    /// The algorithm.
    pub alg: SigningAlg,
    /// Let it sign at once, without having been published before. Applications that keep the JWKS document for a while
    /// may refuse tokens until they fetch it again.
    pub at_once: bool,
}

/// A successor was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysRotated {
    /// The new key.
    pub kid: String,
    /// When it begins to sign.
    pub active_at: Timestamp,
}

/// Why no successor was made.
#[derive(Debug, thiserror::Error)]
pub enum RotateKeysError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An algorithm without keys of our own.
    #[error("{0} uses the secrets of clients; there is no key to replace")]
    Symmetric(SigningAlg),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes a successor that is published now and signs once it has been published for `keys.publish_before`.
///
/// # Errors
/// [`RotateKeysError`]
pub async fn rotate_keys(ctx: &Ctx, cmd: RotateKeys) -> Result<KeysRotated, RotateKeysError> {
    require_operator(ctx)?;
    if cmd.alg.is_symmetric() {
        return Err(RotateKeysError::Symmetric(cmd.alg));
    }
    let active_at = if cmd.at_once { ctx.now() } else { ctx.now() + ctx.config().keys.publish_before };
    Ok(replace(ctx, cmd.alg, active_at).await?)
}

/// Makes successors for keys whose time is near (D7). Called by a job on one node.
///
/// # Errors
/// [`Internal`]
pub async fn rotate_if_due(ctx: &Ctx) -> Result<Vec<KeysRotated>, Internal> {
    let settings = &ctx.config().keys;
    let mut conn = ctx.core.db().read().await?;
    let keys = store::list(&mut conn).await?;
    drop(conn);
    let mut rotated = Vec::new();
    for &alg in ALGORITHMS {
        // Newest first. An algorithm that nobody ever asked for has no key and needs none.
        let Some(newest) = keys.iter().find(|key| key.alg == alg && key.times.revoked_at.is_none()) else { continue };
        let due = newest.times.active_at + settings.rotate_after;
        if ctx.now() + settings.publish_before >= due {
            let active_at = due.max(ctx.now() + settings.publish_before);
            rotated.push(replace(ctx, alg, active_at).await?);
        }
    }
    let mut tx = ctx.core.db().write().await?;
    store::delete_gone(&mut tx, ctx.now() - settings.keep_after).await?;
    tx.commit().await?;
    Ok(rotated)
}

async fn replace(ctx: &Ctx, alg: SigningAlg, active_at: Timestamp) -> Result<KeysRotated, Internal> {
    let key = make_apart(ctx, alg, active_at).await?;
    let mut tx = ctx.core.db().write().await?;
    insert_successor(&mut tx, ctx, &key).await?;
    tx.commit().await?;
    Ok(KeysRotated { kid: key.kid().to_owned(), active_at })
}

/// Makes a key on a thread where it holds up nobody.
pub(super) async fn make_apart(ctx: &Ctx, alg: SigningAlg, active_at: Timestamp) -> Result<StoredKey, Internal> {
    let core = ctx.core.clone();
    let made = tokio::task::spawn_blocking(move || make::make(&core, alg, active_at)).await;
    made.map_err(|cause| Internal::new("make a signing key", cause))?
}

/// Writes a fresh key and sets when the ones before it stop.
pub(super) async fn insert_successor(tx: &mut Tx, ctx: &Ctx, key: &StoredKey) -> Result<(), Internal> {
    let details = serde_json::json!({ "kid": key.kid(), "alg": key.alg, "activeAt": key.times.active_at.to_string() });
    if try_insert_successor(tx, ctx, key, details).await? {
        return Ok(());
    }
    Err(Internal::new("store a signing key", "there is one of this name"))
}

/// Writes a key and sets when the ones before it stop; false when it is there already, in whatever state.
pub(super) async fn try_insert_successor(
    tx: &mut Tx,
    ctx: &Ctx,
    key: &StoredKey,
    details: serde_json::Value,
) -> Result<bool, Internal> {
    let retired_at = key.times.active_at;
    let expires_at = retired_at + ctx.config().keys.keep_after;
    if !store::insert(tx, key).await? {
        return Ok(false);
    }
    store::retire_others(tx, key.alg, key.kid(), retired_at, expires_at).await?;
    audit::record(tx, ctx, audit::Entry::new(AuditKind::KeyCreated).with_details(details)).await?;
    tx.touch(Touched::Keys);
    Ok(true)
}

/// Writes the first key of an algorithm. When two nodes do so at once both keys are published, and the one that sorts
/// first signs, on both.
pub(super) async fn store_first(ctx: &Ctx, key: &StoredKey) -> Result<(), Internal> {
    let mut tx = ctx.core.db().write().await?;
    store::insert(&mut tx, key).await?;
    let details = serde_json::json!({ "kid": key.kid(), "alg": key.alg });
    audit::record(&mut tx, ctx, audit::Entry::new(AuditKind::KeyCreated).with_details(details)).await?;
    tx.touch(Touched::Keys);
    tx.commit().await
}
