//! Why an answer is what it is: the shape that REST and pages share.

use super::engine::{Because, Resource, RoleName, Said, Verdict};
use crate::org::Rule;

text_enum! {
    /// What decided, in one word.
    pub enum Reason {
        /// The person does not belong to the organisation; or there is no such person.
        NotMember = "not_member",
        /// The role gives it.
        Role = "role",
        /// A grant gives it.
        Grant = "grant",
        /// A denial takes it: it always wins.
        Denial = "denial",
        /// Nothing gives it.
        Nothing = "nothing",
        /// It is about something of another organisation.
        ForeignResource = "foreign_resource",
        /// A policy of the instance forbids it.
        InstanceForbids = "instance_forbids",
        /// A policy of the organisation forbids it.
        OrganizationForbids = "organization_forbids",
        /// A policy of the instance permits it.
        InstancePermits = "instance_permits",
        /// A policy of the organisation permits it.
        OrganizationPermits = "organization_permits",
    }
}

/// An answer, and everything that counted.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The answer.
    pub allowed: bool,
    /// What decided.
    pub reason: Reason,
    /// To what it would be done, as it was understood.
    pub resource: Resource,
    /// The role in the organisation; none for who does not belong to it.
    pub role: Option<RoleName>,
    /// From that role to the one that gives it; empty when none does.
    pub role_path: Vec<RoleName>,
    /// Grants and denials that were looked at.
    pub entries: usize,
    /// Grants that give it.
    pub grants: Vec<Rule>,
    /// Denials that take it.
    pub denials: Vec<Rule>,
    /// What role, grants and denials say by themselves.
    pub standing: Verdict,
    /// What the policies of the instance say.
    pub instance: Said,
    /// What the policies of the organisation say.
    pub organization: Said,
}

impl Explanation {
    /// The answer about somebody who does not belong to the organisation, whether there is such a person or not.
    pub(super) fn not_member(resource: Resource) -> Self {
        Self {
            allowed: false,
            reason: Reason::NotMember,
            resource,
            role: None,
            role_path: Vec::new(),
            entries: 0,
            grants: Vec::new(),
            denials: Vec::new(),
            standing: Verdict::Silent,
            instance: Said::default(),
            organization: Said::default(),
        }
    }

    /// What decided, told apart further than the engine does.
    pub(super) fn reason_of(because: Because, has_role: bool) -> Reason {
        match because {
            Because::InstanceForbids => Reason::InstanceForbids,
            Because::OrganizationForbids => Reason::OrganizationForbids,
            Because::Denial => Reason::Denial,
            Because::Standing if has_role => Reason::Role,
            Because::Standing => Reason::Grant,
            Because::InstancePermits => Reason::InstancePermits,
            Because::OrganizationPermits => Reason::OrganizationPermits,
            Because::Foreign => Reason::ForeignResource,
            Because::Nothing => Reason::Nothing,
        }
    }
}
