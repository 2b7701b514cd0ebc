//! The organisations one belongs to, and how one of them looks from its entrance (E1, E2).

use super::{OrganizationProblem, Room, When, capital};

/// A page of an organisation. Another one is added here; the compiler then asks for its sign (`components::room`) and for
/// who may open it (`show::organizations`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationPlace {
    /// What it is.
    Overview,
    /// Who belongs to it.
    Members,
    /// Whom it invites.
    Invitations,
    /// What each role may do.
    Roles,
    /// What applications are told, and why.
    Why,
    /// What has a say in that.
    Policies,
    /// What it is set to.
    Settings,
    /// What happened in it.
    Activity,
}

impl OrganizationPlace {
    /// All of them, in the order of the side.
    pub const ALL: [Self; 8] = [
        Self::Overview,
        Self::Members,
        Self::Invitations,
        Self::Roles,
        Self::Why,
        Self::Policies,
        Self::Settings,
        Self::Activity,
    ];

    /// What it is called.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Members => "Members",
            Self::Invitations => "Invitations",
            Self::Roles => "Roles",
            Self::Why => "Why?",
            Self::Policies => "Policies",
            Self::Settings => "Settings",
            Self::Activity => "Activity",
        }
    }

    /// Its path below the organisation's own.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Members => "/members",
            Self::Invitations => "/invitations",
            Self::Roles => "/roles",
            Self::Why => "/why",
            Self::Policies => "/policies",
            Self::Settings => "/settings",
            Self::Activity => "/activity",
        }
    }
}

/// An organisation, as the side of a room speaks of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoomOrganization {
    /// Its id: what forms send.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is called in addresses.
    pub slug: String,
    /// It was made for one person alone.
    pub is_personal: bool,
    /// The person's role there; none for operators who are no members.
    pub role: Option<RoleTag>,
    /// Its pages that the person may use.
    pub pages: Vec<OrganizationPlace>,
}

impl RoomOrganization {
    /// The path of one of its pages.
    pub fn path(&self, place: OrganizationPlace) -> String {
        self.below(place.path())
    }

    /// The path of what stands below it: `rest` is empty or begins with `/`.
    pub fn below(&self, rest: &str) -> String {
        format!("/organizations/{}{rest}", self.slug)
    }

    /// Whether the person may use this page.
    pub fn opens(&self, place: OrganizationPlace) -> bool {
        self.pages.contains(&place)
    }

    /// What it is called beside other things: one that was made for a person is not called as they are.
    pub fn called(&self) -> String {
        if self.is_personal { "Personal".to_owned() } else { self.name.clone() }
    }

    /// As what the person is there.
    pub fn standing(&self) -> String {
        match &self.role {
            Some(role) if role.is_owner && self.is_personal => "Yours alone".to_owned(),
            Some(role) if role.is_owner => "You are its owner".to_owned(),
            Some(role) => role.name.clone(),
            None => "You look after it".to_owned(),
        }
    }
}

/// A role, as it is named to people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleTag {
    /// Its id.
    pub id: String,
    /// What it is called: the built-in ones with a capital letter, others as they were named.
    pub name: String,
    /// It is the owner's.
    pub is_owner: bool,
}

impl RoleTag {
    /// A role of this name.
    pub fn new(id: String, name: &str, is_builtin: bool, is_owner: bool) -> Self {
        Self { id, name: if is_builtin { capital(name) } else { name.to_owned() }, is_owner }
    }
}

/// The organisations of a person: `GET /organizations`.
#[derive(Debug, Clone, Default)]
pub struct OrganizationsPage {
    /// The room around it.
    pub room: Room,
    /// What was looked for; empty shows all.
    pub search: String,
    /// By name.
    pub rows: Vec<OrganizationRow>,
    /// It is not the first page.
    pub is_later: bool,
    /// Where the next page goes on, if there is one.
    pub next: Option<String>,
    /// Deleted ones that they can bring back.
    pub deleted: Vec<DeletedOrganization>,
    /// They may found another.
    pub may_found: bool,
}

/// One organisation in that list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is called in addresses.
    pub slug: String,
    /// The person's role there.
    pub role: String,
    /// It was made for them alone.
    pub is_personal: bool,
    /// They chose it last.
    pub is_preferred: bool,
    /// Since when they belong to it.
    pub since: When,
}

/// An organisation that can be brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedOrganization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It is erased then.
    pub erase: When,
}

/// "Found an organisation": `GET /organizations/new`, posts to `/do/create-organization`.
#[derive(Debug, Clone, Default)]
pub struct NewOrganizationPage {
    /// The room around it.
    pub room: Room,
    /// What was typed as its name.
    pub name: String,
    /// What was typed as its slug.
    pub slug: String,
    /// What was wrong.
    pub problems: Vec<OrganizationProblem>,
}

/// One organisation: `GET /organizations/{organization}`.
#[derive(Debug, Clone)]
pub struct OrganizationPage {
    /// The room around it.
    pub room: Room,
    /// Which.
    pub organization: RoomOrganization,
    /// When it was founded.
    pub founded: When,
    /// Since when the person belongs to it, if they do.
    pub since: Option<When>,
    /// How many members it has, and may have; none for those who may not see members.
    pub members: Option<(u64, u64)>,
    /// How many roles it has of its own.
    pub own_roles: u64,
    /// What the person may do there: permissions of the catalogue.
    pub permissions: Vec<String>,
    /// It asks its members for more than a password when they sign in.
    pub asks_more: bool,
    /// The person may leave it.
    pub may_leave: bool,
}

/// "Leave …?": `GET /organizations/{organization}/leave`, posts to `/do/leave-organization`.
#[derive(Debug, Clone)]
pub struct LeaveOrganizationPage {
    /// Which.
    pub organization: RoomOrganization,
}
