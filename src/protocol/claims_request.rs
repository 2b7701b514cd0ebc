//! The `claims` parameter: single claims asked for by name (OIDC Core §5.5).
//!
//! Members of the top level other than `userinfo` and `id_token` are ignored (§5.5), and so are
//! members of a claim's object other than `essential`, `value` and `values` (§5.5.1). Sizes are
//! bounded: the parameter is stored with the request and read again at every token.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Why a `claims` parameter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimsRequestError {
    /// Not a JSON object, or a member that is not of the form of OIDC Core §5.5.
    #[error("the claims parameter is not a JSON object as OIDC Core 5.5 describes")]
    Malformed,
    /// Longer than 4 KiB, or with too many claims or values, or values nested too deeply.
    #[error("the claims parameter is too large")]
    TooLarge,
}

/// What a request asks for by name, for the two places where claims are released.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// Claims asked for at the userinfo endpoint.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, ClaimRequest>,
    /// Claims asked for in the ID token.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, ClaimRequest>,
}

/// How one claim is asked for. All empty: a voluntary claim (`null` on the wire).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimRequest {
    /// The client cannot work well without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The one value wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The values wanted, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

impl ClaimRequest {
    /// Whether `found` is a value the client accepts: any, when it named none.
    pub fn accepts(&self, found: &Value) -> bool {
        match (&self.value, self.values.as_slice()) {
            (None, []) => true,
            (value, values) => value.iter().chain(values).any(|wanted| wanted == found),
        }
    }
}

impl ClaimsRequest {
    /// Longest parameter in bytes.
    pub const MAX_BYTES: usize = 4096;
    /// Most claims in each place.
    pub const MAX_CLAIMS: usize = 64;
    /// Most entries of `values`.
    pub const MAX_VALUES: usize = 32;
    /// Deepest nesting of a value; a plain string has depth 1.
    pub const MAX_VALUE_DEPTH: usize = 4;

    /// Reads the JSON of the parameter.
    ///
    /// # Errors
    /// Too large, or not as OIDC Core §5.5 describes.
    pub fn parse(json: &str) -> Result<Self, ClaimsRequestError> {
        if json.len() > Self::MAX_BYTES {
            return Err(ClaimsRequestError::TooLarge);
        }
        // serde_json itself refuses nesting beyond 128 levels.
        let mut top: Map<String, Value> = serde_json::from_str(json).map_err(|_| ClaimsRequestError::Malformed)?;
        Ok(Self { userinfo: read_place(top.remove("userinfo"))?, id_token: read_place(top.remove("id_token"))? })
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// The names asked for in either place.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.userinfo.keys().chain(self.id_token.keys()).map(String::as_str)
    }

    /// The subject that the client insists on: `sub` with a value in the ID token (OIDC Core §5.5.1,
    /// §3.1.2.2: the answer must be about that person or be an error).
    pub fn required_subject(&self) -> Option<&str> {
        self.id_token.get("sub")?.value.as_ref()?.as_str()
    }

    /// How `acr` is asked for in the ID token (OIDC Core §5.5.1.1).
    pub fn acr(&self) -> Option<&ClaimRequest> {
        self.id_token.get("acr")
    }
}

fn read_place(value: Option<Value>) -> Result<BTreeMap<String, ClaimRequest>, ClaimsRequestError> {
    let members = match value {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(ClaimsRequestError::Malformed),
    };
    if members.len() > ClaimsRequest::MAX_CLAIMS {
        return Err(ClaimsRequestError::TooLarge);
    }
    members.into_iter().map(|(name, value)| Ok((name, read_claim(value)?))).collect()
}

fn read_claim(value: Value) -> Result<ClaimRequest, ClaimsRequestError> {
    let mut members = match value {
        Value::Null => return Ok(ClaimRequest::default()),
        Value::Object(members) => members,
        _ => return Err(ClaimsRequestError::Malformed),
    };
    let essential = match members.remove("essential") {
        None => false,
        Some(Value::Bool(essential)) => essential,
        Some(_) => return Err(ClaimsRequestError::Malformed),
    };
    let value = members.remove("value").filter(|value| !value.is_null());
    let values = match members.remove("values") {
        None => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(_) => return Err(ClaimsRequestError::Malformed),
    };
    let deep = |value: &Value| depth(value) > ClaimsRequest::MAX_VALUE_DEPTH;
    if values.len() > ClaimsRequest::MAX_VALUES || value.iter().chain(&values).any(deep) {
        return Err(ClaimsRequestError::TooLarge);
    }
    Ok(ClaimRequest { essential, value, values })
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
    use serde_json::json;

    use super::*;

    /// The example of OIDC Core §5.5.
    const EXAMPLE: &str = r#"{"userinfo": {
            "given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
            "email_verified": {"essential": true}, "picture": null, "http://example.info/claims/groups": null},
        "id_token": {
            "auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}}"#;

    #[test]
    fn the_example_of_the_specification() {
        let request = ClaimsRequest::parse(EXAMPLE).unwrap();
        assert_eq!(request.userinfo.len(), 6);
        assert!(request.userinfo["email"].essential);
        assert_eq!(request.userinfo["nickname"], ClaimRequest::default());
        assert!(request.acr().unwrap().accepts(&json!("urn:mace:incommon:iap:silver")));
        assert!(!request.acr().unwrap().accepts(&json!("0")));
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<ClaimsRequest>(&json).unwrap(), request);
    }

    #[test]
    fn a_required_subject() {
        let request = ClaimsRequest::parse(r#"{"id_token":{"sub":{"value":"248289761001"}}}"#).unwrap();
        assert_eq!(request.required_subject(), Some("248289761001"));
        assert_eq!(ClaimsRequest::parse(r#"{"id_token":{"sub":{"value":1}}}"#).unwrap().required_subject(), None);
    }

    #[test]
    fn unknown_members_are_ignored() {
        let request = ClaimsRequest::parse(r#"{"other":[1],"userinfo":{"name":{"purpose":"x"}}}"#).unwrap();
        assert_eq!(request.names().collect::<Vec<_>>(), ["name"]);
        assert!(ClaimsRequest::parse("{}").unwrap().is_empty());
        assert!(ClaimsRequest::parse(r#"{"userinfo":null}"#).unwrap().is_empty());
    }

    #[test]
    fn malformed_and_oversized_requests_are_refused() {
        for text in [
            "",
            "null",
            "[]",
            "{",
            "\"x\"",
            r#"{"userinfo":[]}"#,
            r#"{"id_token":{"a":true}}"#,
            r#"{"id_token":{"a":{"essential":"yes"}}}"#,
            r#"{"id_token":{"a":{"values":"x"}}}"#,
        ] {
            assert_eq!(ClaimsRequest::parse(text), Err(ClaimsRequestError::Malformed), "{text}");
        }
        let many: Map<String, Value> = (0..65).map(|i| (i.to_string(), Value::Null)).collect();
        let many = json!({ "userinfo": many }).to_string();
        let values = json!({"id_token": {"a": {"values": vec![1; 33]}}}).to_string();
        let deep = r#"{"id_token":{"a":{"value":[[[[1]]]]}}}"#.to_owned();
        let long = format!("{{\"x\":\"{}\"}}", "x".repeat(4096));
        for text in [many, values, deep, long] {
            assert_eq!(ClaimsRequest::parse(&text), Err(ClaimsRequestError::TooLarge), "{text}");
        }
        assert!(ClaimsRequest::parse(&"[".repeat(4096)).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = ClaimsRequest::parse(&text);
        }

        #[test]
        fn arbitrary_objects_never_panic(text in r#"\{"(userinfo|id_token)":\{"[a-z]{0,3}":(null|1|\{"(essential|value|values)":(true|1|\[\]|\[1\]|null)\})\}\}"#) {
            if let Ok(request) = ClaimsRequest::parse(&text) {
                let json = serde_json::to_string(&request).unwrap();
                let back = serde_json::from_str::<ClaimsRequest>(&json);
                prop_assert!(back.is_ok(), "{}", json);
            }
        }
    }
}
