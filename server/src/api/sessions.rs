//! `GET /api/v1/me/sessions` and `DELETE /api/v1/me/sessions/{id}` (C3).

use axum::Json;
use http::StatusCode;
use ostiary::{
    id::SessionId,
    session::{self, EndSession, EndSessionError, SessionApplication, SessionKind, SessionView},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    caller::Caller,
    describe::{Area, Doc, Done},
    problem::{self, DENIED, Kind, Problem},
};

/// One sign-in of one person.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Session {
    #[schema(value_type = String, format = "uuid")]
    id: SessionId,
    #[schema(pattern = "^(browser|api)$")]
    kind: &'static str,
    /// Browser and system in words.
    user_agent: String,
    browser: &'static str,
    system: &'static str,
    ip: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_active_at: String,
    /// It is the one that asks.
    is_current: bool,
    /// Where it was used to sign in.
    applications: Vec<Application>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SessionApplication)]
struct Application {
    client_id: String,
    name: String,
}

impl From<SessionView> for Session {
    fn from(view: SessionView) -> Self {
        Self {
            id: view.id,
            kind: match view.kind {
                SessionKind::Browser => "browser",
                SessionKind::Api => "api",
            },
            user_agent: view.device.to_string(),
            browser: view.device.browser.name(),
            system: view.device.os.name(),
            ip: view.ip,
            created_at: view.created_at.to_string(),
            last_active_at: view.last_active_at.to_string(),
            is_current: view.is_current,
            applications: view
                .applications
                .into_iter()
                .map(|SessionApplication { client_id, name }| Application { client_id, name })
                .collect(),
        }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Sessions {
    sessions: Vec<Session>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such session");

pub(super) const LIST: Doc = Doc::new(Area::Activity, "listOwnSessions", "Where you are signed in")
    .about("The live sessions, the current one first.");

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Sessions>, Problem> {
    let sessions = session::list_sessions(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(Json(Sessions { sessions: sessions.into_iter().map(Session::from).collect() }))
}

pub(super) const END: Doc = Doc::new(Area::Activity, "endOwnSession", "End a session")
    .about("One of your own; somebody else's is not there.")
    .path(&[("id", "The session.")])
    .problems(&[DENIED, MISSING]);

pub(super) async fn end(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match session::end_session(&ctx, EndSession { id }).await {
        Ok(()) => Ok(Done),
        Err(EndSessionError::Denied(denied)) => Err(problem::denied(denied)),
        Err(EndSessionError::NotFound) => Err(MISSING.into()),
        Err(EndSessionError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
