//! Putting the description together.

use std::{collections::BTreeMap, fmt::Display};

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Components, Content, HeaderBuilder, Info, OpenApi, OpenApiBuilder, Paths, RefOr, Required, SecurityRequirement,
        Server,
        example::ExampleBuilder,
        path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn},
        response::{Response as Described, ResponseBuilder},
        schema::{Object, Ref, Schema, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::TagBuilder,
    },
};

use super::{Area, Doc, Draft, Input, Outcome, outcome::canonical};
use crate::{
    answer::Refusal,
    api::problem::{FIELDS, INTERNAL, Kind, Problem},
};

/// What the tokens of this API are called in the description.
const BEARER: &str = "bearer";

const ABOUT: &str = "\
Bodies are JSON with names in camel case; unknown members are overlooked. Who asks is told by a bearer token of \
`POST /api/v1/auth/login`, never by a cookie.

Errors are `application/problem+json` (RFC 9457): programs compare `type`, which is one of the URNs listed with each answer; \
`errors` names the fields that were wrong, each with a closed `code`; `reference` finds the request in the log.

What can change has a version, which is its entity tag: a change or removal with `If-Match` is carried out only on what was \
seen, and is answered 412 otherwise.";

/// A handler that can be described by its signature.
pub(in crate::api) trait Handler<A> {
    /// What it takes and gives; the status and form of its success.
    fn describe(&self, draft: &mut Draft) -> (StatusCode, Described);
}

macro_rules! handlers {
    ($(($($input:ident),+))+) => {$(
        impl<F, T, O, $($input),+> Handler<($($input,)+)> for F
        where
            F: Fn($($input),+) -> T,
            T: Future<Output = Result<O, Problem>>,
            O: Outcome,
            $($input: Input),+
        {
            fn describe(&self, draft: &mut Draft) -> (StatusCode, Described) {
                $($input::describe(draft);)+
                O::describe(draft)
            }
        }
    )+};
}

handlers! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) }

/// The description while it grows, operation by operation.
#[derive(Default)]
pub(in crate::api) struct Description {
    paths: Paths,
    /// Every schema that was used, as often as it was used.
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

impl Description {
    /// The same with one more operation.
    pub(in crate::api) fn with<A>(mut self, method: &str, path: &str, handler: &impl Handler<A>, doc: &Doc) -> Self {
        let mut draft = Draft::default();
        let (status, success) = handler.describe(&mut draft);
        let problems = all_problems(method, doc, &draft);
        let mut operation = OperationBuilder::new()
            .tag(doc.area.name())
            .operation_id(Some(doc.id))
            .summary(Some(doc.summary))
            .request_body(draft.body.take())
            .response(status.as_str(), success);
        if !doc.about.is_empty() {
            operation = operation.description(Some(doc.about));
        }
        for (name, about) in doc.path {
            let parameter = ParameterBuilder::new()
                .name(*name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(*about))
                .schema(Some(Object::with_type(Type::String)));
            operation = operation.parameter(parameter);
        }
        for parameter in draft.parameters.drain(..) {
            operation = operation.parameter(parameter);
        }
        for (status, kinds) in by_status(&problems) {
            operation = operation.response(status.as_str(), refusal(&kinds, draft.asks_for_token));
        }
        if draft.asks_for_token {
            operation = operation.security(SecurityRequirement::new::<_, [&str; 0], &str>(BEARER, []));
        }
        self.paths.add_path_operation(path, methods(method), operation.build());
        self.schemas.append(&mut draft.schemas);
        self
    }

    /// The whole document of the instance at `issuer`.
    pub(in crate::api) fn finish(mut self, issuer: impl Display) -> OpenApi {
        Problem::schemas(&mut self.schemas);
        self.schemas.push((Problem::name().into_owned(), Problem::schema()));
        let mut components = Components::new();
        for (name, schema) in self.schemas {
            components.schemas.insert(name, schema);
        }
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The `token` of `POST /api/v1/auth/login` (RFC 6750)."));
        components.add_security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
        let mut info = Info::new("Ostiary REST API", env!("CARGO_PKG_VERSION"));
        info.description = Some(ABOUT.to_owned());
        let tags = Area::ALL.map(|area| TagBuilder::new().name(area.name()).description(Some(area.about())).build());
        OpenApiBuilder::new()
            .info(info)
            .servers(Some([Server::new(issuer.to_string())]))
            .paths(self.paths)
            .components(Some(components))
            .tags(Some(tags))
            .build()
    }
}

fn methods(method: &str) -> Vec<HttpMethod> {
    let known = match method {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "PUT" => Some(HttpMethod::Put),
        "PATCH" => Some(HttpMethod::Patch),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    };
    known.into_iter().collect()
}

/// What the operation refuses, what its extractors refuse, and what happens around every request.
fn all_problems(method: &str, doc: &Doc, draft: &Draft) -> Vec<Kind> {
    let mut problems = doc.problems.to_vec();
    problems.extend(&draft.problems);
    problems.extend([INTERNAL, Refusal::TimedOut.kind()]);
    if method != Method::GET.as_str() {
        problems.push(Refusal::Insecure.kind());
    }
    problems
}

/// Each once, the first words counting.
fn by_status(problems: &[Kind]) -> BTreeMap<StatusCode, Vec<Kind>> {
    let mut sorted: BTreeMap<_, Vec<Kind>> = BTreeMap::new();
    for problem in problems {
        let same = sorted.entry(problem.status).or_default();
        if same.iter().all(|known| known.code != problem.code) {
            same.push(*problem);
        }
    }
    sorted
}

/// One refusal: every kind of problem that has this status.
fn refusal(kinds: &[Kind], asks_for_token: bool) -> Described {
    let lines = kinds.iter().map(|kind| format!("- `{}`: {}", kind.urn(), kind.title));
    let examples = kinds.iter().map(|kind| {
        let example = ExampleBuilder::new().summary(kind.title).value(Some(example(*kind))).build();
        (kind.code, RefOr::T(example))
    });
    let mut content = Content::new(Some(Ref::from_schema_name(Problem::name())));
    content.examples = examples.map(|(code, example)| (code.to_owned(), example)).collect();
    let mut answer = ResponseBuilder::new()
        .description(lines.collect::<Vec<_>>().join("\n"))
        .content("application/problem+json", content);
    let status = kinds.first().map(|kind| kind.status);
    let told = match status {
        Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
            Some((header::RETRY_AFTER, Type::Integer, "Seconds after which another try is worth it."))
        }
        Some(StatusCode::UNAUTHORIZED) if asks_for_token => {
            Some((header::WWW_AUTHENTICATE, Type::String, "What credentials would help (RFC 6750 §3)."))
        }
        _ => None,
    };
    if let Some((name, kind, about)) = told {
        let header = HeaderBuilder::new().schema(Object::with_type(kind)).description(Some(about)).build();
        answer = answer.header(canonical(&name), header);
    }
    answer.build()
}

fn example(kind: Kind) -> Value {
    let mut example = json!({ "type": kind.urn(), "title": kind.title, "status": kind.status.as_u16() });
    let more = if kind == FIELDS {
        Some(("errors", json!([{ "field": "name", "code": "missing", "message": "name is missing" }])))
    } else if kind == INTERNAL {
        Some(("reference", json!("7QK3-M0VD")))
    } else {
        None
    };
    if let (Some((name, value)), Some(example)) = (more, example.as_object_mut()) {
        example.insert(name.to_owned(), value);
    }
    example
}
