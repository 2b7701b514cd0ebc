//! `/api/v1/clients`: applications, for administrators (D11).
//!
//! What a client is registered with has the names of RFC 7591 §2 and so is in snake case, inside `settings`. Unlike
//! elsewhere in this API, an unknown member of `settings` is refused: a slip of the pen must not pass for a rule. Each
//! client has a version, which is its entity tag: a change or removal with `If-Match` is carried out only on what was
//! seen (RFC 9110 §13.1.1).

use axum::Json;
use http::StatusCode;
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
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Path, Query},
    body::{self, Body},
    caller::Administrator,
    client_settings::Settings,
    describe::{Area, Created, Doc, Done, Located, Tagged},
    problem::{self, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// How many clients a page has, unless it is asked for fewer.
const PAGE: u32 = 100;

const MOST: &str = "limit must be a whole number from 1 to 100";

/// A client.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Client)]
struct View {
    client_id: String,
    name: String,
    #[schema(value_type = Settings)]
    settings: ClientSettings,
    enabled: bool,
    /// The declaration it belongs to.
    owner: Option<String>,
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
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

/// A client with its live secrets, as far as they may be told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ClientWithSecrets)]
pub(super) struct Whole {
    #[serde(flatten)]
    client: View,
    secrets: Vec<Secret>,
    /// It cannot prove itself until it is given a new secret.
    needs_new_secret: bool,
    /// The secret, in the answer to its making.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    client_secret: Option<String>,
}

/// A live secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ClientSecret)]
struct Secret {
    #[schema(value_type = String, format = "uuid")]
    id: ClientSecretId,
    /// How it ends.
    hint: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
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
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Page {
    /// The `next` of the page before.
    after: Option<String>,
    /// Finds in names and ids.
    q: Option<String>,
    /// How many; 100 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl Parameters for Page {
    fn problem() -> FieldProblem {
        FieldProblem { field: "limit".into(), code: "malformed", message: MOST.to_owned() }
    }
}

/// One page of clients.
#[derive(Serialize, ToSchema)]
pub(super) struct Clients {
    clients: Vec<View>,
    /// What to ask the next page with, when there is one.
    next: Option<String>,
}

/// There is no such client.
pub(super) const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such client");
const TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "client-id-taken", "There is a client with this id");
const DESCRIBED: Kind =
    Kind::new(StatusCode::CONFLICT, "described-elsewhere", "What a document of its own describes is changed there");

pub(super) const LIST: Doc =
    Doc::new(Area::Clients, "listClients", "List clients").about("In the order of their ids, page by page.");

pub(super) async fn list(
    Administrator(ctx): Administrator,
    Query(page): Query<Page>,
) -> Result<Json<Clients>, Problem> {
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=PAGE).contains(&limit) {
        return Err(Problem::fields(vec![Page::problem()]));
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
    Ok(Json(Clients { clients: found.into_iter().map(View::from).collect(), next }))
}

/// What a client is made with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "name": "Blockyard", "settings": { "redirect_uris": ["https://blockyard.example/callback"] },
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewClient {
    /// If it should be a certain one.
    client_id: Option<String>,
    name: String,
    settings: Option<Settings>,
}

pub(super) const CREATE: Doc = Doc::new(Area::Clients, "createClient", "Register a client")
    .about("The answer has its secret, which is told this once. An unknown member of `settings` is refused.")
    .problems(&[TAKEN, MISSING]);

pub(super) async fn create(
    Administrator(ctx): Administrator,
    Body { mut fields, .. }: Body<NewClient>,
) -> Result<Located<Tagged<Created<Json<Whole>>>>, Problem> {
    let id = fields.optional("clientId");
    let name = fields.name();
    let settings = fields.settings();
    let (name, settings) = fields.finish(name.zip(settings))?;
    let created = match client::create_client(&ctx, CreateClient { id, name, settings }).await {
        Ok(created) => created,
        Err(error) => return Err(not_created(error, &ctx)),
    };
    let location = ctx.config().url(&format!("/api/v1/clients/{}", created.client_id));
    let Tagged(version, whole) = show(&ctx, &created.client_id, created.client_secret.as_ref()).await?;
    Ok(Located(location, Tagged(version, Created(whole))))
}

fn not_created(error: CreateClientError, ctx: &Ctx) -> Problem {
    match error {
        CreateClientError::Denied(denied) => problem::denied(denied),
        CreateClientError::Id => {
            let message = CreateClientError::Id.to_string();
            Problem::fields(vec![FieldProblem { field: "clientId".into(), code: "malformed", message }])
        }
        CreateClientError::Taken => TAKEN.into(),
        CreateClientError::Settings(problem) => body::unworkable(problem),
        CreateClientError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

pub(super) const GET: Doc = Doc::new(Area::Clients, "getClient", "A client")
    .about("With its live secrets, as far as they may be told.")
    .path(&[("id", "The client.")])
    .problems(&[MISSING]);

pub(super) async fn get(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
) -> Result<Tagged<Json<Whole>>, Problem> {
    show(&ctx, &id, None).await
}

/// What a client is registered with from now on.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Blockyard", "settings": { "redirect_uris": ["https://blockyard.example/callback"] }, "enabled": true,
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct ClientUpdate {
    name: String,
    /// All of them: what is left out has its default.
    settings: Option<Settings>,
    /// Left as it is when it is left out.
    enabled: Option<bool>,
}

pub(super) const UPDATE: Doc = Doc::new(Area::Clients, "updateClient", "Change a client")
    .about("The `name` and `settings` of the body take the place of those it has.")
    .path(&[("id", "The client.")])
    .problems(&[MISSING, DESCRIBED]);

pub(super) async fn update(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<ClientUpdate>,
) -> Result<Tagged<Json<Whole>>, Problem> {
    let name = fields.name();
    let settings = fields.settings();
    let is_enabled = fields.optional_flag("enabled");
    let (name, settings) = fields.finish(name.zip(settings))?;
    let cmd = UpdateClient { client_id: id.clone(), name, settings, is_enabled, version };
    match client::update_client(&ctx, cmd).await {
        Ok(_) => {}
        Err(UpdateClientError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(UpdateClientError::NotFound) => return Err(MISSING.into()),
        Err(error @ UpdateClientError::Described) => {
            return Err(Problem::new(DESCRIBED).with_detail(error.to_string()));
        }
        Err(UpdateClientError::Changed) => return Err(problem::CHANGED.into()),
        Err(UpdateClientError::Settings(problem)) => return Err(body::unworkable(problem)),
        Err(UpdateClientError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    }
    show(&ctx, &id, None).await
}

pub(super) const DELETE: Doc = Doc::new(Area::Clients, "deleteClient", "Remove a client")
    .about("And everything it holds.")
    .path(&[("id", "The client.")])
    .problems(&[MISSING]);

pub(super) async fn delete(
    Administrator(ctx): Administrator,
    Path(client_id): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    match client::delete_client(&ctx, DeleteClient { client_id, version }).await {
        Ok(()) => Ok(Done),
        Err(DeleteClientError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteClientError::NotFound) => Err(MISSING.into()),
        Err(DeleteClientError::Changed) => Err(problem::CHANGED.into()),
        Err(DeleteClientError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// The client as it is now, under its entity tag.
async fn show(ctx: &Ctx, id: &str, secret: Option<&PlainToken>) -> Result<Tagged<Json<Whole>>, Problem> {
    let client = match client::get_client(ctx, id).await {
        Ok(client) => client,
        Err(GetClientError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(GetClientError::NotFound) => return Err(MISSING.into()),
        Err(GetClientError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let version = client.version;
    let secrets = client.live_secrets(ctx.now()).into_iter().map(Secret::from).collect();
    let needs_new_secret = client.needs_new_secret(ctx.now());
    let client_secret = secret.map(|secret| secret.expose().to_owned());
    let whole = Whole { client: client.into(), secrets, needs_new_secret, client_secret };
    Ok(Tagged(version, Json(whole)))
}
