//! Create an account.

use super::{Caller, Hold, PasswordRule, Problem};

/// The registration page: `GET /register`, posts to `/do/register`.
#[derive(Debug, Clone, Default)]
pub struct RegisterPage {
    /// The authorization request the person came with.
    pub interaction: Option<String>,
    /// The application that sent them.
    pub caller: Option<Caller>,
    /// The page to go on to afterwards, by its closed name.
    pub next: Option<&'static str>,
    /// The organisation that invites them: whoever followed its link need not prove the address again.
    pub organization: Option<String>,
    /// What was typed (never the passwords).
    pub values: RegisterValues,
    /// Every rule of the password policy, judged if there was a password to judge.
    pub rules: Vec<PasswordRule>,
    /// Everything that was wrong, in the order of the fields.
    pub problems: Vec<RegisterProblem>,
}

/// What was typed into the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RegisterValues {
    /// E-mail address.
    pub email: String,
    /// Username, optional.
    pub username: String,
    /// Display name, optional.
    pub name: String,
}

/// What was wrong with a registration (A1, A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RegisterProblem {
    /// No address was typed.
    EmailMissing,
    /// It is not an address.
    EmailSyntax,
    /// Longer than 320 characters.
    EmailTooLong,
    /// The address has an account; only where the operator lets the page tell (`registration.page_tells_taken`).
    EmailTaken,
    /// The username belongs to somebody else.
    UsernameTaken,
    /// It holds characters that a username may not have.
    UsernameSyntax,
    /// Longer than 100 characters.
    UsernameTooLong,
    /// The display name is longer than 200 characters or holds control characters.
    NameUnfit,
    /// At least one rule is not met; `rules` says which.
    PasswordWeak,
    /// Longer than the policy accepts.
    PasswordTooLong,
    /// The two passwords differ.
    PasswordsDiffer,
    /// This instance lets nobody register.
    Closed,
    /// Not now.
    Held(Hold),
}

impl Problem for RegisterProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailMissing | Self::EmailSyntax | Self::EmailTooLong | Self::EmailTaken => Some("email"),
            Self::UsernameTaken | Self::UsernameSyntax | Self::UsernameTooLong => Some("username"),
            Self::NameUnfit => Some("name"),
            Self::PasswordWeak | Self::PasswordTooLong => Some("password"),
            Self::PasswordsDiffer => Some("again"),
            Self::Closed | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::EmailMissing => super::password::EMAIL_MISSING,
            Self::EmailSyntax => super::password::EMAIL_SYNTAX,
            Self::EmailTooLong => "An address has 320 characters at most.",
            Self::EmailTaken => super::password::EMAIL_TAKEN,
            Self::UsernameTaken => "This username belongs to somebody else. Choose another, or leave it empty.",
            Self::UsernameSyntax => "Use letters, digits, full stops, hyphens and underscores.",
            Self::UsernameTooLong => "A username has 100 characters at most.",
            Self::NameUnfit => "A display name is one line of 200 characters at most.",
            Self::PasswordWeak => super::password::WEAK,
            Self::PasswordTooLong => super::password::TOO_LONG,
            Self::PasswordsDiffer => super::password::DIFFER,
            Self::Closed => "Nobody can register here at present. Ask whoever runs this place for an account.",
            Self::Held(hold) => return hold.words(),
        };
        text.to_owned()
    }
}
