//! Errors of the REST API (RFC 9457, `application/problem+json`).
//!
//! `type` is a URN that programs may compare; `title` and `detail` are for people and may change; `errors` names the fields
//! that were wrong, each with a closed `code`; `reference` finds the request in the log.
//!
//! Every kind of problem is a constant [`Kind`], which both the answer and the description of the API are made from.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{authz::Denied, core::RequestMeta, error::Internal, limits::TooMany};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};

/// A kind of problem: its status, what programs compare, and what people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The status it is answered with.
    pub(crate) status: StatusCode,
    /// The last part of its URN (lower case, hyphens).
    pub(crate) code: &'static str,
    /// What it is, for people.
    pub(crate) title: &'static str,
}

impl Kind {
    /// A kind called `code`.
    pub(crate) const fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title }
    }

    /// What `type` says.
    pub(crate) fn urn(self) -> String {
        format!("urn:ostiary:problem:{}", self.code)
    }
}

/// Fields of the body, or parameters, that cannot be taken; `errors` names them.
pub(super) const FIELDS: Kind = Kind::new(StatusCode::BAD_REQUEST, "fields", "Some fields cannot be taken as they are");
/// Our fault; the cause is in the log under the reference.
pub(super) const INTERNAL: Kind =
    Kind::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something broke on our side");
/// Too many tries (I5).
pub(super) const TOO_MANY: Kind = Kind::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests");
/// More passwords wait to be hashed than there is room for (I10).
pub(super) const BUSY: Kind = Kind::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much to do just now");
/// Known, but not allowed.
pub(super) const DENIED: Kind = Kind::new(StatusCode::FORBIDDEN, "denied", "This is not allowed");
/// They signed in too long ago for this (B6).
pub(super) const SIGN_IN_AGAIN: Kind = Kind::new(StatusCode::FORBIDDEN, "sign-in-again", "Sign in again first");
/// The object is no longer as the asker saw it (RFC 9110 §13.1.1).
pub(super) const CHANGED: Kind =
    Kind::new(StatusCode::PRECONDITION_FAILED, "changed", "Somebody else changed this meanwhile");

/// One error answer.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Parts>);

/// Why a request was not carried out (RFC 9457). Some kinds have members of their own.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Parts {
    /// What kind of problem it is: a URN that programs may compare.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "urn:ostiary:problem:fields")]
    kind: String,
    /// The same for people.
    title: &'static str,
    /// The status it is answered with.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What there is to know about this very case, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// What was wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
    /// What finds the request in the log of the instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reference: Option<String>,
    /// What belongs to this kind alone (RFC 9457 §3.2).
    #[serde(flatten)]
    #[schema(ignore)]
    members: serde_json::Map<String, serde_json::Value>,
    #[serde(skip)]
    #[schema(ignore)]
    headers: HeaderMap,
}

/// What is wrong with one field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// The field, as the body names it.
    #[schema(value_type = String)]
    pub(crate) field: Cow<'static, str>,
    /// What is wrong, as a closed word.
    pub(crate) code: &'static str,
    /// What is wrong, for people.
    pub(crate) message: String,
}

impl Problem {
    /// A problem of this kind.
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Parts {
            kind: kind.urn(),
            title: kind.title,
            status: kind.status.as_u16(),
            detail: None,
            errors: Vec::new(),
            reference: None,
            members: serde_json::Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// Fields of the body that were wrong.
    pub(crate) fn fields(errors: Vec<FieldProblem>) -> Self {
        let mut problem = Self::new(FIELDS);
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

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Parts::schema()
    }
}

impl ToSchema for Problem {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Parts::schemas(schemas);
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self::new(kind)
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
pub(crate) fn internal(_logged: &Internal, meta: &RequestMeta) -> Problem {
    Problem::new(INTERNAL).with_reference(meta)
}

/// Too many tries (I5).
pub(super) fn too_many(limit: TooMany) -> Problem {
    Problem::new(TOO_MANY).with_detail(limit.to_string()).with_retry_after(limit.retry_after_secs)
}

/// More passwords wait to be hashed than there is room for (I10).
pub(super) fn busy(retry_after_secs: u64) -> Problem {
    Problem::new(BUSY).with_retry_after(retry_after_secs)
}

/// Known, but not allowed.
pub(super) fn denied(denied: Denied) -> Problem {
    Problem::new(DENIED).with_detail(denied.to_string())
}

/// They signed in too long ago for this (B6).
pub(super) fn sign_in_again() -> Problem {
    Problem::new(SIGN_IN_AGAIN).with_detail("This needs a sign-in of the last ten minutes")
}
