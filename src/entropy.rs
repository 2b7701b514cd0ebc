//! Randomness, passed in.

use std::fmt;

/// Where randomness comes from. Everything secret is drawn from here and nowhere else.
pub trait Entropy: Send + Sync + fmt::Debug {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator, by way of AWS-LC. It stops the program when that fails: without randomness nothing
/// made here would be a secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness enters")]
    fn fill(&self, bytes: &mut [u8]) {
        assert!(aws_lc_rs::rand::fill(bytes).is_ok(), "the system's random number generator failed");
    }
}

/// A code of six decimal digits, each value equally likely.
pub fn six_digits(entropy: &dyn Entropy) -> String {
    // Values above the largest multiple of a million would make small codes likelier: draw again.
    const LIMIT: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let mut bytes = [0_u8; 4];
        entropy.fill(&mut bytes);
        let value = u32::from_be_bytes(bytes);
        if value < LIMIT {
            return format!("{:06}", value % 1_000_000);
        }
    }
}
