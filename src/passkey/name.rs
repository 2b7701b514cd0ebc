//! What a person calls a passkey.

use crate::text::{DisplayName, TextError};

/// Longest name, in characters.
const MAX_CHARS: usize = 60;

/// The name of a passkey: 1 to 60 characters, one line, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyName(String);

impl PasskeyName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for PasskeyName {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, longer than 60 characters, or no [`DisplayName`].
    fn try_from(text: &str) -> Result<Self, TextError> {
        let name = String::from(DisplayName::try_from(text)?);
        if name.chars().count() > MAX_CHARS { Err(TextError::TooLong) } else { Ok(Self(name)) }
    }
}

impl From<PasskeyName> for String {
    fn from(name: PasskeyName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B1
    #[test]
    fn names_are_short_and_on_one_line() {
        assert_eq!(PasskeyName::try_from("  Blue key ").unwrap().as_str(), "Blue key");
        assert!(PasskeyName::try_from("ö".repeat(60).as_str()).is_ok());
        assert_eq!(PasskeyName::try_from("ö".repeat(61).as_str()), Err(TextError::TooLong));
        assert_eq!(PasskeyName::try_from(" "), Err(TextError::Missing));
        for bad in ["a\nb", "a\0b", "a\u{202E}b"] {
            assert_eq!(PasskeyName::try_from(bad), Err(TextError::Malformed), "{bad:?}");
        }
    }
}
