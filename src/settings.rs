//! Settings as somebody wrote them: every member that cannot be taken is named at once.
//!
//! What clients, APIs and scopes are registered with are structs in which everything has a default. They are read by the
//! names of their members from files and requests, and strictly: a slip of the pen must not pass for a rule.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// A member that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} {fault}")]
pub struct UnreadSetting {
    /// Where it stands, such as `certificate.subject_dn` or `assertion_issuers[1].issuer`.
    pub path: String,
    /// What is wrong with it.
    pub fault: SettingFault,
}

/// What is wrong with a member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingFault {
    /// There is no such setting: most likely a slip of the pen, which must not pass for a rule.
    #[error("is not a setting")]
    Unknown,
    /// Not of the form it needs; in the words of the reader.
    #[error("cannot be taken: {0}")]
    Malformed(String),
    /// A text with a NUL, which PostgreSQL could not keep.
    #[error("holds a NUL character")]
    Nul,
}

/// Reads settings by their names; what is left out has its default. `T` writes all its members, those that are none, too.
///
/// # Errors
/// Every member that is unknown or malformed, at any depth.
pub(crate) fn read<T>(written: &Map<String, Value>) -> Result<T, Vec<UnreadSetting>>
where
    T: Default + Serialize + DeserializeOwned,
{
    let mut all = members(&T::default());
    let mut unread = Vec::new();
    for (name, value) in written {
        if holds_nul(value) {
            unread.push(UnreadSetting { path: name.clone(), fault: SettingFault::Nul });
            continue;
        }
        let Some(default) = all.insert(name.clone(), value.clone()) else {
            all.remove(name);
            unread.push(UnreadSetting { path: name.clone(), fault: SettingFault::Unknown });
            continue;
        };
        let one = Map::from_iter([(name.clone(), value.clone())]);
        match serde_json::from_value::<T>(Value::Object(one)) {
            // What a reader passes over is missing when it is written again.
            Ok(read) => find_unknown(name, value, members(&read).get(name), &mut unread),
            Err(cause) => {
                all.insert(name.clone(), default);
                let fault = SettingFault::Malformed(cause.to_string());
                unread.push(UnreadSetting { path: name.clone(), fault });
            }
        }
    }
    if !unread.is_empty() {
        return Err(unread);
    }
    serde_json::from_value(Value::Object(all))
        .map_err(|cause| vec![UnreadSetting { path: String::new(), fault: SettingFault::Malformed(cause.to_string()) }])
}

/// Whether a text in `value`, or the name of a member of it, holds a NUL.
pub(crate) fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Every setting by its name, in the order of the names.
pub(crate) fn members(settings: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(mut members)) => {
            members.sort_keys();
            members
        }
        // A struct of text, numbers and lists always becomes an object.
        Ok(_) | Err(_) => Map::new(),
    }
}

/// The names of the settings in which these two differ.
pub(crate) fn differing<T: Serialize>(one: &T, other: &T) -> Vec<String> {
    let theirs = members(other);
    let differs = |(name, value): (String, Value)| (theirs.get(&name) != Some(&value)).then_some(name);
    members(one).into_iter().filter_map(differs).collect()
}

fn find_unknown(path: &str, written: &Value, read: Option<&Value>, unread: &mut Vec<UnreadSetting>) {
    match (written, read) {
        (Value::Null, _) => {}
        (_, None) => unread.push(UnreadSetting { path: path.to_owned(), fault: SettingFault::Unknown }),
        (Value::Object(written), Some(Value::Object(read))) => {
            for (name, value) in written {
                find_unknown(&format!("{path}.{name}"), value, read.get(name), unread);
            }
        }
        (Value::Array(written), Some(Value::Array(read))) => {
            for (place, (written, read)) in written.iter().zip(read).enumerate() {
                find_unknown(&format!("{path}[{place}]"), written, Some(read), unread);
            }
        }
        (_, Some(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        client::ClientSettings,
        resource::{ResourceSettings, ScopeSettings},
    };

    fn read<T>(value: Value) -> Result<T, Vec<(String, bool)>>
    where
        T: Default + Serialize + DeserializeOwned,
    {
        let Value::Object(written) = value else { panic!("not an object") };
        let is_unknown = |unread: UnreadSetting| (unread.path, unread.fault == SettingFault::Unknown);
        super::read(&written).map_err(|unread| {
            let mut unread: Vec<_> = unread.into_iter().map(is_unknown).collect();
            unread.sort();
            unread
        })
    }

    fn named<const N: usize>(expected: [(&str, bool); N]) -> Vec<(String, bool)> {
        expected.map(|(path, unknown)| (path.to_owned(), unknown)).into()
    }

    /// D11: what is left out has its default, and what is written comes back.
    #[test]
    fn settings_are_read_by_name() {
        let written = json!({ "first_party": true, "certificate": { "san_dns": "a.example" } });
        let settings: ClientSettings = read(written).unwrap();
        assert!(settings.first_party);
        assert_eq!(settings.certificate.san_dns.as_deref(), Some("a.example"));
        assert_eq!(ClientSettings::read(&settings.members()).unwrap(), settings);
        assert_eq!(read(json!({})), Ok(ClientSettings::default()));
        assert_eq!(settings.differing(&ClientSettings::default()), ["certificate", "first_party"]);

        let written = json!({ "scopes": "b a", "access_token_ttl_secs": 60, "access_token_alg": "PS256" });
        let settings: ResourceSettings = read(written).unwrap();
        assert_eq!((settings.scopes.to_string(), settings.access_token_ttl_secs), ("a b".to_owned(), Some(60)));
        assert_eq!(super::read(&members(&settings)), Ok(settings));
        assert_eq!(read(json!({})), Ok(ResourceSettings::default()));
        let scope = ScopeSettings { description: "Read".to_owned(), optional: true };
        assert_eq!(read(json!({ "description": "Read", "optional": true })), Ok(scope));
    }

    /// D11: everything that cannot be taken is named, at any depth; a slip of the pen never passes for a default.
    #[test]
    fn everything_wrong_is_named() {
        let found = read::<ClientSettings>(json!({
            "first_partyy": true,
            "redirect_uris": ["https://a.example/*"],
            "certificate": { "san_dns": "a.example", "sandns": "b" },
            "assertion_issuers": [{ "issuer": "a", "key": "b" }],
            "jwks": { "keys": [{ "anything": 1 }] },
            "access_token_ttl_secs": -1,
            "scopes": null,
        }));
        let expected = [
            ("access_token_ttl_secs", false),
            ("assertion_issuers[0].key", true),
            ("certificate.sandns", true),
            ("first_partyy", true),
            ("redirect_uris", false),
            ("scopes", false),
        ];
        assert_eq!(found, Err(named(expected)));
        let found = read::<ClientSettings>(json!({
            "audiences": ["a", "b\0"], "jwks": { "keys": [{ "k\0": 1 }] }, "software_id": "a\0",
        }));
        assert_eq!(found, Err(named([("audiences", false), ("jwks", false), ("software_id", false)])));
        let found = read::<ResourceSettings>(json!({
            "scope": "a", "scopes": "a \"", "access_token_alg": "none", "access_token_format": "paper", "open": 1,
        }));
        let expected = [
            ("access_token_alg", false),
            ("access_token_format", false),
            ("open", false),
            ("scope", true),
            ("scopes", false),
        ];
        assert_eq!(found, Err(named(expected)));
        let found = read::<ScopeSettings>(json!({ "descripton": "Read", "optional": "yes" }));
        assert_eq!(found, Err(named([("descripton", true), ("optional", false)])));
    }
}
