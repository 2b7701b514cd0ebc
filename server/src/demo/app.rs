//! The demo application: a few pages without scripts on its own port, with its own cookie. It keeps who is signed in in
//! memory; a restart forgets them.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use openidconnect::CsrfToken;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{
    oidc::{Attempt, Registration, RelyingParty, SignedIn, Trouble},
    pages,
};

/// The application's cookie. Browsers send cookies to every port of a host, so it must not be the provider's name.
const COOKIE: &str = "blockyard";
/// Most visitors that are remembered; a demo needs no more.
const VISITORS: usize = 1000;

#[derive(Clone)]
struct Blockyard(Arc<Parts>);

struct Parts {
    provider: RelyingParty,
    issuer: String,
    visitors: Mutex<HashMap<String, Visitor>>,
}

enum Visitor {
    OnTheWay(Attempt),
    Inside(Box<SignedIn>),
}

/// The application's router.
pub(super) fn router(registration: Registration) -> Result<Router, Trouble> {
    let issuer = registration.issuer.clone();
    let provider = RelyingParty::new(registration)?;
    let app = Blockyard(Arc::new(Parts { provider, issuer, visitors: Mutex::default() }));
    Ok(Router::new()
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/sign-in", get(sign_in))
        .route("/callback", get(callback))
        .route("/refresh", post(refresh))
        .route("/userinfo", post(userinfo))
        .route("/sign-out", post(sign_out))
        .route("/signed-out", get(signed_out))
        .with_state(app))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css")).into_response()
}

fn page(status: StatusCode, body: String) -> Response {
    page_leading_to(status, body, "")
}

/// A page with a form that ends at `origin`: browsers ask `form-action` about redirects, too.
fn page_leading_to(status: StatusCode, body: String, origin: &str) -> Response {
    let policy = format!("default-src 'none'; style-src 'self'; img-src data:; form-action 'self' {origin}");
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    (status, headers, body).into_response()
}

fn trouble(Trouble(text): &Trouble) -> Response {
    page(StatusCode::BAD_GATEWAY, pages::trouble(text))
}

fn visitor_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned())
}

async fn home(State(Blockyard(app)): State<Blockyard>, headers: HeaderMap) -> Response {
    let visitors = app.visitors.lock().await;
    match visitor_of(&headers).and_then(|id| visitors.get(&id)) {
        Some(Visitor::Inside(held)) => {
            let provider = app.issuer.parse::<url::Url>().map(|url| url.origin().ascii_serialization());
            page_leading_to(StatusCode::OK, pages::inside(held, &app.issuer), &provider.unwrap_or_default())
        }
        Some(Visitor::OnTheWay(_)) | None => page(StatusCode::OK, pages::outside()),
    }
}

async fn sign_in(State(Blockyard(app)): State<Blockyard>) -> Response {
    let (url, attempt) = match app.provider.begin().await {
        Ok(begun) => begun,
        Err(cause) => return trouble(&cause),
    };
    let id = CsrfToken::new_random().secret().clone();
    let mut visitors = app.visitors.lock().await;
    if visitors.len() >= VISITORS {
        visitors.clear();
    }
    visitors.insert(id.clone(), Visitor::OnTheWay(attempt));
    with_cookie(&id, Redirect::to(url.as_str()).into_response())
}

fn with_cookie(id: &str, mut response: Response) -> Response {
    if let Ok(cookie) = HeaderValue::try_from(format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax")) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// What the provider sends the browser back with (RFC 6749 §4.1.2, RFC 9207).
#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

async fn callback(
    State(Blockyard(app)): State<Blockyard>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let visitor = visitor_of(&headers);
    let found = match &visitor {
        Some(id) => app.visitors.lock().await.remove(id),
        None => None,
    };
    let Some(Visitor::OnTheWay(attempt)) = found else {
        return trouble(&Trouble("this browser has no sign-in on its way here: start again".to_owned()));
    };
    if answer.state.as_deref() != Some(attempt.state.secret()) {
        return trouble(&Trouble("the state is not ours: start again".to_owned()));
    }
    if answer.iss.as_deref() != Some(app.issuer.as_str()) {
        return trouble(&Trouble("the answer came from another issuer".to_owned()));
    }
    let Some(code) = answer.code else {
        let error = answer.error.unwrap_or_default();
        return page(StatusCode::OK, pages::refused(&error, answer.error_description.as_deref()));
    };
    match app.provider.finish(attempt, code).await {
        Ok(held) => {
            // A fresh id, so that nobody can be signed in under one that somebody else knows.
            let id = CsrfToken::new_random().secret().clone();
            app.visitors.lock().await.insert(id.clone(), Visitor::Inside(Box::new(held)));
            with_cookie(&id, Redirect::to("/").into_response())
        }
        Err(cause) => trouble(&cause),
    }
}

async fn refresh(State(Blockyard(app)): State<Blockyard>, headers: HeaderMap) -> Response {
    let mut visitors = app.visitors.lock().await;
    let Some(Visitor::Inside(held)) = visitor_of(&headers).and_then(|id| visitors.get_mut(&id)) else {
        return Redirect::to("/").into_response();
    };
    answer(app.provider.refresh(held).await)
}

async fn userinfo(State(Blockyard(app)): State<Blockyard>, headers: HeaderMap) -> Response {
    let mut visitors = app.visitors.lock().await;
    let Some(Visitor::Inside(held)) = visitor_of(&headers).and_then(|id| visitors.get_mut(&id)) else {
        return Redirect::to("/").into_response();
    };
    answer(app.provider.userinfo(held).await)
}

fn answer(done: Result<(), Trouble>) -> Response {
    match done {
        Ok(()) => Redirect::to("/").into_response(),
        Err(cause) => trouble(&cause),
    }
}

/// Signs out here, and then at the provider.
async fn sign_out(State(Blockyard(app)): State<Blockyard>, headers: HeaderMap) -> Response {
    let visitor = match visitor_of(&headers) {
        Some(id) => app.visitors.lock().await.remove(&id),
        None => None,
    };
    let Some(Visitor::Inside(held)) = visitor else { return Redirect::to("/").into_response() };
    match app.provider.leave(&held).await {
        Ok(url) => Redirect::to(url.as_str()).into_response(),
        Err(cause) => trouble(&cause),
    }
}

/// Back from the provider.
async fn signed_out() -> Response {
    page(StatusCode::OK, pages::signed_out())
}
