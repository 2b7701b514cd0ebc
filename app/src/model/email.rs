//! Another e-mail address (A9).

use serde::{Deserialize, Serialize};

use super::{Hold, Problem, Room, When};

/// "E-mail": `GET /account/email`, posts to `/do/change-email` and `/do/confirm-email`.
#[derive(Debug, Clone, Default)]
pub struct EmailPage {
    /// The room around it.
    pub room: Room,
    /// The present address is confirmed.
    pub is_verified: bool,
    /// What was typed as the new address.
    pub typed: String,
    /// A change that waits for its proof: the new address, and until when.
    pub waiting: Option<(String, When)>,
    /// The person signed in too long ago to ask for another address.
    pub is_stale: bool,
    /// What was wrong.
    pub problem: Option<EmailProblem>,
}

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmailProblem {
    /// No address was typed.
    Missing,
    /// That is no address.
    Syntax,
    /// It is the one the account has.
    Same,
    /// Not the code of the newest mail.
    WrongCode,
    /// The code was used, is too old, or was guessed at too often.
    UsedOrOld,
    /// The address belongs to another account by now.
    Taken,
    /// Not now.
    Held(Hold),
}

impl EmailProblem {
    /// When to come back, if that is what is wrong.
    pub fn hold(self) -> Option<Hold> {
        match self {
            Self::Held(hold) => Some(hold),
            _ => None,
        }
    }
}

impl Problem for EmailProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Syntax | Self::Same => Some("email"),
            Self::WrongCode => Some("code"),
            Self::UsedOrOld | Self::Taken | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::Missing => "An address is missing.",
            Self::Syntax => "That is no whole address. After the dot something is missing, as in nordhavn.example.",
            Self::Same => "That is the address you have.",
            Self::WrongCode => "This is not the code of the newest mail. Look for six digits.",
            Self::UsedOrOld => "This code was used, is too old, or was tried too often. Ask for a new mail below.",
            Self::Taken => "The address belongs to another account by now. Nothing was changed.",
            Self::Held(hold) => return hold.words(),
        };
        text.to_owned()
    }
}

/// The page behind the link in the mail to the new address: `GET /account/email/confirm?t=`, posts to
/// `/do/confirm-email-link`.
#[derive(Debug, Clone)]
pub enum ProveEmailPage {
    /// It works.
    Ready {
        /// The token of the link.
        token: String,
        /// The new address.
        email: String,
    },
    /// It was used, is too old, or belongs to another account's change.
    Dead,
}

/// The page behind the link in the mail to the old address: `GET /undo-email?t=`, posts to `/do/undo-email`.
#[derive(Debug, Clone)]
pub enum UndoEmailPage {
    /// It works.
    Ready {
        /// The token of the link.
        token: String,
        /// The address that comes back, or stays.
        email: String,
        /// The change was not made yet.
        is_pending: bool,
        /// Not now.
        hold: Option<Hold>,
    },
    /// The address belongs to another account by now.
    Taken,
    /// It was used, or is too old.
    Dead,
}
