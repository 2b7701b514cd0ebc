//! `/api/v1/policies` and `/api/v1/organizations/{id}/policies` (E8): versions of the policies of the instance and of an
//! organisation. A text is saved as a version, tried on what was decided lately, and then made to count.

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    id::{OrganizationId, UserId},
    org::OrganizationRef,
    policy::{
        self, ActivatePolicies, ActivatePoliciesError, PoliciesError, PolicyScope, SavePolicies, SavePoliciesError,
        TryPolicies, TryPoliciesError, engine,
    },
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::{Administrator, Caller},
    describe::{Area, Created, Doc, Done},
    problem::{self, DENIED, FieldProblem, Kind, Problem},
};

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such organisation or version");
const MISTAKES: Kind = Kind::new(StatusCode::BAD_REQUEST, "policy-mistakes", "The text has mistakes");
const NEWER: Kind = Kind::new(StatusCode::CONFLICT, "newer-version", "Somebody else saved a version meanwhile");
const OTHER: Kind = Kind::new(StatusCode::CONFLICT, "other-version", "Another version counts by now");

const ORGANIZATION: &[(&str, &str)] = &[("id", "The organisation: its id or slug.")];
const VERSION: &[(&str, &str)] = &[("number", "The number of the version.")];
const THEIR_VERSION: &[(&str, &str)] =
    &[("id", "The organisation: its id or slug."), ("number", "The number of the version.")];

/// Whose policies are meant, as the path says.
fn scope_of(organization: Option<&str>) -> Result<PolicyScope, Problem> {
    match organization {
        None => Ok(PolicyScope::Instance),
        Some(text) => OrganizationRef::parse(text).map(PolicyScope::Organization).ok_or_else(|| MISSING.into()),
    }
}

/// A version of a set of policies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyVersion {
    number: i64,
    comment: String,
    /// It is the one that counts.
    active: bool,
    /// Nobody when it was made at the command line.
    #[schema(value_type = Option<String>)]
    created_by: Option<UserId>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(value_type = Option<String>)]
    activated_by: Option<UserId>,
    /// When it was last made to count.
    #[schema(format = DateTime)]
    activated_at: Option<String>,
    /// The text, in Cedar; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl PolicyVersion {
    fn new(found: policy::PolicyVersion, text: Option<String>) -> Self {
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
    active: Option<i64>,
    /// The newest first: all that ever counted, and the latest drafts.
    versions: Vec<PolicyVersion>,
}

/// Something wrong in a text.
#[derive(Serialize, ToSchema)]
pub(super) struct PolicyMistake {
    /// The `@id` of the policy.
    policy: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
    /// What would help.
    help: Option<String>,
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
    number: i64,
    /// What the text allows but cannot mean.
    warnings: Vec<PolicyMistake>,
}

/// A text to save as the next version.
#[derive(ToSchema)]
#[schema(example = json!({
    "text": "@id(\"mfa\") forbid (principal, action, resource) unless { context.mfa };", "comment": "Two factors", "newest": 0,
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewPolicies {
    /// In Cedar.
    text: String,
    /// Why, in a few words.
    comment: Option<String>,
    /// The number of the newest version that the text was thought out for; 0 for none.
    newest: Option<i64>,
}

/// A text to try.
#[derive(ToSchema)]
#[schema(example = json!({ "text": "@id(\"mfa\") forbid (principal, action, resource) unless { context.mfa };" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PoliciesToTry {
    /// In Cedar.
    text: String,
}

/// What a text would change.
#[derive(Serialize, ToSchema)]
pub(super) struct PoliciesTried {
    /// On how many recorded decisions it was tried.
    tried: usize,
    /// Those that would come out another way.
    changes: Vec<DecisionChange>,
    /// The policies that would have decided none of them.
    unused: Vec<String>,
    /// What the text allows but cannot mean.
    warnings: Vec<PolicyMistake>,
}

/// A decision that would come out another way.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisionChange {
    #[schema(value_type = String)]
    organization: OrganizationId,
    #[schema(value_type = String)]
    subject: UserId,
    action: String,
    resource_type: String,
    resource_id: Option<String>,
    #[schema(format = DateTime)]
    asked_at: String,
    allowed_now: bool,
    allowed_then: bool,
    /// The policies of the text that would decide.
    policies: Vec<String>,
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
    number: Option<i64>,
    /// The version that counts as far as the asker knows; null for none.
    active: Option<i64>,
}

pub(super) const LIST_INSTANCE: Doc =
    Doc::new(Area::Decisions, "listInstancePolicies", "List the versions of the instance's policies")
        .problems(&[MISSING]);

pub(super) async fn list_instance(Administrator(ctx): Administrator) -> Result<Json<PolicyVersions>, Problem> {
    list(&ctx, None).await
}

pub(super) const LIST: Doc =
    Doc::new(Area::Decisions, "listPolicies", "List the versions of an organisation's policies")
        .about("For members with `org:write`, here and below.")
        .path(ORGANIZATION)
        .problems(&[MISSING, DENIED]);

pub(super) async fn list_organization(
    Caller(ctx): Caller,
    Path(id): Path<String>,
) -> Result<Json<PolicyVersions>, Problem> {
    list(&ctx, Some(&id)).await
}

async fn list(ctx: &Ctx, organization: Option<&str>) -> Result<Json<PolicyVersions>, Problem> {
    let found = policy::get_policies(ctx, &scope_of(organization)?).await.map_err(|error| unseen(ctx, error))?;
    let active = found.active().map(|version| version.number);
    let versions = found.versions.into_iter().map(|version| PolicyVersion::new(version, None)).collect();
    Ok(Json(PolicyVersions { active, versions }))
}

pub(super) const GET_INSTANCE: Doc =
    Doc::new(Area::Decisions, "getInstancePolicies", "A version of the instance's policies")
        .path(VERSION)
        .problems(&[MISSING]);

pub(super) async fn get_instance(
    Administrator(ctx): Administrator,
    Path(number): Path<String>,
) -> Result<Json<PolicyVersion>, Problem> {
    get(&ctx, None, &number).await
}

pub(super) const GET: Doc = Doc::new(Area::Decisions, "getPolicies", "A version of an organisation's policies")
    .path(THEIR_VERSION)
    .problems(&[MISSING, DENIED]);

pub(super) async fn get_organization(
    Caller(ctx): Caller,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<PolicyVersion>, Problem> {
    get(&ctx, Some(&id), &number).await
}

async fn get(ctx: &Ctx, organization: Option<&str>, number: &str) -> Result<Json<PolicyVersion>, Problem> {
    let scope = scope_of(organization)?;
    let number = number.parse().map_err(|_| Problem::from(MISSING))?;
    let found = policy::get_policy_version(ctx, &scope, number).await;
    let (found, text) = found.map_err(|error| unseen(ctx, error))?;
    Ok(Json(PolicyVersion::new(found, Some(text))))
}

pub(super) const SAVE_INSTANCE: Doc =
    Doc::new(Area::Decisions, "saveInstancePolicies", "Save a version of the instance's policies")
        .about("It counts once it is activated, here and below.")
        .problems(&[MISSING, MISTAKES, NEWER]);

pub(super) async fn save_instance(
    Administrator(ctx): Administrator,
    Body { fields, .. }: Body<NewPolicies>,
) -> Result<Created<Json<PoliciesSaved>>, Problem> {
    save(&ctx, None, fields).await
}

pub(super) const SAVE: Doc = Doc::new(Area::Decisions, "savePolicies", "Save a version of an organisation's policies")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, MISTAKES, NEWER]);

pub(super) async fn save_organization(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { fields, .. }: Body<NewPolicies>,
) -> Result<Created<Json<PoliciesSaved>>, Problem> {
    save(&ctx, Some(&id), fields).await
}

async fn save(
    ctx: &Ctx,
    organization: Option<&str>,
    mut fields: Fields,
) -> Result<Created<Json<PoliciesSaved>>, Problem> {
    let scope = scope_of(organization)?;
    let text = fields.long_text("text", engine::LONGEST_TEXT);
    let comment = fields.optional("comment").unwrap_or_default();
    let newest = number(&mut fields, "newest");
    let (text, newest) = fields.finish(text.zip(newest))?;
    let cmd = SavePolicies { scope, text, comment, newest: newest.unwrap_or(0) };
    match policy::save_policies(ctx, cmd).await {
        Ok(saved) => {
            let warnings = saved.warnings.into_iter().map(PolicyMistake::from).collect();
            Ok(Created(Json(PoliciesSaved { number: saved.number, warnings })))
        }
        Err(SavePoliciesError::NotFound) => Err(MISSING.into()),
        Err(SavePoliciesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SavePoliciesError::Mistakes(found)) => Err(mistakes(found)),
        Err(error @ SavePoliciesError::Comment) => {
            let message = error.to_string();
            Err(Problem::fields(vec![FieldProblem { field: "comment".into(), code: "malformed", message }]))
        }
        Err(SavePoliciesError::Changed) => Err(NEWER.into()),
        Err(SavePoliciesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const TRY_INSTANCE: Doc =
    Doc::new(Area::Decisions, "tryInstancePolicies", "Try a text on what was decided lately, everywhere")
        .problems(&[MISSING, MISTAKES]);

pub(super) async fn try_instance(
    Administrator(ctx): Administrator,
    Body { fields, .. }: Body<PoliciesToTry>,
) -> Result<Json<PoliciesTried>, Problem> {
    try_out(&ctx, None, fields).await
}

pub(super) const TRY: Doc =
    Doc::new(Area::Decisions, "tryPolicies", "Try a text on what was decided lately in an organisation")
        .path(ORGANIZATION)
        .problems(&[MISSING, DENIED, MISTAKES]);

pub(super) async fn try_organization(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { fields, .. }: Body<PoliciesToTry>,
) -> Result<Json<PoliciesTried>, Problem> {
    try_out(&ctx, Some(&id), fields).await
}

async fn try_out(ctx: &Ctx, organization: Option<&str>, mut fields: Fields) -> Result<Json<PoliciesTried>, Problem> {
    let scope = scope_of(organization)?;
    let text = fields.long_text("text", engine::LONGEST_TEXT);
    let text = fields.finish(text)?;
    match policy::try_policies(ctx, TryPolicies { scope, text }).await {
        Ok(tried) => Ok(Json(PoliciesTried {
            tried: tried.tried,
            changes: tried.changes.into_iter().map(DecisionChange::from).collect(),
            unused: tried.unused,
            warnings: tried.warnings.into_iter().map(PolicyMistake::from).collect(),
        })),
        Err(TryPoliciesError::NotFound) => Err(MISSING.into()),
        Err(TryPoliciesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(TryPoliciesError::Mistakes(found)) => Err(mistakes(found)),
        Err(TryPoliciesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const ACTIVATE_INSTANCE: Doc =
    Doc::new(Area::Decisions, "activateInstancePolicies", "Let a version of the instance's policies count")
        .problems(&[MISSING, MISTAKES, OTHER]);

pub(super) async fn activate_instance(
    Administrator(ctx): Administrator,
    Body { fields, .. }: Body<PoliciesToActivate>,
) -> Result<Done, Problem> {
    activate(&ctx, None, fields).await
}

pub(super) const ACTIVATE: Doc =
    Doc::new(Area::Decisions, "activatePolicies", "Let a version of an organisation's policies count")
        .path(ORGANIZATION)
        .problems(&[MISSING, DENIED, MISTAKES, OTHER]);

pub(super) async fn activate_organization(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { fields, .. }: Body<PoliciesToActivate>,
) -> Result<Done, Problem> {
    activate(&ctx, Some(&id), fields).await
}

async fn activate(ctx: &Ctx, organization: Option<&str>, mut fields: Fields) -> Result<Done, Problem> {
    let scope = scope_of(organization)?;
    let wanted = number(&mut fields, "number");
    let active = number(&mut fields, "active");
    let (number, active) = fields.finish(wanted.zip(active))?;
    match policy::activate_policies(ctx, ActivatePolicies { scope, number, active }).await {
        Ok(()) => Ok(Done),
        Err(ActivatePoliciesError::NotFound) => Err(MISSING.into()),
        Err(ActivatePoliciesError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ActivatePoliciesError::Mistakes(found)) => Err(mistakes(found)),
        Err(ActivatePoliciesError::Changed) => Err(OTHER.into()),
        Err(ActivatePoliciesError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// A version's number, or none of them: null, or left out.
#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn number(fields: &mut Fields, name: &'static str) -> Option<Option<i64>> {
    match fields.take(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => match value.as_i64() {
            Some(number) => Some(Some(number)),
            None => fields.wrong(name, "not_number", "must be the number of a version"),
        },
    }
}

fn mistakes(found: Vec<engine::PolicyProblem>) -> Problem {
    let found: Vec<_> = found.into_iter().map(PolicyMistake::from).collect();
    // Texts and numbers always serialise.
    Problem::new(MISTAKES).with_member("mistakes", serde_json::to_value(found).unwrap_or_default())
}

fn unseen(ctx: &Ctx, error: PoliciesError) -> Problem {
    match error {
        PoliciesError::NotFound => MISSING.into(),
        PoliciesError::Denied(denied) => problem::denied(denied),
        PoliciesError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}
