//! Confirm an address: by the code from the mail, or by the link in it.

use super::{Caller, Flash, Hold, Problem};

/// "Check your mail": `GET /check-mail`, posts to `/do/verify-code` and `/do/resend-verification`.
#[derive(Debug, Clone, Default)]
pub struct CheckMailPage {
    /// The authorization request the person came with.
    pub interaction: Option<String>,
    /// The application that sent them.
    pub caller: Option<Caller>,
    /// Where the mail went, if this browser may know.
    pub email: Option<String>,
    /// How long code and link work, in hours; 0 leaves the sentence out.
    pub valid_hours: u32,
    /// What was wrong with the code.
    pub problem: Option<CodeProblem>,
    /// What was done before, such as sending it again.
    pub flash: Option<Flash>,
}

/// What was wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum CodeProblem {
    /// Not the code of the newest mail.
    Wrong,
    /// Used, too old, or refused after too many wrong ones.
    UsedOrOld,
    /// This browser started no registration that a code could confirm.
    NothingToConfirm,
    /// Not now.
    Held(Hold),
}

impl Problem for CodeProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Wrong | Self::UsedOrOld => Some("code"),
            Self::NothingToConfirm | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Wrong => "This is not the code we sent. Use the newest mail; it has six digits.".to_owned(),
            Self::UsedOrOld => "This code was used or is too old. Have it sent again.".to_owned(),
            Self::NothingToConfirm => {
                "We do not know which address this code is for. Use the link in the mail, or sign in.".to_owned()
            }
            Self::Held(hold) => hold.words(),
        }
    }
}

/// The page behind the link of the mail: `GET /verify?t=`. It has a button, for mail scanners follow links; posts to `/do/verify-link`.
#[derive(Debug, Clone)]
pub enum VerifyLinkPage {
    /// The link works.
    Ready {
        /// The token, for the form.
        token: String,
        /// The address it confirms.
        email: Option<String>,
    },
    /// Used, too old, or never ours.
    Dead {
        /// This browser knows whom to send a new one to.
        can_resend: bool,
    },
    /// Not now; the link still works afterwards.
    Held {
        /// The token, for the form.
        token: String,
        /// Why.
        hold: Hold,
    },
}
