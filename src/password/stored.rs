//! The stored form of a password: a text that names its algorithm and parameters (A3).

use std::fmt;

use super::foreign::{self, Scheme};

/// Longest stored form that is looked at.
const MAX_LEN: usize = 1024;

/// A password hash as it stands in the database.
///
/// Our own are PHC strings, `$argon2id$v=19$m=19456,t=2,p=1$…$…`. Those that came from another system stay as they are
/// until their owner signs in. [`StoredHash::parse`] tells which are understood; what comes from our own database was
/// parsed when it got there, and is checked again when it is used.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct StoredHash(String);

impl StoredHash {
    /// Reads a hash that another system made, for import.
    ///
    /// White space around it is taken off. Understood are:
    /// - Argon2id, Argon2i and Argon2d as PHC strings, without key or associated data,
    /// - bcrypt `$2a$`, `$2b$`, `$2y$` of cost 10 to 16,
    /// - scrypt as PHC string (`$scrypt$ln=…,r=…,p=…$…$…`),
    /// - PBKDF2 as PHC string (`$pbkdf2-sha256$i=…,l=…$…$…`; also `sha1`, `sha512`),
    /// - PBKDF2 as ASP.NET Core Identity writes it, versions 2 and 3, in base64.
    ///
    /// Parameters that would cost the server more than some seconds or 256 MiB are refused; each module under
    /// `password::foreign` names its bounds.
    ///
    /// # Errors
    /// [`UnknownHashFormat`] for everything else; it says what was expected.
    pub fn parse(text: &str) -> Result<Self, UnknownHashFormat> {
        let text = text.trim();
        if text.len() > MAX_LEN {
            return Err(UnknownHashFormat(None));
        }
        foreign::parse(text).ok_or_else(|| UnknownHashFormat(foreign::family(text)))?;
        Ok(Self(text.to_owned()))
    }

    /// A hash that we made ourselves.
    pub(super) fn own(phc: String) -> Self {
        Self(phc)
    }

    /// The text, as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The family of algorithms it belongs to; `None` if the stored text is not understood.
    pub fn algorithm(&self) -> Option<HashAlgorithm> {
        self.scheme().map(|scheme| scheme.algorithm())
    }

    /// What the text says, if it is understood.
    pub(super) fn scheme(&self) -> Option<Scheme> {
        if self.0.len() > MAX_LEN { None } else { foreign::parse(&self.0) }
    }
}

/// Shows the algorithm only: a hash is for nobody's log.
impl fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algorithm = self.algorithm().map_or("unknown", HashAlgorithm::name);
        write!(f, "StoredHash({algorithm}, redacted)")
    }
}

/// The families of password hashes that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashAlgorithm {
    /// Argon2id, Argon2i, Argon2d.
    Argon2,
    /// bcrypt.
    Bcrypt,
    /// scrypt.
    Scrypt,
    /// PBKDF2 as PHC string.
    Pbkdf2,
    /// PBKDF2 of ASP.NET Core Identity version 2.
    AspNetV2,
    /// PBKDF2 of ASP.NET Core Identity version 3.
    AspNetV3,
}

impl HashAlgorithm {
    /// A name for people and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Argon2 => "Argon2",
            Self::Bcrypt => "bcrypt",
            Self::Scrypt => "scrypt",
            Self::Pbkdf2 => "PBKDF2",
            Self::AspNetV2 => "ASP.NET Core Identity v2",
            Self::AspNetV3 => "ASP.NET Core Identity v3",
        }
    }
}

/// A text that is no password hash we understand, or one with parameters beyond the bounds of the family it says it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownHashFormat(Option<HashAlgorithm>);

impl fmt::Display for UnknownHashFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = match self.0 {
            Some(HashAlgorithm::Argon2) => {
                "memory up to 262144 KiB, memory × passes up to 1 GiB, at most 16 lanes, 16 to 64 bytes, no key"
            }
            Some(HashAlgorithm::Bcrypt) => "$2a$, $2b$ or $2y$ of cost 10 to 16",
            Some(HashAlgorithm::Scrypt) => "memory up to 256 MiB, memory × p up to 1 GiB, 16 to 64 bytes",
            Some(HashAlgorithm::Pbkdf2) => "SHA-1, SHA-256 or SHA-512, 1000 to 2000000 iterations, 16 to 64 bytes",
            Some(HashAlgorithm::AspNetV2 | HashAlgorithm::AspNetV3) | None => {
                return f.write_str("is not a password hash in a form known here");
            }
        };
        let family = self.0.map_or("", HashAlgorithm::name);
        write!(f, "is not a whole {family} hash within what is accepted: {bounds}")
    }
}

impl std::error::Error for UnknownHashFormat {}
