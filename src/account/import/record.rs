//! A user as a file tells of them, and reading one field by field.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    account::profile::{Profile, claims},
    clock::Timestamp,
    factor::TotpSecret,
    id::UserId,
    password::StoredHash,
    text::{DisplayName, EmailAddress, TextError, Username},
};

claims! {
    /// The system that an id comes from, such as `keycloak`: 1 to 40 lower-case letters, digits, `.`, `_` or `-`.
    IdSource, 40, is_source;
    /// An id that another system gave: 1 to 255 characters, none of which is a control character.
    ExternalId, 255, is_external_id;
}

fn is_source(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
}

fn is_external_id(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// Why a user is not taken: which field breaks which rule, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The field, as the file calls it; `line`, `cell` or `element` for all of it.
    pub field: Cow<'static, str>,
    /// The rule, such that it reads on from the field: `is missing`.
    pub rule: Cow<'static, str>,
}

impl Refused {
    pub(super) fn new(field: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), rule: rule.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.rule)
    }
}

/// A user as a file tells of them. What it does not tell is `None`, and an update leaves that as it is.
#[derive(Clone, Debug)]
pub struct UserRecord {
    /// The id the account is to have here.
    pub id: Option<UserId>,
    /// Where mails go.
    pub email: EmailAddress,
    /// The address is known to be theirs.
    pub email_verified: Option<bool>,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub name: Option<DisplayName>,
    /// Further claims.
    pub profile: Profile,
    /// What their password is compared with.
    pub password: Option<StoredHash>,
    /// What their authenticator app shares with us.
    pub totp: Option<TotpSecret>,
    /// They may sign in.
    pub active: Option<bool>,
    /// When their account was made.
    pub created_at: Option<Timestamp>,
    /// What other systems call them.
    pub external_ids: BTreeMap<IdSource, ExternalId>,
    /// What the file says besides, and is not kept here.
    pub left_out: Vec<&'static str>,
}

/// The fields of one user, taken one after the other; what is wrong is collected.
pub(super) struct Fields {
    members: Map<String, Value>,
    refused: Vec<Refused>,
}

/// Names in files may be of any length; a report shows the beginning.
const LONGEST_NAME: usize = 60;

impl Fields {
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self { members, refused: Vec::new() }
    }

    pub(super) fn refuse(&mut self, field: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) {
        self.refused.push(Refused::new(field, rule));
    }

    /// The value of a field; `null`, empty text and a field that is not there are the same.
    pub(super) fn take(&mut self, field: &str) -> Option<Value> {
        self.members.remove(field).filter(|value| !matches!(value, Value::Null) && value.as_str() != Some(""))
    }

    /// Sets a field that is not there.
    pub(super) fn put_if_missing(&mut self, field: &str, value: Value) {
        self.members.entry(field).or_insert(value);
    }

    /// A text. Numbers are taken as they are written: ids are often some.
    pub(super) fn text(&mut self, field: &'static str) -> Option<String> {
        match self.take(field)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => self.not(field, "is not a text"),
        }
    }

    /// A text of a certain form.
    pub(super) fn parsed<T: TryFrom<String, Error = TextError>>(&mut self, field: &'static str) -> Option<T> {
        let text = self.text(field)?;
        T::try_from(text).map_err(|error| self.refuse(field, error.to_string())).ok()
    }

    /// True or false, as JSON, spreadsheets and databases write it.
    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        let value = self.take(field)?;
        let word = match &value {
            Value::Bool(flag) => return Some(*flag),
            Value::String(word) => word.to_ascii_lowercase(),
            other => other.to_string(),
        };
        match word.as_str() {
            "true" | "t" | "1" => Some(true),
            "false" | "f" | "0" => Some(false),
            _ => self.not(field, "is neither true nor false"),
        }
    }

    /// A moment that has passed, as RFC 3339 writes it.
    pub(super) fn past(&mut self, field: &'static str, now: Timestamp) -> Option<Timestamp> {
        let text = self.text(field)?;
        match OffsetDateTime::parse(text.trim(), &Rfc3339) {
            Ok(at) => self.not_after(field, i64::try_from(at.unix_timestamp_nanos() / 1000).ok(), now),
            Err(_) => self.not(field, "is not a time such as 2026-11-30T09:15:00Z"),
        }
    }

    /// A moment that has passed, in milliseconds since 1970.
    pub(super) fn past_millis(&mut self, field: &'static str, now: Timestamp) -> Option<Timestamp> {
        let millis = self.take(field)?.as_i64();
        self.not_after(field, millis.and_then(|millis| millis.checked_mul(1000)), now)
    }

    fn not_after(&mut self, field: &'static str, micros: Option<i64>, now: Timestamp) -> Option<Timestamp> {
        match micros.map(Timestamp::from_micros) {
            Some(at) if at <= now && at.as_micros() >= 0 => Some(at),
            _ => self.not(field, "is no moment between 1970 and now"),
        }
    }

    /// A password hash in a form that is kept as it is.
    pub(super) fn hash(&mut self, field: &'static str) -> Option<StoredHash> {
        let text = self.text(field)?;
        self.read_hash(field, &text)
    }

    /// The same of a text that was put together.
    pub(super) fn read_hash(&mut self, field: &'static str, text: &str) -> Option<StoredHash> {
        StoredHash::parse(text).map_err(|error| self.refuse(field, error.to_string())).ok()
    }

    /// The secret of an authenticator app in base 32.
    pub(super) fn totp(&mut self, field: &'static str) -> Option<TotpSecret> {
        let text = self.text(field)?;
        TotpSecret::from_base32(&text).or_else(|| self.not(field, "is not 16 to 64 bytes in base 32"))
    }

    /// A username; one that is the address says nothing new.
    pub(super) fn username(&mut self, field: &'static str, email: Option<&EmailAddress>) -> Option<Username> {
        let text = self.text(field)?;
        if email.is_some_and(|email| text.trim().eq_ignore_ascii_case(email.as_str())) {
            return None;
        }
        let wrong = if text.contains('@') {
            "is an address, and not the one in the field for addresses"
        } else {
            "is not 1 to 100 letters, digits, dots, underscores or hyphens"
        };
        Username::try_from(text).ok().or_else(|| self.not(field, wrong))
    }

    /// The address, which there has to be.
    pub(super) fn email(&mut self, field: &'static str) -> Option<EmailAddress> {
        if !self.members.get(field).is_some_and(|value| value.as_str() != Some("") && !value.is_null()) {
            return self.not(field, "is missing");
        }
        self.parsed(field)
    }

    /// An id of this source.
    pub(super) fn external_id(&mut self, field: &'static str, source: &IdSource) -> BTreeMap<IdSource, ExternalId> {
        self.parsed(field).map(|id| (source.clone(), id)).into_iter().collect()
    }

    fn not<T>(&mut self, field: &'static str, rule: &'static str) -> Option<T> {
        self.refuse(field, rule);
        None
    }

    /// Refuses what was not taken: a typing error must not pass in silence.
    pub(super) fn refuse_the_rest(&mut self) {
        for name in std::mem::take(&mut self.members).into_iter().map(|(name, _)| name) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
            self.refuse(name, "is not a field of this format");
        }
    }

    /// The whole, if nothing was wrong; without an address something is.
    pub(super) fn finish(self, record: Option<UserRecord>) -> Result<UserRecord, Vec<Refused>> {
        match record {
            Some(record) if self.refused.is_empty() => Ok(record),
            _ => Err(self.refused),
        }
    }
}

/// Bytes in base 64 as a PHC string writes them: without padding.
pub(super) fn phc_base64(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    Some(base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes))
}
