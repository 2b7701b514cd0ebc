//! bcrypt: `$2a$`, `$2b$` and `$2y$`, cost 10 to 16 (16 is about four seconds of a core).
//!
//! The three prefixes compute the same; `$2x$` marks hashes of a faulty implementation and is refused. As with every
//! bcrypt, only the first 72 bytes of a password count — one more reason to replace the hash at the next sign-in.

use ::bcrypt::HashParts;

const COSTS: std::ops::RangeInclusive<u32> = 10..=16;

/// A bcrypt hash whose form and cost were checked.
pub(in crate::password) struct BcryptHash(String);

impl BcryptHash {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let known = ["$2a$", "$2b$", "$2y$"].iter().any(|prefix| text.starts_with(prefix));
        let parts: HashParts = text.parse().ok()?;
        (known && COSTS.contains(&parts.get_cost())).then(|| Self(text.to_owned()))
    }

    /// Compares in constant time (the crate does).
    pub(super) fn verify(&self, password: &[u8]) -> Option<bool> {
        ::bcrypt::verify(password, &self.0).ok()
    }
}
