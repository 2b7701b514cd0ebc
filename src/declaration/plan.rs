//! The difference between what is declared and what is there, for people and for programs. Never a secret.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{OwnerLabel, object::Object};

/// Everything that applying a declaration would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// What changes: scopes, APIs, clients; then what goes.
    pub changes: Vec<Change>,
    /// What the declaration made and no longer lists, and keeps because removing was not asked for.
    pub kept: Vec<Object>,
}

/// What happens to one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which one.
    #[serde(flatten)]
    pub object: Object,
    /// What happens.
    pub action: Action,
    /// Somebody changed it by hand since it was last applied.
    pub changed_by_hand: bool,
    /// Where it differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// What happens to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is removed with everything it holds.
    Remove,
}

/// What changes about one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// How it differs.
    #[serde(flatten)]
    pub difference: FieldDifference,
}

/// How a field differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", untagged)]
pub enum FieldDifference {
    /// A list gains and loses members.
    List {
        /// What it gains.
        added: Vec<Value>,
        /// What it loses.
        removed: Vec<Value>,
    },
    /// A value takes the place of another.
    Value {
        /// What is there.
        before: Value,
        /// What is declared.
        after: Value,
    },
    /// Told in words, because its values are secret.
    Note {
        /// What happens.
        note: &'static str,
    },
}

impl FieldChange {
    /// What changes from `before` to `after`, which differ. `scopes` are a list, though written as one text.
    fn between(name: &str, before: &Value, after: &Value) -> Self {
        let difference = match (members(name, before), members(name, after)) {
            (Some(before), Some(after)) => {
                let added: Vec<Value> = after.iter().filter(|one| !before.contains(one)).cloned().collect();
                let removed: Vec<Value> = before.iter().filter(|one| !after.contains(one)).cloned().collect();
                if added.is_empty() && removed.is_empty() {
                    // Only the order differs.
                    FieldDifference::Value { before: before.into(), after: after.into() }
                } else {
                    FieldDifference::List { added, removed }
                }
            }
            _ => FieldDifference::Value { before: before.clone(), after: after.clone() },
        };
        Self { name: name.to_owned(), difference }
    }

    fn note(name: &str, note: &'static str) -> Self {
        Self { name: name.to_owned(), difference: FieldDifference::Note { note } }
    }
}

/// Collects where an object differs from what is declared.
#[derive(Default)]
pub(super) struct Differences(Vec<FieldChange>);

impl Differences {
    /// One field, if it differs.
    pub(super) fn field(&mut self, name: &str, before: &Value, after: &Value) {
        if before != after {
            self.0.push(FieldChange::between(name, before, after));
        }
    }

    /// Whose it is.
    pub(super) fn owner(&mut self, before: Option<&str>, after: &OwnerLabel) {
        self.field("owner", &before.into(), &after.as_str().into());
    }

    /// Every declared setting.
    pub(super) fn members(&mut self, before: &Map<String, Value>, after: &Map<String, Value>) {
        for (name, declared) in after {
            self.field(name, before.get(name).unwrap_or(&Value::Null), declared);
        }
    }

    /// Something that is told in words.
    pub(super) fn note(&mut self, name: &str, note: &'static str) {
        self.0.push(FieldChange::note(name, note));
    }

    /// All that differs.
    pub(super) fn fields(self) -> Vec<FieldChange> {
        self.0
    }
}

fn members(name: &str, value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(members) => Some(members.clone()),
        Value::String(text) if name == "scopes" => Some(text.split_whitespace().map(Value::from).collect()),
        _ => None,
    }
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl fmt::Display for Plan {
    /// One line for each changed field, made or removed object, and kept one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        for object in &self.kept {
            writeln!(f, "  {object} (owned, no longer declared; kept, --prune removes it)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { object, action, changed_by_hand, fields } = self;
        let mut lines = Vec::new();
        if *changed_by_hand {
            lines.push(format!("! {object} was changed by hand since it was last applied"));
        }
        match action {
            Action::Create => lines.push(format!("+ {object}")),
            Action::Remove => lines.push(format!("- {object} (owned, no longer declared)")),
            Action::Update => {}
        }
        lines.extend(fields.iter().map(|field| format!("~ {object}: {field}")));
        f.write_str(&lines.join("\n"))
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.difference {
            FieldDifference::List { added, removed } => {
                for one in added {
                    write!(f, " + {}", Plain(one))?;
                }
                for one in removed {
                    write!(f, " - {}", Plain(one))?;
                }
                Ok(())
            }
            FieldDifference::Value { before, after } => write!(f, " {before} → {after}"),
            FieldDifference::Note { note } => write!(f, ": {note}"),
        }
    }
}

/// A member of a list: text without quotes, unless it could be mistaken for something else.
struct Plain<'a>(&'a Value);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) => f.write_str(text),
            other => other.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(name: &str, before: &Value, after: &Value) -> String {
        FieldChange::between(name, before, after).to_string()
    }

    /// D11: a list says what comes and goes, a value what takes its place; control characters are escaped.
    #[test]
    fn differences_are_told() {
        assert_eq!(
            said("redirect_uris", &json!(["https://a", "https://b"]), &json!(["https://a", "https://c"])),
            "redirect_uris + https://c - https://b"
        );
        assert_eq!(said("scopes", &json!("openid"), &json!("email openid")), "scopes + email");
        assert_eq!(said("contacts", &json!(["a", "b"]), &json!(["b", "a"])), r#"contacts ["a","b"] → ["b","a"]"#);
        assert_eq!(said("contacts", &json!([]), &json!(["a\u{1b}[2J"])), r#"contacts + "a\u001b[2J""#);
        assert_eq!(said("access_token_ttl_secs", &json!(null), &json!(600)), "access_token_ttl_secs null → 600");
        assert_eq!(said("name", &json!("A"), &json!("B")), r#"name "A" → "B""#);
    }
}
