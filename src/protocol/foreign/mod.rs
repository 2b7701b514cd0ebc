//! Tokens that others sign and we verify: client assertions (RFC 7523), request objects (RFC 9101),
//! DPoP proofs (RFC 9449), software statements (RFC 7591 §2.3), JWT-bearer grants.
//!
//! Everything in such a token is the sender's word until [`ForeignJws::verify`] was asked, with keys
//! that the caller found by other means: registered with the client, fetched from its `jwks_uri`, or,
//! for DPoP only, embedded in the proof. Keys that a header merely points at (`jku`, `x5u`, `x5c`) are
//! never used (RFC 8725 §3.10). The kind of the key decides which algorithms it may be used with, and
//! the caller which of them are allowed, so a public key is never taken for an HMAC secret (§2.1, §3.1).

mod claims;
mod jws;
mod key;
mod keys;
#[cfg(test)]
mod tests;

pub use claims::ForeignClaims;
pub use jws::ForeignJws;
pub use key::ForeignKey;
pub use keys::{ForeignKeys, ForeignKeysError};
