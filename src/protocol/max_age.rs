//! `max_age` (OIDC Core §3.1.2.1): how long ago the person may have proved who they are.

use serde::{Deserialize, Serialize};

use super::UnknownValue;

/// The allowed time since the last active authentication, in seconds. `0` asks for a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaxAge(u32);

impl MaxAge {
    /// An age of `seconds`.
    pub const fn from_seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// Reads 1 to 10 decimal digits; what exceeds 32 bits (136 years) is held at that.
    ///
    /// # Errors
    /// Anything but digits, or more of them.
    pub fn parse(text: &str) -> Result<Self, UnknownValue> {
        if text.is_empty() || text.len() > 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UnknownValue);
        }
        let seconds: u64 = text.parse().map_err(|_| UnknownValue)?;
        Ok(Self(u32::try_from(seconds).unwrap_or(u32::MAX)))
    }

    /// The age in seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }

    /// Whether an authentication at `auth_time` still counts at `now` (both seconds since the
    /// epoch). One that lies in the future does not.
    pub const fn allows(self, auth_time: i64, now: i64) -> bool {
        // `as` is lossless here; `i64::from` is not const.
        let age = now.saturating_sub(auth_time);
        age >= 0 && age <= self.0 as i64 && self.0 > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_only() {
        assert_eq!(MaxAge::parse("0").unwrap().seconds(), 0);
        assert_eq!(MaxAge::parse("0300").unwrap().seconds(), 300);
        assert_eq!(MaxAge::parse("9999999999").unwrap().seconds(), u32::MAX);
        for text in ["", "-1", "+1", "1.5", " 1", "1e3", "12345678901", "٣"] {
            assert!(MaxAge::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_authentication_ages() {
        let age = MaxAge::from_seconds(60);
        assert!(age.allows(1_000, 1_060));
        assert!(!age.allows(1_000, 1_061));
        assert!(!age.allows(1_001, 1_000));
        assert!(!age.allows(i64::MIN, i64::MAX));
        // Zero asks for a new authentication, even in the same second.
        assert!(!MaxAge::from_seconds(0).allows(1_000, 1_000));
    }
}
