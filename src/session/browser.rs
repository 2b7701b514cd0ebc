//! What a browser's cookie stands for (C1): a record under the digest of the cookie's value.
//!
//! The record itself is a small JSON document whose meaning belongs to the hosted pages. It names sessions; whether
//! they are alive is looked up at each request.

use super::browser_store as store;
use crate::{clock::Timestamp, core::Core, error::Internal, secret::Digest};

/// A browser's record.
#[derive(Clone, Debug, PartialEq)]
pub struct BrowserRecord {
    /// What it says; JSON, never queried inside.
    pub data: serde_json::Value,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// The record under this digest, unless it has expired.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn load(core: &Core, digest: Digest) -> Result<Option<BrowserRecord>, Internal> {
    let row = store::find(&mut core.db().read().await?, digest, core.now()).await?;
    Ok(row.map(|row| BrowserRecord { data: row.data.0, expires_at: row.expires_at }))
}

/// Puts a new record down; `false` when the digest is taken, and then nothing is changed.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn create(core: &Core, digest: Digest, record: BrowserRecord) -> Result<bool, Internal> {
    let mut tx = core.db().write().await?;
    let made = store::insert(&mut tx, digest, record.data, core.now(), record.expires_at).await?;
    tx.commit().await?;
    Ok(made)
}

/// Replaces a record, or puts it down if there is none.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn save(core: &Core, digest: Digest, record: BrowserRecord) -> Result<(), Internal> {
    let mut tx = core.db().write().await?;
    store::upsert(&mut tx, digest, record.data, core.now(), record.expires_at).await?;
    tx.commit().await
}

/// Forgets a record; one that is not there is forgotten already.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn delete(core: &Core, digest: Digest) -> Result<(), Internal> {
    let mut tx = core.db().write().await?;
    store::delete(&mut tx, digest).await?;
    tx.commit().await
}
