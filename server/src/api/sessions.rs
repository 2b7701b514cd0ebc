//! `GET /api/v1/me/sessions` and `DELETE /api/v1/me/sessions/{id}` (C3).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::{
    id::SessionId,
    session::{self, EndSession, EndSessionError, SessionApplication, SessionKind, SessionView},
};
use serde::Serialize;
use serde_json::json;

use super::{
    caller::Caller,
    problem::{self, Problem},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    id: SessionId,
    kind: &'static str,
    user_agent: String,
    browser: &'static str,
    system: &'static str,
    ip: Option<String>,
    created_at: String,
    last_active_at: String,
    is_current: bool,
    applications: Vec<Application>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
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

/// The live sessions of the person who asks, the current one first.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    let sessions = session::list_sessions(&ctx).await.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    let sessions: Vec<Session> = sessions.into_iter().map(Session::from).collect();
    Ok(Json(json!({ "sessions": sessions })).into_response())
}

/// Ends one of one's own sessions. Somebody else's is not there.
pub(super) async fn end(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such session");
    let id = id.parse().map_err(|_| missing())?;
    match session::end_session(&ctx, EndSession { id }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(EndSessionError::Denied(denied)) => Err(problem::denied(denied)),
        Err(EndSessionError::NotFound) => Err(missing()),
        Err(EndSessionError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
