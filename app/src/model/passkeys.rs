//! Passkeys: the list, its two small forms, the offer after signing in.

use super::{Problem, Room, When};

/// The list: `GET /account/passkeys`. Adding one posts to `/do/add-passkey`.
#[derive(Debug, Clone)]
pub struct PasskeysPage {
    /// The room around it.
    pub room: Room,
    /// In the order they were added.
    pub keys: Vec<PasskeyRow>,
    /// What a person may do here.
    pub state: PasskeysState,
    /// What the browser is told to keep its own list in step; none where there are no passkeys.
    pub signal: Option<PasskeySignal>,
    /// Why the last one was not added.
    pub problem: Option<PasskeyProblem>,
}

/// What a person may do with their passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeysState {
    /// Everything.
    Open,
    /// They signed in too long ago to add or remove one (B6).
    Stale,
    /// There are none at this address: it is plain http, or a number.
    Unavailable,
}

/// One passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// What made it.
    pub maker: Option<&'static str>,
    /// What that is.
    pub kind: PasskeyKind,
    /// When it was added.
    pub added: When,
    /// When it was last used.
    pub used: Option<When>,
    /// A copy of it was refused then.
    pub copied: Option<When>,
}

/// Where a passkey is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PasskeyKind {
    /// Somewhere.
    #[default]
    Unknown,
    /// On a device.
    Device,
    /// In a password manager.
    Manager,
    /// On a key to plug in.
    SecurityKey,
}

/// What the Signal API of browsers is given (WebAuthn L3 §5.1.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeySignal {
    /// The relying party id.
    pub rp_id: String,
    /// How authenticators know the person.
    pub user_handle: String,
    /// The credentials that are accepted, by the ids of their authenticators.
    pub credential_ids: Vec<String>,
}

/// "Rename": `GET /account/passkeys/rename?id=`, posts to `/do/rename-passkey`.
#[derive(Debug, Clone)]
pub struct RenamePasskeyPage {
    /// Its id.
    pub id: String,
    /// What it is called now.
    pub name: String,
    /// What was typed last, if it was wrong.
    pub typed: Option<String>,
    /// What was wrong with it.
    pub problem: Option<PasskeyNameProblem>,
}

/// "Remove it?": `GET /account/passkeys/remove?id=`, posts to `/do/remove-passkey`.
#[derive(Debug, Clone)]
pub struct RemovePasskeyPage {
    /// Which.
    pub key: PasskeyRow,
    /// How many others are left.
    pub others: usize,
    /// There is a password, too.
    pub has_password: bool,
    /// They signed in too long ago to remove it (B6).
    pub is_stale: bool,
}

/// "Sign in without a password?" (B8): `GET /account/passkeys/offer`, posts to `/do/add-passkey` or `/do/answer-offer`.
#[derive(Debug, Clone, Default)]
pub struct PasskeyOfferPage {
    /// The authorization request that goes on afterwards.
    pub interaction: Option<String>,
    /// The closed name of the page to go to afterwards.
    pub next: Option<&'static str>,
    /// Why it was not added.
    pub problem: Option<PasskeyProblem>,
}

/// Why a passkey was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasskeyProblem {
    /// It took too long, or was sent twice.
    Expired,
    /// The answer of the authenticator is not right.
    Refused,
    /// It is there already.
    Known,
    /// There are as many as there may be.
    Full,
    /// Too many tries.
    Held {
        /// Seconds until the next one counts.
        seconds: u64,
    },
}

impl Problem for PasskeyProblem {
    fn field(&self) -> Option<&'static str> {
        None
    }

    fn words(&self) -> String {
        match self {
            Self::Expired => "It took longer than five minutes, or was sent twice. Try again.".to_owned(),
            Self::Refused => "What your device answered does not fit. Try again, or use another device.".to_owned(),
            Self::Known => "This passkey is in use already.".to_owned(),
            Self::Full => "There are as many as one account may have. Remove one first.".to_owned(),
            Self::Held { seconds } => super::Hold::TooManyTries { seconds: *seconds }.words(),
        }
    }
}

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PasskeyNameProblem {
    /// There is none.
    Missing,
    /// It has more than 60 characters.
    TooLong,
    /// It has characters that are not for a name.
    Malformed,
}

impl Problem for PasskeyNameProblem {
    fn field(&self) -> Option<&'static str> {
        Some("name")
    }

    fn words(&self) -> String {
        match self {
            Self::Missing => "Give it a name.",
            Self::TooLong => "Use 60 characters at most.",
            Self::Malformed => "Use letters, digits and signs on one line.",
        }
        .to_owned()
    }
}
