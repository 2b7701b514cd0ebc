//! `/api/v1/clients/{id}/secrets`: changing a client's secret without a gap, for administrators (D11).

use std::time::Duration;

use axum::Json;
use http::StatusCode;
use ostiary::{
    client::{self, RevokeClientSecret, RevokeClientSecretError, RotateClientSecret, RotateClientSecretError},
    id::ClientSecretId,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::Administrator,
    clients,
    describe::{Area, Created, Doc, Done},
    problem::{self, Kind, Problem},
};

const DAY: u64 = 24 * 60 * 60;

const PUBLIC: Kind = Kind::new(StatusCode::CONFLICT, "public-client", "This client has no secret");
const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such secret");

/// How to change it.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "keepOldFor": 86400 }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct ClientSecretRotation {
    /// Seconds for which the secret before goes on working; a day when it is left out.
    #[schema(maximum = 7_776_000)]
    keep_old_for: Option<u64>,
}

/// A new secret, told this once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewClientSecret {
    #[schema(value_type = String, format = "uuid")]
    secret_id: ClientSecretId,
    client_secret: String,
}

pub(super) const ROTATE: Doc = Doc::new(Area::Clients, "rotateClientSecret", "Give a client a new secret")
    .about("It is told this once. The one before works for `keepOldFor` more seconds; any older one ends now.")
    .path(&[("id", "The client.")])
    .problems(&[clients::MISSING, PUBLIC]);

pub(super) async fn rotate(
    Administrator(ctx): Administrator,
    Path(client_id): Path<String>,
    Body { mut fields, .. }: Body<ClientSecretRotation>,
) -> Result<Created<Json<NewClientSecret>>, Problem> {
    let keep = fields.number("keepOldFor", DAY, 90 * DAY);
    let keep_old_for = Duration::from_secs(fields.finish(keep)?);
    match client::rotate_client_secret(&ctx, RotateClientSecret { client_id: client_id.clone(), keep_old_for }).await {
        Ok(rotated) => {
            let client_secret = rotated.client_secret.expose().to_owned();
            Ok(Created(Json(NewClientSecret { secret_id: rotated.secret_id, client_secret })))
        }
        Err(RotateClientSecretError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RotateClientSecretError::NotFound) => Err(clients::MISSING.into()),
        Err(RotateClientSecretError::NoSecret) => Err(PUBLIC.into()),
        Err(RotateClientSecretError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const REVOKE: Doc = Doc::new(Area::Clients, "revokeClientSecret", "End a secret at once")
    .path(&[("id", "The client."), ("secret_id", "The secret.")])
    .problems(&[MISSING]);

pub(super) async fn revoke(
    Administrator(ctx): Administrator,
    Path((client_id, secret_id)): Path<(String, String)>,
) -> Result<Done, Problem> {
    let secret_id = secret_id.parse().map_err(|_| MISSING)?;
    match client::revoke_client_secret(&ctx, RevokeClientSecret { client_id, secret_id }).await {
        Ok(()) => Ok(Done),
        Err(RevokeClientSecretError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RevokeClientSecretError::NotFound) => Err(MISSING.into()),
        Err(RevokeClientSecretError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
