//! What other systems write about their users.

mod aspnet;
mod auth0;
mod keycloak;
mod own;

use serde_json::{Map, Value};

use super::{
    IdSource, Reading,
    record::{Fields, Refused},
};
use crate::clock::Timestamp;

pub(super) use own::COLUMNS;

text_enum! {
    /// The form of a file of users.
    pub enum Format {
        /// Our own: one JSON object a line.
        Lines = "lines",
        /// Our own fields in a spreadsheet, named in its first row.
        Csv = "csv",
        /// Rows of `AspNetUsers` (ASP.NET Core Identity): JSON lines, a JSON array, or CSV.
        AspNet = "aspnet",
        /// An export of a realm, or of the users of one.
        Keycloak = "keycloak",
        /// Exports of Auth0, with or without password hashes, and what its bulk import takes: JSON lines or an array.
        Auth0 = "auth0",
    }
}

impl Format {
    /// The source of its ids, unless another is named. Our own formats name sources themselves.
    pub(super) fn source(self) -> Option<IdSource> {
        match self {
            Self::Lines | Self::Csv => None,
            Self::AspNet | Self::Keycloak | Self::Auth0 => IdSource::try_from(self.as_str()).ok(),
        }
    }

    /// Reads one user.
    pub(super) fn read(self, members: Map<String, Value>, source: Option<&IdSource>, now: Timestamp) -> Reading {
        let read = match (self, source) {
            (Self::AspNet, Some(source)) => aspnet::read(members, source, now),
            (Self::Keycloak, Some(source)) => {
                if members.get("serviceAccountClientId").is_some_and(Value::is_string) {
                    return Reading::Skipped("the service account of a client");
                }
                keycloak::read(members, source, now)
            }
            (Self::Auth0, Some(source)) => auth0::read(members, source, now),
            (Self::Lines | Self::Csv | Self::AspNet | Self::Keycloak | Self::Auth0, _) => own::read(members, now),
        };
        match read {
            Ok(record) => Reading::User(Box::new(record)),
            Err(refused) => Reading::Refused(refused),
        }
    }
}

/// A field that many formats have and none of which is kept: it is told when it says something.
fn left_out(fields: &mut Fields, names: &[(&str, &'static str)]) -> Vec<&'static str> {
    let says_something = |value: &Value| match value {
        Value::Bool(flag) => *flag,
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::String(text) => !matches!(text.to_ascii_lowercase().as_str(), "" | "false" | "f" | "0" | "null"),
        Value::Null | Value::Number(_) => false,
    };
    let mut found = Vec::new();
    for (name, called) in names {
        if fields.take(name).is_some_and(|value| says_something(&value)) && !found.contains(called) {
            found.push(*called);
        }
    }
    found
}

/// A JSON document in a text, as some formats nest them.
fn nested(fields: &mut Fields, field: &'static str, text: &str) -> Option<Map<String, Value>> {
    let members = serde_json::from_str(text).ok();
    if members.is_none() {
        fields.refuse(field, "is not a JSON object");
    }
    members
}

type Read = Result<super::UserRecord, Vec<Refused>>;
