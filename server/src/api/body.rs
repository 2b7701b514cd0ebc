//! Reading JSON bodies, field by field: everything that is wrong is named at once, in words of ours. What a parser has to
//! say about a body is never passed on, because it quotes the body, and that may hold a password.

mod lists;

use std::{borrow::Cow, marker::PhantomData, str::FromStr};

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http::{HeaderMap, StatusCode, header};
use ostiary::{
    client::{ClientSettings, SettingFault, SettingsProblem, UnreadSetting},
    core::RequestMeta,
    password::BrokenRules,
    secret::SecretString,
    text::{DisplayName, EmailAddress, TextError, Username},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    describe::{Draft, Input},
    problem::{FieldProblem, Kind, Problem},
};
use crate::{ServerState, answer::Refusal};

/// Longest text of a field, bytes. Fields have narrower limits of their own; this one keeps what is hashed or looked up small.
const LONGEST: usize = 4096;

/// A JSON object that is being read. Ask for every field, then [`Fields::finish`].
#[derive(Debug)]
pub(super) struct Fields {
    values: Map<String, Value>,
    problems: Vec<FieldProblem>,
}

/// A JSON body whose members are those of `T`, as the description has it.
pub(super) struct Body<T> {
    pub(super) fields: Fields,
    described_by: PhantomData<fn() -> T>,
}

const NOT_JSON: Kind = Kind::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "The body must be application/json");
const INCOMPLETE: Kind = Kind::new(StatusCode::BAD_REQUEST, "incomplete", "The body did not arrive whole");
const MALFORMED: Kind = Kind::new(StatusCode::BAD_REQUEST, "malformed", "The body must be a JSON object");

impl<T: ToSchema> Input for Body<T> {
    fn describe(draft: &mut Draft) {
        draft.has_body::<T>();
        for refusal in [MALFORMED, INCOMPLETE, NOT_JSON, Refusal::TooLarge.kind()] {
            draft.may_be(refusal);
        }
    }
}

impl<T> FromRequest<ServerState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ServerState) -> Result<Self, Problem> {
        let meta = request.extensions().get::<RequestMeta>().cloned();
        let fields = read(request, state).await.map_err(|kind| match &meta {
            Some(meta) => Problem::new(kind).with_reference(meta),
            None => kind.into(),
        })?;
        Ok(Self { fields, described_by: PhantomData })
    }
}

async fn read(request: Request, state: &ServerState) -> Result<Fields, Kind> {
    if !is_json(request.headers()) {
        return Err(NOT_JSON);
    }
    let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge.kind(),
        _ => INCOMPLETE,
    })?;
    match serde_json::from_slice(&body) {
        Ok(Value::Object(values)) => Ok(Fields { values, problems: Vec::new() }),
        Ok(_) | Err(_) => Err(MALFORMED),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

impl Fields {
    /// Text that may be left out; empty text counts as left out.
    pub(super) fn optional(&mut self, field: &'static str) -> Option<String> {
        match self.values.remove(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) if text.len() > LONGEST => self.wrong(field, "too_long", "is too long"),
            Some(Value::String(text)) if text.contains('\0') => {
                self.wrong(field, "malformed", "has characters that cannot be taken")
            }
            Some(Value::String(text)) => Some(text),
            Some(_) => self.wrong(field, "not_text", "must be text"),
        }
    }

    /// A member as it was sent, whatever it is.
    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        self.values.remove(field)
    }

    /// A text of at most `most` bytes that has to be there, and may be empty; what is wrong inside of it is said by who
    /// reads it.
    pub(super) fn long_text(&mut self, field: &'static str, most: usize) -> Option<String> {
        match self.values.remove(field) {
            Some(Value::String(text)) if text.len() > most => self.wrong(field, "too_long", "is too long"),
            Some(Value::String(text)) => Some(text),
            None | Some(Value::Null) => self.wrong(field, "missing", "is missing"),
            Some(_) => self.wrong(field, "not_text", "must be text"),
        }
    }

    /// Text that has to be there.
    pub(super) fn required(&mut self, field: &'static str) -> Option<String> {
        let before = self.problems.len();
        let found = self.optional(field);
        if found.is_none() && self.problems.len() == before {
            return self.wrong(field, "missing", "is missing");
        }
        found
    }

    /// A secret that has to be there.
    pub(super) fn secret(&mut self, field: &'static str) -> Option<SecretString> {
        self.required(field).map(SecretString::new)
    }

    /// One word of a closed list that has to be there.
    pub(super) fn word<T: FromStr>(&mut self, field: &'static str) -> Option<T> {
        let text = self.required(field)?;
        match text.parse() {
            Ok(word) => Some(word),
            Err(_) => self.wrong(field, "unknown", "is not one of those known here"),
        }
    }

    /// True or false; left out means false.
    pub(super) fn flag(&mut self, field: &'static str) -> bool {
        self.optional_flag(field).unwrap_or(false)
    }

    /// True or false, or left out.
    pub(super) fn optional_flag(&mut self, field: &'static str) -> Option<bool> {
        match self.values.remove(field) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(value)) => Some(value),
            Some(_) => self.wrong(field, "not_boolean", "must be true or false"),
        }
    }

    /// True or false, and which of the two has to be said.
    pub(super) fn required_flag(&mut self, field: &'static str) -> Option<bool> {
        let before = self.problems.len();
        let found = self.optional_flag(field);
        if found.is_none() && self.problems.len() == before {
            return self.wrong(field, "missing", "is missing");
        }
        found
    }

    /// A whole number of at most `most`, or `default` when it is left out.
    pub(super) fn number(&mut self, field: &'static str, default: u64, most: u64) -> Option<u64> {
        match self.values.remove(field) {
            None | Some(Value::Null) => Some(default),
            Some(value) => match value.as_u64() {
                Some(number) if number <= most => Some(number),
                Some(_) => self.wrong(field, "too_large", &format!("must be {most} at most")),
                None => self.wrong(field, "not_number", "must be a whole number"),
            },
        }
    }

    /// A number of seconds that may be left out.
    pub(super) fn seconds(&mut self, field: &'static str) -> Option<u32> {
        match self.values.remove(field) {
            None | Some(Value::Null) => None,
            Some(value) => match value.as_u64().and_then(|number| u32::try_from(number).ok()) {
                Some(number) => Some(number),
                None => self.wrong(field, "not_number", "must be a whole number of seconds"),
            },
        }
    }

    /// A name that people see and that has to be there.
    pub(super) fn name(&mut self) -> Option<DisplayName> {
        let text = self.required("name")?;
        self.typed("name", DisplayName::try_from(text))
    }

    /// What a client is registered with; what is left out has its default.
    pub(super) fn settings(&mut self) -> Option<ClientSettings> {
        let members = match self.values.remove("settings") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(members)) => members,
            Some(_) => return self.wrong("settings", "not_object", "must be an object"),
        };
        let unread = match ClientSettings::read(&members) {
            Ok(settings) => return Some(settings),
            Err(unread) => unread,
        };
        for UnreadSetting { path, fault } in unread {
            let code = match fault {
                SettingFault::Unknown => "unknown",
                SettingFault::Malformed(_) | SettingFault::Nul => "malformed",
            };
            self.wrong::<()>(format!("settings.{path}"), code, &fault.to_string());
        }
        None
    }

    /// An e-mail address that has to be there.
    pub(super) fn email(&mut self) -> Option<EmailAddress> {
        let text = self.required("email")?;
        self.typed("email", EmailAddress::try_from(text))
    }

    /// A username that may be left out.
    pub(super) fn username(&mut self) -> Option<Username> {
        self.text("username")
    }

    /// A display name that may be left out.
    pub(super) fn display_name(&mut self) -> Option<DisplayName> {
        self.text("displayName")
    }

    /// Text of a certain form that may be left out.
    pub(super) fn text<T: TryFrom<String, Error = TextError>>(&mut self, field: &'static str) -> Option<T> {
        let text = self.optional(field)?;
        self.typed(field, T::try_from(text))
    }

    /// The same where it has to be there.
    pub(super) fn required_text<T: TryFrom<String, Error = TextError>>(&mut self, field: &'static str) -> Option<T> {
        let text = self.required(field)?;
        self.typed(field, T::try_from(text))
    }

    /// What was parsed, or why it could not be.
    pub(super) fn typed<T>(&mut self, field: &'static str, parsed: Result<T, TextError>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                let code = match error {
                    TextError::Missing => "missing",
                    TextError::TooLong => "too_long",
                    TextError::Malformed => "malformed",
                };
                self.wrong(field, code, &error.to_string())
            }
        }
    }

    /// Notes that a field is wrong.
    pub(super) fn wrong<T>(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        what: &str,
    ) -> Option<T> {
        let field = field.into();
        let message = format!("{field} {what}");
        self.problems.push(FieldProblem { field, code, message });
        None
    }

    /// What was read, when nothing was wrong. `read` is none exactly when something was.
    ///
    /// # Errors
    /// Every field that was wrong.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, Problem> {
        match read {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Problem::fields(self.problems)),
        }
    }
}

/// Settings that cannot work, as a problem of the one that is to be changed.
pub(super) fn unworkable(problem: SettingsProblem) -> Problem {
    let field = format!("settings.{}", problem.field()).into();
    Problem::fields(vec![FieldProblem { field, code: "cannot_work", message: problem.to_string() }])
}

/// The rules a new password breaks, all of them, as problems of `field`.
pub(super) fn broken_rules(field: &'static str, broken: &BrokenRules) -> Problem {
    let problem = |rule: &ostiary::password::PasswordRule| FieldProblem {
        field: field.into(),
        code: rule.code(),
        message: format!("The password needs {rule}."),
    };
    Problem::fields(broken.rules().iter().map(problem).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: serde_json::Value) -> Fields {
        let Value::Object(values) = json else { panic!("not an object") };
        Fields { values, problems: Vec::new() }
    }

    /// I8: every wrong field is named at once, with a code.
    #[test]
    fn everything_wrong_is_named() {
        let mut body = fields(serde_json::json!({ "email": "nobody", "username": 7, "password": "", "stay": "yes" }));
        let email = body.email();
        let username = body.username();
        let password = body.secret("password");
        let stay = body.flag("stay");
        assert!(email.is_none() && username.is_none() && password.is_none() && !stay);
        let found: Vec<_> = body.problems.iter().map(|problem| (problem.field.as_ref(), problem.code)).collect();
        let expected =
            [("email", "malformed"), ("username", "not_text"), ("password", "missing"), ("stay", "not_boolean")];
        assert_eq!(found, expected);
        assert!(body.finish(Some(())).is_err(), "an optional field can be wrong, too");
    }

    #[test]
    fn long_text_and_nul_are_refused() {
        let mut body = fields(serde_json::json!({ "a": "x".repeat(LONGEST), "b": "x".repeat(LONGEST + 1), "c": "\0" }));
        assert!(body.required("a").is_some());
        assert!(body.required("b").is_none() && body.required("c").is_none());
        assert_eq!(body.problems.len(), 2, "{:?}", body.problems);
    }
}
