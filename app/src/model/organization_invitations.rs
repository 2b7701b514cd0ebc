//! Whom an organisation invites (E6).

use super::{InvitationEnd, Problem, Room, RoomOrganization, When};

/// Its invitations: `GET /organizations/{organization}/invitations`, posts to `/do/invite-members` and
/// `/do/resend-invitation`.
#[derive(Debug, Clone, Default)]
pub struct OrganizationInvitationsPage {
    /// The room around it.
    pub room: Room,
    /// The organisation.
    pub organization: RoomOrganization,
    /// So many more can be invited.
    pub places: u32,
    /// The most that can be invited at once.
    pub most: usize,
    /// What was typed.
    pub form: InviteForm,
    /// What became of the addresses that were sent just now; empty when none were, or all were invited.
    pub outcomes: Vec<(String, InviteOutcome)>,
    /// How many there are in each state.
    pub tabs: Vec<(InvitationTab, u64)>,
    /// Which are shown.
    pub tab: InvitationTab,
    /// What was looked for; empty shows all.
    pub search: String,
    /// It is not the first page.
    pub is_later: bool,
    /// The newest first.
    pub rows: Vec<InvitationRow>,
    /// Where the next page goes on, if there is one.
    pub next: Option<String>,
}

/// The form that invites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteForm {
    /// Addresses, as they were typed.
    pub emails: String,
    /// The id of the role that is chosen.
    pub role: String,
    /// The roles that the person may invite to: id and name.
    pub roles: Vec<(String, String)>,
    /// What the invited read.
    pub note: String,
    /// What was wrong.
    pub problems: Vec<InviteProblem>,
}

/// What was wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteProblem {
    /// No address was typed.
    EmailsMissing,
    /// More than can be invited at once.
    EmailsTooMany {
        /// The most.
        most: usize,
    },
    /// The role cannot be given.
    RoleRefused,
    /// Too long, or with characters that no text has.
    NoteUnfit {
        /// The most characters.
        most: usize,
    },
}

impl Problem for InviteProblem {
    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::EmailsMissing | Self::EmailsTooMany { .. } => "emails",
            Self::RoleRefused => "role",
            Self::NoteUnfit { .. } => "note",
        })
    }

    fn words(&self) -> String {
        match self {
            Self::EmailsMissing => "An address is missing. Type or paste at least one.".to_owned(),
            Self::EmailsTooMany { most } => format!("That is too many at once. Send {most} at most, then the others."),
            Self::RoleRefused => "Your role does not let you give this role. Choose one that is offered.".to_owned(),
            Self::NoteUnfit { most } => format!("A note has {most} characters at most."),
        }
    }
}

/// What became of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteOutcome {
    /// A mail is on its way.
    Invited,
    /// It belongs to a member.
    AlreadyMember,
    /// It is invited.
    AlreadyInvited,
    /// It is none.
    NotAnAddress,
    /// There is no place left.
    Full,
    /// There were too many mails.
    Later,
}

impl InviteOutcome {
    /// In words, and the class of its badge.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Invited => ("good", "Invited"),
            Self::AlreadyMember => ("plain", "Is a member already"),
            Self::AlreadyInvited => ("plain", "Is invited already"),
            Self::NotAnAddress => ("bad", "Is no address"),
            Self::Full => ("bad", "No place left"),
            Self::Later => ("look", "Too many mails: try again later"),
        }
    }

    /// It is worth another try, and stays in the form.
    pub const fn stays(self) -> bool {
        matches!(self, Self::NotAnAddress | Self::Full | Self::Later)
    }
}

/// Which invitations a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InvitationTab {
    /// All of them.
    #[default]
    All,
    /// Those that can be accepted.
    Pending,
    /// Those that ended so.
    Ended(InvitationEnd),
}

impl InvitationTab {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Pending,
        Self::Ended(InvitationEnd::Accepted),
        Self::Ended(InvitationEnd::Rejected),
        Self::Ended(InvitationEnd::Withdrawn),
        Self::Ended(InvitationEnd::Expired),
    ];

    /// What it is called, and how addresses name it.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::All => ("All", ""),
            Self::Pending => ("Pending", "pending"),
            Self::Ended(InvitationEnd::Accepted) => ("Accepted", "accepted"),
            Self::Ended(InvitationEnd::Rejected) => ("Declined", "rejected"),
            Self::Ended(InvitationEnd::Withdrawn) => ("Withdrawn", "withdrawn"),
            Self::Ended(InvitationEnd::Expired) => ("Expired", "expired"),
        }
    }
}

/// One invitation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: String,
    /// Who is invited.
    pub email: String,
    /// Who sent it.
    pub inviter: Option<String>,
    /// As what; nothing when that role was deleted.
    pub role: Option<String>,
    /// How it ended; nothing while it is pending.
    pub end: Option<InvitationEnd>,
    /// It can be accepted until then, or ended then.
    pub when: When,
    /// The person may send it again.
    pub may_resend: bool,
    /// The person may take it back.
    pub may_withdraw: bool,
}

/// "Take it back?": `GET /organizations/{organization}/invitations/{invitation}/withdraw`, posts to `/do/withdraw-invitation`.
#[derive(Debug, Clone)]
pub struct WithdrawInvitationPage {
    /// The organisation.
    pub organization: RoomOrganization,
    /// Which.
    pub id: String,
    /// Whom it was sent to.
    pub email: String,
}
