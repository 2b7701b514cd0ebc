//! How an answer travels to the application: by redirect, or by a form that the browser posts (OAuth 2.0 Form Post Response
//! Mode §2).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use ostiary::protocol::{AuthorizationResponse, Delivery};
use ostiary_app::model::FormPostPage;

use crate::{ServerState, answer};

pub(super) fn deliver(state: &ServerState, response: AuthorizationResponse) -> Response {
    match response.into_delivery() {
        // 303: whatever the method was, the application is asked with GET (RFC 9700 §4.12).
        Delivery::Redirect(to) => see_other(&to),
        Delivery::FormPost { action, fields } => {
            let form = FormPostPage {
                action: action.as_str().to_owned(),
                fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            };
            let html = ostiary_app::shell::render(state.site(), form);
            let mut page = answer::html(StatusCode::OK, html);
            let policy =
                answer::PAGE_POLICY.replace("form-action 'self'", &format!("form-action {}", action.csp_source()));
            if let Ok(policy) = HeaderValue::try_from(policy) {
                page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            page
        }
    }
}

/// A redirect. A target that cannot stand in a header is a fault of ours: redirect URIs are checked when registered.
pub(super) fn see_other(to: &str) -> Response {
    match HeaderValue::try_from(to) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
