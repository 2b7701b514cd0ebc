//! One application, as the administrators of the instance see it (D11).

use ostiary::secret::PlainToken;

use super::{ClientRow, Room, When};

/// One application: `GET /admin/clients/client?id=`.
#[derive(Debug, Clone)]
pub struct ClientPage {
    /// The room around it.
    pub room: Room,
    /// What the list says of it, too.
    pub client: ClientRow,
    /// When it was registered.
    pub made: When,
    /// Where it comes from.
    pub origin: ClientOrigin,
    /// The label of the file that declares it.
    pub owner: Option<String>,
    /// Its secrets that work; none for a client that has no use for one.
    pub secrets: Option<ClientSecrets>,
    /// A new secret, shown this once.
    pub new_secret: Option<PlainToken>,
    /// How it connects.
    pub connects: Vec<Fact>,
    /// What it receives.
    pub receives: Vec<Fact>,
    /// What people are shown of it.
    pub shows: Vec<Fact>,
    /// All other settings that are not as they are by themselves: name and value, as files write them.
    pub further: Vec<(String, String)>,
}

/// Where an application comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClientOrigin {
    /// An administrator registered it.
    #[default]
    Operator,
    /// It registered itself (RFC 7591).
    Itself,
    /// It is what the document at its client id says.
    Document,
}

/// Something that is so about an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub name: &'static str,
    /// In words.
    pub words: Option<String>,
    /// As it is written in settings: addresses, names of the protocol.
    pub codes: Vec<String>,
}

/// The secrets of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientSecrets {
    /// Those that work, the newest first; two at most.
    pub live: Vec<SecretRow>,
    /// It cannot prove itself until it is given a new one.
    pub needs_new: bool,
}

/// A secret that works: enough to tell two apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// Its id, to end it by.
    pub id: String,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub made: When,
    /// When it ends, if it does by itself.
    pub ends: Option<When>,
}

/// "Make a new secret?": `GET /admin/clients/new-secret?id=`, posts to `/do/new-client-secret`.
#[derive(Debug, Clone)]
pub struct NewSecretPage {
    /// Whose.
    pub client: ClientRow,
    /// Those that work now, the newest first.
    pub live: Vec<SecretRow>,
}

/// How long the secret before still works beside a new one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepOld {
    /// It ends at once.
    Not,
    /// An hour.
    Hour,
    /// A day.
    #[default]
    Day,
    /// A week.
    Week,
    /// Thirty days.
    Month,
}

impl KeepOld {
    /// All of them, in the order of a form.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Hour, Self::Not];

    /// How a form sends it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Not => "not",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// What it is called.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Not => "It ends at once",
            Self::Hour => "One more hour",
            Self::Day => "One more day",
            Self::Week => "One more week",
            Self::Month => "30 more days",
        }
    }

    /// In seconds.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Not => 0,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
            Self::Month => 2_592_000,
        }
    }
}

/// "End this secret?": `GET /admin/clients/end-secret?id=&secret=`, posts to `/do/end-client-secret`.
#[derive(Debug, Clone)]
pub struct EndSecretPage {
    /// Whose.
    pub client: ClientRow,
    /// Which.
    pub secret: SecretRow,
    /// No other works.
    pub is_last: bool,
}

/// What people have with an application.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientPeople {
    /// People whose account it may use at present.
    pub using: u64,
    /// People whose answer to what it asked is remembered.
    pub answered: u64,
}

/// "Turn it off?" or "Turn it on?": `GET /admin/clients/turn?id=`, posts to `/do/turn-client`.
#[derive(Debug, Clone)]
pub struct TurnClientPage {
    /// Which; it is to be the other way round.
    pub client: ClientRow,
    /// Who notices.
    pub people: ClientPeople,
    /// How long an access token of it lives, seconds.
    pub token_seconds: u64,
}

/// "Delete it?": `GET /admin/clients/delete?id=`, posts to `/do/delete-client`.
#[derive(Debug, Clone)]
pub struct DeleteClientPage {
    /// Which.
    pub client: ClientRow,
    /// The version that is looked at.
    pub version: i64,
    /// Who loses by it.
    pub people: ClientPeople,
    /// How long an access token of it lives, seconds.
    pub token_seconds: u64,
    /// Where it comes from: some come back.
    pub origin: ClientOrigin,
    /// The label of the file that declares it.
    pub owner: Option<String>,
}
