//! How an answer of the decision API looks on the wire, with its reasons.

use ostiary::{
    id::MemberEntryId,
    org::Rule,
    policy::{
        Explanation, Reason, Unanswered,
        engine::{PolicyName, RoleName, Said},
    },
};
use serde::Serialize;
use utoipa::ToSchema;

/// One decision, or many.
#[derive(Serialize, ToSchema)]
pub(super) struct Answer {
    /// They may; where one question was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<bool>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
    /// The answers to `evaluations`, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluations: Option<Vec<Decision>>,
}

impl Answer {
    pub(super) fn of_one(one: Decision) -> Self {
        Self { decision: Some(one.decision), context: Some(one.context), evaluations: None }
    }

    pub(super) fn of_many(many: Vec<Decision>) -> Self {
        Self { decision: None, context: None, evaluations: Some(many) }
    }
}

/// One decision.
#[derive(Serialize, ToSchema)]
pub(super) struct Decision {
    decision: bool,
    context: Context,
}

/// Why.
#[derive(Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Context {
    /// What decided, in one word: `role`, `grant`, `denial`, `nothing`, `not_member`, `foreign_resource`,
    /// `instance_forbids`, `organization_forbids`, `instance_permits`, `organization_permits`.
    reason: Option<&'static str>,
    /// The same for people.
    message: Option<String>,
    /// The role in the organisation.
    role: Option<NamedRole>,
    /// From that role to the one that gives it.
    role_path: Vec<NamedRole>,
    /// Grants that give it.
    grants: Vec<EntryThatCounts>,
    /// Denials that take it.
    denials: Vec<EntryThatCounts>,
    /// Policies that apply.
    policies: Vec<PolicyThatCounts>,
    /// Policies that could not be worked out; a `forbid` among them counts as if it applied.
    failed_policies: Vec<PolicyThatCounts>,
    /// Why this question among several has no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<QuestionError>,
}

/// A role.
#[derive(Serialize, ToSchema)]
struct NamedRole {
    id: String,
    name: String,
}

/// A grant or a denial.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct EntryThatCounts {
    #[schema(value_type = String)]
    id: MemberEntryId,
    /// One permission, or all of a category.
    permission: String,
    resource_type: Option<String>,
    resource_id: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A policy.
#[derive(Serialize, ToSchema)]
struct PolicyThatCounts {
    /// Its `@id`.
    id: String,
    /// Its `@description`.
    description: Option<String>,
    /// `permit` or `forbid`.
    effect: &'static str,
    /// `instance` or `organization`.
    set: &'static str,
    /// Why it could not be worked out.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Why one question has no answer.
#[derive(Serialize, ToSchema)]
struct QuestionError {
    /// As HTTP would say it.
    status: u16,
    message: String,
}

impl Decision {
    pub(super) fn of(answer: &Explanation) -> Self {
        let sets = [("instance", &answer.instance), ("organization", &answer.organization)];
        let applying = |(set, said): (&'static str, &Said)| {
            said.forbids.iter().chain(&said.permits).map(|name| policy(set, name, None)).collect::<Vec<_>>()
        };
        let failing = |(set, said): (&'static str, &Said)| {
            let each = said.failed.iter().map(|failed| policy(set, &failed.policy, Some(failed.message.clone())));
            each.collect::<Vec<_>>()
        };
        let context = Context {
            reason: Some(answer.reason.as_str()),
            message: Some(message(answer)),
            role: answer.role.as_ref().map(role),
            role_path: answer.role_path.iter().map(role).collect(),
            grants: answer.grants.iter().map(entry).collect(),
            denials: answer.denials.iter().map(entry).collect(),
            policies: sets.into_iter().flat_map(applying).collect(),
            failed_policies: sets.into_iter().flat_map(failing).collect(),
            error: None,
        };
        Self { decision: answer.allowed, context }
    }

    /// One that could not be given is a refusal that says so (`AuthZEN` §7.2.1).
    pub(super) fn among_others(answer: &Result<Explanation, Unanswered>) -> Self {
        let unanswered = match answer {
            Ok(answer) => return Self::of(answer),
            Err(unanswered) => unanswered,
        };
        let status = match unanswered {
            Unanswered::NotFound | Unanswered::UnknownRole => 404,
            Unanswered::Denied(_) => 403,
        };
        let error = QuestionError { status, message: unanswered.to_string() };
        Self { decision: false, context: Context { error: Some(error), ..Context::default() } }
    }
}

/// Why, for people.
fn message(answer: &Explanation) -> String {
    let own = answer.role.as_ref().map_or("", |role| role.name.as_str());
    let named = |said: &Said| {
        let deciding = if said.forbids() { &said.forbids } else { &said.permits };
        let failed = said.failed.iter().filter(|failed| failed.policy.forbids).map(|failed| &failed.policy);
        let names: Vec<_> = deciding.iter().chain(failed).map(|policy| policy.id.as_str()).collect();
        names.join(", ")
    };
    match answer.reason {
        Reason::NotMember => "The subject does not belong to the organisation".to_owned(),
        Reason::Role => format!("The role {own} allows it"),
        Reason::Grant => "A grant allows it".to_owned(),
        Reason::Denial => "A denial takes it: it always wins".to_owned(),
        Reason::Nothing => format!("Neither the role {own} nor a grant nor a policy allows it"),
        Reason::ForeignResource => "The resource belongs to another organisation".to_owned(),
        Reason::InstanceForbids => format!("Forbidden by the instance: {}", named(&answer.instance)),
        Reason::OrganizationForbids => format!("Forbidden by the organisation: {}", named(&answer.organization)),
        Reason::InstancePermits => format!("Permitted by the instance: {}", named(&answer.instance)),
        Reason::OrganizationPermits => format!("Permitted by the organisation: {}", named(&answer.organization)),
    }
}

fn role(role: &RoleName) -> NamedRole {
    NamedRole { id: role.id.clone(), name: role.name.clone() }
}

fn entry(rule: &Rule) -> EntryThatCounts {
    EntryThatCounts {
        id: rule.id,
        permission: rule.pattern.to_string(),
        resource_type: rule.resource.as_ref().map(|resource| resource.kind().to_owned()),
        resource_id: rule.resource.as_ref().and_then(|resource| resource.id().map(str::to_owned)),
        expires_at: rule.expires_at.map(|end| end.to_string()),
    }
}

fn policy(set: &'static str, policy: &PolicyName, message: Option<String>) -> PolicyThatCounts {
    let effect = if policy.forbids { "forbid" } else { "permit" };
    PolicyThatCounts { id: policy.id.clone(), description: policy.description.clone(), effect, set, message }
}
