//! `/api/v1/clients/{id}/secrets`: changing a client's secret without a gap, for administrators (D11).

use std::time::Duration;

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use ostiary::client::{self, RevokeClientSecret, RevokeClientSecretError, RotateClientSecret, RotateClientSecretError};
use serde_json::json;

use super::{
    body::Fields,
    caller::Administrator,
    clients,
    problem::{self, Problem},
};

const DAY: u64 = 24 * 60 * 60;

/// Gives a client a new secret, told this once. The one before works for `keepOldFor` more seconds (a day when it is left
/// out, 90 days at most); any older one ends now.
pub(super) async fn rotate(
    Administrator(ctx): Administrator,
    Path(client_id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let keep = fields.number("keepOldFor", DAY, 90 * DAY);
    let keep_old_for = Duration::from_secs(fields.finish(keep)?);
    match client::rotate_client_secret(&ctx, RotateClientSecret { client_id: client_id.clone(), keep_old_for }).await {
        Ok(rotated) => {
            let body = json!({ "secretId": rotated.secret_id, "clientSecret": rotated.client_secret.expose() });
            Ok((StatusCode::CREATED, Json(body)).into_response())
        }
        Err(RotateClientSecretError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RotateClientSecretError::NotFound) => Err(clients::missing()),
        Err(RotateClientSecretError::NoSecret) => {
            Err(Problem::new(StatusCode::CONFLICT, "public-client", "This client has no secret"))
        }
        Err(RotateClientSecretError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Ends one secret at once.
pub(super) async fn revoke(
    Administrator(ctx): Administrator,
    Path((client_id, secret_id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let missing = || Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such secret");
    let secret_id = secret_id.parse().map_err(|_| missing())?;
    match client::revoke_client_secret(&ctx, RevokeClientSecret { client_id, secret_id }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(RevokeClientSecretError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RevokeClientSecretError::NotFound) => Err(missing()),
        Err(RevokeClientSecretError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
