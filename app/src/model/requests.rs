//! Applications that wait for the person's answer (CIBA).

use super::{Caller, DetailLine, Person, Room, ScopeLine, When};

/// What waits: `GET /account/requests`.
#[derive(Debug, Clone, Default)]
pub struct RequestsPage {
    /// The room around it.
    pub room: Room,
    /// The newest first.
    pub requests: Vec<RequestRow>,
}

/// An application that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Its id, as addresses carry it.
    pub id: String,
    /// Who asks.
    pub caller: Caller,
    /// Shown on both sides.
    pub message: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// When.
    pub asked: When,
}

/// "May it?": `GET /account/requests/answer?id=`, posts to `/do/answer-request`.
#[derive(Debug, Clone)]
pub struct AnswerRequestPage {
    /// The request.
    pub request: RequestRow,
    /// Who is asked.
    pub person: Person,
    /// What cannot be left out.
    pub needed: Vec<ScopeLine>,
    /// What the person may leave out.
    pub optional: Vec<ScopeLine>,
    /// The APIs it will use, by name.
    pub resources: Vec<String>,
    /// What it asks for in detail.
    pub details: Vec<DetailLine>,
}
