//! What stands in the address of a request: the parameters of its path and of its query.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::{
    describe::{Draft, Input},
    problem::{FieldProblem, Problem},
};
use crate::{ServerState, answer::Refusal};

/// No text of ours has this character, and PostgreSQL takes it in none.
const NUL: &str = "%00";

/// The parameters of the path. What cannot be a text names nothing that is here.
#[derive(Debug)]
pub(super) struct Path<T>(pub(super) T);

impl<T> Input for Path<T> {
    fn describe(draft: &mut Draft) {
        draft.may_be(Refusal::NotFound.kind());
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<ServerState> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let nothing = || Problem::new(Refusal::NotFound.kind());
        if parts.uri.path().contains(NUL) {
            return Err(nothing());
        }
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(found)| Self(found)).map_err(|_| nothing())
    }
}

/// The parameters of the query.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

/// Parameters of a query.
pub(super) trait Parameters: DeserializeOwned + IntoParams {
    /// What is said of those that cannot be taken.
    fn problem() -> FieldProblem;
}

impl<T: Parameters> Input for Query<T> {
    fn describe(draft: &mut Draft) {
        draft.has_query::<T>();
    }
}

impl<T: Parameters> FromRequestParts<ServerState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ServerState) -> Result<Self, Problem> {
        let wrong = || Problem::fields(vec![T::problem()]);
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(wrong());
        }
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Query(found)| Self(found)).map_err(|_| wrong())
    }
}
