//! What happened in an organisation (H1).

use super::{Room, RoomOrganization, When};

/// What happened: `GET /organizations/{organization}/activity`.
#[derive(Debug, Clone)]
pub struct OrganizationActivityPage {
    /// The room around it.
    pub room: Room,
    /// Where.
    pub organization: RoomOrganization,
    /// The newest first.
    pub events: Vec<OrganizationEvent>,
    /// It is not the first page.
    pub is_later: bool,
    /// Where the next page goes on, if there is one.
    pub next: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationEvent {
    /// When.
    pub when: When,
    /// What.
    pub what: String,
    /// Whom it concerns: their name.
    pub about: Option<String>,
    /// Who did it.
    pub by: EventBy,
    /// More about it.
    pub more: Option<String>,
}

/// Who did something in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventBy {
    /// Somebody of this name.
    Person(String),
    /// Somebody whose account is gone.
    Gone,
    /// Whom it concerns.
    Themselves,
    /// Somebody who looks after the instance.
    Operator,
    /// Ostiary by itself.
    House,
}
