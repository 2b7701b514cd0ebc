//! What Auth0 exports and imports: the file with password hashes that its support sends (`_id`, `passwordHash`), the job that
//! exports users (`user_id`, …), and the schema of its bulk import (`password_hash`, `custom_password_hash`, `mfa_factors`).
//!
//! Metadata and identities at other providers are not kept. The id is `auth0|…` as its tokens have it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    super::record::{Fields, phc_base64},
    Read, left_out,
};
use crate::{
    account::{
        import::{ExternalId, IdSource, UserRecord},
        profile::Profile,
    },
    clock::Timestamp,
    factor::TotpSecret,
    password::StoredHash,
    text::DisplayName,
};

const NOT_KEPT: [(&str, &str); 6] = [
    ("phone_number", "phone_number"),
    ("app_metadata", "metadata"),
    ("user_metadata", "metadata"),
    ("multifactor", "second_factor"),
    ("guardian_authenticators", "second_factor"),
    ("mfa_factors", "second_factor"),
];

pub(super) fn read(members: Map<String, Value>, source: &IdSource, now: Timestamp) -> Read {
    let mut fields = Fields::new(members);
    find_identifiers(&mut fields);
    let email = fields.email("email");
    let username = fields.username("username", email.as_ref());
    // Without a name of theirs, Auth0 calls people by their address.
    let name: Option<DisplayName> = fields.parsed("name");
    let name = name.filter(|name| email.as_ref().is_none_or(|email| email.as_str() != name.as_str()));
    let totp = totp(&mut fields);
    let record = email.map(|email| UserRecord {
        id: None,
        email,
        email_verified: fields.flag("email_verified"),
        username,
        name,
        profile: Profile {
            given_name: fields.parsed("given_name"),
            family_name: fields.parsed("family_name"),
            locale: fields.text("locale").and_then(|text| text.as_str().try_into().ok()),
            zone: fields.text("zoneinfo").and_then(|text| text.as_str().try_into().ok()),
            // Most are made by Auth0 from initials, and all of them may be of an address that is not taken here.
            picture: None,
        },
        password: password(&mut fields),
        totp,
        active: fields.flag("blocked").map(|is_blocked| !is_blocked),
        created_at: fields.past("created_at", now),
        external_ids: external_ids(&mut fields, source),
        left_out: left_out(&mut fields, &NOT_KEPT),
    });
    fields.finish(record)
}

/// Newer exports tell the address only among `identifiers`.
fn find_identifiers(fields: &mut Fields) {
    let Some(Value::Array(identifiers)) = fields.take("identifiers") else { return };
    for identifier in identifiers {
        if identifier.get("type").and_then(Value::as_str) == Some("email") {
            for (from, to) in [("value", "email"), ("verified", "email_verified")] {
                if let Some(value) = identifier.get(from) {
                    fields.put_if_missing(to, value.clone());
                }
            }
        }
    }
}

fn external_ids(fields: &mut Fields, source: &IdSource) -> BTreeMap<IdSource, ExternalId> {
    let object_id = fields.take("_id");
    let plain = fields.text("user_id");
    let short = fields.text("alt_id").or_else(|| Some(object_id?.get("$oid")?.as_str()?.to_owned()));
    let id = plain.or_else(|| short.map(|id| format!("auth0|{id}")));
    let Some(id) = id else { return BTreeMap::new() };
    match ExternalId::try_from(id) {
        Ok(id) => BTreeMap::from([(source.clone(), id)]),
        Err(error) => {
            fields.refuse("user_id", error.to_string());
            BTreeMap::new()
        }
    }
}

/// Of an app among the factors; all other factors are left out.
fn totp(fields: &mut Fields) -> Option<TotpSecret> {
    let Some(Value::Array(mut factors)) = fields.take("mfa_factors") else { return None };
    let secret = |factor: &Value| factor.get("totp")?.get("secret")?.as_str().and_then(TotpSecret::from_base32);
    let at = factors.iter().position(|factor| secret(factor).is_some());
    let found = at.and_then(|at| secret(&factors.remove(at)));
    fields.put_if_missing("mfa_factors", Value::Array(factors));
    found
}

const FIELD: &str = "custom_password_hash";

fn password(fields: &mut Fields) -> Option<StoredHash> {
    for plain in ["passwordHash", "password_hash"] {
        if let Some(hash) = fields.hash(plain) {
            return Some(hash);
        }
    }
    let custom = fields.take(FIELD)?;
    match phc(&custom) {
        Ok(text) => fields.read_hash(FIELD, &text),
        Err(rule) => {
            fields.refuse(FIELD, rule);
            None
        }
    }
}

/// A hash of another system that Auth0 was given.
fn phc(custom: &Value) -> Result<String, &'static str> {
    let text = |path: &str| custom.pointer(path).and_then(Value::as_str);
    let value = text("/hash/value").ok_or("has no hash.value")?;
    match text("/algorithm") {
        Some("argon2" | "bcrypt" | "pbkdf2") => Ok(value.to_owned()),
        Some("scrypt") => {
            let number = |path: &str, default| custom.pointer(path).map_or(Some(default), Value::as_u64);
            let encoded =
                |path: &str| text(&format!("{path}/value")).and_then(|v| recode(v, text(&format!("{path}/encoding"))));
            let numbers = || Some((number("/cost", 16_384)?, number("/blockSize", 8)?, number("/parallelization", 1)?));
            let (Some((cost, r, p)), Some(salt), Some(hash)) = (numbers(), encoded("/salt"), encoded("/hash")) else {
                return Err("has no salt or hash that can be read, or no whole number as cost");
            };
            if !cost.is_power_of_two() {
                return Err("has a cost that is no power of two");
            }
            Ok(format!("$scrypt$ln={},r={r},p={p}${salt}${hash}", cost.trailing_zeros()))
        }
        Some("md4" | "md5" | "sha1" | "sha256" | "sha512" | "hmac" | "ldap") => {
            Err("is of an algorithm that protects nothing; it is not taken")
        }
        _ => Err("is of an algorithm that is not known here"),
    }
}

/// Bytes in the encodings of Auth0 (utf8 unless told), as a PHC string has them.
fn recode(text: &str, encoding: Option<&str>) -> Option<String> {
    use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
    match encoding {
        Some("base64") => phc_base64(text),
        Some("hex") => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let pairs = text.as_bytes().chunks(2);
            let bytes = pairs.map(|pair| match pair {
                [high, low] => Some(digit(high)? << 4 | digit(low)?),
                _ => None,
            });
            Some(STANDARD_NO_PAD.encode(bytes.collect::<Option<Vec<u8>>>()?))
        }
        None | Some("utf8") => Some(STANDARD_NO_PAD.encode(text)),
        Some(_) => None,
    }
}
