//! The description as a whole (I8).

use std::collections::{BTreeMap, BTreeSet};

use ostiary::protocol::Issuer;
use serde_json::Value;

use crate::api;

fn document() -> Value {
    serde_json::to_value(api::document(&Issuer::parse("https://id.example/base").unwrap())).unwrap()
}

/// Every operation: its method, its path, itself.
fn operations(document: &Value) -> Vec<(String, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let items = paths.flat_map(|(path, item)| item.as_object().unwrap().iter().map(move |found| (path, found)));
    items.map(|(path, (method, operation))| (method.to_uppercase(), path.as_str(), operation)).collect()
}

/// Everything below `value`, itself included.
fn everything(value: &Value) -> Vec<&Value> {
    let mut found = vec![value];
    match value {
        Value::Array(list) => found.extend(list.iter().flat_map(everything)),
        Value::Object(members) => found.extend(members.values().flat_map(everything)),
        _ => {}
    }
    found
}

/// I8: what is described is what is there.
#[test]
fn every_route_is_described_and_nothing_else() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://id.example/base");
    let described: BTreeSet<_> =
        operations(&document).iter().map(|(method, path, _)| (method.clone(), *path)).collect();
    let routes: BTreeSet<_> = api::ROUTES.iter().map(|route| (route.method.to_owned(), route.path)).collect();
    assert_eq!(described, routes);
}

/// I8: a generator of clients finds what it needs.
#[test]
fn every_operation_is_whole() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{id}");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let of_path: BTreeSet<_> =
            parameters.filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
        let in_path: BTreeSet<_> = path.split(['{', '}']).skip(1).step_by(2).collect();
        assert_eq!(of_path, in_path, "{id}: the parameters of {path}");
        let responses = operation["responses"].as_object().unwrap();
        assert_eq!(responses.keys().filter(|status| status.starts_with('2')).count(), 1, "{id}");
        let problems = &responses.get("401").unwrap_or(&Value::Null)["content"]["application/problem+json"]["examples"];
        assert_eq!(operation["security"].is_array(), problems["sign-in-required"].is_object(), "{id}");
        let reads = matches!(method.as_str(), "GET" | "DELETE");
        assert!(!(reads && operation["requestBody"].is_object()), "{id}: {method} with a body");
    }
}

/// I8: no two schemas share a name.
#[test]
fn every_schema_has_its_own_name() {
    let mut known = BTreeMap::new();
    for (name, schema) in api::description().schemas {
        let schema = serde_json::to_value(schema).unwrap();
        let same = known.entry(name.clone()).or_insert_with(|| schema.clone());
        assert_eq!(*same, schema, "{name} is another schema elsewhere");
    }
}

/// I8: no reference leads nowhere.
#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    for reference in everything(&document).into_iter().filter_map(|value| value["$ref"].as_str()) {
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        assert!(target.is_some(), "{reference}");
    }
}

/// I8: every body has an example that is of its own schema.
#[test]
fn every_body_has_an_example() {
    let document = document();
    for (_, path, operation) in operations(&document) {
        let Some(content) = operation["requestBody"]["content"].get("application/json") else { continue };
        let name = content["schema"]["$ref"].as_str().and_then(|name| name.rsplit('/').next()).unwrap();
        let schema = &document["components"]["schemas"][name];
        let example = schema["example"].as_object().unwrap_or_else(|| panic!("{name} of {path} has no example"));
        for member in example.keys() {
            assert!(schema["properties"][member].is_object(), "{name} has no {member}");
        }
        for member in schema["required"].as_array().into_iter().flatten() {
            assert!(example.contains_key(member.as_str().unwrap()), "the example of {name} lacks {member}");
        }
    }
}
