//! What an asker says of a subject, a resource or the circumstances, in the four kinds that policies can read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Most properties of one thing.
pub const MOST_PROPERTIES: usize = 100;
/// Longest name of a property and longest text in it, characters.
pub const LONGEST_PROPERTY: usize = 1000;
/// How deep objects may lie in each other.
const DEEPEST: usize = 4;

/// One property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Property {
    /// Read as `….flag.getTag("name")`.
    Flag(bool),
    /// Read as `….number.getTag("name")`.
    Number(i64),
    /// Read as `….text.getTag("name")`.
    Text(String),
    /// Read as `….list.getTag("name")`.
    List(Vec<String>),
}

/// Properties by name. Objects in objects are told apart by a dot: `address.city`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Properties(BTreeMap<String, Property>);

/// A property that policies could not read. It is refused rather than left out: a `forbid` that looks for it must not be
/// passed by because of how it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PropertyProblem {
    /// There are too many.
    #[error("there are more than {MOST_PROPERTIES} properties")]
    TooMany,
    /// Not text, a whole number, true, false, a list of texts or an object of these.
    #[error("“{0}” must be text, a whole number, true, false or a list of texts")]
    Unreadable(String),
    /// Name or text too long, or with a NUL character.
    #[error("“{0}” is too long, or has characters that cannot be taken")]
    Malformed(String),
}

impl Properties {
    /// Reads a JSON object; nulls are left out.
    ///
    /// # Errors
    /// [`PropertyProblem`]
    pub fn read(members: &Map<String, Value>) -> Result<Self, PropertyProblem> {
        let mut read = BTreeMap::new();
        collect(&mut read, "", members, 1)?;
        Ok(Self(read))
    }

    /// Each with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Property)> {
        self.0.iter().map(|(name, property)| (name.as_str(), property))
    }

    /// The text with this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.0.get(name) {
            Some(Property::Text(text)) => Some(text),
            Some(Property::Flag(_) | Property::Number(_) | Property::List(_)) | None => None,
        }
    }
}

fn collect(
    read: &mut BTreeMap<String, Property>,
    prefix: &str,
    members: &Map<String, Value>,
    depth: usize,
) -> Result<(), PropertyProblem> {
    for (name, value) in members {
        let name = format!("{prefix}{name}");
        if !is_sound(&name) {
            return Err(PropertyProblem::Malformed(name.chars().take(40).collect()));
        }
        let property = match value {
            Value::Null => continue,
            Value::Object(members) if depth < DEEPEST => {
                collect(read, &format!("{name}."), members, depth + 1)?;
                continue;
            }
            Value::Bool(flag) => Property::Flag(*flag),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Property::Number(number),
                None => return Err(PropertyProblem::Unreadable(name)),
            },
            Value::String(text) => Property::Text(sound(&name, text)?),
            Value::Array(items) => Property::List(list(&name, items)?),
            Value::Object(_) => return Err(PropertyProblem::Unreadable(name)),
        };
        // `{"a.b": 1, "a": {"b": 2}}` says two things of one name.
        if read.insert(name.clone(), property).is_some() {
            return Err(PropertyProblem::Unreadable(name));
        }
        if read.len() > MOST_PROPERTIES {
            return Err(PropertyProblem::TooMany);
        }
    }
    Ok(())
}

fn list(name: &str, items: &[Value]) -> Result<Vec<String>, PropertyProblem> {
    if items.len() > MOST_PROPERTIES {
        return Err(PropertyProblem::TooMany);
    }
    let text = |item: &Value| match item {
        Value::String(text) => sound(name, text),
        _ => Err(PropertyProblem::Unreadable(name.to_owned())),
    };
    items.iter().map(text).collect()
}

fn is_sound(text: &str) -> bool {
    text.chars().count() <= LONGEST_PROPERTY && !text.contains('\0')
}

fn sound(name: &str, text: &str) -> Result<String, PropertyProblem> {
    if is_sound(text) { Ok(text.to_owned()) } else { Err(PropertyProblem::Malformed(name.to_owned())) }
}
