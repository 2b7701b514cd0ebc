//! `/api/v1/users/{id}/roles` (E9): what a person is on the instance itself.

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    id::RoleId,
    org::{self, Role, UserRolesError},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::{Administrator, Caller},
    describe::{Area, Doc},
    problem::{self, FieldProblem, Kind, Problem},
};

/// A role that a person has on the instance.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserRole)]
struct View {
    #[schema(value_type = String, format = "uuid")]
    id: RoleId,
    name: String,
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct UserRoles {
    roles: Vec<View>,
}

impl From<Vec<Role>> for UserRoles {
    fn from(roles: Vec<Role>) -> Self {
        Self { roles: roles.into_iter().map(|role| View { id: role.id, name: role.name }).collect() }
    }
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such account");

const USER: &[(&str, &str)] = &[("id", "The account.")];

fn failed(error: UserRolesError, ctx: &Ctx) -> Problem {
    let message = error.to_string();
    let field = |code| Problem::fields(vec![FieldProblem { field: "roles".into(), code, message: message.clone() }]);
    match error {
        // Whoever may not see an account is told that there is none.
        UserRolesError::Denied(_) | UserRolesError::NotFound => MISSING.into(),
        UserRolesError::NoSuchRole => field("unknown"),
        UserRolesError::TooMany => field("too_long"),
        UserRolesError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

pub(super) const GET: Doc = Doc::new(Area::Roles, "getUserRoles", "Roles of a person on the instance")
    .about("For themselves and for administrators. They say nothing about organisations.")
    .path(USER)
    .problems(&[MISSING]);

pub(super) async fn get(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Json<UserRoles>, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    org::get_user_roles(&ctx, id).await.map(|roles| Json(roles.into())).map_err(|error| failed(error, &ctx))
}

/// The roles that a person is to have, and no others.
#[derive(ToSchema)]
#[schema(example = json!({ "roles": ["0199a1b2-c3d4-7e5f-8a6b-0123456789ab"] }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct UserRolesUpdate {
    /// Their ids.
    roles: Vec<String>,
}

pub(super) const SET: Doc =
    Doc::new(Area::Roles, "setUserRoles", "Give a person roles on the instance").path(USER).problems(&[MISSING]);

pub(super) async fn set(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<UserRolesUpdate>,
) -> Result<Json<UserRoles>, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    let roles = fields.ids::<RoleId>("roles");
    fields.finish(Some(()))?;
    org::set_user_roles(&ctx, id, &roles).await.map(|roles| Json(roles.into())).map_err(|error| failed(error, &ctx))
}
