//! The account: overview, sessions and their endings.

use super::{Activity, Caller, Flash, Person, RoomOrganization, When};

/// What surrounds every page of the account.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Who is signed in.
    pub person: Person,
    /// How many sessions they have, this one included.
    pub sessions: usize,
    /// How many applications wait for their answer.
    pub requests: usize,
    /// How many organisations invite them.
    pub invitations: usize,
    /// They administer the instance: the side lists what only they may see.
    pub is_admin: bool,
    /// The organisation that the side speaks of: the one whose page this is, else the one they chose last.
    pub organization: Option<RoomOrganization>,
    /// What was done before.
    pub flash: Option<Flash>,
}

/// The overview: `GET /account`.
#[derive(Debug, Clone)]
pub struct AccountHome {
    /// The room around it.
    pub room: Room,
    /// The account is erased then, unless it is kept.
    pub erase: Option<When>,
    /// The address is confirmed.
    pub email_verified: bool,
    /// Their username, if they have one.
    pub username: Option<String>,
    /// When the account was made.
    pub joined: When,
    /// When the password was last set, if known.
    pub password_changed: Option<When>,
    /// How many passkeys they have.
    pub passkeys: usize,
    /// This browser's session.
    pub here: SessionRow,
    /// The newest events first; an empty list leaves the section out.
    pub lately: Vec<Activity>,
}

/// One session in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id, for the link that ends it.
    pub id: String,
    /// `Firefox on Windows`, or `Unknown browser`.
    pub device: String,
    /// What to draw.
    pub kind: DeviceKind,
    /// The address it was last seen at.
    pub ip: Option<String>,
    /// When it began.
    pub since: When,
    /// When it was last used.
    pub active: When,
    /// The applications it signed in to.
    pub applications: Vec<Caller>,
}

/// What a session's device looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DeviceKind {
    /// A computer, and whatever we cannot tell.
    #[default]
    Computer,
    /// A phone or tablet.
    Phone,
    /// A program without a browser.
    Program,
}

/// The list of sessions: `GET /account/sessions`.
#[derive(Debug, Clone)]
pub struct SessionsPage {
    /// The room around it.
    pub room: Room,
    /// This browser's.
    pub here: SessionRow,
    /// All others, last used first.
    pub elsewhere: Vec<SessionRow>,
    /// Seconds without use after which this browser's session ends.
    pub idle_seconds: u64,
    /// Seconds after which it ends in any case, counted from its beginning.
    pub max_seconds: u64,
}

/// "End this session?": `GET /account/sessions/end?id=`, posts to `/do/end-session`.
#[derive(Debug, Clone)]
pub struct ConfirmEndSession {
    /// Which.
    pub session: SessionRow,
}

/// "End the other sessions?": `GET /account/sessions/end-others`, posts to `/do/end-other-sessions`.
#[derive(Debug, Clone)]
pub struct ConfirmEndOthers {
    /// All others; none left is a page of its own.
    pub elsewhere: Vec<SessionRow>,
}
