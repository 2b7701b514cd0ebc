//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2): where applications send people, and where people come back
//! to from our pages until the application is answered.

use axum::{
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    response::Response,
};
use http::{HeaderMap, HeaderValue, header};
use ostiary::{
    grant::{self, AuthorizationRefused, AuthorizationStep, BeginAuthorization, ResumeAuthorization, SignInAt},
    protocol::{AuthorizationResponse, Delivery, OAuthErrorCode, Params, metadata::path},
    secret::{PlainToken, TokenKind},
};
use ostiary_app::{
    model::{ErrorKind, FormPostPage, Hold},
    ssr::{Visit, respond},
};

use super::visitor::{Form, broken, refused};
use crate::ServerState;

/// `GET /connect/authorize`
pub(crate) async fn get(visit: Visit, RawQuery(query): RawQuery) -> Response {
    begin(&visit, query.unwrap_or_default().as_bytes()).await
}

/// `POST /connect/authorize` (OIDC Core §3.1.2.1). Somebody we do not know is sent round once by GET, see [`Form`]; forms that
/// are too long for that are taken as they are.
pub(crate) async fn post(
    State(state): State<ServerState>,
    visit: Visit,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match Form::take(&state, &visit, path::AUTHORIZE, &headers, body) {
        Ok(Form::Known(body) | Form::Unknown(body)) => begin(&visit, &body).await,
        Ok(Form::Round(answer)) => answer,
        Err(why) => broken(&visit, why),
    }
}

async fn begin(visit: &Visit, query: &[u8]) -> Response {
    match Params::parse(query) {
        Ok(params) => next(visit, grant::begin_authorization(&visit.ctx, BeginAuthorization { params }).await),
        Err(error) => broken(visit, &error.to_string()),
    }
}

/// `GET /connect/resume?i=…`: back from a page.
pub(crate) async fn resume(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let params = Params::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let handle = params.single("i").ok().flatten().and_then(|text| PlainToken::parse(TokenKind::Interaction, text));
    match handle {
        Some(interaction) => {
            next(&visit, grant::resume_authorization(&visit.ctx, ResumeAuthorization { interaction }).await)
        }
        None => next(&visit, Err(AuthorizationRefused::Gone)),
    }
}

fn next(visit: &Visit, step: Result<AuthorizationStep, AuthorizationRefused>) -> Response {
    let go = |path: &str, interaction: &PlainToken| {
        respond::redirect(visit, &visit.site().to_with(path, Some(interaction.expose())))
    };
    match step {
        Ok(AuthorizationStep::SignIn { interaction, at }) => {
            let page = match at {
                SignInAt::Form => "/sign-in",
                SignInAt::Chooser => "/sign-in/choose",
                SignInAt::Registration => "/register",
            };
            go(page, &interaction)
        }
        Ok(AuthorizationStep::Organization { interaction }) => go("/sign-in/choose", &interaction),
        Ok(AuthorizationStep::Enrol { interaction }) => go("/sign-in/enrol", &interaction),
        Ok(AuthorizationStep::Consent { interaction }) => go("/consent", &interaction),
        Ok(AuthorizationStep::Respond(answer)) => deliver(visit, answer),
        Err(AuthorizationRefused::Untrusted { error, description, client_name }) => {
            let kind = match (error, client_name) {
                (OAuthErrorCode::InvalidClient | OAuthErrorCode::UnauthorizedClient, None) => ErrorKind::UnknownCaller,
                (_, caller @ Some(_)) if description.contains("redirect_uri") => {
                    ErrorKind::UntrustedRedirect { caller }
                }
                (_, caller) => ErrorKind::BrokenRequest { caller },
            };
            refused(visit, &kind, error.as_str(), &description)
        }
        Err(AuthorizationRefused::Gone) => {
            respond::error(visit, &ErrorKind::InteractionOver { restart: None, caller: None })
        }
        Err(AuthorizationRefused::TooMany(limit)) => {
            respond::error(visit, &ErrorKind::Held(Hold::TooManyTries { seconds: limit.retry_after_secs }))
        }
        Err(AuthorizationRefused::Internal(logged)) => respond::broken(visit, &logged),
    }
}

/// Sends the answer the way its response mode says.
fn deliver(visit: &Visit, answer: AuthorizationResponse) -> Response {
    match answer.into_delivery() {
        Delivery::Redirect(location) => respond::redirect(visit, &location),
        Delivery::FormPost { action, fields } => {
            visit.allow_form_action(action.csp_source());
            let page = FormPostPage {
                host: action.host().unwrap_or_default().to_owned(),
                action: action.as_str().to_owned(),
                fields,
            };
            let mut response = respond::page(visit, page);
            // The application may ask where the form comes from. Under `same-origin` it would read `Origin: null`.
            response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
            response
        }
    }
}
