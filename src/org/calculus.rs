//! What a member may do (E5), as one pure function: what their role implies, and what they were granted, less what they
//! were denied. A denial always wins; what has expired counts for nothing.
//!
//! A grant or denial without a resource holds everywhere. One with a resource holds there only: it says nothing about the
//! permission as such, so it is in no token, and must be asked about together with the resource.

use super::{
    permission::{Pattern, Permission, ResourceRef},
    role::Implied,
};
use crate::{
    clock::Timestamp,
    id::{MemberEntryId, RoleId},
};

text_enum! {
    /// What an entry does.
    pub enum Effect {
        /// Allows.
        Grant = "grant",
        /// Forbids, whatever else allows.
        Denial = "denial",
    }
}

/// A grant or a denial, as far as it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The entry it stands in.
    pub id: MemberEntryId,
    /// What it does.
    pub effect: Effect,
    /// With which permissions.
    pub pattern: Pattern,
    /// On what; on everything without.
    pub resource: Option<ResourceRef>,
    /// When it ends: from then on it counts for nothing.
    pub expires_at: Option<Timestamp>,
}

impl Rule {
    fn applies(&self, permission: &Permission, resource: Option<&ResourceRef>, now: Timestamp) -> bool {
        let is_over = self.expires_at.is_some_and(|end| end <= now);
        let reaches = match (&self.resource, resource) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(asked)) => own.covers(asked),
        };
        !is_over && reaches && self.pattern.covers(permission)
    }
}

/// Everything that decides what one member may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// What their role implies.
    pub implied: Vec<Implied>,
    /// What they themselves were granted and denied.
    pub rules: Vec<Rule>,
}

/// What is allowed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// They may.
    pub is_allowed: bool,
    /// From their role to the one that implies it; empty when none does.
    pub role_path: Vec<RoleId>,
    /// The grants that apply.
    pub grants: Vec<MemberEntryId>,
    /// The denials that apply: one is enough.
    pub denials: Vec<MemberEntryId>,
}

impl Effective {
    /// Whether `permission` is theirs, on `resource` or everywhere, and why.
    pub fn decide(&self, permission: &Permission, resource: Option<&ResourceRef>, now: Timestamp) -> Decision {
        let role = self.implied.iter().find(|implied| implied.pattern.covers(permission));
        let applying = |effect: Effect| {
            let applies = |rule: &&Rule| rule.effect == effect && rule.applies(permission, resource, now);
            self.rules.iter().filter(applies).map(|rule| rule.id).collect::<Vec<_>>()
        };
        let (grants, denials) = (applying(Effect::Grant), applying(Effect::Denial));
        Decision {
            is_allowed: denials.is_empty() && (role.is_some() || !grants.is_empty()),
            role_path: role.map(|implied| implied.path.clone()).unwrap_or_default(),
            grants,
            denials,
        }
    }

    /// Whether `permission` is theirs everywhere.
    pub fn allows(&self, permission: &Permission, now: Timestamp) -> bool {
        let applies =
            |effect| self.rules.iter().any(|rule| rule.effect == effect && rule.applies(permission, None, now));
        !applies(Effect::Denial)
            && (self.implied.iter().any(|implied| implied.pattern.covers(permission)) || applies(Effect::Grant))
    }

    /// What of the catalogue is theirs everywhere: what tokens carry (E12).
    pub fn permissions<'c>(
        &self,
        catalogue: impl IntoIterator<Item = &'c Permission>,
        now: Timestamp,
    ) -> Vec<&'c Permission> {
        catalogue.into_iter().filter(|permission| self.allows(permission, now)).collect()
    }

    /// Whether they may pass on what `pattern` covers: their role implies all of it, and nothing of it is denied them.
    /// What somebody holds by a grant, they cannot pass on.
    pub fn may_pass_on(&self, pattern: &Pattern, now: Timestamp) -> bool {
        self.implied.iter().any(|implied| implied.pattern.includes(pattern)) && !self.is_denied(pattern, now)
    }

    /// Whether anything that `pattern` covers is denied them, be it on one thing only.
    pub fn is_denied(&self, pattern: &Pattern, now: Timestamp) -> bool {
        let denies = |rule: &Rule| {
            let touches = rule.pattern.includes(pattern) || pattern.includes(&rule.pattern);
            rule.effect == Effect::Denial && touches && rule.expires_at.is_none_or(|end| end > now)
        };
        self.rules.iter().any(denies)
    }

    /// The next moment at which something here expires.
    pub fn next_expiry(&self, now: Timestamp) -> Option<Timestamp> {
        self.rules.iter().filter_map(|rule| rule.expires_at).filter(|end| *end > now).min()
    }
}
