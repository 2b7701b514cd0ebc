//! `/api/v1/scopes` (D10, D11): words for scopes. For administrators. Each has a version, which is its entity tag: a change
//! or removal with `If-Match` is carried out only on what was seen (RFC 9110 §13.1.1).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use ostiary::{
    protocol::Scope,
    resource::{
        self, DeleteScope, DeleteScopeError, GetError, ListError, SaveScope, SaveScopeError, ScopeEntry, ScopeSettings,
    },
};
use serde::Serialize;
use serde_json::json;

use super::{
    body::Fields,
    caller::Administrator,
    problem::{self, Problem},
    resources::unusable,
    tag,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    name: Scope,
    description: String,
    optional: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    created_at: String,
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
pub(super) async fn list(Administrator(ctx): Administrator) -> Result<Response, Problem> {
    match resource::list_scopes(&ctx).await {
        Ok(found) => {
            let found: Vec<View> = found.into_iter().map(View::from).collect();
            Ok(Json(json!({ "scopes": found })).into_response())
        }
        Err(ListError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// One of them, under its entity tag.
pub(super) async fn get(Administrator(ctx): Administrator, Path(name): Path<String>) -> Result<Response, Problem> {
    match resource::get_scope(&ctx, &name).await {
        Ok(found) => Ok((tag::of(found.mark.version), Json(View::from(found))).into_response()),
        Err(GetError::Denied(denied)) => Err(problem::denied(denied)),
        Err(GetError::NotFound) => Err(missing()),
        Err(GetError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Describes one, for the first time or anew.
pub(super) async fn save(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let name = match Scope::parse(&name) {
        Ok(name) => Some(name),
        Err(cause) => fields.wrong("name", "malformed", &cause.to_string()),
    };
    let description = fields.required("description");
    let optional = fields.flag("optional");
    let (name, description) = fields.finish(name.zip(description))?;
    let version = tag::if_match(&headers)?;
    let cmd = SaveScope { name, settings: ScopeSettings { description, optional }, version };
    match resource::save_scope(&ctx, cmd).await {
        Ok(saved) => Ok((StatusCode::NO_CONTENT, tag::of(saved.version)).into_response()),
        Err(SaveScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SaveScopeError::Changed) => Err(problem::changed()),
        Err(SaveScopeError::Settings(wrong)) => Err(unusable(wrong)),
        Err(SaveScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Removes the description of one.
pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = tag::if_match(&headers)?;
    match resource::delete_scope(&ctx, DeleteScope { name, version }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(DeleteScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteScopeError::NotFound) => Err(missing()),
        Err(DeleteScopeError::Changed) => Err(problem::changed()),
        Err(DeleteScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such scope")
}
