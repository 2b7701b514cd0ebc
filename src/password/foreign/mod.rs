//! Password hashes in the forms that other systems write (A3).
//!
//! Each file knows one family: it reads the text, refuses parameters that would cost the server too much, and computes.
//! All of it runs on the hashing threads. Our own hashes are one case of [`argon2`], so there is one path for all.
//!
//! A failed attempt at an account with a foreign hash takes the time of *that* hash, which may differ from ours: until
//! its owner has signed in once, such an account can be told from an unknown one by a clock. Import cannot avoid that
//! without the passwords.

pub(super) mod argon2;
mod aspnet;
mod bcrypt;
mod pbkdf2;
mod phc;
mod scrypt;

#[cfg(test)]
mod tests;

use super::memory::Memory;
use super::stored::HashAlgorithm;

/// No foreign hash may need more memory than this, in KiB (256 MiB).
const MAX_MEMORY_KIB: u64 = 256 * 1024;
/// No memory-hard hash may fill more than this in all its passes, in KiB (1 GiB, about two seconds of a core).
const MAX_FILLED_KIB: u64 = 1024 * 1024;

/// What a stored hash says.
pub(super) enum Scheme {
    /// Argon2 as PHC string.
    Argon2(argon2::Argon2Hash),
    /// bcrypt.
    Bcrypt(bcrypt::BcryptHash),
    /// scrypt as PHC string.
    Scrypt(scrypt::ScryptHash),
    /// PBKDF2 as PHC string.
    Pbkdf2(pbkdf2::Pbkdf2Hash),
    /// PBKDF2 as base64 blob.
    AspNet(aspnet::AspNetHash),
}

/// The family that a text says it is of, whether or not it is understood.
pub(super) fn family(text: &str) -> Option<HashAlgorithm> {
    const FAMILIES: [(&str, HashAlgorithm); 4] = [
        ("$argon2", HashAlgorithm::Argon2),
        ("$2", HashAlgorithm::Bcrypt),
        ("$scrypt$", HashAlgorithm::Scrypt),
        ("$pbkdf2-", HashAlgorithm::Pbkdf2),
    ];
    FAMILIES.into_iter().find(|(start, _)| text.starts_with(start)).map(|(_, family)| family)
}

/// Reads a stored hash; `None` if it is not understood or its parameters are out of bounds.
pub(super) fn parse(text: &str) -> Option<Scheme> {
    if text.starts_with("$argon2") {
        argon2::Argon2Hash::parse(text).map(Scheme::Argon2)
    } else if text.starts_with("$2") {
        bcrypt::BcryptHash::parse(text).map(Scheme::Bcrypt)
    } else if text.starts_with("$scrypt$") {
        scrypt::ScryptHash::parse(text).map(Scheme::Scrypt)
    } else if text.starts_with("$pbkdf2-") {
        pbkdf2::Pbkdf2Hash::parse(text).map(Scheme::Pbkdf2)
    } else {
        aspnet::AspNetHash::parse(text).map(Scheme::AspNet)
    }
}

impl Scheme {
    pub(super) fn algorithm(&self) -> HashAlgorithm {
        match self {
            Self::Argon2(_) => HashAlgorithm::Argon2,
            Self::Bcrypt(_) => HashAlgorithm::Bcrypt,
            Self::Scrypt(_) => HashAlgorithm::Scrypt,
            Self::Pbkdf2(_) => HashAlgorithm::Pbkdf2,
            Self::AspNet(hash) => hash.algorithm(),
        }
    }

    /// Computes the hash of `password` and compares it in constant time; `None` if the computation itself fails.
    pub(super) fn verify(&self, password: &[u8], memory: &mut Memory) -> Option<bool> {
        match self {
            Self::Argon2(hash) => hash.verify(password, memory),
            Self::Bcrypt(hash) => hash.verify(password),
            Self::Scrypt(hash) => hash.verify(password, memory),
            Self::Pbkdf2(hash) => Some(hash.verify(password)),
            Self::AspNet(hash) => Some(hash.verify(password)),
        }
    }
}
