//! Sign in.

use super::{Caller, Flash, Hold, Problem, count};

/// The sign-in page: `GET /sign-in`, posts to `/do/sign-in`.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    /// The authorization request this sign-in belongs to.
    pub interaction: Option<String>,
    /// The application that asks for it.
    pub caller: Option<Caller>,
    /// The closed name of the page to go to afterwards, if it is not the overview.
    pub next: Option<&'static str>,
    /// Others are signed in in this browser already.
    pub another: bool,
    /// The number of this rendering of the form, so that sending it twice signs in once.
    pub number: Option<String>,
    /// What the person typed, or the `login_hint`.
    pub username: String,
    /// What there is besides the password.
    pub ways: OtherWays,
    /// Whether "Stay signed in" is ticked.
    pub stay: bool,
    /// Why the last try failed.
    pub problem: Option<SignInProblem>,
    /// What was done before.
    pub flash: Option<Flash>,
}

/// Ways to sign in without a password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OtherWays {
    /// There are passkeys at this address.
    pub passkeys: bool,
    /// People may sign in by e-mail (B5).
    pub mail: bool,
}

/// Why a sign-in failed. `WrongCredentials` is one answer for every cause that must not be told apart (A7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SignInProblem {
    /// Unknown account, wrong password, locked account: the same words.
    WrongCredentials {
        /// Failures after which sign-in pauses.
        tries: u32,
        /// Minutes of that pause.
        pause_minutes: u32,
    },
    /// The password was right, the address is not confirmed yet (A4).
    NotVerified,
    /// The passkey took too long, or was sent twice.
    PasskeyExpired,
    /// Nobody has this passkey, or nobody has it any more.
    PasskeyUnknown,
    /// The passkey does not fit.
    PasskeyRefused,
    /// There is a copy of the passkey.
    PasskeyCopied,
    /// The passkey is right, but sign-in is paused (A7).
    Paused {
        /// Seconds until it works again.
        seconds: u64,
    },
    /// Not now.
    Held(Hold),
    /// Signed in as often as one may be (C6).
    Full {
        /// So often.
        most: u32,
    },
}

impl Problem for SignInProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongCredentials { .. } => Some("password"),
            Self::NotVerified
            | Self::PasskeyExpired
            | Self::PasskeyUnknown
            | Self::PasskeyRefused
            | Self::PasskeyCopied
            | Self::Paused { .. }
            | Self::Full { .. }
            | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::WrongCredentials { .. } => "The e-mail or the password is not right.".to_owned(),
            Self::NotVerified => {
                "Your address is not confirmed yet. The mail we sent has a code and a link; either one does it."
                    .to_owned()
            }
            Self::PasskeyExpired => {
                "Using the passkey took longer than five minutes, or it was sent twice. Try again.".to_owned()
            }
            Self::PasskeyUnknown => {
                "This passkey opens no account here; it may have been removed. Use another one, or your password."
                    .to_owned()
            }
            Self::PasskeyRefused => {
                "This passkey was not accepted. Use another one, or sign in with your password.".to_owned()
            }
            Self::PasskeyCopied => {
                "This passkey was not accepted: a copy of it seems to be in use. Sign in another way and look at your \
                 passkeys."
                    .to_owned()
            }
            Self::Paused { seconds } => format!(
                "Sign-in to this account is paused after too many wrong passwords. It works again in {}.",
                super::span(*seconds)
            ),
            Self::Full { most } => format!(
                "You are signed in in {} already, and more it must not be. Sign out in one of them, then come back.",
                count(u64::from(*most), "place")
            ),
            Self::Held(hold) => hold.words(),
        }
    }
}
