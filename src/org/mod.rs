//! Organisations: who belongs to them, and what they may do there (E1–E5, E7, E9, E10).
//!
//! An *organisation* has *members*; each has one *role*. A role implies *permissions* of the catalogue, its own and those of
//! the roles it inherits; single members are *granted* or *denied* more ([`Effective`], one pure function). What somebody
//! holds is kept in memory ([`find_standing`]) and forgotten on every node the moment anything it follows from changes.
//!
//! Three rules keep rights where they are. **Ceiling**: members give, take and make only what is below their own role
//! ([`Seat`]); what they hold by a grant they cannot pass on, what is denied them neither, and nobody changes themselves.
//! **Owner**: there is always exactly one, who leaves only by handing over. **Walls**: whoever is no member is told that there
//! is no such organisation.

mod access;
mod activity;
mod add_member;
mod calculus;
mod catalogue;
mod change;
mod change_role;
mod create_organization;
mod delete_organization;
mod entries;
pub mod invitation;
mod join;
mod list_members;
mod look;
mod member_store;
mod membership;
mod mfa;
mod organization;
mod people_store;
mod permission;
mod personal;
mod remove_member;
mod role;
mod role_store;
mod roles;
mod save_role;
mod standing;
pub(crate) mod steps;
mod store;
#[cfg(test)]
mod tests;
mod update_organization;

pub use access::{Refused, Right, Seat, enter, require};
pub(crate) use access::{begin, refused};
pub use activity::{OrganizationActivity, list_activity};
pub use add_member::{AddMemberError, add_member};
pub use calculus::{Decision, Effect, Effective, Rule};
pub use catalogue::{
    CatalogueError, UserRolesError, delete_permission, get_user_roles, save_permission, set_user_roles,
};
pub(crate) use catalogue::{MOST_PERMISSIONS, check_description};
pub use change::{MemberChangeError, MemberSaved};
pub use change_role::{ChangeRole, TransferOwnershipError, change_role, transfer_ownership};
pub use create_organization::{CreateOrganization, CreateOrganizationError, OrganizationCreated, create_organization};
pub(crate) use delete_organization::erase_due;
pub use delete_organization::{
    DeleteOrganizationError, GRACE, RestoreOrganizationError, delete_organization, list_deleted, restore_organization,
};
pub use entries::{AddEntry, AddEntryError, EntryAdded, RemoveEntry, RemoveEntryError, add_entry, remove_entry};
pub use join::{JoinError, Joining};
pub(crate) use list_members::delete_expired_entries;
pub use list_members::{
    ListMembers, MOST_LISTED, Member, MemberDetails, MemberOrder, MemberPage, get_member, list_members,
};
pub(crate) use look::owned_with_others;
pub use look::{
    ChooseOrganizationError, ListOrganizations, ListOrganizationsError, MOST_ORGANIZATIONS, Mine, MinePage,
    OrganizationName, OrganizationPage, Places, choose_organization, find_places, find_preferred, get_organization,
    list_instance_roles, list_my_organizations, list_organizations, list_roles,
};
pub(crate) use look::{of_user, prefer, preferred};
pub use membership::{MOST_ENTRIES, MemberEntry, Membership};
pub use mfa::{MOST_GRACE_DAYS, MfaDemand, MfaMethod, MfaPolicy};
pub use organization::{MOST_MEMBERS, Organization, OrganizationRef, OrganizationSettings, SettingsProblem, Slug};
pub use permission::{Pattern, Permission, ResourceRef};
pub(crate) use personal::ensure_personal;
pub use remove_member::{leave_organization, remove_member};
pub use role::{Builtin, HierarchyProblem, Implied, MOST_DEPTH, Role, RoleDefinition, RoleName, Roles};
pub use roles::{PermissionEntry, Permissions, Rulebook, find_rulebook};
pub(crate) use save_role::MOST_ROLES;
pub use save_role::{RoleError, RoleSaved, RoleSettings, create_role, delete_role, update_role};
pub use standing::{OrganizationCache, Standing, find_organization, find_standing};
pub use update_organization::{
    MfaProblem, OrganizationSaved, SetMfaPolicy, UpdateOrganization, UpdateOrganizationError, set_mfa_policy,
    update_organization,
};
