//! `/api/v1/resources` (D11): APIs that access tokens are for. For administrators. Each has a version, which is its entity
//! tag: a change or removal with `If-Match` is carried out only on what was seen (RFC 9110 §13.1.1).

use std::str::FromStr;

use axum::{
    Json,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
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
use serde_json::json;

use super::{
    body::Fields,
    caller::Administrator,
    problem::{self, Problem},
    tag,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    identifier: String,
    name: String,
    scope: ScopeSet,
    access_token_format: Option<&'static str>,
    access_token_ttl: Option<u32>,
    access_token_alg: Option<&'static str>,
    open: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    created_at: String,
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
pub(super) async fn list(Administrator(ctx): Administrator) -> Result<Response, Problem> {
    match resource::list_resources(&ctx).await {
        Ok(found) => {
            let found: Vec<Resource> = found.into_iter().map(Resource::from).collect();
            Ok(Json(json!({ "resources": found })).into_response())
        }
        Err(ListError::Denied(denied)) => Err(problem::denied(denied)),
        Err(ListError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// One of them, under its entity tag. The identifier is percent-encoded in the path, here and below.
pub(super) async fn get(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
) -> Result<Response, Problem> {
    match resource::get_resource(&ctx, &identifier).await {
        Ok(found) => Ok((tag::of(found.mark.version), Json(Resource::from(found))).into_response()),
        Err(GetError::Denied(denied)) => Err(problem::denied(denied)),
        Err(GetError::NotFound) => Err(missing()),
        Err(GetError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Registers one.
pub(super) async fn create(Administrator(ctx): Administrator, mut fields: Fields) -> Result<Response, Problem> {
    let identifier = fields.required("identifier");
    let registration = registration(&mut fields);
    let (identifier, (name, settings)) = fields.finish(identifier.zip(registration))?;
    match resource::create_resource(&ctx, CreateResource { identifier, name, settings }).await {
        Ok(saved) => Ok((StatusCode::CREATED, tag::of(saved.version)).into_response()),
        Err(CreateResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(CreateResourceError::Taken) => {
            Err(Problem::new(StatusCode::CONFLICT, "taken", "There is a resource with this identifier"))
        }
        Err(CreateResourceError::Settings(wrong)) => Err(unusable(wrong)),
        Err(CreateResourceError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Replaces what one is registered with.
pub(super) async fn update(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let registration = registration(&mut fields);
    let (name, settings) = fields.finish(registration)?;
    let version = tag::if_match(&headers)?;
    match resource::update_resource(&ctx, UpdateResource { identifier, name, settings, version }).await {
        Ok(saved) => Ok((StatusCode::NO_CONTENT, tag::of(saved.version)).into_response()),
        Err(UpdateResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(UpdateResourceError::NotFound) => Err(missing()),
        Err(UpdateResourceError::Changed) => Err(problem::changed()),
        Err(UpdateResourceError::Settings(wrong)) => Err(unusable(wrong)),
        Err(UpdateResourceError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Removes one.
pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(identifier): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = tag::if_match(&headers)?;
    match resource::delete_resource(&ctx, DeleteResource { identifier, version }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(DeleteResourceError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteResourceError::NotFound) => Err(missing()),
        Err(DeleteResourceError::Changed) => Err(problem::changed()),
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

/// What was sent was understood, and cannot work.
pub(super) fn unusable(wrong: ResourceProblem) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "unusable", "This cannot work").with_detail(wrong.to_string())
}

fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such resource")
}
