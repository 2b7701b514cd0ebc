//! Text that people type, checked once at the edge: afterwards the type says that it is sound.

use std::fmt;

/// Why a piece of text was refused. Closed, so that a page can say it in its own words (DESIGN §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextError {
    /// Nothing was given where something is needed.
    #[error("is missing")]
    Missing,
    /// More characters than allowed.
    #[error("is too long")]
    TooLong,
    /// Not of the form that is needed.
    #[error("is not of the right form")]
    Malformed,
}

/// An e-mail address (A1): at most 320 characters, syntactically valid. Compared without regard to case by its
/// [`key`](EmailAddress::key); shown and written to as it was typed.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two addresses the same: all of it in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl TryFrom<&str> for EmailAddress {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, longer than 320 characters, or not an address (RFC 5321 §4.1.2 with a
    /// domain of at least two labels; no quoted local parts, no address literals, no comments).
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > 320 {
            return Err(TextError::TooLong);
        }
        // lettre's grammar is the one that the mail is sent by, so what passes here can be written to.
        let address: lettre::Address = text.parse().map_err(|_| TextError::Malformed)?;
        let domain = address.domain();
        let dotted = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
        if !dotted || domain.starts_with('[') || text.contains('"') || text.chars().any(char::is_control) {
            return Err(TextError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    /// Addresses are personal: logs show only the domain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let domain = self.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        write!(f, "EmailAddress(…@{domain})")
    }
}

/// A username (A1): 1 to 100 letters, digits, `.`, `_` or `-`; unique without regard to case; never an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// The name as it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two names the same: all of it in lower case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl TryFrom<&str> for Username {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, longer than 100 characters, or has other characters.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > 100 {
            return Err(TextError::TooLong);
        }
        if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-')) {
            return Err(TextError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Username {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<Username> for String {
    fn from(name: Username) -> Self {
        name.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name that others see: 1 to 200 characters, one line, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for DisplayName {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, longer than 200 characters, or has control characters.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > 200 {
            return Err(TextError::TooLong);
        }
        // U+202A–202E and U+2066–2069 turn the direction of all text behind them: a name must not do that to a page.
        let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if text.chars().any(|c| c.is_control() || turns(c)) {
            return Err(TextError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for DisplayName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A1
    #[test]
    fn addresses_are_checked_and_compared_without_case() {
        let email = EmailAddress::try_from(" Mara@Nordhavn.Example ").unwrap();
        assert_eq!(email.as_str(), "Mara@Nordhavn.Example");
        assert_eq!(email.key(), "mara@nordhavn.example");
        for bad in
            ["mara", "mara@", "@x.y", "mara@nordhavn", "a b@x.y", "a@x.y\nBcc: b@x.y", "\"a\"@x.y", "a@[127.0.0.1]"]
        {
            assert_eq!(EmailAddress::try_from(bad), Err(TextError::Malformed), "{bad}");
        }
        assert_eq!(EmailAddress::try_from(""), Err(TextError::Missing));
        let long = format!("{}@x.example", "a".repeat(320));
        assert_eq!(EmailAddress::try_from(long.as_str()), Err(TextError::TooLong));
    }

    /// A1
    #[test]
    fn usernames_are_short_and_never_addresses() {
        assert_eq!(Username::try_from("Mara.L").unwrap().key(), "mara.l");
        assert_eq!(Username::try_from("mara@x.y"), Err(TextError::Malformed));
        assert!(Username::try_from("a".repeat(100)).is_ok());
        assert_eq!(Username::try_from("a".repeat(101)), Err(TextError::TooLong));
    }

    #[test]
    fn debug_hides_the_local_part() {
        let email = EmailAddress::try_from("mara@nordhavn.example").unwrap();
        assert!(!format!("{email:?}").contains("mara"));
    }

    #[test]
    fn names_cannot_turn_the_page() {
        assert_eq!(DisplayName::try_from("a\u{202E}b"), Err(TextError::Malformed));
        assert_eq!(DisplayName::try_from("a\nb"), Err(TextError::Malformed));
        assert_eq!(DisplayName::try_from(" Mara Lindqvist ").unwrap().as_str(), "Mara Lindqvist");
    }
}
