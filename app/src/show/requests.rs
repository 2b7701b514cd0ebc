//! Applications that wait for the person's answer.

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    grant::decoupled::{self, GetRequestError, RequestRef, WaitingRequest},
};

use super::{
    AskedQuery,
    account::{flash, room},
    asked,
    consent::{Lines, lines},
    people::{application, when},
};
use crate::{
    model::{AnswerRequestPage, ErrorKind, RequestRow, RequestsPage},
    ssr::{Next, Visit, respond},
};

fn row(request: WaitingRequest, now: Timestamp) -> RequestRow {
    RequestRow {
        id: request.id.to_string(),
        caller: application(&request.client_name, request.client_domain),
        message: request.binding_message,
        ip: request.ip,
        asked: when(request.asked_at, now),
    }
}

/// `GET /account/requests`
pub(crate) async fn requests(visit: Visit) -> Response {
    let room = match room(&visit, Next::Requests, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    match decoupled::list_requests(&visit.ctx).await {
        Ok(waiting) => {
            let now = visit.ctx.now();
            let requests = waiting.into_iter().map(|request| row(request, now)).collect();
            respond::page(&visit, RequestsPage { room, requests })
        }
        Err(cause) => respond::broken(&visit, &cause),
    }
}

/// `GET /account/requests/answer?id=`: what is not for this person is not there.
pub(crate) async fn answer(visit: Visit, query: AskedQuery) -> Response {
    let id = asked(query).id.and_then(|id| id.parse().ok());
    let Some(id) = id else { return respond::error(&visit, &ErrorKind::NotFound) };
    match decoupled::get_request(&visit.ctx, &RequestRef::Backchannel(id)).await {
        Ok(request) => {
            let caller = application(&request.consent.client_name, request.consent.client_domain.clone());
            let Lines { person, needed, optional, resources, details } = lines(request.consent);
            let request = RequestRow {
                id: id.to_string(),
                caller,
                message: request.binding_message,
                ip: request.ip,
                asked: when(request.asked_at, visit.ctx.now()),
            };
            respond::page(&visit, AnswerRequestPage { request, person, needed, optional, resources, details })
        }
        Err(GetRequestError::SignIn) => respond::redirect(&visit, &Next::Requests.sign_in(visit.site())),
        Err(GetRequestError::Gone) => respond::error(&visit, &ErrorKind::NotFound),
        Err(GetRequestError::Internal(cause)) => respond::broken(&visit, &cause),
    }
}
