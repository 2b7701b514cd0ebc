//! What handlers take, as the description has it.

use utoipa::{
    ToSchema,
    openapi::{
        Content, RefOr, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        request_body::{RequestBody, RequestBodyBuilder},
        schema::{Object, Ref, Schema, Type},
    },
};

use crate::api::problem::{FIELDS, Kind};

/// A description in the making.
#[derive(Default)]
pub(in crate::api) struct Draft {
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<RequestBody>,
    pub(super) asks_for_token: bool,
    pub(super) problems: Vec<Kind>,
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Draft {
    /// It asks for a bearer token.
    pub(in crate::api) fn asks_for_token(&mut self, refused: Kind) {
        self.asks_for_token = true;
        self.problems.push(refused);
    }

    /// It can answer this.
    pub(in crate::api) fn may_be(&mut self, problem: Kind) {
        self.problems.push(problem);
    }

    /// It looks at these parameters of the query.
    pub(in crate::api) fn has_query<T: utoipa::IntoParams>(&mut self) {
        self.parameters.extend(T::into_params(|| Some(ParameterIn::Query)));
        self.problems.push(FIELDS);
    }

    /// It looks at this header, if it is there.
    pub(in crate::api) fn has_header(&mut self, name: &str, about: &str) {
        let header = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(about))
            .schema(Some(Object::with_type(Type::String)));
        self.parameters.push(header.build());
    }

    /// It reads a body of this form.
    pub(in crate::api) fn has_body<T: ToSchema>(&mut self) {
        let content = self.content::<T>();
        let body = RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True));
        self.body = Some(body.build());
        self.problems.push(FIELDS);
    }

    /// A body of this form, whose schema becomes part of the document.
    pub(super) fn content<T: ToSchema>(&mut self) -> Content {
        T::schemas(&mut self.schemas);
        self.schemas.push((T::name().into_owned(), T::schema()));
        Content::new(Some(Ref::from_schema_name(T::name())))
    }
}

/// Something that a handler takes.
pub(in crate::api) trait Input {
    /// Adds what it asks for, and what it answers without it.
    fn describe(draft: &mut Draft);
}
