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
    model::ErrorKind,
    ssr::{Visit, respond},
};

use super::visitor::{Form, broken, refused};
use crate::ServerState;

/// `GET /connect/logout`
pub(crate) async fn get(visit: Visit, RawQuery(query): RawQuery) -> Response {
    begin(&visit, query.unwrap_or_default().as_bytes()).await
}

/// `POST /connect/logout`. A browser that posts from the application's site leaves our cookie at home, so it is sent round
/// by GET, see [`Form`]. A form that cannot go round is refused: without the cookie nobody would seem to be
/// signed in, and the application would be told that it is done.
pub(crate) async fn post(
    State(state): State<ServerState>,
    visit: Visit,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match Form::take(&state, &visit, path::END_SESSION, &headers, body) {
        Ok(Form::Known(body)) => begin(&visit, &body).await,
        Ok(Form::Round(answer)) => answer,
        Ok(Form::Unknown(_)) => broken(&visit, "the form is too long, or not encoded as one"),
        Err(why) => broken(&visit, why),
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
            refused(visit, &kind, error.as_str(), &description)
        }
        Err(LogoutRefused::Internal(logged)) => respond::broken(visit, &logged),
    }
}
