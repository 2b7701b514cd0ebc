//! Errors of the REST API (RFC 9457, `application/problem+json`).
//!
//! `type` is a URN that programs may compare; `title` and `detail` are for people and may change; `errors` names the fields
//! that were wrong, each with a closed `code`; `reference` finds the request in the log.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{authz::Denied, core::RequestMeta, error::Internal, limits::TooMany};
use serde::Serialize;

/// One error answer.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug, Clone, Serialize)]
struct Parts {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// What belongs to this kind alone (RFC 9457 §3.2).
    #[serde(flatten)]
    members: serde_json::Map<String, serde_json::Value>,
    #[serde(skip)]
    headers: HeaderMap,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FieldProblem {
    /// The field, as the body names it.
    pub(crate) field: Cow<'static, str>,
    /// What is wrong, as a closed word.
    pub(crate) code: &'static str,
    /// What is wrong, for people.
    pub(crate) message: String,
}

impl Problem {
    /// A problem of the kind `code` (lower case, hyphens).
    pub(crate) fn new(status: StatusCode, code: &str, title: &'static str) -> Self {
        Self(Box::new(Parts {
            kind: format!("urn:ostiary:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
            reference: None,
            members: serde_json::Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// Fields of the body that were wrong.
    pub(crate) fn fields(errors: Vec<FieldProblem>) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "fields", "Some fields cannot be taken as they are");
        problem.0.errors = errors;
        problem
    }

    /// The same, saying more about this very case.
    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// The same with a member of its kind's own (RFC 9457 §3.2).
    pub(crate) fn with_member(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the words that find the request in the log.
    pub(crate) fn with_reference(mut self, meta: &RequestMeta) -> Self {
        self.0.reference = Some(meta.correlation_id.reference());
        self
    }

    /// The same, saying when to try again (RFC 9110 §10.2.3).
    pub(crate) fn with_retry_after(mut self, seconds: u64) -> Self {
        self.0.headers.insert(header::RETRY_AFTER, seconds.into());
        self
    }

    /// The same with a challenge: what credentials would help (RFC 9110 §11.6.1).
    pub(crate) fn with_challenge(mut self, challenge: &str) -> Self {
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            self.0.headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Strings and numbers always serialise.
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, self.0.headers, kind, body).into_response()
    }
}

/// Our fault; the cause is in the log under the reference.
pub(super) fn internal(_logged: &Internal, meta: &RequestMeta) -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke on our side").with_reference(meta)
}

/// Too many tries (I5).
pub(super) fn too_many(limit: TooMany) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
        .with_detail(limit.to_string())
        .with_retry_after(limit.retry_after_secs)
}

/// More passwords wait to be hashed than there is room for (I10).
pub(super) fn busy(retry_after_secs: u64) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much to do just now").with_retry_after(retry_after_secs)
}

/// Known, but not allowed.
pub(super) fn denied(denied: Denied) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "denied", "This is not allowed").with_detail(denied.to_string())
}

/// They signed in too long ago for this (B6).
pub(super) fn sign_in_again() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "sign-in-again", "Sign in again first")
        .with_detail("This needs a sign-in of the last ten minutes")
}

/// The object is no longer as the asker saw it (RFC 9110 §13.1.1).
pub(super) fn changed() -> Problem {
    Problem::new(StatusCode::PRECONDITION_FAILED, "changed", "Somebody else changed this meanwhile")
}
