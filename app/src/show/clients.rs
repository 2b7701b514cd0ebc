//! The applications of the instance, for its administrators (D11). Nobody else learns that these pages are there.

use axum::response::Response;
use ostiary::{
    authz::require_operator,
    client::{self, Client, ClientKind, ListClients, ListClientsError},
    clock::Timestamp,
    protocol::GrantType,
};

use super::{
    AskedQuery,
    account::{flash, room},
    asked,
    people::{application, when},
};
use crate::{
    model::{ClientRow, ClientSort, ClientsPage, ErrorKind, Flash, Room},
    ssr::{Next, Visit, respond},
};

/// So many applications stand on one page of the list.
const PAGE: u32 = 25;

/// The room around a page of the administration.
///
/// # Errors
/// The answer instead: sign-in for nobody, and for people who do not administer the instance what is said of every
/// address where nothing is.
async fn admin_room(visit: &Visit, flash: Option<Flash>) -> Result<Room, Response> {
    if visit.live.is_some() {
        require_operator(&visit.ctx).map_err(|_| respond::error(visit, &ErrorKind::NotFound))?;
    }
    room(visit, Next::Clients, flash).await.map(|(room, _)| room)
}

/// `GET /admin/clients?q=&after=`
pub(crate) async fn clients(visit: Visit, query: AskedQuery) -> Response {
    let room = match admin_room(&visit, flash(&visit)).await {
        Ok(room) => room,
        Err(instead) => return instead,
    };
    let asked = asked(query);
    let search = asked.q.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let is_later = asked.after.is_some();
    // One more than is shown tells whether there is another page.
    let cmd = ListClients { search: Some(search.clone()), after: asked.after, limit: PAGE + 1 };
    match (client::list_clients(&visit.ctx, cmd).await, client::count_clients(&visit.ctx).await) {
        (Ok(mut found), Ok(total)) => {
            let has_more = found.len() > PAGE as usize;
            found.truncate(PAGE as usize);
            let next = found.last().filter(|_| has_more).map(|last| last.id.clone());
            let now = visit.ctx.now();
            let rows = found.iter().map(|client| row(client, now)).collect();
            let total = u64::try_from(total).unwrap_or_default();
            respond::page(&visit, ClientsPage { room, total, search, is_later, rows, next })
        }
        (Err(ListClientsError::Denied(_)), _) | (_, Err(ListClientsError::Denied(_))) => {
            respond::error(&visit, &ErrorKind::NotFound)
        }
        (Err(ListClientsError::Internal(cause)), _) | (_, Err(ListClientsError::Internal(cause))) => {
            respond::broken(&visit, &cause)
        }
    }
}

fn row(client: &Client, now: Timestamp) -> ClientRow {
    ClientRow {
        id: client.id.clone(),
        caller: application(&client.name, client.domain()),
        sort: sort(client),
        has_secret: client.settings.has_secret(),
        is_enabled: client.is_enabled,
        differs: client.differs_from_declaration(),
        changed: when(client.updated_at, now),
    }
}

/// What an application is, in view of how it is set up.
fn sort(client: &Client) -> ClientSort {
    let with_people = [GrantType::AuthorizationCode, GrantType::DeviceCode, GrantType::Ciba];
    if client.settings.kind() == ClientKind::Public {
        ClientSort::Public
    } else if with_people.into_iter().any(|grant| client.settings.allows(grant)) {
        ClientSort::Web
    } else {
        ClientSort::Machine
    }
}
