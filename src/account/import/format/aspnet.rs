//! Rows of `AspNetUsers`, the table of ASP.NET Core Identity (`IdentityUser`): as JSON or CSV, with the names of the columns
//! in any case.
//!
//! Hashes of its versions 2 and 3 are kept as they are. A lockout that ends more than a year from now is how administrators
//! deactivate accounts there, and it does the same here; a shorter one is over before it matters. Phone numbers are not
//! taken; who had a second factor there sets one up anew.

use serde_json::{Map, Value};

use super::{super::record::Fields, Read, left_out};
use crate::{
    account::{
        import::{IdSource, UserRecord},
        profile::Profile,
    },
    clock::Timestamp,
};

const NOT_KEPT: [(&str, &str); 2] = [("phonenumber", "phone_number"), ("twofactorenabled", "second_factor")];

pub(super) fn read(members: Map<String, Value>, source: &IdSource, now: Timestamp) -> Read {
    // SQL Server's tools write NULL for nothing.
    let is_something = |value: &Value| value.as_str().is_none_or(|text| text != "NULL");
    let members = members.into_iter().filter(|(_, value)| is_something(value));
    let mut fields = Fields::new(members.map(|(name, value)| (name.to_ascii_lowercase(), value)).collect());
    let email = fields.email("email");
    let username = fields.username("username", email.as_ref());
    let is_locked = fields.flag("lockoutenabled") != Some(false) && ends_late(&mut fields, now);
    let record = email.map(|email| UserRecord {
        id: None,
        email,
        email_verified: fields.flag("emailconfirmed"),
        username,
        name: None,
        profile: Profile::default(),
        password: fields.hash("passwordhash"),
        totp: None,
        active: Some(!is_locked),
        created_at: None,
        external_ids: fields.external_id("id", source),
        left_out: left_out(&mut fields, &NOT_KEPT),
    });
    fields.finish(record)
}

/// By its year alone: databases write the rest of it in many ways.
fn ends_late(fields: &mut Fields, now: Timestamp) -> bool {
    let Some(end) = fields.text("lockoutend") else { return false };
    let year = end.get(..4).and_then(|year| year.parse::<i32>().ok());
    let Some(year) = year else {
        fields.refuse("lockoutend", "does not begin with a year");
        return false;
    };
    year > now.to_date_time().year() + 1
}
