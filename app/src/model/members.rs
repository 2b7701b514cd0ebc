//! Who belongs to an organisation, and what each of them may do there (E2, E3, E5).

use super::{OrganizationProblem, Person, RoleTag, Room, RoomOrganization, When};

/// The members: `GET /organizations/{organization}/members`.
#[derive(Debug, Clone)]
pub struct MembersPage {
    /// The room around it.
    pub room: Room,
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// How many members it has.
    pub total: u64,
    /// How many it may have.
    pub most: u64,
    /// Its roles, and how many members have each.
    pub roles: Vec<(RoleTag, u64)>,
    /// What was looked for; empty shows all.
    pub search: String,
    /// The id of the role that was looked for; empty shows all.
    pub role: String,
    /// By name; else those who joined last come first.
    pub by_name: bool,
    /// Those found.
    pub rows: Vec<MemberRow>,
    /// It is not the first page.
    pub is_later: bool,
    /// Where the next page goes on, if there is one.
    pub next: Option<String>,
}

/// One member in that list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub person: Person,
    /// It is the person who looks.
    pub is_you: bool,
    /// Their role.
    pub role: String,
    /// How many grants and denials they have.
    pub entries: u64,
    /// False while their account is deactivated.
    pub is_active: bool,
    /// Since when they belong to it.
    pub joined: When,
    /// When they last signed in.
    pub seen: Option<When>,
}

/// One member: `GET /organizations/{organization}/members/{member}`.
#[derive(Debug, Clone)]
pub struct MemberPage {
    /// The room around it.
    pub room: Room,
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// Who, with what the list says of them.
    pub member: MemberRow,
    /// Who invited them.
    pub invited_by: Option<String>,
    /// The version that forms speak of.
    pub version: i64,
    /// Their role.
    pub role: RoleTag,
    /// The roles that the person who looks may give them, each with what it is for; empty when they may give none.
    pub assignable: Vec<(RoleTag, String)>,
    /// Why others are not offered, or none.
    pub why_not: WhyNot,
    /// Their grants and denials.
    pub entries: Vec<EntryRow>,
    /// Grants and denials can be added: what there is to choose from, by category.
    pub add: Option<Vec<PermissionGroup>>,
    /// What was typed into that form.
    pub values: EntryValues,
    /// What was wrong with a form.
    pub problems: Vec<OrganizationProblem>,
    /// What they may do now: every permission of the catalogue.
    pub effective: Vec<EffectiveRow>,
    /// The person who looks may remove them.
    pub may_remove: bool,
}

/// Why somebody cannot give a member every role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// They can give all but ownership.
    OnlyOwnership,
    /// Others are as high as their own role, or higher.
    Ceiling,
    /// It is the owner.
    Owner,
    /// It is they themselves.
    You,
    /// The member's role is not theirs to take.
    NotBelow,
    /// They may give no roles at all.
    Nothing,
}

impl WhyNot {
    /// The sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OnlyOwnership => "Ownership is not given: the owner hands it over in the settings.",
            Self::Ceiling => "Only roles that yours may give are offered, and none that gives what you do not have.",
            Self::Owner => "An organisation always has one owner. It changes when they hand it over in the settings.",
            Self::You => "Nobody changes their own role.",
            Self::NotBelow => "You may not change this role: it is not one that yours may give.",
            Self::Nothing => "You may see roles, not give them. Ask the owner.",
        }
    }
}

/// One grant or denial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Its id.
    pub id: String,
    /// It takes away; else it gives.
    pub is_denial: bool,
    /// With which permissions.
    pub pattern: String,
    /// On what; on everything without.
    pub resource: Option<String>,
    /// Why; may be empty.
    pub reason: String,
    /// Who made it, if that is known.
    pub by: Option<String>,
    /// When.
    pub made: When,
    /// When it ends.
    pub ends: Option<When>,
    /// It counts for nothing any more.
    pub is_over: bool,
    /// The person who looks may withdraw it.
    pub may_remove: bool,
}

/// Permissions of one category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PermissionGroup {
    /// The category.
    pub category: String,
    /// Each with what it allows.
    pub permissions: Vec<(String, String)>,
}

impl PermissionGroup {
    /// What stands for all of them.
    pub fn all(&self) -> String {
        format!("{}:*", self.category)
    }
}

/// What was typed into the form for a grant or a denial.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryValues {
    /// It takes away.
    pub is_denial: bool,
    /// The permission or the pattern.
    pub permission: String,
    /// The type of a resource.
    pub resource_type: String,
    /// Its id.
    pub resource_id: String,
    /// Why.
    pub reason: String,
    /// The last day it counts, `2026-11-30`; empty: for good.
    pub ends: String,
}

/// What somebody may do with one permission, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveRow {
    /// The permission.
    pub name: String,
    /// Whether they may, everywhere.
    pub may: May,
    /// Why.
    pub because: String,
    /// What is different on single things, a line each.
    pub besides: Vec<String>,
}

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Their role says so.
    ByRole,
    /// Through a role that theirs inherits.
    ByInheritance,
    /// It was granted.
    ByGrant,
    /// It was denied.
    Denied,
    /// Nothing says so.
    No,
}

/// "Withdraw …?": `GET /organizations/{organization}/members/{member}/withdraw?id=`, posts to `/do/remove-member-entry`.
#[derive(Debug, Clone)]
pub struct RemoveEntryPage {
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// Whose.
    pub person: Person,
    /// The version that the form speaks of.
    pub version: i64,
    /// Which.
    pub entry: EntryRow,
}

/// "Remove …?": `GET /organizations/{organization}/members/{member}/remove`, posts to `/do/remove-member`.
#[derive(Debug, Clone)]
pub struct RemoveMemberPage {
    /// From which organisation.
    pub organization: RoomOrganization,
    /// Whom.
    pub person: Person,
    /// The version that the form speaks of.
    pub version: i64,
}
