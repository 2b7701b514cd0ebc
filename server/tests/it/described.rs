//! I8: the REST API answers what its description says. Every answer that any test gets from the API is held against it.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, HttpBody as _, to_bytes},
};
use http::{Method, Request, StatusCode, header};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::harness::{ADMIN_EMAIL, Answer, App, send_undescribed};

/// The description, asked for once.
pub async fn document(router: &Router) -> &'static Value {
    static DOCUMENT: OnceCell<Value> = OnceCell::const_new();
    let ask = async || {
        let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
        send_undescribed(router, request).await.is(200).json()
    };
    DOCUMENT.get_or_init(ask).await
}

/// What was sent.
pub struct Sent {
    method: Method,
    path: String,
    body: Option<Value>,
}

/// Looks at a request. Bodies that are not whole yet are left alone.
pub async fn read(request: Request<Body>) -> (Sent, Request<Body>) {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_whole = request.body().size_hint().exact().is_some();
    let (parts, body) = request.into_parts();
    let (read, body) = if is_whole {
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (serde_json::from_slice(&bytes).ok(), Body::from(bytes))
    } else {
        (None, body)
    };
    (Sent { method, path, body: read }, Request::from_parts(parts, body))
}

/// Holds the answer against the description.
#[track_caller]
pub fn check(document: &Value, sent: &Sent, answer: &Answer) {
    let what = || format!("{} {} answered {} {}", sent.method, sent.path, answer.status, answer.body);
    let Some(operation) = operation(document, sent) else {
        let nothing = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED, StatusCode::OK, StatusCode::NOT_MODIFIED];
        assert!(nothing.contains(&answer.status), "{}: no operation is described", what());
        return;
    };
    let described = &operation["responses"][answer.status.as_str()];
    assert!(described.is_object(), "{}: the status is not described", what());
    let kind = answer.header("content-type");
    match described["content"].as_object() {
        None => assert_eq!((kind, answer.body.as_str()), ("", ""), "{}: nothing is described", what()),
        Some(content) => {
            let content = content.get(kind).unwrap_or_else(|| panic!("{}: {kind} is not described", what()));
            let body = answer.json();
            if let Some(examples) = content["examples"].as_object() {
                let code = answer.error();
                assert!(examples.contains_key(&code), "{}: the problem {code} is not described", what());
            }
            let is_open = kind == "application/problem+json";
            conforms(document, &content["schema"], &body, is_open, "")
                .unwrap_or_else(|wrong| panic!("{}: {wrong}", what()));
        }
    }
    for name in described["headers"].as_object().into_iter().flat_map(Map::keys) {
        let is_there = answer.headers.contains_key(name.as_str());
        assert!(is_there || !answer.status.is_success(), "{}: {name} is missing", what());
    }
    if let Some(body) =
        sent.body.as_ref().filter(|body| answer.status.is_success() && body != &&Value::from(Map::new()))
    {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        conforms(document, schema, body, false, "").unwrap_or_else(|wrong| panic!("{}: sent {body}: {wrong}", what()));
    }
}

/// The operation that a request is for: of the paths that match, the one with the most that is fixed.
fn operation<'a>(document: &'a Value, sent: &Sent) -> Option<&'a Value> {
    let method = if sent.method == Method::HEAD { "get" } else { &sent.method.as_str().to_lowercase() };
    let paths = document["paths"].as_object().unwrap();
    let matching = paths.iter().filter(|(path, _)| matches(path, &sent.path));
    let (_, item) = matching.min_by_key(|(path, _)| path.matches('{').count())?;
    item.get(method)
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(known, found)| known == found || known.starts_with('{'))
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    }
}

/// What an object of this schema may have, and must have.
fn members<'a>(document: &'a Value, schema: &'a Value) -> (BTreeMap<&'a str, &'a Value>, Vec<&'a str>) {
    let schema = resolve(document, schema);
    let mut known: BTreeMap<_, _> = BTreeMap::new();
    let mut required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        known.insert(name.as_str(), member);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        let (more, also) = members(document, part);
        known.extend(more);
        required.extend(also);
    }
    (known, required)
}

/// Whether `value` is of this schema. Unlike JSON Schema, a member that is not described is wrong, unless `is_open`.
fn conforms(document: &Value, schema: &Value, value: &Value, is_open: bool, at: &str) -> Result<(), String> {
    let schema = resolve(document, schema);
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let found: Vec<_> = choices.iter().map(|one| conforms(document, one, value, is_open, at)).collect();
            return if found.iter().any(Result::is_ok) { Ok(()) } else { found.into_iter().collect() };
        }
    }
    is_of_type(schema, value).map_err(|wrong| format!("{at}: {wrong}"))?;
    if let Some(words) = schema["enum"].as_array() {
        words.contains(value).then_some(()).ok_or_else(|| format!("{at}: {value} is none of {words:?}"))?;
    }
    match value {
        Value::Object(found) => {
            let (known, required) = members(document, schema);
            if known.is_empty() {
                return Ok(());
            }
            if let Some(name) = required.iter().find(|name| !found.contains_key(**name)) {
                return Err(format!("{at}/{name} is missing"));
            }
            for (name, value) in found {
                match known.get(name.as_str()) {
                    Some(schema) => conforms(document, schema, value, is_open, &format!("{at}/{name}"))?,
                    None if is_open => {}
                    None => return Err(format!("{at}/{name} is not described")),
                }
            }
            Ok(())
        }
        Value::Array(found) => {
            found.iter().try_for_each(|one| conforms(document, &schema["items"], one, is_open, &format!("{at}[]")))
        }
        _ => Ok(()),
    }
}

fn is_of_type(schema: &Value, value: &Value) -> Result<(), String> {
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return Ok(()),
    };
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    types.contains(&found).then_some(()).ok_or_else(|| format!("{value} is not of {types:?}"))
}

/// I8: the description is for everybody, and who has it already is told so.
#[tokio::test]
async fn the_description_is_public() {
    let app = App::new().await;
    let answer = app.get("/api/v1/openapi.json").await;
    assert_eq!(
        (answer.is(200).header("content-type"), &answer.json()["openapi"]),
        ("application/json", &"3.1.0".into())
    );
    let again = Request::get("/api/v1/openapi.json").header(header::IF_NONE_MATCH, answer.header("etag"));
    app.send(again.body(Body::empty()).unwrap()).await.is(304);
    let page = app.get("/api/docs").await;
    assert_eq!(page.is(200).header("content-type"), "text/html; charset=utf-8");
    for path in answer.json()["paths"].as_object().unwrap().keys() {
        assert!(page.body.contains(path.as_str()), "{path} is not on the page");
    }
}

/// I8: what cannot be text in an address is answered like everything else, by us and not by the framework.
#[tokio::test]
async fn an_address_that_is_no_text_is_answered_in_our_words() {
    let app = App::new().await;
    app.admin().await;
    let (token, _) = app.login(ADMIN_EMAIL).await;
    let ask = async |method, path: &str| app.api(method, path, Some(&token), None).await;
    for path in ["/api/v1/clients/%FF", "/api/v1/clients/a%00b", "/api/v1/users/%C3%28"] {
        assert_eq!(ask(Method::GET, path).await.is(404).error(), "not-found", "{path}");
        assert_eq!(ask(Method::DELETE, path).await.is(404).error(), "not-found", "{path}");
    }
    for path in ["/api/v1/clients?q=a%00b", "/api/v1/clients?after=%00", "/api/v1/me/activity?after=%FF"] {
        assert_eq!(ask(Method::GET, path).await.is(400).error(), "fields", "{path}");
    }
}
