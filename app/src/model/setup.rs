//! The first administrator of an empty instance.

use super::{Hold, PasswordRule, Problem, RegisterValues};

/// Set-up by the one-time link that the first start prints: `GET /setup?t=`, posts to `/do/setup`.
#[derive(Debug, Clone)]
pub enum SetupPage {
    /// The link works.
    Ready {
        /// The token, for the form.
        token: String,
        /// What was typed (`username` is not asked for here).
        values: RegisterValues,
        /// Every rule of the policy.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<SetupProblem>,
    },
    /// Used, too old, or never ours.
    Dead,
}

/// What was wrong with the set-up form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SetupProblem {
    /// No address was typed.
    EmailMissing,
    /// It is not an address.
    EmailSyntax,
    /// The address has an account.
    EmailTaken,
    /// The display name is too long or holds control characters.
    NameUnfit,
    /// At least one rule is not met.
    PasswordWeak,
    /// Longer than the policy accepts.
    PasswordTooLong,
    /// The two differ.
    PasswordsDiffer,
    /// Not now.
    Held(Hold),
}

impl Problem for SetupProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailMissing | Self::EmailSyntax | Self::EmailTaken => Some("email"),
            Self::NameUnfit => Some("name"),
            Self::PasswordWeak | Self::PasswordTooLong => Some("password"),
            Self::PasswordsDiffer => Some("again"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::EmailMissing => super::password::EMAIL_MISSING,
            Self::EmailSyntax => super::password::EMAIL_SYNTAX,
            Self::EmailTaken => super::password::EMAIL_TAKEN,
            Self::NameUnfit => "A display name is one line of 200 characters at most.",
            Self::PasswordWeak => super::password::WEAK,
            Self::PasswordTooLong => super::password::TOO_LONG,
            Self::PasswordsDiffer => super::password::DIFFER,
            Self::Held(hold) => return hold.words(),
        };
        text.to_owned()
    }
}
