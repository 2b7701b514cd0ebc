//! Settings as somebody wrote them: every member that cannot be taken is named at once.

use serde_json::{Map, Value};

use super::ClientSettings;

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
}

impl ClientSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed, at any depth.
    pub fn read(members: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        let mut all = Self::default().members();
        let mut unread = Vec::new();
        for (name, value) in members {
            let Some(default) = all.insert(name.clone(), value.clone()) else {
                all.remove(name);
                unread.push(UnreadSetting { path: name.clone(), fault: SettingFault::Unknown });
                continue;
            };
            let one = Map::from_iter([(name.clone(), value.clone())]);
            match serde_json::from_value::<Self>(Value::Object(one)) {
                // What a reader passes over is missing when it is written again.
                Ok(read) => find_unknown(name, value, read.members().get(name), &mut unread),
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
        serde_json::from_value(Value::Object(all)).map_err(|cause| {
            vec![UnreadSetting { path: String::new(), fault: SettingFault::Malformed(cause.to_string()) }]
        })
    }

    /// Every setting by its name.
    pub fn members(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            // A struct of text, numbers and lists always becomes an object.
            Ok(_) | Err(_) => Map::new(),
        }
    }

    /// The names of the settings in which these two differ.
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let theirs = other.members();
        let differs = |(name, value): (String, Value)| (theirs.get(&name) != Some(&value)).then_some(name);
        self.members().into_iter().filter_map(differs).collect()
    }
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

    fn read(value: Value) -> Result<ClientSettings, Vec<(String, bool)>> {
        let Value::Object(members) = value else { panic!("not an object") };
        let is_unknown = |unread: UnreadSetting| (unread.path, unread.fault == SettingFault::Unknown);
        ClientSettings::read(&members).map_err(|unread| unread.into_iter().map(is_unknown).collect())
    }

    /// D11: what is left out has its default, and what is written comes back.
    #[test]
    fn settings_are_read_by_name() {
        let settings = read(json!({ "first_party": true, "certificate": { "san_dns": "a.example" } })).unwrap();
        assert!(settings.first_party);
        assert_eq!(settings.certificate.san_dns.as_deref(), Some("a.example"));
        assert_eq!(ClientSettings::read(&settings.members()).unwrap(), settings);
        assert_eq!(read(json!({})).unwrap(), ClientSettings::default());
        assert_eq!(settings.differing(&ClientSettings::default()), ["certificate", "first_party"]);
    }

    /// D11: everything that cannot be taken is named, at any depth; a slip of the pen never passes for a default.
    #[test]
    fn everything_wrong_is_named() {
        let found = read(json!({
            "first_partyy": true,
            "redirect_uris": ["https://a.example/*"],
            "certificate": { "san_dns": "a.example", "sandns": "b" },
            "assertion_issuers": [{ "issuer": "a", "key": "b" }],
            "jwks": { "keys": [{ "anything": 1 }] },
            "access_token_ttl_secs": -1,
            "scopes": null,
        }));
        let mut found = found.unwrap_err();
        found.sort();
        let expected = [
            ("access_token_ttl_secs", false),
            ("assertion_issuers[0].key", true),
            ("certificate.sandns", true),
            ("first_partyy", true),
            ("redirect_uris", false),
            ("scopes", false),
        ];
        assert_eq!(found, expected.map(|(path, unknown)| (path.to_owned(), unknown)));
    }
}
