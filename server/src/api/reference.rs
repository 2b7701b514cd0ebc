//! `GET /api/docs` (I8): the description of the API for people. It is made from the very document that programs get.

use axum::{extract::State, response::Response};
use ostiary_app::{
    model::{Member, Operation, OperationAnswer, ReferenceArea, ReferencePage, Site},
    shell,
    ssr::respond,
};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

use crate::{ServerState, routes::routes};

routes! {
    get "/api/docs" => get;
}

/// How deep the members of a body are listed.
const DEEPEST: usize = 3;

async fn get(State(state): State<ServerState>) -> Response {
    respond::standing(state.api_reference())
}

/// The page about this document, as HTML.
pub(crate) fn render(site: &Site, document: &OpenApi) -> String {
    // Only maps with text for keys are in it: they always serialise.
    let document = serde_json::to_value(document).unwrap_or_default();
    shell::render(site, page(site, &document))
}

fn page(site: &Site, document: &Value) -> ReferencePage {
    let server = text(at(document, "/servers/0/url"));
    let paragraphs = text(at(document, "/info/description"));
    ReferencePage {
        version: text(at(document, "/info/version")),
        document: site.to("/api/v1/openapi.json"),
        about: paragraphs.split("\n\n").map(str::to_owned).collect(),
        areas: list(&document["tags"]).map(|tag| area(document, &server, tag)).collect(),
        server,
    }
}

fn area(document: &Value, server: &str, tag: &Value) -> ReferenceArea {
    let name = text(&tag["name"]);
    let paths = members_of(&document["paths"]);
    let all = paths.flat_map(|(path, item)| members_of(item).map(move |(method, operation)| (path, method, operation)));
    let here = all.filter(|(_, _, operation)| list(&operation["tags"]).any(|tag| *tag == *name));
    ReferenceArea {
        id: name.to_lowercase().replace(' ', "-"),
        about: text(&tag["description"]),
        operations: here.map(|(path, method, found)| operation(document, server, path, method, found)).collect(),
        name,
    }
}

fn operation(document: &Value, server: &str, path: &str, method: &str, found: &Value) -> Operation {
    let asks_for_token = found["security"].is_array();
    let method = method.to_uppercase();
    let body = at(found, "/requestBody/content/application~1json/schema");
    let example = &resolve(document, body)["example"];
    // `{id}` is written ID: curl takes braces for a list.
    let parts = path.split(['{', '}']).enumerate();
    let parts = parts.map(|(place, part)| if place % 2 == 1 { part.to_uppercase() } else { part.to_owned() });
    let mut command = format!("curl -X {method} '{server}{}'", parts.collect::<String>());
    if asks_for_token {
        command.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
    }
    if !example.is_null() {
        command.push_str(" \\\n  --json '");
        command.push_str(&example.to_string());
        command.push('\'');
    }
    Operation {
        id: text(&found["operationId"]),
        path: path.to_owned(),
        summary: text(&found["summary"]),
        about: words(&found["description"]),
        asks_for_token,
        parameters: list(&found["parameters"]).map(parameter).collect(),
        body: members(document, body, "", DEEPEST),
        answers: members_of(&found["responses"]).map(|(status, answer)| answered(document, status, answer)).collect(),
        method,
        command,
    }
}

fn parameter(found: &Value) -> Member {
    let place = match found["in"].as_str() {
        Some("path") => "in the path",
        Some("query") => "in the query",
        _ => "a header",
    };
    Member {
        name: text(&found["name"]),
        form: format!("{}, {place}", form(&found["schema"])),
        is_needed: found["required"] == true,
        about: words(&found["description"]),
    }
}

fn answered(document: &Value, status: &str, answer: &Value) -> OperationAnswer {
    let examples = at(answer, "/content/application~1problem+json/examples");
    let mut meanings: Vec<_> = members_of(examples)
        .map(|(_, example)| (Some(text(at(example, "/value/type"))), text(at(example, "/value/title"))))
        .collect();
    if meanings.is_empty() {
        meanings.push((None, text(&answer["description"])));
    }
    let headers = members_of(&answer["headers"]).map(|(name, header)| Member {
        name: name.to_owned(),
        form: "header".to_owned(),
        is_needed: false,
        about: words(&header["description"]),
    });
    let body = members(document, at(answer, "/content/application~1json/schema"), "", DEEPEST);
    OperationAnswer { status: status.to_owned(), meanings, members: headers.chain(body).collect() }
}

/// The members of an object of this schema, those of objects in it included.
fn members(document: &Value, schema: &Value, before: &str, deepest: usize) -> Vec<Member> {
    let schema = resolve(document, schema);
    let required: Vec<_> = list(&schema["required"]).filter_map(Value::as_str).collect();
    let mut found: Vec<_> = list(&schema["allOf"]).flat_map(|part| members(document, part, before, deepest)).collect();
    for (name, member) in members_of(&schema["properties"]) {
        let shown = resolve(document, one_of(member));
        let full = format!("{before}{name}");
        found.push(Member {
            form: form(shown),
            is_needed: required.contains(&name),
            about: words(&member["description"]).or_else(|| words(&shown["description"])),
            name: full.clone(),
        });
        if deepest > 1 {
            let inside = if shown["items"].is_object() { &shown["items"] } else { shown };
            let dots = if shown["items"].is_object() { "[]." } else { "." };
            found.extend(members(document, inside, &format!("{full}{dots}"), deepest - 1));
        }
    }
    found
}

/// What may be null is shown as what it is otherwise.
fn one_of(schema: &Value) -> &Value {
    list(&schema["oneOf"]).find(|choice| choice["type"] != "null").unwrap_or(schema)
}

/// What a value of this schema looks like, in words.
fn form(schema: &Value) -> String {
    let kinds: Vec<_> = match &schema["type"] {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    };
    let kind = match kinds.iter().find(|kind| **kind != "null") {
        Some(&"string") => "text",
        Some(&"boolean") => "true or false",
        Some(&"integer" | &"number") => "number",
        Some(&"array") => "list",
        Some(&"object") => "object",
        _ => "anything",
    };
    match schema["format"].as_str() {
        Some(format) if kind == "text" => format!("{kind} ({format})"),
        _ => kind.to_owned(),
    }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// What is there (RFC 6901), or null.
fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn members_of(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter).map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn words(value: &Value) -> Option<String> {
    value.as_str().filter(|words| !words.is_empty()).map(str::to_owned)
}
