//! Fields that hold more than one text, ids, and moments.

use std::{collections::BTreeMap, str::FromStr};

use ostiary::{clock::Timestamp, text::TextError};
use serde_json::Value;

use super::Fields;

/// Most members of a list.
const MOST: usize = 500;
/// Longest text in a list, bytes.
const LONGEST: usize = 4096;

impl Fields {
    /// Whether it was sent at all.
    pub(in crate::api) fn has(&self, field: &'static str) -> bool {
        self.values.get(field).is_some_and(|value| !value.is_null())
    }

    /// An id that may be left out.
    pub(in crate::api) fn id<T: FromStr>(&mut self, field: &'static str) -> Option<T> {
        let text = self.optional(field)?;
        text.parse().ok().or_else(|| self.wrong(field, "malformed", "is no id"))
    }

    /// An id that has to be there.
    pub(in crate::api) fn required_id<T: FromStr>(&mut self, field: &'static str) -> Option<T> {
        let text = self.required(field)?;
        text.parse().ok().or_else(|| self.wrong(field, "malformed", "is no id"))
    }

    /// A moment (RFC 3339) that may be left out.
    pub(in crate::api) fn moment(&mut self, field: &'static str) -> Option<Timestamp> {
        let text = self.optional(field)?;
        Timestamp::parse(&text).or_else(|| self.wrong(field, "malformed", "must be a date and time (RFC 3339)"))
    }

    /// A list of texts that has to be there.
    pub(in crate::api) fn required_texts(&mut self, field: &'static str) -> Option<Vec<String>> {
        let text = |value| match value {
            Value::String(text) if text.len() <= LONGEST && !text.contains('\0') => Some(text),
            _ => None,
        };
        match self.values.remove(field) {
            None | Some(Value::Null) => self.wrong(field, "missing", "is missing"),
            Some(Value::Array(values)) => match values.into_iter().map(text).collect() {
                Some(texts) => Some(texts),
                None => self.wrong(field, "malformed", "must be a list of short texts"),
            },
            Some(_) => self.wrong(field, "not_list", "must be a list"),
        }
    }

    /// A list of texts of a certain form; left out means none.
    pub(in crate::api) fn texts<T: TryFrom<String, Error = TextError>>(&mut self, field: &'static str) -> Vec<T> {
        self.list(field, |text| T::try_from(text).map_err(|cause| cause.to_string()))
    }

    /// A list of ids; left out means none.
    pub(in crate::api) fn ids<T: FromStr>(&mut self, field: &'static str) -> Vec<T> {
        self.list(field, |text| text.parse().map_err(|_| "is no id".to_owned()))
    }

    /// A list of words of a closed list; left out means none.
    pub(in crate::api) fn words<T: FromStr>(&mut self, field: &'static str) -> Vec<T> {
        self.list(field, |text| text.parse().map_err(|_| "is not one of those known here".to_owned()))
    }

    fn list<T>(&mut self, field: &'static str, read: impl Fn(String) -> Result<T, String>) -> Vec<T> {
        let members = match self.values.remove(field) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(members)) if members.len() <= MOST => members,
            Some(Value::Array(_)) => {
                let _none: Option<()> = self.wrong(field, "too_long", "has too many members");
                return Vec::new();
            }
            Some(_) => {
                let _none: Option<()> = self.wrong(field, "not_list", "must be a list of texts");
                return Vec::new();
            }
        };
        let mut found = Vec::with_capacity(members.len());
        for (place, member) in members.into_iter().enumerate() {
            let read = match member {
                Value::String(text) if text.len() <= LONGEST && !text.contains('\0') => read(text),
                _ => Err("must be text".to_owned()),
            };
            match read {
                Ok(value) => found.push(value),
                Err(what) => {
                    let _none: Option<()> = self.wrong(format!("{field}[{place}]"), "malformed", &what);
                }
            }
        }
        found
    }

    /// Texts by name, or nothing when it is left out.
    pub(in crate::api) fn texts_by_name(&mut self, field: &'static str) -> Option<BTreeMap<String, String>> {
        let members = match self.values.remove(field) {
            None | Some(Value::Null) => return None,
            Some(Value::Object(members)) if members.len() <= MOST => members,
            Some(_) => return self.wrong(field, "not_object", "must be an object of texts"),
        };
        let is_sound = |text: &str| text.len() <= LONGEST && !text.contains('\0');
        let mut found = BTreeMap::new();
        for (name, value) in members {
            match value {
                Value::String(text) if is_sound(&name) && is_sound(&text) => {
                    found.insert(name, text);
                }
                _ => return self.wrong(field, "not_object", "must be an object of texts"),
            }
        }
        Some(found)
    }
}
