//! What a policy can ask about.

use serde_json::json;

use super::*;

/// Whether a policy with this condition applies to the question.
fn applies(condition: &str, question: &Question) -> bool {
    let text = format!("@id(\"it\") forbid (principal, action, resource) when {{ {condition} }};");
    let said = of_instance(&text).decide(question).unwrap().instance;
    assert!(said.failed.is_empty(), "{condition}: {said:?}");
    said.forbids()
}

/// E8: subject, resource, action and circumstances; what Ostiary knows, and what the asker says.
#[test]
fn policies_see_subject_resource_action_and_circumstances() {
    let mut question = question(Verdict::Allowed);
    question.subject.properties =
        properties(&json!({ "department": "Lager", "level": 3, "address": { "city": "Åre" } }));
    question.resource.properties = properties(&json!({ "tags": ["prod", "eu"], "locked": true, "owner": null }));
    question.circumstances.properties = properties(&json!({ "reason": "disk" }));
    for condition in [
        r#"principal == Ostiary::User::"00000000-0000-0000-0000-000000000007""#,
        r#"principal.id == "00000000-0000-0000-0000-000000000007""#,
        r#"principal in Ostiary::Organization::"00000000-0000-0000-0000-000000000001""#,
        r#"principal in Ostiary::Role::"r-viewer""#,
        r#"principal.text.hasTag("department") && principal.text.getTag("department") == "Lager""#,
        r#"principal.number.hasTag("level") && principal.number.getTag("level") > 2"#,
        r#"principal.text.hasTag("address.city") && principal.text.getTag("address.city") like "Å*""#,
        r#"action == Ostiary::Action::"servers:restart""#,
        r#"action in Ostiary::Action::"servers:*""#,
        r#"resource == Ostiary::Resource::"server/node-3""#,
        r#"resource in Ostiary::Organization::"00000000-0000-0000-0000-000000000001""#,
        r#"resource.type == "server" && resource has id && resource.id == "node-3""#,
        r#"resource.list.hasTag("tags") && resource.list.getTag("tags").contains("prod")"#,
        r#"resource.flag.hasTag("locked") && resource.flag.getTag("locked")"#,
        r#"!resource.text.hasTag("owner") && !resource.text.hasTag("locked")"#,
        r"context.allowed && !context.denied && context.mfa",
        r#"context has role && context.role == "operator""#,
        r#"context.roles.containsAll(["operator", "viewer"])"#,
        r#"context.permissions.contains("servers:*")"#,
        r#"context.amr.contains("otp")"#,
        r#"context has ip && context.ip.isInRange(ip("192.0.2.0/24"))"#,
        r"!(context has acr)",
        r#"context.now > datetime("2026-11-30T17:04:59Z") && context.now < datetime("2026-11-30T17:05:01Z")"#,
        r"context.hour == 17 && context.weekday == 1",
        r#"context.text.hasTag("reason") && context.text.getTag("reason") == "disk""#,
    ] {
        assert!(applies(condition, &question), "{condition}");
    }
    for condition in [
        r#"action in Ostiary::Action::"invoices:*""#,
        r#"principal.text.hasTag("reason")"#,
        r#"principal in Ostiary::Role::"operator""#,
        r#"resource == Ostiary::Resource::"server""#,
    ] {
        assert!(!applies(condition, &question), "{condition}");
    }
    // All servers are meant, and nothing is known of where they are asked from.
    question.resource.id = None;
    question.circumstances.ip = None;
    question.circumstances.acr = Some("urn:x".to_owned());
    assert!(applies(r#"resource == Ostiary::Resource::"server" && !(resource has id)"#, &question));
    assert!(applies(r"!(context has ip) && context has acr", &question));
    question.circumstances.ip = Some("2001:db8::1".parse().unwrap());
    assert!(applies(r"context has ip && context.ip.isIpv6()", &question));
}

/// E8: a permission that the catalogue does not know is reached through its category.
#[test]
fn unknown_permissions_are_reached_by_their_group() {
    let mut question = question(Verdict::Allowed);
    question.action = "servers:unplug".to_owned();
    assert!(applies(r#"action in Ostiary::Action::"servers:*""#, &question));
}

/// What the asker says can never stand in for what Ostiary knows.
#[test]
fn properties_do_not_replace_facts() {
    let mut question = question(Verdict::Denied);
    question.circumstances.amr = Vec::new();
    question.circumstances.properties =
        properties(&json!({ "allowed": true, "mfa": true, "role": "owner", "roles": ["owner"] }));
    question.subject.properties = properties(&json!({ "id": "somebody else" }));
    assert!(!applies("context.allowed || context.mfa", &question));
    assert!(!applies(r#"context.roles.contains("owner") || principal.id == "somebody else""#, &question));
}

/// The question as it is put to policies is what the schema promises them.
#[test]
fn questions_are_as_the_schema_says() {
    let schema = super::super::schema::with_actions(PERMISSIONS).unwrap();
    let mut question = question(Verdict::Silent);
    question.subject.properties = properties(&json!({ "a": 1, "b": "c", "d": [], "e": false }));
    for id in [Some("node-3".to_owned()), None] {
        question.resource.id = id;
        let posed = super::super::evaluate::pose(&question).unwrap();
        let context = posed.request.context().unwrap();
        context.validate(&schema, posed.request.action().unwrap()).unwrap();
        cedar_policy::Entities::from_entities(posed.entities, Some(&schema)).unwrap();
    }
}

/// What policies could not read is refused, not left out.
#[test]
fn unreadable_properties_are_refused() {
    let read = |value: serde_json::Value| Properties::read(value.as_object().unwrap()).unwrap_err();
    let unreadable = |name: &str| PropertyProblem::Unreadable(name.to_owned());
    assert_eq!(read(json!({ "amount": 100.5 })), unreadable("amount"));
    assert_eq!(read(json!({ "amount": u64::MAX })), unreadable("amount"));
    assert_eq!(read(json!({ "tags": ["a", 1] })), unreadable("tags"));
    assert_eq!(read(json!({ "a": { "b": { "c": { "d": { "e": 1 } } } } })), unreadable("a.b.c.d"));
    assert_eq!(read(json!({ "a.b": 1, "a": { "b": 2 } })), unreadable("a.b"));
    assert_eq!(read(json!({ "a": "\0" })), PropertyProblem::Malformed("a".to_owned()));
    assert_eq!(read(json!({ "a": "x".repeat(1001) })), PropertyProblem::Malformed("a".to_owned()));
    let many: serde_json::Map<_, _> = (0..101).map(|n| (n.to_string(), json!(n))).collect();
    assert_eq!(read(many.into()), PropertyProblem::TooMany);
}

/// A question can be kept and asked again.
#[test]
fn questions_survive_storage() {
    let mut question = question(Verdict::Silent);
    question.resource.properties = properties(&json!({ "a": 1, "b": "true", "c": true, "d": ["x"], "e": "1" }));
    let stored = serde_json::to_string(&question).unwrap();
    assert_eq!(serde_json::from_str::<Question>(&stored).unwrap(), question);
}
