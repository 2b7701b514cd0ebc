//! Taking one's data along, and leaving (A10): `/api/v1/me/export`, `/api/v1/me/deactivate`, `/api/v1/me/deletion`.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use ostiary::{
    account::{self, ExportError, LeaveError},
    core::Ctx,
};
use serde_json::json;

use super::{
    caller::Caller,
    problem::{self, Problem},
};

/// Everything kept about the person who asks, as a file.
pub(super) async fn export(Caller(ctx): Caller) -> Result<Response, Problem> {
    match account::export_account(&ctx).await {
        Ok(document) => {
            let name = HeaderValue::from_static("attachment; filename=\"account.json\"");
            Ok(([(header::CONTENT_DISPOSITION, name)], Json(document)).into_response())
        }
        Err(ExportError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ExportError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Deactivates the account of the person who asks; the way back comes by mail.
pub(super) async fn deactivate(Caller(ctx): Caller) -> Result<Response, Problem> {
    account::deactivate_account(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Has the account of the person who asks erased in 30 days; says when. The token ends with it.
pub(super) async fn delete(Caller(ctx): Caller) -> Result<Response, Problem> {
    let erase_at = account::schedule_deletion(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "eraseAt": erase_at.to_string() }))).into_response())
}

/// Keeps it after all.
pub(super) async fn keep(Caller(ctx): Caller) -> Result<Response, Problem> {
    account::keep_account(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Somebody has to look after the instance.
pub(super) fn last_admin() -> Problem {
    Problem::new(StatusCode::CONFLICT, "last-administrator", "The last administrator cannot leave")
}

fn not_left(error: LeaveError, ctx: &Ctx) -> Problem {
    match error {
        LeaveError::Denied(denied) => problem::denied(denied),
        LeaveError::SignInAgain => problem::sign_in_again(),
        LeaveError::LastAdmin => last_admin(),
        LeaveError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}
