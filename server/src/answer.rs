//! Answers that are the same everywhere: nothing here, too large, too slow, broken, refused. Each comes in the form the asker
//! reads: a page for people, problem+json for the REST API, OAuth's JSON for protocol endpoints.

use axum::{
    Json,
    extract::{Extension, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, Uri, header};
use ostiary::core::RequestMeta;
use ostiary_app::{
    model::{ErrorKind, Hold, WayOn},
    ssr::respond,
};
use serde_json::json;

use crate::{
    ServerState,
    api::{
        self,
        problem::{Kind, Problem},
    },
};

/// Who reads the answers of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Surface {
    /// A person.
    Page,
    /// A program that uses the REST API.
    Api,
    /// A program that speaks OAuth.
    Wire,
}

impl Surface {
    /// Who reads what is answered at `path`, which is below the issuer's path.
    pub(crate) fn of(path: &str) -> Self {
        if path.starts_with("/api/") && !api::reference::ROUTES.iter().any(|route| route.path == path) {
            Self::Api
        } else if path.starts_with("/.well-known/") || (path.starts_with("/connect/") && !is_for_browsers(path)) {
            Self::Wire
        } else {
            Self::Page
        }
    }
}

/// The endpoints that people come by with their browser.
fn is_for_browsers(path: &str) -> bool {
    crate::oidc::browser::ROUTES.iter().any(|route| route.path == path)
}

/// Why a request was not carried out, before or beside what its handler says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such path.
    NotFound,
    /// The path is there, but not for this method.
    Method,
    /// A state change that did not come from our own pages.
    CrossSite,
    /// Sent in the clear where HTTPS is the rule (I6).
    Insecure,
    /// The body is larger than `limits.body_bytes`.
    TooLarge,
    /// It took longer than `server.request_timeout`.
    TimedOut,
    /// It panicked.
    Broken,
}

impl Refusal {
    const fn status(self) -> StatusCode {
        self.kind().status
    }

    /// What the REST API calls it.
    pub(crate) const fn kind(self) -> Kind {
        let (status, code, title) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "Nothing is here"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This method is not answered here"),
            Self::CrossSite => (StatusCode::FORBIDDEN, "cross-site", "The request came from another site"),
            Self::Insecure => (StatusCode::FORBIDDEN, "https-required", "Use https"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large"),
            Self::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, "timed-out", "The request took too long"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke on our side"),
        };
        Kind::new(status, code, title)
    }

    /// Seconds after which it is worth another try.
    const fn retry_after(self) -> Option<u64> {
        match self {
            Self::TimedOut => Some(RETRY_SECONDS),
            Self::NotFound | Self::Method | Self::CrossSite | Self::Insecure | Self::TooLarge | Self::Broken => None,
        }
    }

    const fn oauth_code(self) -> &'static str {
        match self {
            Self::TimedOut => "temporarily_unavailable",
            Self::Broken => "server_error",
            Self::NotFound | Self::Method | Self::CrossSite | Self::Insecure | Self::TooLarge => "invalid_request",
        }
    }

    fn page(self, meta: &RequestMeta) -> ErrorKind {
        match self {
            Self::NotFound | Self::Method => ErrorKind::NotFound,
            Self::CrossSite => ErrorKind::CrossSite,
            Self::Insecure | Self::TooLarge => ErrorKind::BadForm,
            Self::TimedOut => ErrorKind::Held(Hold::Busy { seconds: RETRY_SECONDS }),
            Self::Broken => ErrorKind::Internal { reference: meta.correlation_id.reference() },
        }
    }
}

/// What a client is told to wait when we were too slow for it.
const RETRY_SECONDS: u64 = 5;

/// The answer to a refused request, for whoever reads at `surface`.
pub(crate) fn refuse(state: &ServerState, surface: Surface, meta: &RequestMeta, refusal: Refusal) -> Response {
    let status = refusal.status();
    let mut response = match surface {
        Surface::Page => respond::error_page_with(state.house(), status, &refusal.page(meta), WayOn::Start, None),
        Surface::Api => Problem::new(refusal.kind()).with_reference(meta).into_response(),
        Surface::Wire => {
            let body = json!({ "error": refusal.oauth_code(), "error_description": refusal.kind().title });
            (status, Json(body)).into_response()
        }
    };
    if let Some(seconds) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// No route has this path.
pub(crate) async fn nothing_here(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    uri: Uri,
) -> Response {
    refuse(&state, Surface::of(uri.path()), &meta, Refusal::NotFound)
}

/// A route has this path, but not this method. The answer's `Allow` is added by the router.
pub(crate) async fn no_such_method(
    State(state): State<ServerState>,
    Extension(meta): Extension<RequestMeta>,
    uri: Uri,
) -> Response {
    refuse(&state, Surface::of(uri.path()), &meta, Refusal::Method)
}
