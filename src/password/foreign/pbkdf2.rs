//! PBKDF2 as PHC string, `$pbkdf2-sha256$i=27500,l=32$salt$hash`: what Keycloak's hashes become, and what Auth0 takes.
//!
//! `pbkdf2-sha1`, `-sha256` and `-sha512` are known; `l`, the length of the hash, may be left out. Bounds: 1,000 to 2,000,000
//! iterations, salt of 8 to 48 bytes, output of 16 to 64 bytes.

use ::pbkdf2::pbkdf2_hmac;
use password_hash::phc::{Output, Salt};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::phc;

/// What every form of PBKDF2 may cost at most: 2,000,000 iterations are about a second of a core.
pub(super) const MOST_ITERATIONS: u32 = 2_000_000;
const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=MOST_ITERATIONS;
const MIN_OUTPUT: usize = 16;

/// The pseudo-random function under PBKDF2.
#[derive(Clone, Copy)]
pub(super) enum Prf {
    Sha1,
    Sha256,
    Sha512,
}

impl Prf {
    /// Computes as much of the key as there is in `expected`, and compares in constant time.
    pub(super) fn matches(self, password: &[u8], salt: &[u8], iterations: u32, expected: &[u8]) -> bool {
        let mut computed = Zeroizing::new(vec![0_u8; expected.len()]);
        match self {
            Self::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut computed),
            Self::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, iterations, &mut computed),
            Self::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, iterations, &mut computed),
        }
        computed.ct_eq(expected).into()
    }
}

/// A PBKDF2 hash, read.
pub(in crate::password) struct Pbkdf2Hash {
    prf: Prf,
    iterations: u32,
    salt: Salt,
    output: Output,
}

impl Pbkdf2Hash {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = phc::read(text)?;
        let prf = match hash.algorithm.as_str() {
            "pbkdf2-sha1" => Prf::Sha1,
            "pbkdf2-sha256" => Prf::Sha256,
            "pbkdf2-sha512" => Prf::Sha512,
            _ => return None,
        };
        let iterations = phc::number(&hash, "i")?;
        let length = if hash.params.get_str("l").is_some() { Some(phc::number(&hash, "l")?) } else { None };
        let is_plain = hash.version.is_none() && phc::only(&hash, &["i", "l"]);
        let (salt, output) = (hash.salt?, hash.hash?);
        let is_as_long = length.is_none_or(|length| usize::try_from(length).is_ok_and(|length| length == output.len()));
        let within = is_plain && is_as_long && ITERATIONS.contains(&iterations) && output.len() >= MIN_OUTPUT;
        within.then_some(Self { prf, iterations, salt, output })
    }

    pub(super) fn verify(&self, password: &[u8]) -> bool {
        self.prf.matches(password, &self.salt, self.iterations, self.output.as_bytes())
    }
}
