//! Which texts are taken, and what is said of those that are not.

use super::*;

fn first(text: &str) -> (Option<String>, Option<usize>, Option<usize>, String) {
    let problem = problems(text).into_iter().next().expect("something wrong");
    (problem.policy, problem.line, problem.column, problem.message)
}

/// E8: a text that cannot be read is refused with the place where it stops making sense.
#[test]
fn malformed_texts_are_refused_with_line_and_column() {
    let (policy, line, column, message) = first("@id(\"a\")\npermit (principal, action, resource)\nwhen { ü };\nx");
    assert_eq!((policy, line), (None, Some(3)), "{message}");
    assert!(column.is_some());
    for text in ["permit", "}", "permit (principal, action, resource) when { 1 + };", "\u{202e}", "@id(\"a\")"] {
        assert!(!problems(text).is_empty(), "{text}");
    }
    let (_, line, column, _) = first("// a\nx\0");
    assert_eq!((line, column), (Some(2), Some(2)));
}

/// E8: a text is checked against the schema; problems name the policy and the place.
#[test]
fn what_the_schema_does_not_know_is_refused() {
    let wrong = |condition: &str| {
        let text = format!(
            "@id(\"ä\") permit (principal, action, resource);\n@id(\"b\")\npermit (principal, action, resource)\n  when {{ {condition} }};"
        );
        let found = first(&text);
        assert_eq!((found.0.as_deref(), found.1), (Some("b"), Some(4)), "{condition}: {found:?}");
        assert!(found.2.is_some_and(|column| column >= 8), "{condition}: {found:?}");
        assert!(!found.3.contains("policy1"), "{condition}: {}", found.3);
    };
    wrong("principal.shoeSize > 40");
    wrong("context.mfa == \"yes\"");
    wrong("context.ip.isIpv4()");
    wrong(r#"principal.text.getTag("department") == "x""#);
    wrong(r#"principal.number.hasTag("n") && principal.number.getTag("n") == "x""#);
    wrong(r#"action == Ostiary::Action::"servers:explode""#);
    wrong(r#"principal in Elsewhere::Group::"x""#);
    wrong(r#"ip(context.text.getTag("ip")).isIpv4()"#);
}

/// E8: each policy has a name of its own, and is found by its line.
#[test]
fn policies_have_names() {
    let text = "// who\n@id(\"first\") @description(\"Ä description\")\npermit (principal, action, resource);\n\n\
                @id(\"second\")\nforbid (principal, action, resource) unless { context.mfa };\n\
                @id(\"third\") permit (principal, action, resource);";
    let compiled = sound(text);
    let names: Vec<_> =
        compiled.policies().into_iter().map(|name| (name.id.as_str(), name.line, name.forbids)).collect();
    assert_eq!(names, [("first", 2, false), ("second", 5, true), ("third", 7, false)]);
    assert_eq!(compiled.policies()[0].description.as_deref(), Some("Ä description"));

    let policy = "permit (principal, action, resource);";
    assert_eq!(first(&format!("\n{policy}")).1, Some(2));
    assert!(first(&format!("@id(\"\") {policy}")).3.contains("@id"));
    assert!(first(&format!("@id(\"a\\nb\") {policy}")).3.contains("@id"));
    assert!(first(&format!("@id(\"{}\") {policy}", "x".repeat(101))).3.contains("@id"));
    assert!(first(&format!("@id(\"a\") @description(\"{}\") {policy}", "x".repeat(501))).3.contains("@description"));
    let (_, line, _, message) = first(&format!("@id(\"a\") {policy}\n@id(\"a\") {policy}"));
    assert_eq!((line, message.contains("line 1")), (Some(2), true), "{message}");
}

/// E8: a policy that can never apply is taken, with a warning.
#[test]
fn policies_that_never_apply_are_warned_of() {
    let text = "@id(\"never\")\npermit (principal, action, resource)\nwhen { context.hour > 1 && false };";
    let checked = check(text, PERMISSIONS).unwrap().unwrap();
    assert_eq!(checked.warnings.len(), 1, "{:?}", checked.warnings);
    assert_eq!(checked.warnings[0].policy.as_deref(), Some("never"));
}

/// E8: texts are bounded, and none of them stops the process.
#[test]
fn texts_are_bounded() {
    assert!(problems("").is_empty() && problems("// nothing").is_empty());
    assert!(first(&" ".repeat(LONGEST_TEXT + 1)).3.contains("32 KiB"));
    assert!(problems(&" ".repeat(LONGEST_TEXT)).is_empty());
    let policies = |n: usize| (0..n).map(|n| format!("@id(\"{n}\") permit (principal, action, resource);\n"));
    assert!(problems(&policies(MOST_POLICIES).collect::<String>()).is_empty());
    assert!(first(&policies(MOST_POLICIES + 1).collect::<String>()).3.contains("200"));
    assert!(!problems("@id(\"t\") permit (principal == ?principal, action, resource);").is_empty());
    let deep = |open: &str, inner: &str, close: &str| {
        let n = (LONGEST_TEXT - 200) / (open.len() + close.len());
        let text = format!(
            "@id(\"deep\") permit (principal, action, resource) when {{ {}{inner}{} }};",
            open.repeat(n),
            close.repeat(n)
        );
        // As on a thread of the server.
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let checked = thread.spawn(move || {
            if let Ok(Ok(checked)) = check(&text, PERMISSIONS) {
                let policies = Policies { instance: Some(Arc::new(checked.compiled)), organization: None };
                let _ = policies.decide(&question(Verdict::Silent)).unwrap();
            }
        });
        checked.unwrap().join().unwrap();
    };
    deep("(", "true", ")");
    deep("!", "true", "");
    deep("[", "1", "]");
    deep("-", "1", "");
    deep("if true then ", "true", " else false");
    deep("true && ", "true", "");
    deep("", "context", ".mfa");
    deep("", "context", "[\"a\"]");
    deep("", "context has a", ".b");
    deep("{a: ", "1", "}");
    deep("ip(", "\"1\"", ")");
}

/// What the bounds leave is read: brackets and `if` up to their bounds, and in strings and comments as many as one likes.
#[test]
fn bounds_are_where_they_are_said_to_be() {
    let nested = |depth: usize, ifs: usize| {
        let (open, close) = ("(".repeat(depth), ")".repeat(depth));
        let text = "if context.mfa then ".repeat(ifs) + "true" + &" else false".repeat(ifs);
        format!("@id(\"a\") permit (principal, action, resource) when {{ {open}{text}{close} }};")
    };
    assert_eq!(problems(&nested(23, 50)), []);
    assert!(first(&nested(24, 0)).3.contains("deep"));
    assert!(first(&nested(0, 51)).3.contains("deep"));
    let quoted = format!(
        "// {0}\n@id(\"a\") permit (principal, action, resource) when {{ resource.type != \"\\\"{0}\" }};",
        "(".repeat(100)
    );
    assert_eq!(problems(&quoted), []);
}
