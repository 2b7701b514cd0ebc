//! Passwords: the rules, a forgotten one, a new one, a changed one.

use super::{Hold, Problem, Room};

pub(super) const EMAIL_MISSING: &str = "Type your e-mail address.";
pub(super) const EMAIL_SYNTAX: &str = "This is not a whole address. One looks like name@place.example.";
pub(super) const EMAIL_TAKEN: &str = "This address has an account already. Sign in, or ask for a new password.";
pub(super) const WEAK: &str = "Something is missing. The list below says what.";
pub(super) const TOO_LONG: &str = "This is longer than we can keep. Use 128 characters at most.";
pub(super) const DIFFER: &str = "The two passwords differ. Type the same one in both fields.";
pub(super) const SAME: &str = "This is the password you have. Choose a new one.";

/// One rule of the password policy and how the typed password stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PasswordRule {
    /// Which rule.
    pub kind: RuleKind,
    /// How it stands.
    pub state: RuleState,
}

impl PasswordRule {
    /// A rule that nothing was judged by yet.
    pub fn open(kind: RuleKind) -> Self {
        Self { kind, state: RuleState::Open }
    }

    /// A rule that was judged.
    pub fn judged(kind: RuleKind, met: bool) -> Self {
        Self { kind, state: if met { RuleState::Met } else { RuleState::Missing } }
    }

    /// The rule in words, with what is wrong if it is not met.
    pub fn words(self) -> String {
        let rule = match self.kind {
            RuleKind::MinLength(n) => format!("{n} characters or more"),
            RuleKind::Uppercase => "A capital letter".to_owned(),
            RuleKind::Lowercase => "A small letter".to_owned(),
            RuleKind::Digit => "A digit".to_owned(),
            RuleKind::Special => "A sign such as ! or #".to_owned(),
            RuleKind::NotLikeEmail => "Not close to your address".to_owned(),
            RuleKind::NotCommon => "Not a common password".to_owned(),
        };
        match (self.state, self.kind) {
            (RuleState::Missing, RuleKind::NotLikeEmail | RuleKind::NotCommon) => {
                format!("{rule} – this one is")
            }
            (RuleState::Missing, RuleKind::MinLength(_)) => format!("{rule} – too short"),
            (RuleState::Missing, _) => format!("{rule} – missing"),
            (RuleState::Open | RuleState::Met, _) => rule,
        }
    }
}

/// A rule of the policy (A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RuleKind {
    /// At least this many characters.
    MinLength(u32),
    /// A capital letter.
    Uppercase,
    /// A small letter.
    Lowercase,
    /// A digit.
    Digit,
    /// Something that is neither letter nor digit.
    Special,
    /// Not equal or close to the e-mail address.
    NotLikeEmail,
    /// Not on the list of common passwords.
    NotCommon,
}

/// How a password stands to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum RuleState {
    /// Nothing was typed yet.
    Open,
    /// Met.
    Met,
    /// Not met.
    Missing,
}

/// Forgotten password: `GET /forgot-password`, posts to `/do/forgot-password`.
#[derive(Debug, Clone, Default)]
pub struct ForgotPasswordPage {
    /// The authorization request the person came with.
    pub interaction: Option<String>,
    /// What was typed.
    pub email: String,
    /// What was wrong with it.
    pub problem: Option<AddressProblem>,
    /// The form was sent; the same page for known and unknown addresses (A5).
    pub sent: bool,
}

/// What was wrong with the form for a forgotten password. Whether the account exists is not among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum AddressProblem {
    /// Nothing was typed.
    EmailMissing,
    /// It is not an address.
    EmailSyntax,
    /// Not now.
    Held(Hold),
}

impl Problem for AddressProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailMissing | Self::EmailSyntax => Some("email"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::EmailMissing => EMAIL_MISSING.to_owned(),
            Self::EmailSyntax => EMAIL_SYNTAX.to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}

/// A new password by the link of a mail: `GET /reset-password?t=`, posts to `/do/reset-password`.
#[derive(Debug, Clone)]
pub enum NewPasswordPage {
    /// The link works.
    Ready {
        /// The token, for the form.
        token: String,
        /// The account's address, for password managers.
        email: Option<String>,
        /// Every rule of the policy.
        rules: Vec<PasswordRule>,
        /// What was wrong.
        problems: Vec<NewPasswordProblem>,
    },
    /// Used, older than an hour, or never ours.
    Dead,
}

/// What was wrong with a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum NewPasswordProblem {
    /// At least one rule is not met.
    Weak,
    /// Longer than the policy accepts.
    TooLong,
    /// The two differ.
    Differ,
    /// It is the old one.
    SameAsOld,
    /// Not now.
    Held(Hold),
}

impl Problem for NewPasswordProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Weak | Self::TooLong | Self::SameAsOld => Some("password"),
            Self::Differ => Some("again"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Weak => WEAK.to_owned(),
            Self::TooLong => TOO_LONG.to_owned(),
            Self::SameAsOld => SAME.to_owned(),
            Self::Differ => DIFFER.to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}

/// Change the password: `GET /account/password`, posts to `/do/change-password`.
#[derive(Debug, Clone)]
pub struct ChangePasswordPage {
    /// The room around it.
    pub room: Room,
    /// Every rule of the policy.
    pub rules: Vec<PasswordRule>,
    /// What was wrong.
    pub problems: Vec<ChangePasswordProblem>,
}

/// What was wrong with a change of password (A6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ChangePasswordProblem {
    /// The present password is not right.
    CurrentWrong,
    /// At least one rule is not met.
    Weak,
    /// Longer than the policy accepts.
    TooLong,
    /// The two differ.
    Differ,
    /// The new one is the present one.
    SameAsOld,
    /// Not now.
    Held(Hold),
}

impl Problem for ChangePasswordProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::CurrentWrong => Some("current"),
            Self::Weak | Self::TooLong | Self::SameAsOld => Some("password"),
            Self::Differ => Some("again"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::CurrentWrong => "This is not your present password.".to_owned(),
            Self::Weak => WEAK.to_owned(),
            Self::TooLong => TOO_LONG.to_owned(),
            Self::Differ => DIFFER.to_owned(),
            Self::SameAsOld => SAME.to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}
