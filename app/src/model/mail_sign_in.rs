//! Sign in by e-mail (B5): ask for the mail, type its code, or open its link.

use super::{AddressProblem, Caller, Hold, Problem};

/// "Sign in by e-mail": `GET /sign-in/mail`, posts to `/do/sign-in-mail`.
#[derive(Debug, Clone, Default)]
pub struct AskSignInMailPage {
    /// The authorization request the person came with.
    pub interaction: Option<String>,
    /// The application that sent them.
    pub caller: Option<Caller>,
    /// The closed name of the page to go to afterwards, if it is not the overview.
    pub next: Option<&'static str>,
    /// What was typed, or the address this browser asked for before.
    pub email: String,
    /// What was wrong with it.
    pub problem: Option<AddressProblem>,
}

/// "Check your mail": `GET /sign-in/mail/code`, posts to `/do/sign-in-code`. The same page for known and unknown addresses.
#[derive(Debug, Clone, Default)]
pub struct SignInCodePage {
    /// The authorization request the person came with.
    pub interaction: Option<String>,
    /// The application that sent them.
    pub caller: Option<Caller>,
    /// The closed name of the page to go to afterwards, if it is not the overview.
    pub next: Option<&'static str>,
    /// The number of this rendering of the form, so that sending it twice signs in once.
    pub number: Option<String>,
    /// Where the mail went.
    pub email: String,
    /// How long it works, in seconds.
    pub works_for: u64,
    /// Whether "Stay signed in" is ticked.
    pub stay: bool,
    /// What was wrong with the code.
    pub problem: Option<MailCodeProblem>,
}

/// The page behind the link: `GET /sign-in/link?t=`. It has a button, for mail scanners follow links; posts to
/// `/do/sign-in-link`.
#[derive(Debug, Clone)]
pub enum SignInLinkPage {
    /// The link works.
    Ready {
        /// The token, for the form.
        token: String,
        /// The number of this rendering of the form.
        number: Option<String>,
        /// Who it signs in.
        email: String,
        /// Why not now; the link still works afterwards.
        hold: Option<Hold>,
    },
    /// Used, too old, or never ours.
    Dead,
}

/// What was wrong with a code. Whether the account exists is not among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum MailCodeProblem {
    /// Not the code of the newest mail, used, too old, tried too often, or there is nobody it could be of.
    Wrong,
    /// Not now.
    Held(Hold),
}

impl Problem for MailCodeProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Wrong => Some("code"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Wrong => {
                "This is not the code of the newest mail, or it was used or is too old. Check it, or ask for another mail."
                    .to_owned()
            }
            Self::Held(hold) => hold.words(),
        }
    }
}
