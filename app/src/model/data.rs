//! One's data: taking it along, leaving for a while, leaving for good (A10).

use super::{Room, When};

/// "Your data": `GET /account/data`.
#[derive(Debug, Clone, Default)]
pub struct DataPage {
    /// The room around it.
    pub room: Room,
    /// The account is erased then.
    pub erase: Option<When>,
    /// Nobody else looks after the instance, so this person cannot leave.
    pub is_last_admin: bool,
    /// Organisations that others belong to and that are to be handed over first: their ids and names.
    pub owned: Vec<(String, String)>,
}

/// "Deactivate your account?": `GET /account/data/deactivate`, posts to `/do/deactivate`.
#[derive(Debug, Clone)]
pub struct DeactivatePage {
    /// Where the mail goes that has the way back.
    pub email: String,
}

/// "Delete your account?": `GET /account/data/delete`, posts to `/do/delete-account`.
#[derive(Debug, Clone)]
pub struct DeleteAccountPage {
    /// When it would be erased.
    pub erase: When,
}

/// Said after the account was left: `GET /left`.
#[derive(Debug, Clone)]
pub enum LeftPage {
    /// It is deactivated.
    Deactivated,
    /// It is erased then.
    Deleted {
        /// When.
        erase: When,
    },
}

/// The page behind the link of the mail: `GET /come-back?t=`, posts to `/do/come-back`.
#[derive(Debug, Clone)]
pub enum ComeBackPage {
    /// It works.
    Ready {
        /// The token of the link.
        token: String,
        /// Whose account.
        email: String,
    },
    /// It was used, or is too old.
    Dead,
}
