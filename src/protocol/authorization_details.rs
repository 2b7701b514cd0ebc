//! `authorization_details`: what is asked for, said in detail (RFC 9396 §2).
//!
//! The parameter is a JSON array of objects, each with a `type` that decides which other members it may have. Here only its
//! form is checked and bounded, since it is stored, shown to a person and put into tokens; which types there are, and which
//! of them a client may use, is for `grant/checks/details.rs`.

use serde_json::{Map, Number, Value};

use super::error::{OAuthError, OAuthErrorCode};
use super::params::Params;
use super::strict_json;

/// Longest parameter in bytes.
pub const MAX_BYTES: usize = 4096;
/// Most objects in the array.
pub const MAX_ENTRIES: usize = 16;
/// Deepest nesting of a member's value; plain text has depth 1.
pub const MAX_DEPTH: usize = 6;

/// The members of RFC 9396 §2.2 that are arrays of text, for whatever type.
const LISTS: [&str; 4] = ["locations", "actions", "datatypes", "privileges"];

/// Reads the parameter; empty when it is not there.
///
/// # Errors
/// `invalid_authorization_details` (RFC 9396 §5)
pub fn parse(params: &Params) -> Result<Vec<Value>, OAuthError> {
    match params.get("authorization_details") {
        None => Ok(Vec::new()),
        Some(text) => read(text).map_err(|why| OAuthError::new(OAuthErrorCode::InvalidAuthorizationDetails, why)),
    }
}

/// The `type` of one that was read by [`parse`].
pub fn type_of(detail: &Value) -> &str {
    detail.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn read(text: &str) -> Result<Vec<Value>, &'static str> {
    if text.len() > MAX_BYTES {
        return Err("authorization_details is longer than 4 KiB");
    }
    // Read as the one member of an object, for the sake of members that are there twice.
    let wrapped = strict_json::object(format!("{{\"all\":{text}}}").as_bytes());
    let mut wrapped = wrapped.filter(|members| members.len() == 1).ok_or("authorization_details is not JSON")?;
    let Some(Value::Array(mut details)) = wrapped.remove("all") else {
        return Err("authorization_details is not an array");
    };
    details.iter_mut().for_each(settle_numbers);
    if details.is_empty() || details.len() > MAX_ENTRIES {
        return Err("authorization_details must hold 1 to 16 objects");
    }
    for detail in &details {
        check(detail.as_object().ok_or("authorization_details holds something else than objects")?)?;
    }
    Ok(details)
}

fn check(members: &Map<String, Value>) -> Result<(), &'static str> {
    match members.get("type") {
        Some(Value::String(kind)) if is_plain(kind) => {}
        _ => return Err("each of authorization_details must have a type"),
    }
    let is_text = |value: &Value| value.as_str().is_some_and(is_plain);
    for name in LISTS {
        let fits = members.get(name).is_none_or(|value| value.as_array().is_some_and(|all| all.iter().all(is_text)));
        if !fits {
            return Err("locations, actions, datatypes and privileges of authorization_details are arrays of text");
        }
    }
    if members.get("identifier").is_some_and(|value| !is_text(value)) {
        return Err("identifier of authorization_details is text");
    }
    if members.values().any(|value| depth(value) > MAX_DEPTH) {
        return Err("authorization_details is nested too deeply");
    }
    Ok(())
}

/// Text on one line.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && !text.chars().any(char::is_control)
}

/// A whole number in the one notation of whole numbers (as RFC 8785 §3.2.2.3 writes it): PostgreSQL keeps `1e16` with all
/// its digits, and what was granted has to be found equal to what is asked for.
fn settle_numbers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let digits = number.as_f64().map(|float| format!("{float:.0}"));
            let whole: Option<Number> = digits.and_then(|digits| digits.parse().ok());
            if let Some(whole) = whole.filter(|whole| !whole.is_f64() && whole.as_f64() == number.as_f64()) {
                *number = whole;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(settle_numbers),
        Value::Object(members) => members.values_mut().for_each(settle_numbers),
        _ => {}
    }
}

fn depth(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of RFC 9396 §2.
    #[test]
    fn the_example_of_the_specification() {
        let text = r#"[{"type":"payment_initiation","actions":["initiate","status","cancel"],
            "locations":["https://example.com/payments"],"instructedAmount":{"currency":"EUR","amount":"123.50"},
            "creditorName":"Merchant A","creditorAccount":{"iban":"DE02100100109307118603"}}]"#;
        let details = read(text).unwrap();
        assert_eq!((details.len(), type_of(&details[0])), (1, "payment_initiation"));
    }

    /// D8, RFC 9396 §5: another form, twice the same member, or too much of it.
    #[test]
    fn malformed_and_oversized_details_are_refused() {
        let many = format!("[{}]", vec![r#"{"type":"a"}"#; 17].join(","));
        let deep = format!(r#"[{{"type":"a","x":{}1{}}}]"#, "[".repeat(6), "]".repeat(6));
        let long = format!(r#"[{{"type":"a","x":"{}"}}]"#, "x".repeat(4096));
        for text in [
            "",
            "{}",
            "[]",
            "null",
            "[1]",
            "[{}]",
            r#"[{"type":""}]"#,
            r#"[{"type":1}]"#,
            r#"[{"type":"a\nb"}]"#,
            r#"[{"type":"a","type":"b"}]"#,
            r#"[{"type":"a"}],"b":[]"#,
            r#"[{"type":"a"}],"all":[]"#,
            r#"[{"type":"a","actions":"x"}]"#,
            r#"[{"type":"a","locations":[1]}]"#,
            r#"[{"type":"a","identifier":{}}]"#,
            &many,
            &deep,
            &long,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
