//! The applications of the instance, for its administrators (D11). Nobody else learns that these pages are there.

use axum::response::Response;
use ostiary::{
    authz::require_operator,
    client::{self, Client, ClientKind, ListClients, ListClientsError},
    clock::Timestamp,
};

use super::{
    AskedQuery,
    account::{flash, room, to_sign_in},
    asked,
    client_facts::has_people,
    people::{application, when},
};
use crate::{
    model::{Caller, ClientRow, ClientSort, ClientsPage, ErrorKind, Flash, Room},
    ssr::{Next, Visit, respond},
};

/// So many applications stand on one page of the list.
const PAGE: u32 = 25;

/// The room around a page of the administration.
///
/// # Errors
/// The answer instead: sign-in for nobody, and for people who do not administer the instance what is said of every
/// address where nothing is.
pub(crate) async fn admin_room(visit: &Visit, flash: Option<Flash>) -> Result<Room, Response> {
    require_operator(&visit.ctx).map_err(|_| turned_away(visit))?;
    room(visit, Next::Clients, flash).await.map(|(room, _)| room)
}

/// What is answered to somebody whom a command turned away: sign-in for nobody, else what is said of every address where
/// nothing is.
pub(crate) fn turned_away(visit: &Visit) -> Response {
    if visit.live.is_none() { to_sign_in(visit, Next::Clients) } else { respond::error(visit, &ErrorKind::NotFound) }
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
            let rows = found.iter().map(|client| row(&visit, client, now)).collect();
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

/// What is said of an application wherever it is named.
pub(super) fn row(visit: &Visit, client: &Client, now: Timestamp) -> ClientRow {
    let caller = application(&client.name, client.domain());
    ClientRow {
        id: client.id.clone(),
        caller: Caller { logo: client.logo_path(visit.ctx.config()), ..caller },
        sort: sort(client),
        has_secret: client.settings.has_secret(),
        is_enabled: client.is_enabled,
        differs: client.differs_from_declaration(),
        changed: when(client.updated_at, now),
    }
}

/// What an application is, in view of how it is set up.
fn sort(client: &Client) -> ClientSort {
    if client.settings.kind() == ClientKind::Public {
        ClientSort::Public
    } else if has_people(&client.settings) {
        ClientSort::Web
    } else {
        ClientSort::Machine
    }
}
