//! From what everything says to one answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Compiled, Question, Said, Verdict, evaluate};
use crate::{error::Internal, id::OrganizationId};

/// The policies that are asked in one organisation.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// Those of the instance.
    pub instance: Option<Arc<Compiled>>,
    /// Those of an organisation, and which.
    pub organization: Option<(OrganizationId, Arc<Compiled>)>,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A policy of the instance forbids it.
    InstanceForbids,
    /// A policy of the organisation forbids it.
    OrganizationForbids,
    /// A denial takes it.
    Denial,
    /// The role or a grant gives it.
    Standing,
    /// A policy of the instance permits it.
    InstancePermits,
    /// A policy of the organisation permits it.
    OrganizationPermits,
    /// It is about something of another organisation, which nothing here reaches.
    Foreign,
    /// Nothing gives it.
    Nothing,
}

/// The answer to a question, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The answer.
    pub allowed: bool,
    /// What decided.
    pub because: Because,
    /// What the policies of the instance say.
    pub instance: Said,
    /// What the policies of the organisation say.
    pub organization: Said,
}

impl Policies {
    /// Answers a question, as the [module](super) says.
    ///
    /// # Errors
    /// [`Internal`] when the question cannot be put to policies.
    pub fn decide(&self, question: &Question) -> Result<Ruling, Internal> {
        let organization = self.organization.as_ref().filter(|(id, _)| *id == question.organization);
        if self.instance.is_none() && organization.is_none() {
            return Ok(rule(question, Said::default(), Said::default()));
        }
        let posed = evaluate::pose(question)?;
        let instance = self.instance.as_ref().map(|set| set.ask(&posed)).unwrap_or_default();
        let organization = organization.map(|(_, set)| set.ask(&posed)).unwrap_or_default();
        Ok(rule(question, instance, organization))
    }
}

fn rule(question: &Question, instance: Said, organization: Said) -> Ruling {
    let is_own = !question.resource.is_foreign;
    let verdict = question.standing.verdict;
    let because = if instance.forbids() {
        Because::InstanceForbids
    } else if organization.forbids() {
        Because::OrganizationForbids
    } else if verdict == Verdict::Denied {
        Because::Denial
    } else if verdict == Verdict::Allowed && is_own {
        Because::Standing
    } else if instance.permits() {
        Because::InstancePermits
    } else if organization.permits() && is_own {
        Because::OrganizationPermits
    } else if is_own {
        Because::Nothing
    } else {
        Because::Foreign
    };
    let allowed = matches!(because, Because::Standing | Because::InstancePermits | Because::OrganizationPermits);
    Ruling { allowed, because, instance, organization }
}
