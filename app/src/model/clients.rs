//! The applications of the instance, as its administrators see them (D11).

use super::{Caller, Room, When};

/// The list of applications: `GET /admin/clients`.
#[derive(Debug, Clone)]
pub struct ClientsPage {
    /// The room around it.
    pub room: Room,
    /// How many there are, whether they are shown or not.
    pub total: u64,
    /// What was looked for; empty shows all.
    pub search: String,
    /// This is a later page of the list.
    pub is_later: bool,
    /// In the order of their ids.
    pub rows: Vec<ClientRow>,
    /// The last id of this page, if there is another page.
    pub next: Option<String>,
}

/// One application in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    /// `client_id`.
    pub id: String,
    /// Its name, and the host it is shown with.
    pub caller: Caller,
    /// What it is.
    pub sort: ClientSort,
    /// It proves itself by a secret of ours.
    pub has_secret: bool,
    /// It may be used.
    pub is_enabled: bool,
    /// Somebody changed it by hand since its declaration was applied.
    pub differs: bool,
    /// When it was last changed.
    pub changed: When,
}

/// What an application is, in view of how it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientSort {
    /// A program on a server that people sign in to (a confidential client, RFC 6749 §2.1).
    Web,
    /// In a browser or on a device, where no secret can be kept (a public client).
    Public,
    /// A program without people: it asks for tokens of its own (RFC 6749 §4.4).
    Machine,
}

impl ClientSort {
    /// What it is called.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Web => "Web application",
            Self::Public => "Public application",
            Self::Machine => "Machine",
        }
    }
}
