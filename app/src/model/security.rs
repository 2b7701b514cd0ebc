//! What protects the account: the overview of it, authenticator apps, recovery codes.

use super::{Hold, Problem, Room, Sent, When};

/// "Security": `GET /account/security`.
#[derive(Debug, Clone)]
pub struct SecurityPage {
    /// The room around it.
    pub room: Room,
    /// There is a password.
    pub has_password: bool,
    /// When it was last set, if known.
    pub password_changed: Option<When>,
    /// Authenticator apps, the oldest first.
    pub authenticators: Vec<AuthenticatorRow>,
    /// Recovery codes; none where there never were any.
    pub recovery_codes: Option<RecoveryCodesRow>,
    /// Codes by e-mail; none where this instance sends none.
    pub email_codes: Option<CodesRow>,
    /// Codes by SMS; none where this instance sends none.
    pub sms_codes: Option<CodesRow>,
    /// The confirmed number they go to.
    pub phone: Option<String>,
    /// Browsers that are not asked for the second step, the newest first.
    pub trusted_browsers: Vec<TrustedBrowserRow>,
}

/// A trusted browser in a list (B7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedBrowserRow {
    /// Its id, for the form.
    pub id: String,
    /// `Firefox on Windows`.
    pub device: String,
    /// It is this one.
    pub is_current: bool,
    /// Since when.
    pub since: When,
    /// Until when.
    pub until: When,
    /// When it last saved a second step.
    pub used: Option<When>,
}

/// Codes that are sent, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodesRow {
    /// They could be turned on.
    Off,
    /// They are a second factor.
    On {
        /// Since when.
        added: When,
        /// When one was last used.
        used: Option<When>,
    },
}

/// "Turn on codes by e-mail?", or off, or by SMS: `GET /account/email-codes` and `GET /account/sms-codes`, post to
/// `/do/email-codes` and `/do/sms-codes`.
#[derive(Debug, Clone)]
pub struct CodesPage {
    /// Which.
    pub by: Sent,
    /// They are on.
    pub on: bool,
    /// Where they go.
    pub to: String,
    /// There is an authenticator app, which they would stand in for.
    pub has_app: bool,
    /// There is another second step than these.
    pub has_other: bool,
}

/// An authenticator app in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatorRow {
    /// Its id, for the links.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub added: When,
    /// When it was last used.
    pub used: Option<When>,
}

/// The recovery codes in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCodesRow {
    /// How many are left.
    pub left: u32,
    /// Three or fewer (B3).
    pub is_low: bool,
    /// When they were made.
    pub made: When,
    /// When one was last used.
    pub used: Option<When>,
}

/// Name an authenticator app to be: `GET /account/authenticators/add`, posts to `/do/add-authenticator`.
#[derive(Debug, Clone, Default)]
pub struct AddAuthenticatorPage {
    /// What was typed.
    pub name: String,
    /// What was wrong with it.
    pub problem: Option<NameProblem>,
}

/// Scan it and type its first code: `GET /account/authenticators/scan`, posts to `/do/confirm-authenticator`.
#[derive(Debug, Clone)]
pub struct ScanAuthenticatorPage {
    /// What it will be called.
    pub name: String,
    /// The secret as a picture.
    pub qr: QrCode,
    /// The secret as text.
    pub key: String,
    /// What was wrong with the code.
    pub problem: Option<AuthenticatorProblem>,
}

/// A QR code as a drawing on a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    /// Width and height of the grid, the quiet margin included.
    pub size: usize,
    /// The dark modules as a path of SVG.
    pub path: String,
}

/// Give it another name: `GET /account/authenticators/rename?id=`, posts to `/do/rename-authenticator`.
#[derive(Debug, Clone)]
pub struct RenameAuthenticatorPage {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub called: String,
    /// What was typed.
    pub name: String,
    /// What was wrong with it.
    pub problem: Option<NameProblem>,
}

/// "Remove it?": `GET /account/authenticators/remove?id=`, posts to `/do/remove-authenticator`.
#[derive(Debug, Clone)]
pub struct RemoveAuthenticatorPage {
    /// Which.
    pub authenticator: AuthenticatorRow,
    /// There is no other.
    pub is_last: bool,
}

/// Recovery codes: `GET /account/recovery-codes`, posts to `/do/recovery-codes`.
#[derive(Debug, Clone)]
pub enum RecoveryCodesPage {
    /// Just made, shown this one time.
    Fresh {
        /// All of them.
        codes: Vec<String>,
        /// They came with a first authenticator app.
        first: bool,
    },
    /// "Make new ones?"
    Ask {
        /// How many of the present ones are left.
        left: u32,
    },
    /// There is nothing that they could stand in for.
    NoFactor,
}

/// What was wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum NameProblem {
    /// Nothing was typed.
    Missing,
    /// Longer than 200 characters.
    TooLong,
    /// It has characters that no name has.
    Characters,
    /// There are as many apps as there may be.
    Full,
    /// Not now.
    Held(Hold),
}

impl Problem for NameProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::TooLong | Self::Characters => Some("label"),
            Self::Full | Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Missing => "Give it a name that you will know it by, such as Phone.".to_owned(),
            Self::TooLong => "This is longer than we can keep. Use 200 characters at most.".to_owned(),
            Self::Characters => "There is a sign in it that we cannot keep. Use letters and digits.".to_owned(),
            Self::Full => "You have as many authenticator apps as there may be. Remove one first.".to_owned(),
            Self::Held(hold) => hold.words(),
        }
    }
}

/// What was wrong with a first code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum AuthenticatorProblem {
    /// It is not the code of this moment.
    WrongCode,
    /// Not now.
    Held(Hold),
}

impl Problem for AuthenticatorProblem {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::WrongCode => Some("code"),
            Self::Held(_) => None,
        }
    }

    fn words(&self) -> String {
        match self {
            Self::WrongCode => {
                "This is not the code of this moment. Type the one shown now; check that the clock of the device is right."
                    .to_owned()
            }
            Self::Held(hold) => hold.words(),
        }
    }
}
