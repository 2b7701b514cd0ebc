//! What an organisation is set to, who owns it, and its end (E1, E7).

use super::{OrganizationProblem, Person, RoleTag, Room, RoomOrganization};

/// The settings: `GET /organizations/{organization}/settings`; they post to `/do/edit-organization` and `/do/mfa-policy`.
#[derive(Debug, Clone)]
pub struct OrganizationSettingsPage {
    /// The room around it.
    pub room: Room,
    /// Of which organisation.
    pub organization: RoomOrganization,
    /// The version that forms speak of.
    pub version: i64,
    /// The person may change it.
    pub may_write: bool,
    /// They may delete it.
    pub may_delete: bool,
    /// They may hand it over.
    pub may_hand_over: bool,
    /// What stands in the fields.
    pub values: SettingsValues,
    /// What stands in the fields about signing in.
    pub sign_in: SignInRules,
    /// All roles, for those that are not asked.
    pub roles: Vec<RoleTag>,
    /// What was wrong.
    pub problems: Vec<OrganizationProblem>,
}

/// What an organisation is called and lets people do, as it stands in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsValues {
    /// Its name.
    pub name: String,
    /// How it is called in addresses.
    pub slug: String,
    /// Every member may invite people, as viewers.
    pub member_invites: bool,
    /// Only people with a confirmed address may join.
    pub verified_email: bool,
    /// So many members at most.
    pub max_members: String,
}

/// What an organisation asks of members who sign in, as it stands in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInRules {
    /// More than a password.
    pub require: bool,
    /// What counts: `totp`, `passkey`, `sms`.
    pub methods: Vec<String>,
    /// Days until it is asked for.
    pub grace: String,
    /// Ids of roles that are not asked.
    pub exempt: Vec<String>,
}

/// "Hand over …": `GET /organizations/{organization}/settings/hand-over`, first whom, and then whether.
#[derive(Debug, Clone)]
pub struct HandOverPage {
    /// The room around it.
    pub room: Room,
    /// Which organisation.
    pub organization: RoomOrganization,
    /// What was looked for; empty shows the first.
    pub search: String,
    /// Members who can own it: those found.
    pub members: Vec<Person>,
    /// There are more than these.
    pub has_more: bool,
}

/// "Hand … over to …?": the same address with `id=`, posts to `/do/hand-over`.
#[derive(Debug, Clone)]
pub struct ConfirmHandOverPage {
    /// Which organisation.
    pub organization: RoomOrganization,
    /// To whom.
    pub person: Person,
    /// The person who hands it over owns it; else they look after the instance.
    pub is_own: bool,
}

/// "Delete …?": `GET /organizations/{organization}/settings/delete`, posts to `/do/delete-organization`.
#[derive(Debug, Clone)]
pub struct DeleteOrganizationPage {
    /// Which.
    pub organization: RoomOrganization,
    /// The version that the form speaks of.
    pub version: i64,
    /// What was typed to confirm it.
    pub typed: String,
    /// What was wrong.
    pub problems: Vec<OrganizationProblem>,
}
