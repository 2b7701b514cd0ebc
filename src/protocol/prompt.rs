//! `prompt` (OIDC Core §3.1.2.1; Initiating User Registration via OpenID Connect §4).

use std::fmt;

use serde::{Deserialize, Serialize};

text_enum! {
    /// One thing the client asks the provider to do, or not to do, with the person.
    pub enum Prompt {
        /// Show no page at all; answer with an error when one would be needed.
        None = "none",
        /// Ask the person to prove who they are again.
        Login = "login",
        /// Ask for consent again.
        Consent = "consent",
        /// Let the person choose an account.
        SelectAccount = "select_account",
        /// Start at registration.
        Create = "create",
    }
}

/// Why a `prompt` was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// A word that is not in `prompt_values_supported`.
    #[error("prompt holds a value that is not supported")]
    Unknown,
    /// `none` beside another value (OIDC Core §3.1.2.1).
    #[error("prompt none may not be combined with another value")]
    NoneCombined,
}

/// The values of a `prompt` parameter; on the wire one string with single spaces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PromptSet(u8);

impl PromptSet {
    /// No wish: what an absent parameter means.
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Reads a space-separated list.
    ///
    /// # Errors
    /// An unknown value, or `none` beside another.
    pub fn parse(text: &str) -> Result<Self, PromptError> {
        let mut set = Self::empty();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            set = set.with(word.parse().map_err(|_| PromptError::Unknown)?);
        }
        if set.contains(Prompt::None) && set != Self::empty().with(Prompt::None) {
            return Err(PromptError::NoneCombined);
        }
        Ok(set)
    }

    const fn bit(prompt: Prompt) -> u8 {
        1 << prompt as u8
    }

    const fn with(self, prompt: Prompt) -> Self {
        Self(self.0 | Self::bit(prompt))
    }

    /// Whether `prompt` was asked for.
    pub const fn contains(self, prompt: Prompt) -> bool {
        self.0 & Self::bit(prompt) != 0
    }

    /// The same wishes without `prompt`: once a person has signed in again, `login` is fulfilled and
    /// may not send them round a second time.
    #[must_use]
    pub const fn without(self, prompt: Prompt) -> Self {
        Self(self.0 & !Self::bit(prompt))
    }

    /// Whether nothing was asked for.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The values in the order of [`Prompt::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Prompt> {
        Prompt::ALL.iter().copied().filter(move |&prompt| self.contains(prompt))
    }
}

impl fmt::Display for PromptSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, prompt) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(prompt.as_str())?;
        }
        Ok(())
    }
}

impl TryFrom<String> for PromptSet {
    type Error = PromptError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<PromptSet> for String {
    fn from(set: PromptSet) -> Self {
        set.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_combine_except_none() {
        let set = PromptSet::parse("consent login").unwrap();
        assert!(set.contains(Prompt::Login) && set.contains(Prompt::Consent) && !set.contains(Prompt::None));
        assert_eq!(set.to_string(), "login consent");
        assert_eq!(set.without(Prompt::Login).to_string(), "consent");
        assert!(PromptSet::parse("none").unwrap().contains(Prompt::None));
        assert!(PromptSet::parse("none none").is_ok());
        assert_eq!(PromptSet::parse("none login"), Err(PromptError::NoneCombined));
        assert_eq!(PromptSet::parse("create none"), Err(PromptError::NoneCombined));
        assert_eq!(PromptSet::parse("LOGIN"), Err(PromptError::Unknown));
        assert!(PromptSet::parse("").unwrap().is_empty());
    }

    #[test]
    fn json_round_trips() {
        let set = PromptSet::parse("select_account create").unwrap();
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#""select_account create""#);
        assert_eq!(serde_json::from_str::<PromptSet>(&json).unwrap(), set);
        assert!(serde_json::from_str::<PromptSet>(r#""none login""#).is_err());
    }
}
