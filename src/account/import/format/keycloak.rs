//! Users in the exports of Keycloak (`UserRepresentation`): of a realm, or `…-users-0.json` beside one.
//!
//! A password is a credential whose `secretData` and `credentialData` are JSON in text: PBKDF2 and Argon2 become PHC strings.
//! (Keycloak fills short passwords up with NULs before PBKDF2, which changes nothing: HMAC does the same to its key.) The first
//! authenticator app comes along if it is of the usual kind; links to other providers, roles, groups and required actions do
//! not.

use serde_json::{Map, Value};

use super::{
    super::record::{Fields, phc_base64},
    Read, left_out, nested,
};
use crate::{
    account::{
        import::{IdSource, UserRecord},
        profile::Profile,
    },
    clock::Timestamp,
    factor::TotpSecret,
    password::StoredHash,
    text::DisplayName,
};

const FIELD: &str = "credentials";
const NOT_KEPT: [(&str, &str); 5] = [
    ("federatedIdentities", "federated_identities"),
    ("realmRoles", "roles"),
    ("clientRoles", "roles"),
    ("groups", "groups"),
    ("requiredActions", "required_actions"),
];

pub(super) fn read(members: Map<String, Value>, source: &IdSource, now: Timestamp) -> Read {
    let mut fields = Fields::new(members);
    let email = fields.email("email");
    let username = fields.username("username", email.as_ref());
    let credentials = match fields.take(FIELD) {
        Some(Value::Array(credentials)) => credentials,
        _ => Vec::new(),
    };
    let mut found = Found::default();
    for credential in credentials {
        found.take(&mut fields, credential);
    }
    let locale = locale(fields.take("attributes"));
    let given_name: Option<DisplayName> = fields.parsed("firstName");
    let family_name: Option<DisplayName> = fields.parsed("lastName");
    let whole =
        [&given_name, &family_name].into_iter().flatten().map(DisplayName::as_str).collect::<Vec<_>>().join(" ");
    let record = email.map(|email| UserRecord {
        id: None,
        email,
        email_verified: fields.flag("emailVerified"),
        username,
        name: DisplayName::try_from(whole).ok(),
        profile: Profile { given_name, family_name, locale, ..Profile::default() },
        password: found.password,
        totp: found.totp,
        active: fields.flag("enabled"),
        created_at: fields.past_millis("createdTimestamp", now),
        external_ids: fields.external_id("id", source),
        left_out: found.left_out.into_iter().chain(left_out(&mut fields, &NOT_KEPT)).collect(),
    });
    fields.finish(record)
}

/// The language a person chose; Keycloak keeps it as an attribute. One it could not know is not worth refusing somebody.
fn locale(attributes: Option<Value>) -> Option<crate::account::profile::Locale> {
    let attributes = attributes?;
    let locale = attributes.get("locale")?;
    let first = locale.as_str().or_else(|| locale.get(0).and_then(Value::as_str))?;
    first.try_into().ok()
}

/// What the credentials came to.
#[derive(Default)]
struct Found {
    password: Option<StoredHash>,
    totp: Option<TotpSecret>,
    left_out: Vec<&'static str>,
}

impl Found {
    fn take(&mut self, fields: &mut Fields, credential: Value) {
        let Value::Object(credential) = credential else {
            fields.refuse(FIELD, "holds something that is no credential");
            return;
        };
        match credential.get("type").and_then(Value::as_str) {
            Some("password") if credential.contains_key("value") => {
                fields.refuse(FIELD, "holds a password in the clear, which is not taken");
            }
            Some("password") => {
                let hash = phc(fields, &credential);
                self.password = hash.and_then(|hash| fields.read_hash(FIELD, &hash));
            }
            Some("otp") if self.totp.is_none() => match totp(&credential) {
                Some(secret) => self.totp = Some(secret),
                None => self.leave_out("authenticator"),
            },
            Some("otp") => self.leave_out("authenticator"),
            Some("webauthn" | "webauthn-passwordless") => self.leave_out("passkeys"),
            Some("recovery-authn-codes") => self.leave_out("recovery_codes"),
            _ => self.leave_out("other_credentials"),
        }
    }

    fn leave_out(&mut self, what: &'static str) {
        if !self.left_out.contains(&what) {
            self.left_out.push(what);
        }
    }
}

/// The two documents of a credential.
fn documents(fields: &mut Fields, credential: &Map<String, Value>) -> Option<[Map<String, Value>; 2]> {
    let mut document = |name| {
        let text = credential.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        nested(fields, FIELD, &text)
    };
    Some([document("secretData")?, document("credentialData")?])
}

/// A password as a PHC string; whether that is accepted is judged afterwards.
fn phc(fields: &mut Fields, credential: &Map<String, Value>) -> Option<String> {
    let [secret, data] = documents(fields, credential)?;
    let encoded = |name| secret.get(name).and_then(Value::as_str).and_then(phc_base64);
    let (Some(salt), Some(value)) = (encoded("salt"), encoded("value")) else {
        fields.refuse(FIELD, "holds a password without salt or value in base 64");
        return None;
    };
    let iterations = data.get("hashIterations").and_then(Value::as_u64).unwrap_or(0);
    let more = |name| {
        let values = data.get("additionalParameters").and_then(|more| more.get(name));
        values.and_then(|values| values.get(0)).and_then(Value::as_str).unwrap_or_default()
    };
    match data.get("algorithm").and_then(Value::as_str) {
        Some("pbkdf2") => Some(format!("$pbkdf2-sha1$i={iterations}${salt}${value}")),
        Some(name @ ("pbkdf2-sha256" | "pbkdf2-sha512")) => Some(format!("${name}$i={iterations}${salt}${value}")),
        Some("argon2") => {
            let version = if more("version") == "1.0" { 16 } else { 19 };
            let (kind, memory, lanes) = (more("type"), more("memory"), more("parallelism"));
            Some(format!("$argon2{kind}$v={version}$m={memory},t={iterations},p={lanes}${salt}${value}"))
        }
        _ => {
            fields.refuse(FIELD, "holds a password hash of an algorithm that is not known here");
            None
        }
    }
}

/// The secret of an authenticator app that shows six digits for thirty seconds by SHA-1, as ours do.
fn totp(credential: &Map<String, Value>) -> Option<TotpSecret> {
    let document = |name| {
        let text = credential.get(name).and_then(Value::as_str)?;
        serde_json::from_str::<Value>(text).ok()
    };
    let (secret, data) = (document("secretData")?, document("credentialData")?);
    let is = |name: &str, expected: Value| data.get(name).is_none_or(|value| *value == expected);
    let is_usual = data.get("subType").and_then(Value::as_str) == Some("totp")
        && is("digits", 6.into())
        && is("period", 30.into())
        && is("algorithm", "HmacSHA1".into());
    let text = secret.get("value").and_then(Value::as_str).filter(|_| is_usual)?;
    match data.get("secretEncoding").and_then(Value::as_str) {
        Some("BASE32") => TotpSecret::from_base32(text),
        Some(_) => None,
        None => TotpSecret::from_bytes(text.as_bytes()),
    }
}
