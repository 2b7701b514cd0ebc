//! scrypt as PHC string, `$scrypt$ln=16,r=8,p=1$salt$hash` (RFC 7914; `ln` is the binary logarithm of N).
//!
//! Bounds: memory (N × r × 128 bytes) up to 256 MiB, memory × p up to 1 GiB, output of 16 to 64 bytes.

use ::scrypt::Params;
use password_hash::phc::{Output, Salt};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{MAX_FILLED_KIB, MAX_MEMORY_KIB, phc};
use crate::password::memory::Memory;

const MAX_LOG_N: u32 = 20;
const MAX_R: u32 = 64;
const MAX_P: u32 = 64;
const MIN_OUTPUT: usize = 16;

/// A scrypt hash, read.
pub(in crate::password) struct ScryptHash {
    params: Params,
    memory_kib: usize,
    salt: Salt,
    output: Output,
}

impl ScryptHash {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = phc::read(text)?;
        let (log_n, r, p) = (phc::number(&hash, "ln")?, phc::number(&hash, "r")?, phc::number(&hash, "p")?);
        let (salt, output) = (hash.salt?, hash.hash?);
        let within = hash.version.is_none()
            && phc::only(&hash, &["ln", "r", "p"])
            && (1..=MAX_LOG_N).contains(&log_n)
            && (1..=MAX_R).contains(&r)
            && (1..=MAX_P).contains(&p)
            && output.len() >= MIN_OUTPUT;
        if !within {
            return None;
        }
        let memory_kib = ((1_u64 << log_n) * u64::from(r) * 128).div_ceil(1024);
        if memory_kib > MAX_MEMORY_KIB || memory_kib * u64::from(p) > MAX_FILLED_KIB {
            return None;
        }
        let params = Params::new(u8::try_from(log_n).ok()?, r, p).ok()?;
        Some(Self { params, memory_kib: usize::try_from(memory_kib).ok()?, salt, output })
    }

    pub(super) fn verify(&self, password: &[u8], memory: &Memory) -> Option<bool> {
        let mut computed = Zeroizing::new([0_u8; Output::MAX_LENGTH]);
        let computed = computed.get_mut(..self.output.len())?;
        memory.with_large(self.memory_kib, |_| ::scrypt::scrypt(password, &self.salt, &self.params, computed).ok())?;
        Some(computed.ct_eq(self.output.as_bytes()).into())
    }
}
