//! Taking one's data along, and leaving (A10): `/api/v1/me/export`, `/api/v1/me/deactivate`, `/api/v1/me/deletion`.

use axum::Json;
use http::StatusCode;
use ostiary::{
    account::{self, ExportError, LeaveError},
    core::Ctx,
    org::OrganizationName,
};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    caller::Caller,
    describe::{Accepted, Area, Attached, Doc, Done},
    problem::{self, DENIED, Kind, Problem, SIGN_IN_AGAIN},
};

/// Somebody has to look after the instance.
pub(super) const LAST_ADMIN: Kind =
    Kind::new(StatusCode::CONFLICT, "last-administrator", "The last administrator cannot leave");

/// What others belong to needs an owner.
const OWNS_ORGANIZATIONS: Kind = Kind::new(
    StatusCode::CONFLICT,
    "owns-organizations",
    "Organisations with other members are to be handed over first",
);

/// Everything kept about a person, by what it is about.
#[derive(Serialize, ToSchema)]
#[schema(value_type = Object)]
pub(super) struct AccountExport(serde_json::Value);

pub(super) const EXPORT: Doc = Doc::new(Area::Account, "exportOwnAccount", "Take your data along")
    .about("Everything kept about you, as a file.")
    .problems(&[DENIED]);

pub(super) async fn export(Caller(ctx): Caller) -> Result<Attached<Json<AccountExport>>, Problem> {
    match account::export_account(&ctx).await {
        Ok(document) => Ok(Attached("account.json", Json(AccountExport(document)))),
        Err(ExportError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ExportError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const DEACTIVATE: Doc = Doc::new(Area::Account, "deactivateOwnAccount", "Deactivate your account")
    .about("The way back comes by mail.")
    .problems(&[DENIED, SIGN_IN_AGAIN, LAST_ADMIN]);

pub(super) async fn deactivate(Caller(ctx): Caller) -> Result<Done, Problem> {
    account::deactivate_account(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok(Done)
}

/// When it happens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Erasure {
    #[schema(format = DateTime)]
    erase_at: String,
}

pub(super) const DELETE: Doc = Doc::new(Area::Account, "deleteOwnAccount", "Delete your account")
    .about("It is erased in 30 days. The token ends with it.")
    .problems(&[DENIED, SIGN_IN_AGAIN, LAST_ADMIN, OWNS_ORGANIZATIONS]);

pub(super) async fn delete(Caller(ctx): Caller) -> Result<Accepted<Json<Erasure>>, Problem> {
    let erase_at = account::schedule_deletion(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok(Accepted(Json(Erasure { erase_at: erase_at.to_string() })))
}

pub(super) const KEEP: Doc =
    Doc::new(Area::Account, "keepOwnAccount", "Keep your account after all").problems(&[DENIED]);

pub(super) async fn keep(Caller(ctx): Caller) -> Result<Done, Problem> {
    account::keep_account(&ctx).await.map_err(|error| not_left(error, &ctx))?;
    Ok(Done)
}

/// Which they are.
fn owns_organizations(owned: &[OrganizationName]) -> Problem {
    let named = owned.iter().map(|one| json!({ "id": one.id, "name": one.name })).collect::<Vec<_>>();
    Problem::from(OWNS_ORGANIZATIONS).with_member("organizations", named)
}

fn not_left(error: LeaveError, ctx: &Ctx) -> Problem {
    match error {
        LeaveError::Denied(denied) => problem::denied(denied),
        LeaveError::SignInAgain => problem::sign_in_again(),
        LeaveError::LastAdmin => LAST_ADMIN.into(),
        LeaveError::OwnsOrganizations(owned) => owns_organizations(&owned),
        LeaveError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}
