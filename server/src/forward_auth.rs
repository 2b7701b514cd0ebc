//! Forward authentication (I7): a proxy asks about every request whether it may go on, and as whom.
//!
//! `GET /forward-auth` (any method, and any path below it, for proxies that keep those of the request): with the session
//! cookie of the browser, or a bearer token.
//!
//! | query | means |
//! |---|---|
//! | `organization=` id or slug | they must be a member of it; else they act in that of their token, or the one chosen last |
//! | `require=` permission, again for more | each must be theirs there |
//! | `audience=` | tokens of applications are taken when they were issued for this (never without) |
//! | `redirect=1` | who is not signed in is sent to sign in, instead of 401 |
//!
//! Answers: 200 with `X-Authenticated: true`, `X-User-Id`, `X-Org-Id`, `X-User-Roles`, `X-User-Permissions` (empty rather
//! than absent, so that a proxy that copies them overwrites what came from outside); 401 with a challenge (RFC 6750 §3), or
//! 302 to sign in; 403; 400 when the proxy asks something that cannot be understood. A proxy that says the original address
//! (`X-Forwarded-Uri`, as Traefik and Caddy do) has people sent to sign in without `redirect`, if they asked for a page.
//!
//! `GET /forward-auth/sign-in?rd=ADDRESS` signs people in and sends them to an address of a known origin
//! (`forward_auth.origins`). `rd` is the last parameter: everything behind it belongs to it, since nginx cannot encode.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use ostiary::{
    error::Internal,
    grant::{self, Admitted, Comer, NotAdmitted, Required},
    org::{Permission, Standing},
    protocol::{BearerChallenge, BearerToken, OAuthError, OAuthErrorCode},
};
use ostiary_app::ssr::{Next, Visit, respond};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::{
    ServerState,
    api::problem::{Kind, Problem},
    routes::routes,
};

routes! {
    any "/forward-auth" => check;
    any "/forward-auth/at/{*path}" => check;
    get "/forward-auth/sign-in" => sign_in;
    get "/forward-auth/return" => go_back;
}

/// The proxy asks something that cannot be understood.
const QUESTION: Kind = Kind::new(StatusCode::BAD_REQUEST, "question", "This cannot be asked");
/// Known, and not let on.
const DENIED: Kind = Kind::new(StatusCode::FORBIDDEN, "denied", "This is not allowed");
/// Nobody.
const SIGN_IN: Kind = Kind::new(StatusCode::UNAUTHORIZED, "sign-in-required", "Sign in first");

/// The headers that are told, in the order of [`told`].
static HEADERS: [HeaderName; 5] = [
    HeaderName::from_static("x-authenticated"),
    HeaderName::from_static("x-user-id"),
    HeaderName::from_static("x-org-id"),
    HeaderName::from_static("x-user-roles"),
    HeaderName::from_static("x-user-permissions"),
];

/// What cannot stand in a header, and what divides the members of a list.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%').add(b',');

/// What the proxy asks.
#[derive(Debug, Default)]
struct Question {
    required: Required,
    audience: Option<String>,
    redirects: bool,
}

impl Question {
    /// Reads it strictly: what is not understood would be a door left open.
    fn read(query: &str) -> Result<Self, String> {
        let mut question = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "organization" if question.required.organization.is_none() && !value.is_empty() => {
                    question.required.organization = Some(value.into_owned());
                }
                "require" => {
                    let permission = Permission::try_from(&*value);
                    let permission = permission.map_err(|cause| format!("require: {value:?} {cause}"))?;
                    question.required.permissions.push(permission);
                }
                "audience" if question.audience.is_none() && !value.is_empty() => {
                    question.audience = Some(value.into_owned());
                }
                "redirect" if value == "1" => question.redirects = true,
                _ => return Err(format!("{name}: not known, empty, or there twice")),
            }
        }
        Ok(question)
    }
}

/// Answers a proxy.
async fn check(
    State(state): State<ServerState>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let question = match Question::read(query.as_deref().unwrap_or_default()) {
        Ok(question) => question,
        Err(why) => {
            return Problem::new(QUESTION).with_detail(why).into_response();
        }
    };
    let comer = match find_comer(&state, &visit, &headers, question.audience.as_deref()).await {
        Ok(comer) => comer,
        Err(logged) => return broken(&visit, &logged),
    };
    let Some(comer) = comer else { return not_signed_in(&state, &method, &headers, question.redirects) };
    match grant::admit(state.core(), &comer, &question.required).await {
        Ok(admitted) => (StatusCode::OK, told(&admitted, state.core().now())).into_response(),
        Err(NotAdmitted::Internal(logged)) => broken(&visit, &logged),
        Err(why @ (NotAdmitted::Foreign | NotAdmitted::SecondFactor | NotAdmitted::Lacks(_))) => {
            tracing::info!(user = %comer.user_id, %why, "not let on to what a proxy protects");
            let problem = Problem::new(DENIED);
            (nobody(), problem.with_detail(why.to_string())).into_response()
        }
    }
}

/// Who comes: whoever shows a token is the one of the token, or nobody.
async fn find_comer(
    state: &ServerState,
    visit: &Visit,
    headers: &HeaderMap,
    audience: Option<&str>,
) -> Result<Option<Comer>, Internal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(visit.live.as_ref().map(|live| Comer::from(&live.actor))),
        (Some(value), None) => {
            let Ok(token) = BearerToken::find(value.to_str().ok(), None, None) else { return Ok(None) };
            grant::find_comer(state.core(), token.expose(), audience).await
        }
        (Some(_), Some(_)) => Ok(None),
    }
}

fn broken(visit: &Visit, logged: &Internal) -> Response {
    (nobody(), crate::api::problem::internal(logged, &visit.ctx.meta)).into_response()
}

/// What is told of who comes.
fn told(admitted: &Admitted, now: ostiary::clock::Timestamp) -> HeaderMap {
    let standing = admitted.standing.as_deref();
    let list = |words: Vec<&str>| {
        words.iter().map(|word| utf8_percent_encode(word, ENCODED).to_string()).collect::<Vec<_>>().join(",")
    };
    let values = [
        "true".to_owned(),
        admitted.user_id.to_string(),
        standing.map(|standing| standing.organization.id.to_string()).unwrap_or_default(),
        list(standing.map(Standing::role_name).into_iter().collect()),
        list(standing.map(|s| s.permissions(now)).unwrap_or_default().into_iter().map(Permission::as_str).collect()),
    ];
    HEADERS
        .iter()
        .cloned()
        .zip(values)
        .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
        .collect()
}

/// Nobody: every header is there, so that a proxy that copies them overwrites what came from outside.
fn nobody() -> HeaderMap {
    let values = ["false", "", "", "", ""].map(HeaderValue::from_static);
    HEADERS.iter().cloned().zip(values).collect()
}

fn not_signed_in(state: &ServerState, method: &Method, headers: &HeaderMap, redirects: bool) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let asks_for_page = text("accept").is_some_and(|accept| accept.contains("text/html"));
    let original = original(headers);
    let is_read =
        matches!(*method, Method::GET | Method::HEAD) && text("x-forwarded-method").is_none_or(|m| m == "GET");
    let goes = redirects || (original.is_some() && asks_for_page && is_read);
    if goes && text("authorization").is_none() {
        let to = match original.filter(|to| may_return_to(state, to)) {
            Some(to) => format!("{}?rd={to}", state.site().to("/forward-auth/sign-in")),
            None => state.site().to("/sign-in"),
        };
        let to = format!("{}{to}", state.origin());
        if let Ok(to) = HeaderValue::try_from(to) {
            return (StatusCode::FOUND, nobody(), [(header::LOCATION, to)]).into_response();
        }
    }
    let error = OAuthError::new(OAuthErrorCode::InvalidToken, "no session, and no token that is good here");
    let challenge = BearerChallenge { realm: state.issuer().as_str(), error: Some(&error), scope: None };
    let problem = Problem::new(SIGN_IN);
    (nobody(), problem.with_challenge(&challenge.to_string())).into_response()
}

/// The address that the proxy was asked for, as Traefik and Caddy tell it.
fn original(headers: &HeaderMap) -> Option<Url> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (scheme, host, path) = (text("x-forwarded-proto")?, text("x-forwarded-host")?, text("x-forwarded-uri")?);
    if !path.starts_with('/') {
        return None;
    }
    Url::parse(&format!("{scheme}://{host}{path}")).ok()
}

fn may_return_to(state: &ServerState, to: &Url) -> bool {
    let config = state.core().config();
    config.forward_auth.may_return_to(to, &config.server.public_url)
}

/// Signs somebody in, if they are not, and sends them back.
async fn sign_in(State(state): State<ServerState>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let rest = query.split_once("rd=").map_or("", |(_, rest)| rest);
    let is_plain = rest.starts_with("http://") || rest.starts_with("https://");
    let rest = if is_plain { rest.into() } else { percent_decode_str(rest).decode_utf8_lossy() };
    let to = Url::parse(&rest).ok().filter(|to| may_return_to(&state, to));
    if let Some(to) = &to {
        visit.remember_return(to.as_str());
    }
    let next = if to.is_some() { Next::Return } else { Next::Account };
    let path = if visit.live.is_some() { state.site().to(next.path()) } else { next.sign_in(visit.site()) };
    respond::redirect(&visit, &path)
}

/// Sends somebody back to where they came from.
async fn go_back(State(state): State<ServerState>, visit: Visit) -> Response {
    let to = visit.take_return().and_then(|to| Url::parse(&to).ok()).filter(|to| may_return_to(&state, to));
    match to {
        Some(to) => respond::redirect(&visit, to.as_str()),
        None => respond::redirect(&visit, &state.site().to(Next::Account.path())),
    }
}
