//! `/api/v1/policies` and `/api/v1/organizations/{id}/policies` (E8): versions of the policies of the instance and of an
//! organisation. A text is saved as a version, tried on what was decided lately, and then made to count.

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    org::OrganizationRef,
    policy::{
        self, ActivatePolicies, ActivatePoliciesError, PoliciesError, PolicyScope, SavePolicies, SavePoliciesError,
        TryPolicies, TryPoliciesError, engine,
    },
};
use serde_json::Value;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::{Administrator, Caller},
    describe::{Area, Created, Doc, Done},
    policy_bodies::{
        DecisionChange, NewPolicies, PoliciesSaved, PoliciesToActivate, PoliciesToTry, PoliciesTried, PolicyMistake,
        PolicyVersion, PolicyVersions,
    },
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
    let newest = fields.take("newest");
    let newest = number(&mut fields, "newest", newest);
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
    // Nobody switches policies off by leaving something out.
    let wanted = match fields.take("number") {
        None => fields.wrong("number", "missing", "is missing; null lets none count"),
        Some(value) => number(&mut fields, "number", Some(value)),
    };
    let active = fields.take("active");
    let active = number(&mut fields, "active", active);
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
fn number(fields: &mut Fields, name: &'static str, sent: Option<Value>) -> Option<Option<i64>> {
    match sent {
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
