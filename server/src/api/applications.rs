//! `GET /api/v1/me/applications` and `DELETE /api/v1/me/applications/{client_id}` (C4).

use axum::Json;
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    grant::{self, ApplicationView, RevokeApplication, RevokeApplicationError},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    caller::Caller,
    describe::{Area, Doc, Done},
    problem::{self, DENIED, Kind, Problem},
};

/// What an application may do, and since when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AllowedApplication)]
struct Application {
    client_id: String,
    name: String,
    /// The host of its own pages.
    domain: Option<String>,
    scopes: Vec<String>,
    /// The identifiers of the APIs it may use.
    resources: Vec<String>,
    /// What was allowed in detail, by name (RFC 9396).
    details: Vec<String>,
    is_first_party: bool,
    /// It is not asked for consent again.
    is_remembered: bool,
    /// It holds tokens that work.
    holds_tokens: bool,
    #[schema(format = DateTime)]
    since: String,
    #[schema(format = DateTime)]
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

/// All of them.
#[derive(Serialize, ToSchema)]
#[schema(as = AllowedApplications)]
pub(super) struct Applications {
    applications: Vec<Application>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such application");

pub(super) const LIST: Doc =
    Doc::new(Area::Activity, "listOwnApplications", "The applications you let in").about("The last used first.");

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Applications>, Problem> {
    let found = grant::list_applications(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(Json(Applications { applications: found.into_iter().map(Application::from).collect() }))
}

pub(super) const REVOKE: Doc = Doc::new(Area::Activity, "revokeOwnApplication", "Shut an application out")
    .about("Takes back everything that it may do. What may do nothing is not there.")
    .path(&[("client_id", "The application.")])
    .problems(&[DENIED, MISSING]);

pub(super) async fn revoke(Caller(ctx): Caller, Path(client_id): Path<String>) -> Result<Done, Problem> {
    match grant::revoke_application(&ctx, RevokeApplication { client_id }).await {
        Ok(()) => Ok(Done),
        Err(RevokeApplicationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RevokeApplicationError::NotFound) => Err(MISSING.into()),
        Err(RevokeApplicationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
