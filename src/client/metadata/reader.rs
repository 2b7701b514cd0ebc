//! Reading members of a JSON object, each with its rule.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use super::MetadataError;

/// Longest text, bytes.
const MAX_TEXT: usize = 2048;
/// Longest list.
const MAX_ITEMS: usize = 100;

/// What an address is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A page that people are shown a link to.
    Page,
    /// Something that is called, by us or by a browser.
    Endpoint,
    /// The same, and only by https.
    SecureEndpoint,
}

pub(super) struct Members<'a>(pub(super) &'a Map<String, Value>);

type Read<T> = Result<Option<T>, MetadataError>;

impl Members<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &'static str) -> Read<&str> {
        self.value(name).map(|value| text(name, value)).transpose()
    }

    pub(super) fn owned(&self, name: &'static str) -> Read<String> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    /// Text of one of our types.
    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, name: &'static str) -> Read<T> {
        self.text(name)?.map(|text| text.parse().map_err(|why| MetadataError::new(name, why))).transpose()
    }

    pub(super) fn flag(&self, name: &'static str) -> Read<bool> {
        let read = |value: &Value| value.as_bool().ok_or_else(|| MetadataError::new(name, "must be true or false"));
        self.value(name).map(read).transpose()
    }

    pub(super) fn number(&self, name: &'static str) -> Read<u32> {
        let read = |value: &Value| {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| MetadataError::new(name, "must be a whole number, not negative"))
        };
        self.value(name).map(read).transpose()
    }

    pub(super) fn texts(&self, name: &'static str) -> Read<Vec<String>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let items = value.as_array().ok_or_else(|| MetadataError::new(name, "must be an array of text"))?;
        if items.len() > MAX_ITEMS {
            return Err(MetadataError::new(name, "has more than 100 entries"));
        }
        items.iter().map(|item| text(name, item).map(str::to_owned)).collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn parsed_list<T: FromStr<Err: std::fmt::Display>>(&self, name: &'static str) -> Read<Vec<T>> {
        let Some(items) = self.texts(name)? else { return Ok(None) };
        let read = |item: String| item.parse().map_err(|why| MetadataError::new(name, format_args!("{item}: {why}")));
        items.into_iter().map(read).collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn url(&self, name: &'static str, place: Place) -> Read<Url> {
        self.text(name)?.map(|text| url(name, text, place)).transpose()
    }

    pub(super) fn object(&self, name: &'static str) -> Read<Value> {
        let read = |value: &Value| match value {
            Value::Object(_) => Ok(value.clone()),
            _ => Err(MetadataError::new(name, "must be a JSON object")),
        };
        self.value(name).map(read).transpose()
    }

    /// A structure of ours, as serde reads it.
    pub(super) fn structure<T: DeserializeOwned>(&self, name: &'static str) -> Read<T> {
        let read = |value: &Value| T::deserialize(value).map_err(|why| MetadataError::new(name, why));
        self.value(name).map(read).transpose()
    }
}

fn text<'a>(name: &'static str, value: &'a Value) -> Result<&'a str, MetadataError> {
    let text = value.as_str().ok_or_else(|| MetadataError::new(name, "must be text"))?;
    let why = match text {
        "" => "must not be empty",
        long if long.len() > MAX_TEXT => "is longer than 2048 bytes",
        strange if strange.contains(|c: char| c.is_control()) => "has control characters",
        _ => return Ok(text),
    };
    Err(MetadataError::new(name, why))
}

fn url(name: &'static str, text: &str, place: Place) -> Result<Url, MetadataError> {
    let url = Url::parse(text).map_err(|why| MetadataError::new(name, why))?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let why = if !is_web {
        "must be an http or https URL"
    } else if place == Place::SecureEndpoint && url.scheme() != "https" {
        "must be an https URL"
    } else if !url.username().is_empty() || url.password().is_some() {
        "must hold no user name and no password"
    } else if place != Place::Page && url.fragment().is_some() {
        "must have no fragment"
    } else {
        return Ok(url);
    };
    Err(MetadataError::new(name, why))
}
