//! `/api/v1/me/trusted-browsers`: where the second step is not asked for (B7).

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::trusted_browser::{self, EndTrust, EndTrustError, ListTrustError};
use serde_json::json;

use super::{
    caller::Caller,
    problem::{self, Problem},
};

/// All of them, the newest first.
pub(super) async fn list(Caller(ctx): Caller) -> Result<Response, Problem> {
    let list = match trusted_browser::list_trusted_browsers(&ctx, &[]).await {
        Ok(list) => list,
        Err(ListTrustError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(ListTrustError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let browsers = list.into_iter().map(|browser| {
        json!({
            "id": browser.id,
            "device": browser.device.map(|device| device.to_string()),
            "trustedAt": browser.trusted_at.to_string(),
            "lastUsedAt": browser.last_used_at.map(|at| at.to_string()),
            "expiresAt": browser.expires_at.to_string(),
        })
    });
    Ok(Json(json!({ "trustedBrowsers": browsers.collect::<Vec<_>>() })).into_response())
}

/// Has the second step asked for there again.
pub(super) async fn end(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such trusted browser");
    let id = id.parse().map_err(|_| missing())?;
    match trusted_browser::end_trust(&ctx, EndTrust { id }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(EndTrustError::Denied(denied)) => Err(problem::denied(denied)),
        Err(EndTrustError::NotFound) => Err(missing()),
        Err(EndTrustError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
