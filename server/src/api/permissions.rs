//! `/api/v1/permissions` (E4): the catalogue.

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    org::{self, CatalogueError, ListOrganizationsError, Permission, PermissionEntry},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::{Administrator, Caller},
    describe::{Area, Doc, Done, Tagged},
    problem::{self, CHANGED, DENIED, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// A permission of the catalogue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Permission)]
pub(super) struct View {
    /// `category:action`
    name: String,
    description: String,
    /// Ostiary's own.
    is_system: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
}

impl From<&PermissionEntry> for View {
    fn from(entry: &PermissionEntry) -> Self {
        Self {
            name: entry.name.as_str().to_owned(),
            description: entry.description.clone(),
            is_system: entry.is_system,
            owner: entry.mark.owner.clone(),
            version: entry.mark.version,
        }
    }
}

/// All of them, by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Permissions {
    permissions: Vec<View>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such permission");
const SYSTEM: Kind = Kind::new(StatusCode::CONFLICT, "system", "The permissions of Ostiary itself stay as they are");
const TOO_MANY: Kind = Kind::new(StatusCode::CONFLICT, "too-many", "There cannot be more permissions");

const PERMISSION: &[(&str, &str)] = &[("name", "The permission, such as `servers:restart`.")];

pub(super) const LIST: Doc = Doc::new(Area::Roles, "listPermissions", "What can be allowed").problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Permissions>, Problem> {
    match org::list_instance_roles(&ctx).await {
        Ok(rulebook) => Ok(Json(Permissions { permissions: rulebook.permissions.iter().map(View::from).collect() })),
        Err(ListOrganizationsError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListOrganizationsError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Words for a permission.
#[derive(ToSchema)]
#[schema(example = json!({ "description": "Restart servers" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct PermissionWords {
    #[schema(max_length = 200)]
    description: String,
}

/// The version of a permission after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionSaved)]
pub(super) struct Saved {
    version: i64,
}

fn failed(error: CatalogueError, ctx: &Ctx) -> Problem {
    let message = error.to_string();
    match error {
        CatalogueError::Denied(denied) => problem::denied(denied),
        CatalogueError::NotFound => MISSING.into(),
        CatalogueError::System => SYSTEM.into(),
        CatalogueError::Description => {
            Problem::fields(vec![FieldProblem { field: "description".into(), code: "malformed", message }])
        }
        CatalogueError::TooMany => Problem::new(TOO_MANY).with_detail(message),
        CatalogueError::Changed => CHANGED.into(),
        CatalogueError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

pub(super) const SAVE: Doc = Doc::new(Area::Roles, "savePermission", "Put a permission into the catalogue")
    .about("For the first time, or with other words.")
    .path(PERMISSION)
    .problems(&[SYSTEM, TOO_MANY]);

pub(super) async fn save(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<PermissionWords>,
) -> Result<Tagged<Json<Saved>>, Problem> {
    let name = fields.typed("name", Permission::try_from(name));
    let description = fields.required("description");
    let (name, description) = fields.finish(name.zip(description))?;
    match org::save_permission(&ctx, &name, &description, version).await {
        Ok(version) => Ok(Tagged(version, Json(Saved { version }))),
        Err(error) => Err(failed(error, &ctx)),
    }
}

pub(super) const DELETE: Doc = Doc::new(Area::Roles, "deletePermission", "Take a permission out of the catalogue")
    .about("Nobody has it any more, whatever roles and grants say of it.")
    .path(PERMISSION)
    .problems(&[MISSING, SYSTEM]);

pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(name): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    let name = Permission::try_from(name).map_err(|_| MISSING)?;
    org::delete_permission(&ctx, &name, version).await.map(|()| Done).map_err(|error| failed(error, &ctx))
}
