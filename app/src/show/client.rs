//! One application, for the administrators of the instance (D11).

use axum::response::Response;
use ostiary::{
    client::{self, Client, ClientUseError, GetClientError, SecretView, registration::Origin},
    clock::Timestamp,
};

use super::{
    AskedQuery, asked,
    client_facts::{connects, further, receives, shows},
    clients::{admin_room, row, turned_away},
    people::when,
};
use crate::{
    model::{
        ClientOrigin, ClientPage, ClientPeople, ClientSecrets, DeleteClientPage, EndSecretPage, ErrorKind,
        NewClientPage, NewClientValues, NewSecretPage, SecretRow, TurnClientPage,
    },
    ssr::{Visit, respond, said::Said},
};

/// The application of this id.
///
/// # Errors
/// The answer instead: see [`turned_away`], or nothing is here.
pub(crate) async fn find(visit: &Visit, id: Option<&str>) -> Result<Client, Response> {
    match client::get_client(&visit.ctx, id.unwrap_or_default()).await {
        Ok(client) => Ok(client),
        Err(GetClientError::Denied(_)) => Err(turned_away(visit)),
        Err(GetClientError::NotFound) => Err(respond::error(visit, &ErrorKind::NotFound)),
        Err(GetClientError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

/// `GET /admin/clients/new`
pub(crate) async fn new(visit: Visit) -> Response {
    match admin_room(&visit, None).await {
        Ok(room) => respond::page(&visit, NewClientPage { room, values: NewClientValues::default(), problems: vec![] }),
        Err(instead) => instead,
    }
}

/// `GET /admin/clients/client?id=`
pub(crate) async fn client(visit: Visit, query: AskedQuery) -> Response {
    match one(&visit, query).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

async fn one(visit: &Visit, query: AskedQuery) -> Result<ClientPage, Response> {
    let (new_secret, flash) = match visit.take_said() {
        Some(Said::ClientSecret(secret)) => (Some(secret), None),
        Some(Said::Done(flash)) => (None, Some(flash)),
        _ => (None, None),
    };
    let room = admin_room(visit, flash).await?;
    let client = find(visit, asked(query).id.as_deref()).await?;
    let now = visit.ctx.now();
    let settings = &client.settings;
    Ok(ClientPage {
        room,
        client: row(visit, &client, now),
        made: when(client.created_at, now),
        origin: origin(&client),
        owner: client.owner.clone(),
        secrets: secrets(&client, now),
        new_secret,
        connects: connects(&client),
        receives: receives(settings, &visit.ctx.config().tokens),
        shows: shows(settings),
        further: further(settings),
    })
}

/// `GET /admin/clients/new-secret?id=`: asks first.
pub(crate) async fn new_secret(visit: Visit, query: AskedQuery) -> Response {
    let client = match find(&visit, asked(query).id.as_deref()).await {
        Ok(client) if client.settings.has_secret() => client,
        Ok(_) => return respond::error(&visit, &ErrorKind::NotFound),
        Err(instead) => return instead,
    };
    let now = visit.ctx.now();
    let live = client.live_secrets(now).into_iter().map(|secret| secret_row(secret, now)).collect();
    respond::page(&visit, NewSecretPage { client: row(&visit, &client, now), live })
}

/// `GET /admin/clients/end-secret?id=&secret=`: asks first.
pub(crate) async fn end_secret(visit: Visit, query: AskedQuery) -> Response {
    let asked = asked(query);
    let client = match find(&visit, asked.id.as_deref()).await {
        Ok(client) => client,
        Err(instead) => return instead,
    };
    let now = visit.ctx.now();
    let live = client.live_secrets(now);
    let is_last = live.len() == 1;
    let wanted = asked.secret.unwrap_or_default();
    match live.into_iter().find(|secret| secret.id.to_string() == wanted) {
        Some(secret) => {
            let client = row(&visit, &client, now);
            respond::page(&visit, EndSecretPage { client, secret: secret_row(secret, now), is_last })
        }
        None => respond::error(&visit, &ErrorKind::NotFound),
    }
}

/// `GET /admin/clients/turn?id=`: asks first.
pub(crate) async fn turn(visit: Visit, query: AskedQuery) -> Response {
    match with_people(&visit, query).await {
        Ok((client, people)) => {
            let token_seconds = token_seconds(&visit, &client);
            let client = row(&visit, &client, visit.ctx.now());
            respond::page(&visit, TurnClientPage { client, people, token_seconds })
        }
        Err(instead) => instead,
    }
}

/// `GET /admin/clients/delete?id=`: asks first.
pub(crate) async fn delete(visit: Visit, query: AskedQuery) -> Response {
    match with_people(&visit, query).await {
        Ok((client, people)) => {
            let page = DeleteClientPage {
                client: row(&visit, &client, visit.ctx.now()),
                version: client.version,
                people,
                token_seconds: token_seconds(&visit, &client),
                origin: origin(&client),
                owner: client.owner,
            };
            respond::page(&visit, page)
        }
        Err(instead) => instead,
    }
}

/// An application and who depends on it.
async fn with_people(visit: &Visit, query: AskedQuery) -> Result<(Client, ClientPeople), Response> {
    let client = find(visit, asked(query).id.as_deref()).await?;
    match client::count_client_use(&visit.ctx, &client.id).await {
        Ok(found) => {
            let some = |number: i64| u64::try_from(number).unwrap_or_default();
            Ok((client, ClientPeople { using: some(found.people), answered: some(found.consents) }))
        }
        Err(ClientUseError::Denied(_)) => Err(turned_away(visit)),
        Err(ClientUseError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

fn token_seconds(visit: &Visit, client: &Client) -> u64 {
    client.settings.access_token_ttl(visit.ctx.config().tokens.access_ttl).as_secs()
}

fn origin(client: &Client) -> ClientOrigin {
    match client.origin() {
        None => ClientOrigin::Operator,
        Some(Origin::Open | Origin::Token) => ClientOrigin::Itself,
        Some(Origin::Document) => ClientOrigin::Document,
    }
}

/// The secrets of an application that has a use for them.
fn secrets(client: &Client, now: Timestamp) -> Option<ClientSecrets> {
    let live = client.live_secrets(now).into_iter().map(|secret| secret_row(secret, now)).collect();
    client.settings.has_secret().then(|| ClientSecrets { live, needs_new: client.needs_new_secret(now) })
}

fn secret_row(secret: SecretView, now: Timestamp) -> SecretRow {
    SecretRow {
        id: secret.id.to_string(),
        hint: secret.hint,
        made: when(secret.created_at, now),
        ends: secret.expires_at.map(|at| when(at, now)),
    }
}
