//! `GET /api/v1/me/applications` and `DELETE /api/v1/me/applications/{client_id}` (C4).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    grant::{self, ApplicationView, RevokeApplication, RevokeApplicationError},
};
use serde::Serialize;
use serde_json::json;

use super::{
    caller::Caller,
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Application {
    client_id: String,
    name: String,
    domain: Option<String>,
    scopes: Vec<String>,
    resources: Vec<String>,
    /// What was allowed in detail, by name (RFC 9396).
    details: Vec<String>,
    is_first_party: bool,
    is_remembered: bool,
    holds_tokens: bool,
    since: String,
    last_used_at: Option<String>,
}

impl From<ApplicationView> for Application {
    fn from(view: ApplicationView) -> Self {
        Self {
            client_id: view.client_id,
            name: view.may.client_name,
            domain: view.may.client_domain,
            scopes: view.may.scopes.into_iter().map(|line| line.scope.as_str().to_owned()).collect(),
            resources: view.may.resources.into_iter().map(|resource| resource.identifier).collect(),
            details: view.may.details.into_iter().map(|detail| detail.name).collect(),
            is_first_party: view.is_first_party,
            is_remembered: view.is_remembered,
            holds_tokens: view.holds_tokens,
            since: view.since.to_string(),
            last_used_at: view.last_used_at.as_ref().map(Timestamp::to_string),
        }
    }
}

/// The applications that the person who asks let in, the last used first.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    let found = grant::list_applications(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    let applications: Vec<Application> = found.into_iter().map(Application::from).collect();
    Ok(Json(json!({ "applications": applications })).into_response())
}

/// Takes back everything that one of them may do. What may do nothing is not there.
pub(super) async fn revoke(Caller(ctx): Caller, Path(client_id): Path<String>) -> Result<Response, Problem> {
    match grant::revoke_application(&ctx, RevokeApplication { client_id }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RevokeApplicationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RevokeApplicationError::NotFound) => {
            Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such application"))
        }
        Err(RevokeApplicationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
