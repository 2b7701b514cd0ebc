//! `/api/v1/scopes` (D10, D11): words for scopes. For administrators.

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    protocol::Scope,
    resource::{self, DeleteScope, DeleteScopeError, ListError, SaveScope, SaveScopeError, ScopeSettings},
};
use serde_json::{Value, json};

use super::{
    body::Fields,
    caller::Caller,
    problem::{self, Problem},
    resources::unusable,
};

/// All that are described.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    match resource::list_scopes(&ctx).await {
        Ok(found) => {
            let one = |scope: resource::ScopeEntry| {
                let ScopeSettings { description, optional } = scope.settings;
                json!({ "name": scope.name, "description": description, "optional": optional })
            };
            let found: Vec<Value> = found.into_iter().map(one).collect();
            Ok(Json(json!({ "scopes": found })).into_response())
        }
        Err(ListError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Describes one, for the first time or anew.
pub(super) async fn save(
    Caller(ctx): Caller,
    Path(name): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let name = match Scope::parse(&name) {
        Ok(name) => Some(name),
        Err(cause) => fields.wrong("name", "malformed", &cause.to_string()),
    };
    let description = fields.required("description");
    let optional = fields.flag("optional");
    let (name, description) = fields.finish(name.zip(description))?;
    match resource::save_scope(&ctx, SaveScope { name, settings: ScopeSettings { description, optional } }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(SaveScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SaveScopeError::Settings(wrong)) => Err(unusable(wrong)),
        Err(SaveScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Removes the description of one.
pub(super) async fn delete(Caller(ctx): Caller, Path(name): Path<String>) -> Result<Response, Problem> {
    match resource::delete_scope(&ctx, DeleteScope { name }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(DeleteScopeError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteScopeError::NotFound) => {
            Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such scope"))
        }
        Err(DeleteScopeError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
