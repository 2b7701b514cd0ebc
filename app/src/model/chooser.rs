//! The accounts of a browser (C2).

use super::{Caller, Flash, Person};

/// "Choose an account": `GET /sign-in/choose[?i=][&next=]`, posts to `/do/choose-account`, `/do/leave-account` and
/// `/do/sign-out-all`.
#[derive(Debug, Clone, Default)]
pub struct ChooserPage {
    /// The interaction it belongs to.
    pub interaction: Option<String>,
    /// The application that asks.
    pub caller: Option<Caller>,
    /// Where to go afterwards, without an application.
    pub next: Option<&'static str>,
    /// What was done before.
    pub flash: Option<Flash>,
    /// The accounts, in the order they came.
    pub accounts: Vec<AccountChoice>,
}

/// An account to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChoice {
    /// Its session in this browser.
    pub session: String,
    /// Who it is.
    pub person: Person,
    /// Signed in; otherwise the password is asked for.
    pub is_live: bool,
    /// The one that this browser is at present.
    pub is_current: bool,
}
