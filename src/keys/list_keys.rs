//! Listing the keys.

use super::store;
use crate::{
    authz::{Denied, require_operator},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    protocol::SigningAlg,
};

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published, signs later.
    Next,
    /// Signs.
    Active,
    /// Signs no more, still published.
    Retired,
    /// Neither.
    Expired,
    /// Withdrawn.
    Revoked,
}

/// A key without its private half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyView {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// What it signs with.
    pub alg: SigningAlg,
    /// How it stands.
    pub state: KeyState,
    /// Published from here on.
    pub created_at: Timestamp,
    /// Signs from here on.
    pub active_at: Timestamp,
    /// Signs until here.
    pub retired_at: Option<Timestamp>,
    /// Published until here.
    pub expires_at: Option<Timestamp>,
}

/// Why the keys were not listed.
#[derive(Debug, thiserror::Error)]
pub enum ListKeysError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// All keys, newest first.
///
/// # Errors
/// [`ListKeysError`]
pub async fn list_keys(ctx: &Ctx) -> Result<Vec<KeyView>, ListKeysError> {
    require_operator(ctx)?;
    let now = ctx.now();
    let mut conn = ctx.core.db().read().await?;
    let keys = store::list(&mut conn).await?;
    let view = |key: store::StoredKey| KeyView {
        kid: key.kid().to_owned(),
        alg: key.alg,
        state: if key.times.revoked_at.is_some() {
            KeyState::Revoked
        } else if !key.times.is_published(now) {
            KeyState::Expired
        } else if key.times.may_sign(now) {
            KeyState::Active
        } else if key.times.active_at > now {
            KeyState::Next
        } else {
            KeyState::Retired
        },
        created_at: key.created_at,
        active_at: key.times.active_at,
        retired_at: key.times.retired_at,
        expires_at: key.times.expires_at,
    };
    Ok(keys.into_iter().map(view).collect())
}
