//! The logout endpoint (RP-Initiated Logout §2): where applications send people to be signed out.

use axum::{
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    response::Response,
};
use http::HeaderMap;
use ostiary::{
    logout::{self, BeginLogout, LogoutRefused, LogoutStep},
    protocol::{OAuthErrorCode, Params, metadata::path},
};
use ostiary_app::{
    model::{DeveloperNote, ErrorKind, WayOn},
    ssr::{Visit, respond},
};

use super::wire;
use crate::ServerState;

/// `GET /connect/logout`
pub(crate) async fn get(visit: Visit, RawQuery(query): RawQuery) -> Response {
    begin(&visit, query.unwrap_or_default().as_bytes()).await
}

/// `POST /connect/logout`. A browser that posts from the application's site leaves our cookie at home, so it is sent round
/// by GET, see [`wire::as_query`]. A form that cannot go round is refused: without the cookie nobody would seem to be
/// signed in, and the application would be told that it is done.
pub(crate) async fn post(
    State(state): State<ServerState>,
    visit: Visit,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else { return broken(&visit, "the body did not arrive whole or is too large") };
    if !wire::is_form(&headers) {
        return broken(&visit, "the body must be application/x-www-form-urlencoded");
    }
    if visit.live.is_some() {
        return begin(&visit, &body).await;
    }
    match wire::as_query(&body) {
        Some(query) => respond::redirect(&visit, &format!("{}?{query}", state.site().to(path::END_SESSION))),
        None => broken(&visit, "the form is too long, or not encoded as one"),
    }
}

async fn begin(visit: &Visit, query: &[u8]) -> Response {
    let params = match Params::parse(query) {
        Ok(params) => params,
        Err(error) => return broken(visit, &error.to_string()),
    };
    match logout::begin_logout(&visit.ctx, BeginLogout { params }).await {
        Ok(LogoutStep::Ask { logout }) => {
            respond::redirect(visit, &visit.site().to_with("/sign-out", Some(logout.expose())))
        }
        Ok(LogoutStep::Done(done)) => respond::logged_out(visit, done).await,
        Err(LogoutRefused::Untrusted { error, description, client_name }) => {
            let kind = match (error, client_name) {
                (OAuthErrorCode::InvalidClient, _) => ErrorKind::UnknownCaller,
                (_, caller @ Some(_)) => ErrorKind::UntrustedRedirect { caller },
                (_, None) => ErrorKind::BrokenRequest { caller: None },
            };
            refused(visit, &kind, error, &description)
        }
        Err(LogoutRefused::Internal(logged)) => respond::broken(visit, &logged),
    }
}

fn broken(visit: &Visit, why: &str) -> Response {
    refused(visit, &ErrorKind::BrokenRequest { caller: None }, OAuthErrorCode::InvalidRequest, why)
}

/// Nobody was signed out; the person is told, and the application's developer (D13).
fn refused(visit: &Visit, kind: &ErrorKind, error: OAuthErrorCode, why: &str) -> Response {
    tracing::info!(%error, why, "a request to sign out was refused");
    let note = DeveloperNote {
        error: error.as_str().to_owned(),
        why: why.to_owned(),
        reference: Some(visit.ctx.meta.correlation_id.reference()),
    };
    respond::error_page(visit.house(), kind, WayOn::None, Some(note))
}
