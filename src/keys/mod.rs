//! Signing keys (D7): in the database, sealed by the master key, published before they sign, replaced on schedule.
//!
//! A key lives through four times: from `created_at` it is published, from `active_at` it signs, from `retired_at` it
//! signs no more, from `expires_at` it is not published any more. All four are set when a key or its successor is made,
//! so nothing has to happen at the very moment, and every node sees the same key sign at the same time. A revoked key
//! is gone at once.
//!
//! A key belongs to one algorithm for life: its `kid` is made of its public half alone, so the same RSA key cannot be
//! there for RS256 and PS256 both (RFC 8725 §3.1). HS256 has no key here; it uses the secrets of clients.

mod import_key;
mod keyring;
mod list_keys;
mod make;
mod revoke_key;
mod rotate_keys;
mod store;
#[cfg(test)]
mod tests;

pub use import_key::{ImportKey, ImportKeyError, KeyImported, import_key};
pub use keyring::Keyring;
pub use list_keys::{KeyState, KeyView, ListKeysError, list_keys};
pub use revoke_key::{KeyRevoked, RevokeKey, RevokeKeyError, revoke_key};
pub use rotate_keys::{KeysRotated, RotateKeys, RotateKeysError, rotate_if_due, rotate_keys};

use crate::{clock::Timestamp, protocol::SigningAlg};

/// The times of a key and how it stands.
#[expect(clippy::struct_field_names, reason = "moments are called `*_at` throughout")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) active_at: Timestamp,
    pub(crate) retired_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) revoked_at: Option<Timestamp>,
}

impl Times {
    /// Whether the key is in the JWKS document.
    pub(crate) fn is_published(self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| now < at)
    }

    /// Whether the key may sign.
    pub(crate) fn may_sign(self, now: Timestamp) -> bool {
        self.is_published(now) && self.active_at <= now && self.retired_at.is_none_or(|at| now < at)
    }

    /// The next moment at which one of the above changes.
    pub(crate) fn next_change(self, now: Timestamp) -> Option<Timestamp> {
        [Some(self.active_at), self.retired_at, self.expires_at].into_iter().flatten().filter(|at| *at > now).min()
    }
}

/// The algorithms that keys are kept for.
pub const ALGORITHMS: &[SigningAlg] = SigningAlg::ASYMMETRIC;
