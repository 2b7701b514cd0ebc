//! The telephone number (A9).

use serde::{Deserialize, Serialize};

use super::{Hold, Problem, Room, When};

/// "Phone number": `GET /account/phone`, posts to `/do/change-phone` and `/do/confirm-phone`.
#[derive(Debug, Clone, Default)]
pub struct PhonePage {
    /// The room around it.
    pub room: Room,
    /// The present number.
    pub number: Option<String>,
    /// It is confirmed.
    pub is_verified: bool,
    /// Codes by SMS are on; none where this instance sends no text messages, so that no number can be added.
    pub codes: Option<bool>,
    /// What was typed as the new number.
    pub typed: String,
    /// A number that waits for its code, and until when.
    pub waiting: Option<(String, When)>,
    /// The person signed in too long ago to have a code sent.
    pub is_stale: bool,
    /// What was wrong.
    pub problem: Option<PhoneProblem>,
}

/// "Remove the number?": `GET /account/phone/remove`, posts to `/do/remove-phone`.
#[derive(Debug, Clone, Default)]
pub struct RemovePhonePage {
    /// Which.
    pub number: String,
    /// Codes by SMS end with it.
    pub has_codes: bool,
    /// They are the only second step.
    pub is_last: bool,
}

/// What was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhoneProblem {
    /// No number was typed.
    Missing,
    /// That is no number with its country.
    Syntax,
    /// It is the one the account has.
    Same,
    /// No messages are sent to its country.
    NotServed,
    /// Not the code of the newest message.
    WrongCode,
    /// The code was used, is too old, or was guessed at too often.
    UsedOrOld,
    /// Not now.
    Held(Hold),
}

impl PhoneProblem {
    /// When to come back, if that is what is wrong.
    pub fn hold(self) -> Option<Hold> {
        match self {
            Self::Held(hold) => Some(hold),
            _ => None,
        }
    }
}

impl Problem for PhoneProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Syntax | Self::Same | Self::NotServed => Some("phone"),
            Self::WrongCode => Some("code"),
            Self::UsedOrOld | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        let text = match self {
            Self::Missing => "A number is missing.",
            Self::Syntax => "That is no whole number. Begin with the country, as in +45 20 12 34 56.",
            Self::Same => "That is the number you have.",
            Self::NotServed => "We send no messages to numbers of this country. Use another one.",
            Self::WrongCode => "This is not the code of the newest message. Look for six digits.",
            Self::UsedOrOld => "This code was used, is too old, or was tried too often. Have another one sent below.",
            Self::Held(hold) => return hold.words(),
        };
        text.to_owned()
    }
}
