//! Identifiers that may be used once: the `jti` of client assertions (RFC 7523 §3), request objects (RFC 9101 §10.2) and
//! DPoP proofs (RFC 9449 §11.1).

use super::store::used_ids;
use crate::{clock::Timestamp, core::Core, error::Internal, secret::Digest};

/// What an identifier belongs to: the same text may be used once in each place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdKind {
    /// A client assertion.
    ClientAssertion,
    /// A request object.
    RequestObject,
    /// A DPoP proof.
    DpopProof,
    /// An assertion about a person (RFC 7523 §2.1).
    Assertion,
}

/// Uses an identifier of `owner`: true for exactly one of all who try before `expires_at`, on every node. Keep
/// `expires_at` at the end of what carries the identifier: later it is refused for its age.
pub(crate) async fn use_once(
    core: &Core,
    kind: IdKind,
    owner: &str,
    id: &str,
    expires_at: Timestamp,
) -> Result<bool, Internal> {
    // The length keeps one pair of texts from being read as another.
    let digest = Digest::of(format!("{kind:?}\n{}\n{owner}{id}", owner.len()).as_bytes());
    if let Some(mut conn) = core.db().write_once().await? {
        return used_ids::insert(&mut conn, digest, expires_at).await;
    }
    let mut tx = core.db().write().await?;
    let is_first = used_ids::insert(&mut tx, digest, expires_at).await?;
    tx.commit().await?;
    Ok(is_first)
}
