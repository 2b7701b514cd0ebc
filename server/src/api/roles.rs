//! `/api/v1/roles` (E9): roles of the instance, which every organisation can use, for administrators; and
//! `/api/v1/organizations/{id}/roles` (E3): those of one organisation.

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    id::RoleId,
    org::{
        self, ListOrganizationsError, OrganizationRef, Pattern, Role, RoleDefinition, RoleError, RoleName, RoleSettings,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::{Administrator, Caller},
    describe::{Area, Created, Doc, Done, Tagged},
    members::CEILING,
    organizations::{MISSING, ORGANIZATION, named, refused},
    problem::{self, CHANGED, DENIED, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// A role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Role)]
pub(super) struct View {
    #[schema(value_type = String, format = "uuid")]
    id: RoleId,
    name: String,
    description: String,
    /// Always there.
    is_builtin: bool,
    /// It belongs to the instance: every organisation can use it.
    is_shared: bool,
    /// `category:action`, or `category:*`: what it implies by itself.
    permissions: Vec<String>,
    /// The ids of the roles whose permissions it has, too.
    #[schema(value_type = Vec<String>)]
    inherits: Vec<RoleId>,
    /// The ids of the roles that its holders may give and take.
    #[schema(value_type = Vec<String>)]
    assigns: Vec<RoleId>,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
}

impl From<&Role> for View {
    fn from(role: &Role) -> Self {
        Self {
            id: role.id,
            name: role.name.clone(),
            description: role.description.clone(),
            is_builtin: role.is_builtin,
            is_shared: role.organization_id.is_none(),
            permissions: role.definition.permissions.iter().map(|one| one.as_str().to_owned()).collect(),
            inherits: role.definition.inherits.clone(),
            assigns: role.definition.assigns.clone(),
            owner: role.mark.owner.clone(),
            version: role.mark.version,
        }
    }
}

/// All of them: the built-in ones first.
#[derive(Serialize, ToSchema)]
pub(super) struct Roles {
    roles: Vec<View>,
}

/// What a role is to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "name": "Night watch", "description": "Restarts what fell over", "permissions": ["org:read", "members:read"],
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct RoleRegistration {
    #[schema(max_length = 50)]
    name: String,
    #[schema(max_length = 300)]
    description: Option<String>,
    /// `category:action`, or `category:*`.
    permissions: Option<Vec<String>>,
    /// The ids of the roles whose permissions it has, too.
    inherits: Option<Vec<String>>,
    /// The ids of the roles that its holders may give and take.
    assigns: Option<Vec<String>>,
}

/// What was saved.
#[derive(Serialize, ToSchema)]
#[schema(as = RoleSaved)]
pub(super) struct Saved {
    #[schema(value_type = String, format = "uuid")]
    id: RoleId,
    version: i64,
}

const NO_ROLE: Kind = Kind::new(StatusCode::NOT_FOUND, "no-such-role", "There is no such role");
const BUILTIN: Kind = Kind::new(StatusCode::CONFLICT, "built-in", "A built-in role keeps its name, and stays");
const NAME_TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "name-taken", "There is a role with this name");
const IN_USE: Kind = Kind::new(StatusCode::CONFLICT, "in-use", "Members have this role, or other roles name it");
const TOO_MANY: Kind = Kind::new(StatusCode::CONFLICT, "too-many", "There cannot be more roles");

const ROLE: &[(&str, &str)] = &[("id", "The role.")];
const ROLE_HERE: &[(&str, &str)] = &[("id", "The organisation, by id or slug."), ("role_id", "The role.")];

fn failed(error: RoleError, ctx: &Ctx) -> Problem {
    let words = error.to_string();
    let field = |field: &'static str, code| {
        Problem::fields(vec![FieldProblem { field: field.into(), code, message: words.clone() }])
    };
    match error {
        RoleError::NotFound => MISSING.into(),
        RoleError::Denied(denied) => problem::denied(denied),
        RoleError::NoSuchRole => NO_ROLE.into(),
        RoleError::Builtin => BUILTIN.into(),
        RoleError::NameTaken => NAME_TAKEN.into(),
        RoleError::UnknownPermission(_) => field("permissions", "unknown"),
        RoleError::Hierarchy(_) => field("inherits", "cannot_work"),
        RoleError::TooMuch => field("permissions", "too_long"),
        RoleError::TooMany => Problem::new(TOO_MANY).with_detail(words),
        RoleError::Ceiling => Problem::new(CEILING).with_detail(words),
        RoleError::InUse => IN_USE.into(),
        RoleError::Changed => CHANGED.into(),
        RoleError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

fn read(mut fields: Fields) -> Result<RoleSettings, Problem> {
    let name = fields.required_text::<RoleName>("name");
    let description = fields.optional("description").unwrap_or_default();
    let permissions = fields.texts::<Pattern>("permissions");
    let inherits = fields.ids::<RoleId>("inherits");
    let assigns = fields.ids::<RoleId>("assigns");
    let name = fields.finish(name)?;
    Ok(RoleSettings { name, description, definition: RoleDefinition { permissions, inherits, assigns } })
}

async fn make(ctx: &Ctx, at: Option<OrganizationRef>, fields: Fields) -> Result<Created<Json<Saved>>, Problem> {
    let settings = read(fields)?;
    let saved = org::create_role(ctx, at.as_ref(), settings).await.map_err(|error| failed(error, ctx))?;
    Ok(Created(Json(Saved { id: saved.id, version: saved.version })))
}

async fn change(
    ctx: &Ctx,
    at: Option<OrganizationRef>,
    id: &str,
    version: Option<i64>,
    fields: Fields,
) -> Result<Tagged<Json<Saved>>, Problem> {
    let settings = read(fields)?;
    let id = id.parse().map_err(|_| NO_ROLE)?;
    let saved = org::update_role(ctx, at.as_ref(), id, settings, version).await;
    let saved = saved.map_err(|error| failed(error, ctx))?;
    Ok(Tagged(saved.version, Json(Saved { id: saved.id, version: saved.version })))
}

async fn end(ctx: &Ctx, at: Option<OrganizationRef>, id: &str, version: Option<i64>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| NO_ROLE)?;
    org::delete_role(ctx, at.as_ref(), id, version).await.map_err(|error| failed(error, ctx))?;
    Ok(Done)
}

pub(super) const LIST: Doc = Doc::new(Area::Roles, "listRoles", "Roles of the instance")
    .about("Every organisation can use them.")
    .problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<Roles>, Problem> {
    match org::list_instance_roles(&ctx).await {
        Ok(rulebook) => Ok(Json(Roles { roles: rulebook.roles.iter().map(View::from).collect() })),
        Err(ListOrganizationsError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListOrganizationsError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const CREATE: Doc = Doc::new(Area::Roles, "createRole", "Make a role of the instance")
    .problems(&[MISSING, CEILING, NAME_TAKEN, TOO_MANY]);

pub(super) async fn create(
    Administrator(ctx): Administrator,
    Body { fields, .. }: Body<RoleRegistration>,
) -> Result<Created<Json<Saved>>, Problem> {
    make(&ctx, None, fields).await
}

pub(super) const UPDATE: Doc = Doc::new(Area::Roles, "updateRole", "Change a role of the instance")
    .about("Everybody who has it is concerned at once. Of a built-in role, the permissions only.")
    .path(ROLE)
    .problems(&[NO_ROLE, BUILTIN, NAME_TAKEN, CEILING]);

pub(super) async fn update(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body { fields, .. }: Body<RoleRegistration>,
) -> Result<Tagged<Json<Saved>>, Problem> {
    change(&ctx, None, &id, version, fields).await
}

pub(super) const DELETE: Doc = Doc::new(Area::Roles, "deleteRole", "Delete a role of the instance")
    .path(ROLE)
    .problems(&[NO_ROLE, BUILTIN, IN_USE]);

pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    end(&ctx, None, &id, version).await
}

pub(super) const LIST_HERE: Doc = Doc::new(Area::Roles, "listOrganizationRoles", "Roles that an organisation can use")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED]);

pub(super) async fn list_here(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Json<Roles>, Problem> {
    let seat = org::list_roles(&ctx, &named(&id)?).await.map_err(|cause| refused(cause, &ctx))?;
    Ok(Json(Roles { roles: seat.rulebook.roles.iter().map(View::from).collect() }))
}

pub(super) const CREATE_HERE: Doc = Doc::new(Area::Roles, "createOrganizationRole", "Make a role of an organisation")
    .about("It can give only what your own role gives you.")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, CEILING, NAME_TAKEN, TOO_MANY]);

pub(super) async fn create_here(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { fields, .. }: Body<RoleRegistration>,
) -> Result<Created<Json<Saved>>, Problem> {
    make(&ctx, Some(here(&ctx, &id).await?), fields).await
}

pub(super) const UPDATE_HERE: Doc = Doc::new(Area::Roles, "updateOrganizationRole", "Change a role of an organisation")
    .path(ROLE_HERE)
    .problems(&[MISSING, NO_ROLE, DENIED, BUILTIN, CEILING, NAME_TAKEN]);

pub(super) async fn update_here(
    Caller(ctx): Caller,
    Path((id, role)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body { fields, .. }: Body<RoleRegistration>,
) -> Result<Tagged<Json<Saved>>, Problem> {
    change(&ctx, Some(here(&ctx, &id).await?), &role, version, fields).await
}

pub(super) const DELETE_HERE: Doc = Doc::new(Area::Roles, "deleteOrganizationRole", "Delete a role of an organisation")
    .path(ROLE_HERE)
    .problems(&[MISSING, NO_ROLE, DENIED, BUILTIN, CEILING, IN_USE]);

pub(super) async fn delete_here(
    Caller(ctx): Caller,
    Path((id, role)): Path<(String, String)>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    end(&ctx, Some(here(&ctx, &id).await?), &role, version).await
}

/// The organisation, for its members: nobody else learns what is wrong with what they sent.
async fn here(ctx: &Ctx, id: &str) -> Result<OrganizationRef, Problem> {
    let organization = named(id)?;
    org::list_roles(ctx, &organization).await.map_err(|cause| refused(cause, ctx))?;
    Ok(organization)
}
