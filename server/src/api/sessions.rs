//! `/api/v1/me/sessions` (C3).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use ostiary::session::{EndSession, EndSessionError, SessionKind, SessionView, end_session, list_sessions};
use serde_json::{Value, json};

use super::{fault, person::SomebodyKnown, problem::Problem};

/// `GET /api/v1/me/sessions`: the sessions of the person who asks, the latest used first.
pub(super) async fn list(SomebodyKnown(ctx): SomebodyKnown) -> Result<Response, Problem> {
    let sessions = list_sessions(&ctx).await.map_err(|_| fault::internal(&ctx.meta))?;
    let sessions: Vec<Value> = sessions.iter().map(shown).collect();
    Ok(Json(json!({ "sessions": sessions })).into_response())
}

fn shown(session: &SessionView) -> Value {
    let applications = session.applications.iter();
    json!({
        "id": session.id,
        "kind": match session.kind { SessionKind::Browser => "browser", SessionKind::Api => "api" },
        "userAgent": session.device.to_string(),
        "ip": session.ip,
        "createdAt": session.created_at.to_string(),
        "lastActiveAt": session.last_active_at.to_string(),
        "isCurrent": session.is_current,
        "applications": applications.map(|app| json!({ "clientId": app.client_id, "name": app.name })).collect::<Vec<_>>(),
    })
}

/// `DELETE /api/v1/me/sessions/{id}`: 204; 404 for what is not a session of the person who asks.
pub(super) async fn end(SomebodyKnown(ctx): SomebodyKnown, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let nobodys = || Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such session");
    let id = id.parse().map_err(|_| nobodys())?;
    end_session(&ctx, EndSession { id }).await.map_err(|cause| match cause {
        EndSessionError::NotFound => nobodys(),
        EndSessionError::Denied(_) => fault::unauthenticated(),
        EndSessionError::Internal(_) => fault::internal(&ctx.meta),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
