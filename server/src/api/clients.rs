//! `/api/v1/clients`: applications, for administrators (D11).
//!
//! What a client is registered with has the names of RFC 7591 §2 and so is in snake case, inside `settings`. Unlike
//! elsewhere in this API, an unknown member of `settings` is refused: a slip of the pen must not pass for a rule. Each
//! client has a version, which is its entity tag: a change or removal with `If-Match` is carried out only on what was
//! seen (RFC 9110 §13.1.1).

use axum::{
    Json,
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    client::{
        self, Client, ClientSettings, CreateClient, CreateClientError, DeleteClient, DeleteClientError, GetClientError,
        ListClients, ListClientsError, SecretView, UpdateClient, UpdateClientError,
    },
    clock::Timestamp,
    core::Ctx,
    id::ClientSecretId,
    secret::PlainToken,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    body::{self, Fields},
    caller::Administrator,
    problem::{self, FieldProblem, Problem},
    tag,
};

/// How many clients a page has, unless it is asked for fewer.
const PAGE: u32 = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    client_id: String,
    name: String,
    settings: ClientSettings,
    enabled: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    created_at: String,
    updated_at: String,
}

impl From<Client> for View {
    fn from(client: Client) -> Self {
        Self {
            client_id: client.id,
            name: client.name,
            settings: client.settings,
            enabled: client.is_enabled,
            owner: client.owner,
            version: client.version,
            created_at: client.created_at.to_string(),
            updated_at: client.updated_at.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    #[serde(flatten)]
    client: View,
    secrets: Vec<Secret>,
    /// It cannot prove itself until it is given a new secret.
    needs_new_secret: bool,
    /// The secret, in the answer to its making.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// A live secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Secret {
    id: ClientSecretId,
    hint: String,
    created_at: String,
    expires_at: Option<String>,
}

impl From<SecretView> for Secret {
    fn from(view: SecretView) -> Self {
        Self {
            id: view.id,
            hint: view.hint,
            created_at: view.created_at.to_string(),
            expires_at: view.expires_at.as_ref().map(Timestamp::to_string),
        }
    }
}

/// Which page of the list.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    after: Option<String>,
    q: Option<String>,
    limit: Option<u32>,
}

/// There is no such client.
pub(super) fn missing() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such client")
}

/// Clients in the order of their ids: `q` finds in names and ids, `limit` says how many (100 at most), `after` is the
/// `next` of the page before.
pub(super) async fn list(
    Administrator(ctx): Administrator,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(page) = page.map_err(|_| bad_page())?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(bad_page());
    }
    // One more than asked for tells whether there is another page.
    let cmd = ListClients { search: page.q, after: page.after, limit: limit + 1 };
    let mut found = match client::list_clients(&ctx, cmd).await {
        Ok(found) => found,
        Err(ListClientsError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(ListClientsError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = if has_more { found.last().map(|client| client.id.clone()) } else { None };
    let clients: Vec<View> = found.into_iter().map(View::from).collect();
    Ok(Json(json!({ "clients": clients, "next": next })).into_response())
}

fn bad_page() -> Problem {
    let message = format!("limit must be a whole number from 1 to {PAGE}");
    Problem::fields(vec![FieldProblem { field: "limit".into(), code: "malformed", message }])
}

/// Registers a client: `name`, `settings`, and `clientId` if it should be a certain one. 201 with its secret, which is
/// told this once.
pub(super) async fn create(Administrator(ctx): Administrator, mut fields: Fields) -> Result<Response, Problem> {
    let id = fields.optional("clientId");
    let name = fields.name();
    let settings = fields.settings();
    let (name, settings) = fields.finish(name.zip(settings))?;
    let created = match client::create_client(&ctx, CreateClient { id, name, settings }).await {
        Ok(created) => created,
        Err(error) => return Err(not_created(error, &ctx)),
    };
    let location = ctx.config().url(&format!("/api/v1/clients/{}", created.client_id));
    let mut response = show(&ctx, &created.client_id, StatusCode::CREATED, created.client_secret.as_ref()).await?;
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn not_created(error: CreateClientError, ctx: &Ctx) -> Problem {
    match error {
        CreateClientError::Denied(denied) => problem::denied(denied),
        CreateClientError::Id => {
            let message = CreateClientError::Id.to_string();
            Problem::fields(vec![FieldProblem { field: "clientId".into(), code: "malformed", message }])
        }
        CreateClientError::Taken => {
            Problem::new(StatusCode::CONFLICT, "client-id-taken", "There is a client with this id")
        }
        CreateClientError::Settings(problem) => body::unworkable(problem),
        CreateClientError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// A client with its live secrets, as far as they may be told.
pub(super) async fn get(Administrator(ctx): Administrator, Path(id): Path<String>) -> Result<Response, Problem> {
    show(&ctx, &id, StatusCode::OK, None).await
}

/// Gives a client the `name` and `settings` of the body in place of those it has, and turns it on or off when the body
/// says so in `enabled`.
pub(super) async fn update(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let name = fields.name();
    let settings = fields.settings();
    let is_enabled = fields.optional_flag("enabled");
    let (name, settings) = fields.finish(name.zip(settings))?;
    let version = tag::if_match(&headers)?;
    let cmd = UpdateClient { client_id: id.clone(), name, settings, is_enabled, version };
    match client::update_client(&ctx, cmd).await {
        Ok(_) => {}
        Err(UpdateClientError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(UpdateClientError::NotFound) => return Err(missing()),
        Err(error @ UpdateClientError::Described) => {
            let title = "What a document of its own describes is changed there";
            return Err(Problem::new(StatusCode::CONFLICT, "described-elsewhere", title).with_detail(error.to_string()));
        }
        Err(UpdateClientError::Changed) => return Err(problem::changed()),
        Err(UpdateClientError::Settings(problem)) => return Err(body::unworkable(problem)),
        Err(UpdateClientError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    }
    show(&ctx, &id, StatusCode::OK, None).await
}

/// Removes a client and everything it holds.
pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = tag::if_match(&headers)?;
    match client::delete_client(&ctx, DeleteClient { client_id, version }).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(DeleteClientError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteClientError::NotFound) => Err(missing()),
        Err(DeleteClientError::Changed) => Err(problem::changed()),
        Err(DeleteClientError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// The client as it is now, under its entity tag.
async fn show(ctx: &Ctx, id: &str, status: StatusCode, secret: Option<&PlainToken>) -> Result<Response, Problem> {
    let client = match client::get_client(ctx, id).await {
        Ok(client) => client,
        Err(GetClientError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(GetClientError::NotFound) => return Err(missing()),
        Err(GetClientError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let tag = tag::of(client.version);
    let secrets = client.live_secrets(ctx.now()).into_iter().map(Secret::from).collect();
    let needs_new_secret = client.needs_new_secret(ctx.now());
    let client_secret = secret.map(|secret| secret.expose().to_owned());
    let whole = Whole { client: client.into(), secrets, needs_new_secret, client_secret };
    Ok((status, tag, Json(whole)).into_response())
}
