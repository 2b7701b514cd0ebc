//! Our own form, which exports have too; see `docs/users.md`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::{super::record::Fields, Read, nested};
use crate::{
    account::{
        import::{ExternalId, IdSource, UserRecord},
        profile::Profile,
    },
    clock::Timestamp,
    id::UserId,
};

/// All fields, in the order exports write them.
pub(in crate::account::import) const COLUMNS: [&str; 14] = [
    "id",
    "email",
    "email_verified",
    "username",
    "name",
    "given_name",
    "family_name",
    "locale",
    "zone",
    "picture",
    "active",
    "created_at",
    "external_ids",
    "password_hash",
];

pub(super) fn read(members: Map<String, Value>, now: Timestamp) -> Read {
    let mut fields = Fields::new(members);
    let id = fields.text("id").and_then(|text| user_id(&mut fields, &text));
    let email = fields.email("email");
    let username = fields.username("username", email.as_ref());
    if fields.take("password").is_some() {
        fields.refuse(
            "password",
            "is not taken in the clear: bring a hash in password_hash, or leave it out and have them choose one",
        );
    }
    let record = email.map(|email| UserRecord {
        id,
        email,
        email_verified: fields.flag("email_verified"),
        username,
        name: fields.parsed("name"),
        profile: Profile {
            given_name: fields.parsed("given_name"),
            family_name: fields.parsed("family_name"),
            locale: fields.parsed("locale"),
            zone: fields.parsed("zone"),
            picture: fields.parsed("picture"),
        },
        password: fields.hash("password_hash"),
        totp: fields.totp("totp_secret"),
        active: fields.flag("active"),
        created_at: fields.past("created_at", now),
        external_ids: external_ids(&mut fields),
        left_out: Vec::new(),
    });
    if record.is_some() {
        fields.refuse_the_rest();
    }
    fields.finish(record)
}

fn user_id(fields: &mut Fields, text: &str) -> Option<UserId> {
    match text.trim().parse::<Uuid>() {
        Ok(id) if !id.is_nil() => Some(id.into()),
        _ => {
            fields.refuse("id", "is not a UUID; ids of other systems go into external_ids");
            None
        }
    }
}

/// `{"keycloak": "826731b2…"}`; in a spreadsheet the same as text.
fn external_ids(fields: &mut Fields) -> BTreeMap<IdSource, ExternalId> {
    const FIELD: &str = "external_ids";
    let members = match fields.take(FIELD) {
        None => return BTreeMap::new(),
        Some(Value::Object(members)) => members,
        Some(Value::String(text)) => nested(fields, FIELD, &text).unwrap_or_default(),
        Some(_) => {
            fields.refuse(FIELD, "is not a JSON object");
            return BTreeMap::new();
        }
    };
    let mut found = BTreeMap::new();
    for (source, id) in members {
        let id = match id {
            Value::String(id) => ExternalId::try_from(id).ok(),
            Value::Number(id) => ExternalId::try_from(id.to_string()).ok(),
            _ => None,
        };
        match (IdSource::try_from(source), id) {
            (Ok(source), Some(id)) => drop(found.insert(source, id)),
            (Err(_), _) => {
                fields.refuse(FIELD, "names a source that is not 1 to 40 lower-case letters, digits, . _ or -");
            }
            (Ok(_), None) => fields.refuse(FIELD, "holds an id that is not 1 to 255 characters of text"),
        }
    }
    found
}
