//! Argon2id, Argon2i and Argon2d as PHC strings: ours, and those with other parameters.
//!
//! Bounds: memory up to 256 MiB, memory × passes up to 1 GiB, at most 16 lanes, output of 16 to 64 bytes. A hash with
//! a key (`keyid`) or associated data (`data`) is refused, for it cannot be checked without them.

use argon2::{Algorithm, Argon2, Params, Version};
use password_hash::phc::{Output, PasswordHash, Salt};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{MAX_FILLED_KIB, MAX_MEMORY_KIB, phc};
use crate::password::memory::Memory;

const MAX_LANES: u32 = 16;
const MIN_OUTPUT: usize = 16;

/// An Argon2 hash, read.
pub(in crate::password) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Argon2Hash {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash: PasswordHash = phc::read(text)?;
        let algorithm = match hash.algorithm.as_str() {
            "argon2id" => Algorithm::Argon2id,
            "argon2i" => Algorithm::Argon2i,
            "argon2d" => Algorithm::Argon2d,
            _ => return None,
        };
        // The first Argon2 wrote no version.
        let version = match hash.version {
            None | Some(0x10) => Version::V0x10,
            Some(0x13) => Version::V0x13,
            Some(_) => return None,
        };
        let (m, t, p) = (phc::number(&hash, "m")?, phc::number(&hash, "t")?, phc::number(&hash, "p")?);
        let (salt, output) = (hash.salt?, hash.hash?);
        let within = phc::only(&hash, &["m", "t", "p"])
            && u64::from(m) <= MAX_MEMORY_KIB
            && u64::from(m).saturating_mul(u64::from(t)) <= MAX_FILLED_KIB
            && p <= MAX_LANES
            && output.len() >= MIN_OUTPUT;
        let params = Params::new(m, t, p, Some(output.len())).ok()?;
        within.then_some(Self { algorithm, version, params, salt, output })
    }

    /// Tells whether this hash was made just as a new one would be: nothing to replace.
    pub(in crate::password) fn is_current(&self, params: &Params) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
                == (params.m_cost(), params.t_cost(), params.p_cost())
            && Some(self.output.len()) == params.output_len()
            && self.salt.len() >= argon2::RECOMMENDED_SALT_LEN
    }

    pub(super) fn verify(&self, password: &[u8], memory: &mut Memory) -> Option<bool> {
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        let mut computed = Zeroizing::new([0_u8; Output::MAX_LENGTH]);
        let computed = computed.get_mut(..self.output.len())?;
        compute(&argon2, password, &self.salt, computed, memory)?;
        Some(computed.ct_eq(self.output.as_bytes()).into())
    }
}

/// Fills `out` with the hash of `password`, in the memory of the thread; `None` if Argon2 refuses its input.
pub(in crate::password) fn compute(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    out: &mut [u8],
    memory: &mut Memory,
) -> Option<()> {
    memory.with_blocks(argon2.params().block_count(), |blocks| {
        argon2.hash_password_into_with_memory(password, salt, out, blocks).ok()
    })
}
