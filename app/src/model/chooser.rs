//! The accounts of a browser, and the organisations of each (C2).

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
    /// Where they can act, the one used last first, when that is to be said, too; otherwise the account alone is chosen.
    pub organizations: Vec<OrganizationChoice>,
}

/// An organisation to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The person's role there.
    pub role: String,
    /// It was chosen last time.
    pub is_last: bool,
    /// It was made for this person alone.
    pub is_personal: bool,
    /// It asks for a second step.
    pub asks_for_more: bool,
}
