//! `/api/v1/resources` (D11): APIs that access tokens are for. For administrators. Each has a version, which is its entity
//! tag: a change or removal with `If-Match` is carried out only on what was seen (RFC 9110 §13.1.1).

use std::str::FromStr;

use axum::Json;
use http::StatusCode;
use ostiary::{
    client::AccessTokenFormat,
    protocol::{ScopeSet, SigningAlg},
    resource::{
        self, ApiResource, CreateResource, CreateResourceError, DeleteResource, DeleteResourceError, GetError,
        ListError, ResourceProblem, ResourceSettings, UpdateResource, UpdateResourceError,
    },
    text::DisplayName,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::Administrator,
    describe::{Area, Created, Doc, Done, Tagged},
    problem::{self, Kind, Problem},
    tag::IfMatch,
};

/// An API that access tokens are for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resource {
    /// What tokens name it by (RFC 8707).
    identifier: String,
    name: String,
    /// The scopes it knows, with blanks between them.
    #[schema(value_type = String)]
    scope: ScopeSet,
    access_token_format: Option<&'static str>,
    /// Seconds.
    access_token_ttl: Option<u32>,
    access_token_alg: Option<&'static str>,
    /// Every client may ask for it.
    open: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<ApiResource> for Resource {
    fn from(found: ApiResource) -> Self {
        let settings = found.settings;
        Self {
            identifier: found.identifier,
            name: found.name,
            scope: settings.scopes,
            access_token_format: settings.access_token_format.map(AccessTokenFormat::as_str),
            access_token_ttl: settings.access_token_ttl_secs,
            access_token_alg: settings.access_token_alg.map(SigningAlg::as_str),
            open: settings.open,
            owner: found.mark.owner,
            version: found.mark.version,
            created_at: found.created_at.to_string(),
            updated_at: found.updated_at.to_string(),
        }
    }
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Resources {
    resources: Vec<Resource>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such resource");
const TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "taken", "There is a resource with this identifier");
/// What was sent was understood, and cannot work.
pub(super) const UNUSABLE: Kind = Kind::new(StatusCode::BAD_REQUEST, "unusable", "This cannot work");

const RESOURCE: &[(&str, &str)] = &[("id", "The identifier, percent-encoded.")];

pub(super) const LIST: Doc = Doc::new(Area::Resources, "listResources", "List the APIs that tokens are for");

pub(super) async fn list(Administrator(ctx): Administrator) -> Result<Json<Resources>, Problem> {
    match resource::list_resources(&ctx).await {
        Ok(found) => Ok(Json(Resources { resources: found.into_iter().map(Resource::from).collect() })),
        Err(ListError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const GET: Doc = Doc::new(Area::Resources, "getResource", "A resource").path(RESOURCE).problems(&[MISSING]);

pub(super) async fn get(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
) -> Result<Tagged<Json<Resource>>, Problem> {
    match resource::get_resource(&ctx, &identifier).await {
        Ok(found) => Ok(Tagged(found.mark.version, Json(Resource::from(found)))),
        Err(GetError::Denied(denied)) => Err(problem::denied(denied)),
        Err(GetError::NotFound) => Err(MISSING.into()),
        Err(GetError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// What a resource is made with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "identifier": "https://reports.nordhavn.example", "name": "Reports", "scope": "reports:read reports:write",
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewResource {
    identifier: String,
    name: String,
    scope: Option<String>,
    access_token_format: Option<String>,
    access_token_ttl: Option<u32>,
    access_token_alg: Option<String>,
    open: Option<bool>,
}

pub(super) const CREATE: Doc =
    Doc::new(Area::Resources, "createResource", "Register a resource").problems(&[UNUSABLE, TAKEN]);

pub(super) async fn create(
    Administrator(ctx): Administrator,
    Body { mut fields, .. }: Body<NewResource>,
) -> Result<Tagged<Created<()>>, Problem> {
    let identifier = fields.required("identifier");
    let registration = registration(&mut fields);
    let (identifier, (name, settings)) = fields.finish(identifier.zip(registration))?;
    match resource::create_resource(&ctx, CreateResource { identifier, name, settings }).await {
        Ok(saved) => Ok(Tagged(saved.version, Created(()))),
        Err(CreateResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(CreateResourceError::Taken) => Err(TAKEN.into()),
        Err(CreateResourceError::Settings(wrong)) => Err(unusable(wrong)),
        Err(CreateResourceError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// What a resource is registered with from now on; what is left out has its default.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "name": "Reports", "scope": "reports:read", "open": true }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct ResourceUpdate {
    name: String,
    scope: Option<String>,
    access_token_format: Option<String>,
    access_token_ttl: Option<u32>,
    access_token_alg: Option<String>,
    open: Option<bool>,
}

pub(super) const UPDATE: Doc =
    Doc::new(Area::Resources, "updateResource", "Change a resource").path(RESOURCE).problems(&[UNUSABLE, MISSING]);

pub(super) async fn update(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<ResourceUpdate>,
) -> Result<Tagged<Done>, Problem> {
    let registration = registration(&mut fields);
    let (name, settings) = fields.finish(registration)?;
    match resource::update_resource(&ctx, UpdateResource { identifier, name, settings, version }).await {
        Ok(saved) => Ok(Tagged(saved.version, Done)),
        Err(UpdateResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(UpdateResourceError::NotFound) => Err(MISSING.into()),
        Err(UpdateResourceError::Changed) => Err(problem::CHANGED.into()),
        Err(UpdateResourceError::Settings(wrong)) => Err(unusable(wrong)),
        Err(UpdateResourceError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const DELETE: Doc =
    Doc::new(Area::Resources, "deleteResource", "Remove a resource").path(RESOURCE).problems(&[MISSING]);

pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    match resource::delete_resource(&ctx, DeleteResource { identifier, version }).await {
        Ok(()) => Ok(Done),
        Err(DeleteResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteResourceError::NotFound) => Err(MISSING.into()),
        Err(DeleteResourceError::Changed) => Err(problem::CHANGED.into()),
        Err(DeleteResourceError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn registration(fields: &mut Fields) -> Option<(DisplayName, ResourceSettings)> {
    let name = fields.required("name");
    let name = name.and_then(|name| match DisplayName::try_from(name) {
        Ok(name) => Some(name),
        Err(cause) => fields.wrong("name", "malformed", &cause.to_string()),
    });
    let scope = fields.optional("scope").unwrap_or_default();
    let scopes = match ScopeSet::parse(&scope) {
        Ok(scopes) => Some(scopes),
        Err(cause) => fields.wrong("scope", "malformed", &cause.to_string()),
    };
    let access_token_format = word(fields, "accessTokenFormat");
    let access_token_alg = word(fields, "accessTokenAlg");
    let access_token_ttl_secs = fields.seconds("accessTokenTtl");
    let open = fields.flag("open");
    let settings =
        ResourceSettings { scopes: scopes?, access_token_format, access_token_ttl_secs, access_token_alg, open };
    Some((name?, settings))
}

fn word<T: FromStr>(fields: &mut Fields, field: &'static str) -> Option<T> {
    let text = fields.optional(field)?;
    text.parse().ok().or_else(|| fields.wrong(field, "unknown", "is not one of those known here"))
}

/// The same, saying what about it cannot work.
pub(super) fn unusable(wrong: ResourceProblem) -> Problem {
    Problem::new(UNUSABLE).with_detail(wrong.to_string())
}
