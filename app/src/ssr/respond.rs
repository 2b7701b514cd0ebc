//! Every answer: pages with their headers, redirects, errors.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{core::RequestMeta, error::Internal, logout::LoggedOut, secret::PlainToken};

use super::{House, Visit, visit::Outgoing};
use crate::{
    model::{DeveloperNote, ErrorKind, ErrorPage, Hold, WayOn},
    pages::Page,
    shell,
};

/// A page for this visit.
pub fn page(visit: &Visit, page: impl Page) -> Response {
    page_with(visit, StatusCode::OK, page)
}

/// The same with a status; a visit that is held ([`Visit::hold`]) has 429 instead.
pub fn page_with(visit: &Visit, status: StatusCode, page: impl Page) -> Response {
    let html = shell::render(visit.site(), page);
    let outgoing = visit.take_outgoing();
    let status = if outgoing.held.is_some() { StatusCode::TOO_MANY_REQUESTS } else { status };
    let mut response = html_response(status, html, &Policy::of(&outgoing));
    add_cookies(response.headers_mut(), outgoing.cookies);
    if let Some(seconds) = outgoing.held {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// A page that is the same for everybody and was rendered before.
pub fn standing(html: String) -> Response {
    html_response(StatusCode::OK, html, &Policy::default())
}

/// Sends the browser to `to`, an address of ours, by GET (303, RFC 9110 §15.4.4).
pub fn redirect(visit: &Visit, to: &str) -> Response {
    let mut response = see_other(to);
    add_cookies(response.headers_mut(), visit.take_outgoing().cookies);
    response
}

/// Nobody is signed in any more in this browser: forgets it, and sends it where it goes now (D9).
pub async fn logged_out(visit: &Visit, done: LoggedOut) -> Response {
    if let Err(cause) = visit.forget().await {
        return broken(visit, &cause);
    }
    match done {
        LoggedOut::Return { to } => redirect(visit, &to),
        LoggedOut::Page { logout } => {
            let logout = logout.as_ref().map(PlainToken::expose);
            redirect(visit, &visit.site().to_with("/signed-out", logout))
        }
    }
}

/// The error page for this visit.
pub fn error(visit: &Visit, kind: &ErrorKind) -> Response {
    error_with(visit, status_of(kind), kind)
}

/// The same with another status.
pub fn error_with(visit: &Visit, status: StatusCode, kind: &ErrorKind) -> Response {
    let way_on = if visit.live.is_some() { WayOn::Account } else { WayOn::SignIn };
    let mut response = error_page_with(visit.house(), status, kind, way_on, None);
    add_cookies(response.headers_mut(), visit.take_outgoing().cookies);
    response
}

/// The answer to a fault of ours, with the reference that the log holds.
pub fn broken(visit: &Visit, _logged: &Internal) -> Response {
    error(visit, &ErrorKind::Internal { reference: visit.ctx.meta.correlation_id.reference() })
}

/// The same where there is no visit yet.
pub fn internal(house: &House, meta: &RequestMeta) -> Response {
    let kind = ErrorKind::Internal { reference: meta.correlation_id.reference() };
    error_page(house, &kind, WayOn::None, None)
}

/// An error page with the status of its kind; for the server's own answers, too (`/connect/*`, 404, 405, 413, 429, 500,
/// 503).
pub fn error_page(house: &House, kind: &ErrorKind, way_on: WayOn, developer: Option<DeveloperNote>) -> Response {
    error_page_with(house, status_of(kind), kind, way_on, developer)
}

/// The same with another status, such as 405 or 413.
pub fn error_page_with(
    house: &House,
    status: StatusCode,
    kind: &ErrorKind,
    way_on: WayOn,
    developer: Option<DeveloperNote>,
) -> Response {
    let page = ErrorPage { kind: kind.clone(), way_on, developer };
    let mut response = html_response(status, shell::render(house.site(), page), &Policy::default());
    if let ErrorKind::Held(Hold::TooManyTries { seconds } | Hold::Busy { seconds }) = kind {
        response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
    }
    response
}

fn status_of(kind: &ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::UntrustedRedirect { .. }
        | ErrorKind::UnknownCaller
        | ErrorKind::BrokenRequest { .. }
        | ErrorKind::InteractionOver { .. }
        | ErrorKind::BadForm => StatusCode::BAD_REQUEST,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Forbidden | ErrorKind::CrossSite => StatusCode::FORBIDDEN,
        ErrorKind::Held(Hold::TooManyTries { .. }) => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Held(Hold::Busy { .. }) => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A redirect by GET to an address of ours, without a visit.
pub fn see_other(to: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(to) else { return bare(StatusCode::INTERNAL_SERVER_ERROR) };
    let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, NO_STORE)];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// No body at all, for a script.
pub fn bare_with(visit: &Visit, status: StatusCode) -> Response {
    let mut response = bare(status);
    add_cookies(response.headers_mut(), visit.take_outgoing().cookies);
    response
}

/// No body at all.
pub(super) fn bare(status: StatusCode) -> Response {
    (status, Body::empty()).into_response()
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// HTML with the headers every page has (DESIGN §4). `Referrer-Policy` is `same-origin`: tokens in addresses reach no other
/// site, and our own forms still say where they come from (under `no-referrer` browsers send `Origin: null`).
fn html_response(status: StatusCode, html: String, policy: &Policy<'_>) -> Response {
    const PLAIN: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'",
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy.text()).unwrap_or(PLAIN)),
        (header::CACHE_CONTROL, NO_STORE),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    (status, headers, html).into_response()
}

/// What a page needs beyond what every page may.
#[derive(Default)]
struct Policy<'v> {
    /// Where its forms may lead besides ourselves.
    form_action: Option<&'v str>,
    /// Whose pages it loads.
    frames: &'v [String],
    /// Its script asks us for more.
    fetches: bool,
}

impl<'v> Policy<'v> {
    fn of(outgoing: &'v Outgoing) -> Self {
        let Outgoing { form_action, frames, fetches, .. } = outgoing;
        Self { form_action: form_action.as_deref(), frames, fetches: *fetches }
    }

    fn text(&self) -> String {
        let mut policy = String::from(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'",
        );
        for source in self.form_action.into_iter().filter(|source| is_source(source)) {
            policy.extend([" ", source]);
        }
        policy.push_str("; frame-ancestors 'none'; base-uri 'none'");
        if self.fetches {
            policy.push_str("; connect-src 'self'");
        }
        for (n, source) in self.frames.iter().filter(|source| is_source(source)).enumerate() {
            policy.extend([if n == 0 { "; frame-src " } else { " " }, source]);
        }
        policy
    }
}

/// One source of a content security policy, and nothing that could add a second directive.
fn is_source(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'\'' | b'"'))
}

fn add_cookies(headers: &mut HeaderMap, cookies: Vec<HeaderValue>) {
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(form_action: Option<&str>, frames: &[&str]) -> String {
        let frames: Vec<_> = frames.iter().map(|&frame| frame.to_owned()).collect();
        let policy = Policy { form_action, frames: &frames, fetches: false };
        let response = html_response(StatusCode::OK, String::new(), &policy);
        response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
    }

    /// DESIGN §4: a form may end at the application it belongs to, and nowhere else.
    #[test]
    fn the_policy_names_where_forms_may_lead() {
        let forms = |source| policy(source, &[]);
        assert!(forms(None).contains("form-action 'self'; "));
        assert!(forms(Some("https://app.example")).contains("form-action 'self' https://app.example; "));
        assert!(forms(Some("com.example.app:")).contains("form-action 'self' com.example.app:; "));
        for bad in ["x; script-src *", "a b", "'unsafe-inline'", "a,b", ""] {
            assert_eq!(forms(Some(bad)), forms(None), "{bad}");
        }
    }

    /// DESIGN §4: a script asks us for more only where there are passkeys.
    #[test]
    fn the_policy_lets_few_pages_fetch() {
        assert!(!policy(None, &[]).contains("connect-src"));
        assert!(Policy { fetches: true, ..Policy::default() }.text().ends_with("; connect-src 'self'"));
    }

    /// D9, Front-Channel Logout §3: the pages of exactly these applications are loaded, and only where there are some.
    #[test]
    fn the_policy_names_whose_pages_are_loaded() {
        assert!(!policy(None, &[]).contains("frame-src"));
        let two = policy(None, &["https://a.example", "https://b.example:8443", "https://c.example;x"]);
        assert!(two.ends_with("; frame-src https://a.example https://b.example:8443"), "{two}");
        assert!(two.contains("frame-ancestors 'none'"));
    }
}
