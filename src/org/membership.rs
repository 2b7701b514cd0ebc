//! Who belongs to an organisation (E2), and what they were granted and denied (E5).

use super::{
    calculus::{Effect, Rule},
    permission::{Pattern, ResourceRef},
};
use crate::{
    clock::Timestamp,
    id::{MemberEntryId, MembershipId, OrganizationId, RoleId, UserId},
};

/// Most grants and denials of one member.
pub const MOST_ENTRIES: usize = 100;

/// One person in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its id: another one when somebody leaves and comes back.
    pub id: MembershipId,
    /// The organisation.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// Their role.
    pub role_id: RoleId,
    /// Who invited them.
    pub invited_by: Option<UserId>,
    /// Since when.
    pub joined_at: Timestamp,
    /// Grows with each change of role, grants and denials; its entity tag.
    pub version: i64,
}

/// A grant or a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberEntry {
    /// Its id.
    pub id: MemberEntryId,
    /// What it does.
    pub effect: Effect,
    /// With which permissions.
    pub pattern: Pattern,
    /// On what; on everything without.
    pub resource: Option<ResourceRef>,
    /// Why, in words.
    pub reason: String,
    /// Who made it; nobody when an operator did.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

impl MemberEntry {
    /// What of it decides.
    pub fn rule(&self) -> Rule {
        Rule {
            id: self.id,
            effect: self.effect,
            pattern: self.pattern.clone(),
            resource: self.resource.clone(),
            expires_at: self.expires_at,
        }
    }

    /// It counts for nothing any more.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}
