//! What stands between an application and its answer where organisations are concerned (C2, E7, E12).

use super::{Caller, Person};

/// "Where do you act?": `GET /sign-in/organization?i=`, posts to `/do/say-organization`.
#[derive(Debug, Clone, Default)]
pub struct OrganizationChoicePage {
    /// The interaction it belongs to.
    pub interaction: String,
    /// The application that asks.
    pub caller: Caller,
    /// Who is asked.
    pub person: Person,
    /// The organisations, the one used last first.
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

/// "… asks for a second step" and the person has none that counts: `GET /sign-in/enrol?i=`.
#[derive(Debug, Clone, Default)]
pub struct EnrolPage {
    /// The interaction it belongs to.
    pub interaction: String,
    /// The application that asks.
    pub caller: Caller,
    /// Who is asked.
    pub person: Person,
    /// The organisation.
    pub organization: String,
    /// An authenticator app counts.
    pub by_app: bool,
    /// A text message counts.
    pub by_sms: bool,
}
