//! What the REST API says and reads of policies (E8).

use ostiary::{
    id::{OrganizationId, UserId},
    policy::{self, engine},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A version of a set of policies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyVersion {
    pub(super) number: i64,
    pub(super) comment: String,
    /// It is the one that counts.
    pub(super) active: bool,
    /// Nobody when it was made at the command line.
    #[schema(value_type = Option<String>)]
    pub(super) created_by: Option<UserId>,
    #[schema(format = DateTime)]
    pub(super) created_at: String,
    #[schema(value_type = Option<String>)]
    pub(super) activated_by: Option<UserId>,
    /// When it was last made to count.
    #[schema(format = DateTime)]
    pub(super) activated_at: Option<String>,
    /// The text, in Cedar; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

impl PolicyVersion {
    pub(super) fn new(found: policy::PolicyVersion, text: Option<String>) -> Self {
        Self {
            number: found.number,
            comment: found.comment,
            active: found.is_active,
            created_by: found.created_by,
            created_at: found.created_at.to_string(),
            activated_by: found.activated_by,
            activated_at: found.activated_at.map(|at| at.to_string()),
            text,
        }
    }
}

/// A set of policies with its history.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyVersions {
    /// The number of the version that counts.
    pub(super) active: Option<i64>,
    /// The newest first: all that ever counted, and the latest drafts.
    pub(super) versions: Vec<PolicyVersion>,
}

/// Something wrong in a text.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyMistake {
    /// The `@id` of the policy.
    pub(super) policy: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) message: String,
    /// What would help.
    pub(super) help: Option<String>,
}

impl From<engine::PolicyProblem> for PolicyMistake {
    fn from(found: engine::PolicyProblem) -> Self {
        let engine::PolicyProblem { policy, line, column, message, help } = found;
        Self { policy, line, column, message, help }
    }
}

/// A version that was saved.
#[derive(Serialize, ToSchema)]
pub(super) struct PoliciesSaved {
    pub(super) number: i64,
    /// What the text allows but cannot mean.
    pub(super) warnings: Vec<PolicyMistake>,
}

/// A text to save as the next version.
#[derive(ToSchema)]
#[schema(example = json!({
    "text": "@id(\"mfa\") forbid (principal, action, resource) unless { context.mfa };", "comment": "Two factors", "newest": 0,
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewPolicies {
    /// In Cedar.
    pub(super) text: String,
    /// Why, in a few words.
    pub(super) comment: Option<String>,
    /// The number of the newest version that the text was thought out for; 0 for none.
    pub(super) newest: Option<i64>,
}

/// A text to try.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "@id(\"mfa\") forbid (principal, action, resource) unless { context.mfa };" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PoliciesToTry {
    /// In Cedar.
    pub(super) text: String,
}

/// What a text would change.
#[derive(Serialize, ToSchema)]
pub(super) struct PoliciesTried {
    /// On how many recorded decisions it was tried.
    pub(super) tried: usize,
    /// Those that would come out another way.
    pub(super) changes: Vec<DecisionChange>,
    /// The policies that would have decided none of them.
    pub(super) unused: Vec<String>,
    /// What the text allows but cannot mean.
    pub(super) warnings: Vec<PolicyMistake>,
}

/// A decision that would come out another way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisionChange {
    #[schema(value_type = String)]
    pub(super) organization: OrganizationId,
    #[schema(value_type = String)]
    pub(super) subject: UserId,
    pub(super) action: String,
    pub(super) resource_type: String,
    pub(super) resource_id: Option<String>,
    #[schema(format = DateTime)]
    pub(super) asked_at: String,
    pub(super) allowed_now: bool,
    pub(super) allowed_then: bool,
    /// The policies of the text that would decide.
    pub(super) policies: Vec<String>,
}

impl From<policy::Change> for DecisionChange {
    fn from(change: policy::Change) -> Self {
        let question = change.question;
        Self {
            organization: question.organization,
            subject: question.subject.id,
            action: question.action,
            resource_type: question.resource.kind,
            resource_id: question.resource.id,
            asked_at: question.circumstances.now.to_string(),
            allowed_now: !change.allowed,
            allowed_then: change.allowed,
            policies: change.policies,
        }
    }
}

/// The version that is to count.
#[derive(ToSchema)]
#[schema(example = json!({ "number": 3, "active": 2 }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PoliciesToActivate {
    /// Its number; null lets no policies count.
    #[schema(required)]
    pub(super) number: Option<i64>,
    /// The version that counts as far as the asker knows; null for none.
    pub(super) active: Option<i64>,
}
