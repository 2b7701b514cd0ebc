//! The second step of signing in, and proving again who one is.

use super::{Caller, Flash, Hold, Person, Problem};

/// What somebody can show besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Six digits of an authenticator app.
    Totp,
    /// A passkey or security key.
    Passkey,
    /// Six digits that are sent.
    Sent {
        /// How.
        by: Sent,
        /// They are on their way.
        is_sent: bool,
    },
    /// A recovery code.
    Recovery {
        /// How many are left.
        left: u32,
    },
}

/// How codes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// A mail.
    Email,
    /// A text message.
    Sms,
}

impl Sent {
    /// "by e-mail", "by SMS".
    pub const fn by(self) -> &'static str {
        match self {
            Self::Email => "by e-mail",
            Self::Sms => "by SMS",
        }
    }

    /// The page that turns them on and off.
    pub const fn page(self) -> &'static str {
        match self {
            Self::Email => "/account/email-codes",
            Self::Sms => "/account/sms-codes",
        }
    }
}

impl Way {
    /// The closed name it has in addresses and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::Sent { by: Sent::Email, .. } => "email",
            Self::Sent { by: Sent::Sms, .. } => "sms",
            Self::Recovery { .. } => "recovery",
        }
    }
}

/// The second step: `GET /sign-in/second-factor`, posts to `/do/second-factor`.
#[derive(Debug, Clone)]
pub struct SecondFactorPage {
    /// The authorization request this sign-in belongs to.
    pub interaction: Option<String>,
    /// The application that asks for it.
    pub caller: Option<Caller>,
    /// The closed name of the page to go to afterwards, if it is not the overview.
    pub next: Option<&'static str>,
    /// The number of this rendering of the form, so that sending it twice signs in once.
    pub number: Option<String>,
    /// Whose password was right.
    pub person: Person,
    /// How their number ends.
    pub phone_ending: Option<String>,
    /// They are signed in, and show more.
    pub is_on_top: bool,
    /// For how many days they may have this browser not asked (B7).
    pub trust_days: Option<u64>,
    /// The way that is taken; none while it is chosen.
    pub way: Option<Way>,
    /// All there are, the one used last first.
    pub ways: Vec<Way>,
    /// Why the last try failed.
    pub problem: Option<SecondFactorProblem>,
    /// What was done.
    pub flash: Option<Flash>,
}

/// What was wrong with the second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SecondFactorProblem {
    /// Not the code of this moment, or used before.
    WrongCode,
    /// Not the code sent last, or used before.
    WrongSentCode,
    /// No key of theirs, or it was not accepted.
    WrongKey,
    /// No recovery code of theirs, or used before.
    WrongRecoveryCode,
    /// Not now.
    Held(Hold),
}

impl Problem for SecondFactorProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongCode | Self::WrongSentCode => Some("code"),
            Self::WrongRecoveryCode => Some("recovery_code"),
            Self::WrongKey | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::WrongCode => "This code was used, is too old, or has a mistake. Wait for the next one.".to_owned(),
            Self::WrongSentCode => {
                "This is not the newest code we sent. Look for a mistake, or have another one sent.".to_owned()
            }
            Self::WrongKey => {
                "This passkey was not accepted: it is not one of yours, or it took too long. Try again, or try another way."
                    .to_owned()
            }
            Self::WrongRecoveryCode => "This code was used before, or has a mistake. Try another one.".to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}

/// "Confirm it is you", before something that protects the account is changed: `GET /account/confirm?next=`, posts to
/// `/do/confirm`.
#[derive(Debug, Clone)]
pub struct ConfirmPage {
    /// Who is signed in.
    pub person: Person,
    /// They have a password to confirm it with.
    pub has_password: bool,
    /// They have a passkey to confirm it with.
    pub has_passkey: bool,
    /// The closed name of the page to go to afterwards.
    pub next: Option<&'static str>,
    /// The number of this rendering of the form.
    pub number: Option<String>,
    /// What was wrong.
    pub problem: Option<ConfirmProblem>,
}

/// What was wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ConfirmProblem {
    /// Not their password, or sign-in is paused: the same words.
    Wrong,
    /// The passkey was not accepted.
    Passkey,
    /// Not now.
    Held(Hold),
}

impl Problem for ConfirmProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Wrong => Some("password"),
            Self::Passkey | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Wrong => "This is not your password. After too many tries we pause sign-in for a while.".to_owned(),
            Self::Passkey => "This passkey was not accepted. Use another one, or your password.".to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}
