//! Clients that are described by a document at the URL that is their `client_id`
//! (draft-ietf-oauth-client-id-metadata-document).
//!
//! Nobody registers such a client. When it is first named its document is fetched and becomes a row like that of every
//! other client, because what people allow it has to hang on something; it holds as long as its answer may be kept,
//! between five minutes and a day, and is then fetched again. What changed in it counts from then on. A document that
//! cannot be had any more ends its client once that time is over, and as soon as it is back, so is the client, with
//! everything people allowed it.
//!
//! Anybody can make such a URL up, so what is not good is asked for only now and then, and not for many at once.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use moka::sync::Cache;
use serde_json::{Map, Value};
use tokio::sync::{Mutex, Semaphore};
use url::Url;

use super::{
    Client, ClientMetadata, ClientSettings, MetadataError,
    logo::{fetch_logo, put_logo},
    registration::{self, NewRegistration, Origin},
    store,
};
use crate::{
    audit::{self, AuditKind},
    clock::Timestamp,
    config::RegistrationPolicy,
    core::Core,
    db::Touched,
    error::Internal,
    fetch::FetchError,
};

/// Longest `client_id` of this kind, bytes.
const MAX_ID: usize = 1024;
/// Largest document, bytes.
const MAX_BYTES: usize = 16 * 1024;
const KEEP: Duration = Duration::from_hours(1);
const KEEP_AT_LEAST: Duration = Duration::from_mins(5);
const KEEP_AT_MOST: Duration = Duration::from_hours(24);
/// Least time between two requests for a document that is not good.
const PAUSE: Duration = Duration::from_secs(30);
/// Documents that are fetched at once.
const AT_ONCE: usize = 16;

static FETCHES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(AT_ONCE));

/// Who fetches which document, and when one was last found not to be good.
pub(super) struct Flights(Cache<String, Arc<Mutex<Option<Timestamp>>>>);

impl Default for Flights {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_idle(KEEP_AT_LEAST).build())
    }
}

/// Why a document describes no client.
#[derive(Debug, thiserror::Error)]
enum DocumentError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Whether an id is of this kind. Ids that we give, or operators choose, hold no colon.
pub(super) fn is_url(client_id: &str) -> bool {
    client_id.starts_with("https://")
}

/// The host of such an id: it vouches for the client.
pub(super) fn host(client_id: &str) -> Option<String> {
    if !is_url(client_id) {
        return None;
    }
    Url::parse(client_id).ok()?.host_str().map(str::to_owned)
}

/// The client that the document at `id` describes; `known` is what we have of it.
pub(super) async fn find(core: &Core, id: &str, known: Option<Arc<Client>>) -> Result<Option<Arc<Client>>, Internal> {
    let Some(url) = read_id(core, id) else { return Ok(None) };
    if known.as_ref().is_some_and(|client| is_fresh(client, core.now())) {
        return Ok(known);
    }
    let flight = core.clients().flights.0.get_with(id.to_owned(), Arc::default);
    let mut failed_at = flight.lock().await;
    let mut conn = core.db().read().await?;
    let known = store::find(&mut conn, id).await?;
    drop(conn);
    match &known {
        // An operator shut it out: its document changes nothing about that.
        Some(client) if !client.is_enabled => return Ok(None),
        Some(client) if is_fresh(client, core.now()) => return Ok(known.map(Arc::new)),
        _ => {}
    }
    if failed_at.is_some_and(|at| core.now() < at + PAUSE) {
        return Ok(None);
    }
    match refresh(core, &url, id, known.as_ref()).await {
        Ok(client) => {
            *failed_at = None;
            Ok(Some(Arc::new(client)))
        }
        Err(DocumentError::Internal(internal)) => Err(internal),
        Err(error) => {
            tracing::info!(client_id = id, %error, "a client's document cannot be used");
            *failed_at = Some(core.now());
            Ok(None)
        }
    }
}

fn is_fresh(client: &Client, now: Timestamp) -> bool {
    client.registration.as_ref().and_then(|registration| registration.fresh_until).is_some_and(|until| now < until)
}

/// The URL that `id` is, if such ids are let in and this is one (§3 of the draft): written as a URL parser writes it, so
/// without dot segments, without fragment and user information, and with a path.
fn read_id(core: &Core, id: &str) -> Option<Url> {
    let settings = &core.config().client_id_metadata;
    if !settings.enabled || id.len() > MAX_ID {
        return None;
    }
    let url = Url::parse(id).ok()?;
    let is_plain = url.as_str() == id
        && url.scheme() == "https"
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    let host = url.host_str()?;
    let is_allowed = settings.allowed_hosts.is_empty() || registration::is_within(host, &settings.allowed_hosts);
    (is_plain && is_allowed).then_some(url)
}

/// Fetches the document and writes down what it says.
async fn refresh(core: &Core, url: &Url, id: &str, known: Option<&Client>) -> Result<Client, DocumentError> {
    let permit = FETCHES.acquire().await.map_err(|cause| Internal::new("wait to fetch a document", cause))?;
    let (document, fetched) = core.fetcher().get_json(url, MAX_BYTES).await?;
    drop(permit);
    let client = read(core, id, &document).await?;
    let until = core.now() + fetched.max_age.unwrap_or(KEEP).clamp(KEEP_AT_LEAST, KEEP_AT_MOST);
    let is_new = known.is_none();
    let keeps_logo =
        known.is_some_and(|known| known.logo.is_some() && known.settings.logo_uri == client.settings.logo_uri);
    let logo = if keeps_logo { None } else { fetch_logo(core, client.settings.logo_uri.as_ref()).await };
    let is_changed = known.is_none_or(|known| known.settings != client.settings || known.name != client.name);

    let ctx = core.system();
    let mut tx = core.db().write().await?;
    if is_new {
        // Another node may have been quicker: then it is known by now, and this is only younger.
        if store::insert(&mut tx, &client).await? {
            let new = NewRegistration {
                client_id: id.to_owned(),
                origin: Origin::Document,
                initial_token_id: None,
                policy: None,
                digest: None,
                software_statement: None,
                ip: None,
                created_at: core.now(),
                fresh_until: Some(until),
            };
            registration::insert(&mut tx, new).await?;
        }
    } else if is_changed {
        registration::replace(&mut tx, &client).await?;
    }
    if !keeps_logo {
        put_logo(&mut tx, id, logo, core.now()).await?;
    }
    registration::set_fresh_until(&mut tx, id, until).await?;
    if is_changed {
        let kind = if is_new { AuditKind::ClientCreated } else { AuditKind::ClientUpdated };
        let details = serde_json::json!({ "name": client.name, "origin": Origin::Document.as_str() });
        audit::record(&mut tx, &ctx, audit::Entry::new(kind).with_client(id).with_details(details)).await?;
    }
    tx.touch(Touched::Clients);
    let client = store::find(&mut tx, id).await?;
    tx.commit().await?;
    client.ok_or_else(|| Internal::new("read a client from its document", "it is gone again").into())
}

/// The client that the document describes (§4 of the draft).
async fn read(core: &Core, id: &str, document: &Value) -> Result<Client, MetadataError> {
    let (name, settings) = parse(id, document, &core.config().client_id_metadata.policy)?;
    registration::ask_around(core, &settings).await?;
    Ok(Client::new(id.to_owned(), name, settings, core.now()))
}

/// What the document says, as far as it can be told without asking anybody: its name and its settings.
pub(crate) fn parse(
    id: &str,
    document: &Value,
    policy: &RegistrationPolicy,
) -> Result<(String, ClientSettings), MetadataError> {
    let members = document.as_object().ok_or_else(|| MetadataError::new("client_id", "the document is no object"))?;
    check_document(id, members)?;
    let mut members = members.clone();
    // Whoever can be described by a public document has no secret.
    members.entry("token_endpoint_auth_method").or_insert_with(|| "none".into());
    let ClientMetadata { name, mut settings } = ClientMetadata::read_with(&members, &policy.force)?;
    if settings.has_secret() {
        return Err(MetadataError::new("token_endpoint_auth_method", "such a client has no secret"));
    }
    registration::keep_to(policy, &mut settings)?;
    let name = name.map(String::from).or_else(|| host(id)).unwrap_or_default();
    Ok((name, settings))
}

fn check_document(id: &str, members: &Map<String, Value>) -> Result<(), MetadataError> {
    if members.get("client_id").and_then(Value::as_str) != Some(id) {
        return Err(MetadataError::new("client_id", "must be the URL of the document"));
    }
    match ["client_secret", "client_secret_expires_at"].into_iter().find(|name| members.contains_key(*name)) {
        Some(name) => Err(MetadataError::new(name, "must not be in a public document")),
        None => Ok(()),
    }
}
