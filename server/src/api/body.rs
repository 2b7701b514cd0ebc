//! Reading a JSON body: every wrong field is named at once, and nothing of the body is repeated in the answer.

use axum::body::Bytes;
use http::{HeaderMap, StatusCode, header};
use ostiary::{
    password::PasswordRule,
    secret::SecretString,
    text::{EmailAddress, TextError},
};
use serde_json::{Map, Value};

use super::problem::{FieldProblem, Problem};

/// A JSON object being read. Ask for each field, then [`finish`](Fields::finish).
pub(super) struct Fields {
    object: Map<String, Value>,
    problems: Vec<FieldProblem>,
}

impl Fields {
    /// Takes a body apart.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, Problem> {
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            let title = "The body must be application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self { object, problems: Vec::new() }),
            _ => Err(Problem::new(StatusCode::BAD_REQUEST, "json", "The body is not a JSON object")),
        }
    }

    /// A text that may be left out; `null` and empty text count as left out.
    pub(super) fn optional(&mut self, field: &'static str) -> Option<String> {
        match self.object.remove(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.wrong(field, "type", "is not a text");
                None
            }
        }
    }

    /// A text that must be there. When it is not, the problem is noted and empty text goes on.
    pub(super) fn required(&mut self, field: &'static str) -> String {
        let before = self.problems.len();
        let text = self.optional(field);
        if text.is_none() && self.problems.len() == before {
            self.wrong(field, "missing", "is missing");
        }
        text.unwrap_or_default()
    }

    /// A secret that must be there.
    pub(super) fn secret(&mut self, field: &'static str) -> SecretString {
        SecretString::new(self.required(field))
    }

    /// An e-mail address that must be there.
    pub(super) fn email(&mut self, field: &'static str) -> Option<EmailAddress> {
        let text = self.required(field);
        if text.is_empty() { None } else { self.take(field, EmailAddress::try_from(text)) }
    }

    /// A checked text that may be left out.
    pub(super) fn optional_as<T>(&mut self, field: &'static str) -> Option<T>
    where
        T: TryFrom<String, Error = TextError>,
    {
        let text = self.optional(field)?;
        self.take(field, T::try_from(text))
    }

    fn take<T>(&mut self, field: &'static str, read: Result<T, TextError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(cause) => {
                self.wrong(field, text_code(cause), &cause.to_string());
                None
            }
        }
    }

    fn wrong(&mut self, field: &'static str, code: &'static str, message: &str) {
        self.problems.push(FieldProblem { field, code, message: message.to_owned() });
    }

    /// Fails when any field was wrong.
    pub(super) fn finish(self) -> Result<(), Problem> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::fields(self.problems)) }
    }
}

const fn text_code(cause: TextError) -> &'static str {
    match cause {
        TextError::Missing => "missing",
        TextError::TooLong => "too_long",
        TextError::Malformed => "malformed",
    }
}

/// The problem of a password that breaks rules, every one of them named (A2).
pub(super) fn broken_rules(field: &'static str, rules: &[PasswordRule]) -> Problem {
    let problem = |rule: &PasswordRule| FieldProblem { field, code: rule.code(), message: rule.to_string() };
    Problem::fields(rules.iter().map(problem).collect())
}

/// The problem of one field.
pub(super) fn one_field(field: &'static str, code: &'static str, message: &str) -> Problem {
    Problem::fields(vec![FieldProblem { field, code, message: message.to_owned() }])
}
