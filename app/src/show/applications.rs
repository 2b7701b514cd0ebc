//! What the person let in (C4).

use std::time::Duration;

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    grant::{self, ApplicationView},
};

use super::{
    AskedQuery,
    account::{flash, room},
    asked,
    consent::{Lines, lines},
    people::{application, when},
};
use crate::{
    model::{ApplicationRow, ApplicationsPage, Caller, ErrorKind, RevokeApplicationPage},
    ssr::{Next, Visit, respond},
};

/// An application that was not used for so long may be forgotten by its person.
const UNUSED: Duration = Duration::from_hours(90 * 24);

fn row(view: ApplicationView, now: Timestamp) -> ApplicationRow {
    let ApplicationView { client_id: id, may, since, last_used_at, .. } = view;
    let caller = Caller { logo: may.logo_path.clone(), ..application(&may.client_name, may.client_domain.clone()) };
    let Lines { mut needed, optional, resources, details, .. } = lines(may);
    needed.extend(optional);
    ApplicationRow {
        id,
        caller,
        may: needed,
        resources,
        details,
        is_first_party: view.is_first_party,
        is_self_registered: view.is_self_registered,
        is_off: view.is_off,
        is_unused: now.since(last_used_at.unwrap_or(since)) >= UNUSED,
        since: Some(when(since, now)),
        used: last_used_at.map(|at| when(at, now)),
    }
}

/// `GET /account/applications`
pub(crate) async fn applications(visit: Visit) -> Response {
    let room = match room(&visit, Next::Applications, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    match grant::list_applications(&visit.ctx).await {
        Ok(found) => {
            let now = visit.ctx.now();
            let applications = found.into_iter().map(|view| row(view, now)).collect();
            respond::page(&visit, ApplicationsPage { room, applications })
        }
        Err(cause) => respond::broken(&visit, &cause),
    }
}

/// `GET /account/applications/revoke?id=`: asks first. What may do nothing with this account is not there.
pub(crate) async fn revoke(visit: Visit, query: AskedQuery) -> Response {
    if visit.live.is_none() {
        return super::account::to_sign_in(&visit, Next::Applications);
    }
    let id = asked(query).id.unwrap_or_default();
    match grant::list_applications(&visit.ctx).await {
        Ok(found) => match found.into_iter().find(|view| view.client_id == id) {
            Some(view) => {
                let application = row(view, visit.ctx.now());
                respond::page(&visit, RevokeApplicationPage { application })
            }
            None => respond::error(&visit, &ErrorKind::NotFound),
        },
        Err(cause) => respond::broken(&visit, &cause),
    }
}
