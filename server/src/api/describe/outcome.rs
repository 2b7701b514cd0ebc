//! What handlers give when all is well. There is one type for each form of answer, so that what an operation is said to
//! answer is what it does answer.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::{
    ToSchema,
    openapi::{
        HeaderBuilder,
        response::{Response as Described, ResponseBuilder},
        schema::{Object, Type},
    },
};

use super::Draft;

/// A form of answer.
pub(in crate::api) trait Outcome: IntoResponse {
    /// Its status, and what it looks like.
    fn describe(draft: &mut Draft) -> (StatusCode, Described);
}

/// What stands in an answer: JSON, or nothing.
pub(in crate::api) trait Content: IntoResponse {
    /// Adds it to the description.
    fn describe(answer: ResponseBuilder, draft: &mut Draft) -> ResponseBuilder;
}

impl Content for () {
    fn describe(answer: ResponseBuilder, _: &mut Draft) -> ResponseBuilder {
        answer
    }
}

impl<T: Serialize + ToSchema> Content for Json<T> {
    fn describe(answer: ResponseBuilder, draft: &mut Draft) -> ResponseBuilder {
        answer.content("application/json", draft.content::<T>())
    }
}

fn described<C: Content>(status: StatusCode, words: &str, draft: &mut Draft) -> (StatusCode, Described) {
    (status, C::describe(ResponseBuilder::new().description(words), draft).build())
}

/// 200 and what was asked for.
impl<T: Serialize + ToSchema> Outcome for Json<T> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        described::<Self>(StatusCode::OK, "What was asked for.", draft)
    }
}

/// 201: it was made.
#[derive(Debug)]
pub(in crate::api) struct Created<C>(pub(in crate::api) C);

impl<C: IntoResponse> IntoResponse for Created<C> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, self.0).into_response()
    }
}

impl<C: Content> Outcome for Created<C> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        described::<C>(StatusCode::CREATED, "It was made.", draft)
    }
}

/// 202: it will be seen to.
#[derive(Debug)]
pub(in crate::api) struct Accepted<C = ()>(pub(in crate::api) C);

impl<C: IntoResponse> IntoResponse for Accepted<C> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, self.0).into_response()
    }
}

impl<C: Content> Outcome for Accepted<C> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        described::<C>(StatusCode::ACCEPTED, "It will be seen to.", draft)
    }
}

/// 204: it was done, and there is nothing to tell.
#[derive(Debug)]
pub(in crate::api) struct Done;

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl Outcome for Done {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        described::<()>(StatusCode::NO_CONTENT, "It was done.", draft)
    }
}

fn with(response: impl IntoResponse, name: HeaderName, value: &str) -> Response {
    let mut response = response.into_response();
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

fn telling(mut described: Described, name: &HeaderName, about: &str) -> Described {
    let told = HeaderBuilder::new().schema(Object::with_type(Type::String)).description(Some(about)).build();
    described.headers.insert(canonical(name), told);
    described
}

/// The name of a header as RFC 9110 writes it.
pub(super) fn canonical(name: &HeaderName) -> String {
    match *name {
        header::ETAG => "ETag".to_owned(),
        header::WWW_AUTHENTICATE => "WWW-Authenticate".to_owned(),
        _ => {
            let capital = |word: &str| {
                let mut letters = word.chars();
                letters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
            };
            name.as_str().split('-').map(capital).collect::<Vec<_>>().join("-")
        }
    }
}

/// An answer under the entity tag of an object at this version (RFC 9110 §8.8.3).
#[derive(Debug)]
pub(in crate::api) struct Tagged<O>(pub(in crate::api) i64, pub(in crate::api) O);

impl<O: IntoResponse> IntoResponse for Tagged<O> {
    fn into_response(self) -> Response {
        with(self.1, header::ETAG, &format!("\"{}\"", self.0))
    }
}

impl<O: Outcome> Outcome for Tagged<O> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        let (status, described) = O::describe(draft);
        (status, telling(described, &header::ETAG, "The version, for `If-Match`."))
    }
}

/// An answer that tells where something is now.
#[derive(Debug)]
pub(in crate::api) struct Located<O>(pub(in crate::api) String, pub(in crate::api) O);

impl<O: IntoResponse> IntoResponse for Located<O> {
    fn into_response(self) -> Response {
        with(self.1, header::LOCATION, &self.0)
    }
}

impl<O: Outcome> Outcome for Located<O> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        let (status, described) = O::describe(draft);
        (status, telling(described, &header::LOCATION, "Where it is."))
    }
}

/// An answer that is kept as a file of this name (RFC 6266).
#[derive(Debug)]
pub(in crate::api) struct Attached<O>(pub(in crate::api) &'static str, pub(in crate::api) O);

impl<O: IntoResponse> IntoResponse for Attached<O> {
    fn into_response(self) -> Response {
        with(self.1, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{}\"", self.0))
    }
}

impl<O: Outcome> Outcome for Attached<O> {
    fn describe(draft: &mut Draft) -> (StatusCode, Described) {
        let (status, described) = O::describe(draft);
        (status, telling(described, &header::CONTENT_DISPOSITION, "What the file is called."))
    }
}
