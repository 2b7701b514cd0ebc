//! `/api/v1/scopes` (D10, D11): words for scopes. For administrators. Each has a version, which is its entity tag: a change
//! or removal with `If-Match` is carried out only on what was seen (RFC 9110 §13.1.1).

use axum::Json;
use http::StatusCode;
use ostiary::{
    protocol::Scope,
    resource::{
        self, DeleteScope, DeleteScopeError, GetError, ListError, SaveScope, SaveScopeError, ScopeEntry, ScopeSettings,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::Administrator,
    describe::{Area, Doc, Done, Tagged},
    problem::{self, Kind, Problem},
    resources::{UNUSABLE, unusable},
    tag::IfMatch,
};

/// Words for a scope.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Scope)]
pub(super) struct View {
    #[schema(value_type = String)]
    name: Scope,
    description: String,
    /// People may leave it out when they give consent.
    optional: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<ScopeEntry> for View {
    fn from(found: ScopeEntry) -> Self {
        Self {
            name: found.name,
            description: found.settings.description,
            optional: found.settings.optional,
            owner: found.mark.owner,
            version: found.mark.version,
            created_at: found.created_at.to_string(),
            updated_at: found.updated_at.to_string(),
        }
    }
}

/// All that are described.
#[derive(Serialize, ToSchema)]
pub(super) struct Scopes {
    scopes: Vec<View>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such scope");

const SCOPE: &[(&str, &str)] = &[("id", "The scope.")];

pub(super) const LIST: Doc = Doc::new(Area::Resources, "listScopes", "List the scopes that are described");

pub(super) async fn list(Administrator(ctx): Administrator) -> Result<Json<Scopes>, Problem> {
    match resource::list_scopes(&ctx).await {
        Ok(found) => Ok(Json(Scopes { scopes: found.into_iter().map(View::from).collect() })),
        Err(ListError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const GET: Doc = Doc::new(Area::Resources, "getScope", "A scope").path(SCOPE).problems(&[MISSING]);

pub(super) async fn get(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
) -> Result<Tagged<Json<View>>, Problem> {
    match resource::get_scope(&ctx, &name).await {
        Ok(found) => Ok(Tagged(found.mark.version, Json(View::from(found)))),
        Err(GetError::Denied(denied)) => Err(problem::denied(denied)),
        Err(GetError::NotFound) => Err(MISSING.into()),
        Err(GetError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Words for a scope.
#[derive(ToSchema)]
#[schema(example = json!({ "description": "Read your reports", "optional": true }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct ScopeWords {
    description: String,
    /// People may leave it out when they give consent.
    optional: Option<bool>,
}

pub(super) const SAVE: Doc = Doc::new(Area::Resources, "saveScope", "Describe a scope")
    .about("For the first time or anew.")
    .path(SCOPE)
    .problems(&[UNUSABLE]);

pub(super) async fn save(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<ScopeWords>,
) -> Result<Tagged<Done>, Problem> {
    let name = match Scope::parse(&name) {
        Ok(name) => Some(name),
        Err(cause) => fields.wrong("name", "malformed", &cause.to_string()),
    };
    let description = fields.required("description");
    let optional = fields.flag("optional");
    let (name, description) = fields.finish(name.zip(description))?;
    let cmd = SaveScope { name, settings: ScopeSettings { description, optional }, version };
    match resource::save_scope(&ctx, cmd).await {
        Ok(saved) => Ok(Tagged(saved.version, Done)),
        Err(SaveScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SaveScopeError::Changed) => Err(problem::CHANGED.into()),
        Err(SaveScopeError::Settings(wrong)) => Err(unusable(wrong)),
        Err(SaveScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const DELETE: Doc =
    Doc::new(Area::Resources, "deleteScope", "Remove the description of a scope").path(SCOPE).problems(&[MISSING]);

pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    match resource::delete_scope(&ctx, DeleteScope { name, version }).await {
        Ok(()) => Ok(Done),
        Err(DeleteScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteScopeError::NotFound) => Err(MISSING.into()),
        Err(DeleteScopeError::Changed) => Err(problem::CHANGED.into()),
        Err(DeleteScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
