//! `GET` and `POST /connect/authorize` (OIDC Core §3.1.2.1, RFC 6749 §3.1), and `GET /connect/resume`, where people come
//! back to from sign-in and consent.

use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use http::HeaderMap;
use ostiary::{
    grant::{
        AuthorizationRefused, AuthorizationStep, BeginAuthorization, ResumeAuthorization, begin_authorization,
        resume_authorization,
    },
    protocol::{OAuthErrorCode, Params, ParamsError},
    secret::{PlainToken, TokenKind},
};
use ostiary_app::{
    model::{DeveloperNote, ErrorKind, WayOn},
    ssr::{Visit, respond},
};

use super::{answer_client::deliver, form};
use crate::ServerState;

pub(crate) async fn get(State(state): State<ServerState>, RawQuery(query): RawQuery, visit: Visit) -> Response {
    begin(&state, &visit, Params::parse(query.unwrap_or_default().as_bytes())).await
}

pub(crate) async fn post(State(state): State<ServerState>, visit: Visit, headers: HeaderMap, body: Bytes) -> Response {
    match form::params(&headers, &body) {
        Ok(params) => begin(&state, &visit, Ok(params)).await,
        Err(_) => begin(&state, &visit, Params::parse(&body)).await,
    }
}

async fn begin(state: &ServerState, visit: &Visit, params: Result<Params, ParamsError>) -> Response {
    let params = match params {
        Ok(params) => params,
        Err(cause) => return untrusted(visit, OAuthErrorCode::InvalidRequest, &cause.to_string(), None),
    };
    next(state, visit, begin_authorization(&visit.ctx, BeginAuthorization { params }).await)
}

/// `GET /connect/resume?i=…`: runs the checks again and goes on.
pub(crate) async fn resume(State(state): State<ServerState>, RawQuery(query): RawQuery, visit: Visit) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes()).ok();
    let handle = params.as_ref().and_then(|params| params.get("i"));
    let Some(interaction) = handle.and_then(|text| PlainToken::parse(TokenKind::Interaction, text)) else {
        return over(&visit);
    };
    next(&state, &visit, resume_authorization(&visit.ctx, ResumeAuthorization { interaction }).await)
}

fn next(state: &ServerState, visit: &Visit, step: Result<AuthorizationStep, AuthorizationRefused>) -> Response {
    let page = |path: &str, interaction: &PlainToken| {
        respond::redirect(visit, &visit.site().to(&format!("{path}?i={}", interaction.expose())))
    };
    match step {
        Ok(AuthorizationStep::SignIn { interaction, create: true }) => page("/register", &interaction),
        Ok(AuthorizationStep::SignIn { interaction, create: false }) => page("/sign-in", &interaction),
        Ok(AuthorizationStep::Consent { interaction }) => page("/consent", &interaction),
        Ok(AuthorizationStep::Respond(response)) => deliver(state, response),
        Err(AuthorizationRefused::Untrusted { error, description, client_name }) => {
            untrusted(visit, error, &description, client_name)
        }
        Err(AuthorizationRefused::Gone) => over(visit),
        Err(AuthorizationRefused::Internal(cause)) => respond::broken(visit, &cause),
    }
}

fn over(visit: &Visit) -> Response {
    respond::error(visit, ErrorKind::InteractionOver { restart: None, caller: None })
}

/// RFC 6749 §4.1.2.1: nobody is sent to an address that is not registered; the person is told, and the developer why.
fn untrusted(visit: &Visit, error: OAuthErrorCode, why: &str, caller: Option<String>) -> Response {
    let kind = match error {
        OAuthErrorCode::InvalidClient | OAuthErrorCode::UnauthorizedClient if caller.is_none() => {
            ErrorKind::UnknownCaller
        }
        _ if why.contains("redirect_uri") => ErrorKind::UntrustedRedirect { caller },
        _ => ErrorKind::BrokenRequest { caller },
    };
    let note = DeveloperNote {
        error: error.as_str().to_owned(),
        why: why.to_owned(),
        reference: Some(visit.ctx.meta.correlation_id.reference()),
    };
    respond::error_page(visit.house(), &kind, WayOn::None, Some(note))
}
