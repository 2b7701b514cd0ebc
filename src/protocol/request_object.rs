//! The contents of a request object (RFC 9101 §4): request parameters as JSON.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::params::{Params, ParamsError};

/// Claims about the token itself (RFC 7519 §4.1), which are no parameters.
const ABOUT_ITSELF: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Parameters that may repeat: an array holds one value each (RFC 9101 §4 leaves the form to their own specifications).
const REPEATED: [&str; 2] = ["resource", "audience"];

/// The parameters that the claims of a request object stand for. Numbers and objects are written as JSON, which is what the
/// parameters of that kind hold (`max_age`, `claims`, `authorization_details`).
///
/// # Errors
/// A name or a value that could not have been sent as a parameter.
pub fn to_params(claims: &Map<String, Value>) -> Result<Params, ParamsError> {
    let mut params = Params::default();
    for (name, value) in claims.iter().filter(|(name, _)| !ABOUT_ITSELF.contains(&name.as_str())) {
        match value {
            Value::Null => {}
            Value::String(text) => params.add(name, text)?,
            Value::Array(several) if REPEATED.contains(&name.as_str()) => {
                for one in several {
                    params.add(name, one.as_str().ok_or_else(|| ParamsError::Encoding(name.clone()))?)?;
                }
            }
            other => params.add(name, &other.to_string())?,
        }
    }
    Ok(params)
}

/// Whether this is an object that nobody signed: its header says `none` (RFC 7515 Appendix A.5).
pub fn is_unsigned(text: &str) -> bool {
    let header = text.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
    let header: Option<Map<String, Value>> = header.and_then(|header| serde_json::from_slice(&header).ok());
    header.is_some_and(|header| {
        header.get("alg").and_then(Value::as_str).is_some_and(|alg| alg.eq_ignore_ascii_case("none"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// D8, RFC 9101 §4: text as it is, JSON as JSON, nothing about the token itself.
    #[test]
    fn claims_become_parameters() {
        let claims = json!({
            "iss": "app", "aud": "https://id.example", "exp": 1, "nbf": 1, "iat": 1, "jti": "x", "sub": "app",
            "scope": "openid", "max_age": 10, "claims": {"id_token": {"acr": null}}, "nothing": null, "empty": "",
            "resource": ["https://a.example/", "https://b.example/"], "authorization_details": [{"type": "a"}],
        });
        let params = to_params(claims.as_object().unwrap()).unwrap();
        let mut found: Vec<_> = params.iter().collect();
        found.sort_unstable();
        let expected = [
            ("authorization_details", r#"[{"type":"a"}]"#),
            ("claims", r#"{"id_token":{"acr":null}}"#),
            ("max_age", "10"),
            ("resource", "https://a.example/"),
            ("resource", "https://b.example/"),
            ("scope", "openid"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_could_not_have_been_sent_is_refused() {
        let long = "x".repeat(Params::MAX_VALUE_BYTES + 1);
        for claims in [json!({"state": "a\u{0}b"}), json!({"state": long}), json!({"resource": [1]})] {
            assert!(to_params(claims.as_object().unwrap()).is_err());
        }
        let many: Map<String, Value> = (0..=Params::MAX_COUNT).map(|n| (n.to_string(), "x".into())).collect();
        assert_eq!(to_params(&many), Err(ParamsError::TooMany));
    }

    #[test]
    fn unsigned_objects_are_recognised() {
        let header = |text: &str| format!("{}.e30.", URL_SAFE_NO_PAD.encode(text));
        assert!(is_unsigned(&header(r#"{"alg":"none"}"#)) && is_unsigned(&header(r#"{"alg":"None"}"#)));
        for other in [header(r#"{"alg":"ES256"}"#), header("{}"), header("x"), String::new(), "a.b.c".to_owned()] {
            assert!(!is_unsigned(&other), "{other}");
        }
    }
}
