//! PBKDF2 as ASP.NET Core Identity writes it: a blob in base64, whose first byte is the version.
//!
//! - Version 2: `00 | salt (16) | key (32)`, HMAC-SHA1, 1,000 iterations.
//! - Version 3: `01 | prf (4) | iterations (4) | salt length (4) | salt | key`, numbers big-endian; prf 0 is HMAC-SHA1,
//!   1 HMAC-SHA256, 2 HMAC-SHA512.
//!
//! Bounds of version 3: 1 to 2,000,000 iterations, salt and key of 16 to 128 bytes each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::pbkdf2::{MOST_ITERATIONS, Prf};
use crate::password::stored::HashAlgorithm;

const ITERATIONS: std::ops::RangeInclusive<u32> = 1..=MOST_ITERATIONS;
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=128;
const V2_ITERATIONS: u32 = 1_000;
const V2_SALT: usize = 16;
const V2_KEY: usize = 32;

/// A hash of ASP.NET Core Identity, read.
pub(in crate::password) struct AspNetHash {
    algorithm: HashAlgorithm,
    prf: Prf,
    iterations: u32,
    salt: Vec<u8>,
    key: Vec<u8>,
}

impl AspNetHash {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let blob = STANDARD.decode(text).ok()?;
        match blob.split_first()? {
            (0, rest) => Self::version_2(rest),
            (1, rest) => Self::version_3(rest),
            _ => None,
        }
    }

    fn version_2(rest: &[u8]) -> Option<Self> {
        let (salt, key) = rest.split_at_checked(V2_SALT)?;
        (key.len() == V2_KEY).then(|| Self {
            algorithm: HashAlgorithm::AspNetV2,
            prf: Prf::Sha1,
            iterations: V2_ITERATIONS,
            salt: salt.to_vec(),
            key: key.to_vec(),
        })
    }

    fn version_3(rest: &[u8]) -> Option<Self> {
        let (prf, rest) = number(rest)?;
        let (iterations, rest) = number(rest)?;
        let (salt_len, rest) = number(rest)?;
        let prf = match prf {
            0 => Prf::Sha1,
            1 => Prf::Sha256,
            2 => Prf::Sha512,
            _ => return None,
        };
        let (salt, key) = rest.split_at_checked(usize::try_from(salt_len).ok()?)?;
        let within = ITERATIONS.contains(&iterations) && LENGTHS.contains(&salt.len()) && LENGTHS.contains(&key.len());
        within.then(|| Self {
            algorithm: HashAlgorithm::AspNetV3,
            prf,
            iterations,
            salt: salt.to_vec(),
            key: key.to_vec(),
        })
    }

    pub(super) fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        self.prf.matches(password, &self.salt, self.iterations, &self.key)
    }
}

/// The next big-endian number, and what follows it.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    bytes.split_first_chunk::<4>().map(|(number, rest)| (u32::from_be_bytes(*number), rest))
}
