//! Access tokens that come back: verified once, remembered, and looked at again when something changed.

use crate::config::Config;

/// Verified access tokens in memory.
#[derive(Debug)]
pub struct Memory {
    issuer: String,
}

impl Memory {
    /// Nothing remembered yet.
    pub fn new(config: &Config) -> Self {
        Self { issuer: config.issuer() }
    }
}
