//! What an import changes of an account that is there.
//!
//! Of each field three values are known: what the file says, what the file said at the last import, and what the account says
//! now. What changed in the file since the last import is taken, unless it was changed here since; then it stays as it is
//! here. Of an account that no import brought, only what is empty is filled. A password counts as changed here as soon as its
//! owner has signed in with it and its hash was replaced, or chose another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UserRecord;
use crate::{
    account::{User, profile::Profile},
    clock::Timestamp,
    factor::TotpSecret,
    password::StoredHash,
    secret::Digest,
};

/// What an import said of an account, by field: a text, or the digest of a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Brought(BTreeMap<String, String>);

type Texts = BTreeMap<&'static str, String>;

impl Brought {
    /// The same with what is said now.
    fn and(mut self, texts: &Texts) -> Self {
        self.0.extend(texts.iter().map(|(field, text)| ((*field).to_owned(), text.clone())));
        self
    }
}

/// Of secrets only a digest is compared and kept.
fn digest(secret: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(Digest::of(secret).as_bytes())
}

/// What the file says.
fn said(record: &UserRecord) -> Texts {
    let profile = &record.profile;
    let hash = record.password.as_ref().map(|hash| digest(hash.as_str().as_bytes()));
    let totp = record.totp.as_ref().map(|secret| digest(secret.expose()));
    let texts = [
        ("email", Some(record.email.key())),
        ("username", record.username.as_ref().map(|name| name.as_str().to_owned())),
        ("name", record.name.as_ref().map(|name| name.as_str().to_owned())),
        ("given_name", profile.given_name.as_ref().map(|name| name.as_str().to_owned())),
        ("family_name", profile.family_name.as_ref().map(|name| name.as_str().to_owned())),
        ("locale", profile.locale.as_ref().map(|locale| locale.as_str().to_owned())),
        ("zone", profile.zone.as_ref().map(|zone| zone.as_str().to_owned())),
        ("picture", profile.picture.as_ref().map(|picture| picture.as_str().to_owned())),
        ("active", record.active.map(|is_active| is_active.to_string())),
        ("password", hash),
        ("authenticator", totp),
    ];
    texts.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
}

/// What an account says now.
fn says(known: &Known) -> Texts {
    let user = &known.user;
    let claim = |name: &str| Some(user.claim(name).to_owned()).filter(|text| !text.is_empty());
    let hash = known.hash.as_ref().map(|hash| digest(hash.as_str().as_bytes()));
    // Taken away here, for a reason.
    let hash = hash.or_else(|| user.password_changed_at.map(|_| String::new()));
    let texts = [
        ("email", Some(user.email.key())),
        ("username", user.username.as_ref().map(|name| name.as_str().to_owned())),
        ("name", user.display_name.as_ref().map(|name| name.as_str().to_owned())),
        ("given_name", claim("given_name")),
        ("family_name", claim("family_name")),
        ("locale", claim("locale")),
        ("zone", claim("zoneinfo")),
        ("picture", claim("picture")),
        ("active", Some(user.is_active.to_string())),
        ("password", hash),
        ("authenticator", known.has_authenticator.then(String::new)),
    ];
    texts.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
}

/// An account that is there.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) user: User,
    pub(super) hash: Option<StoredHash>,
    pub(super) has_authenticator: bool,
    /// What the last import said, if one brought it.
    pub(super) brought: Option<Brought>,
}

/// What is to be done about it.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    /// The account to be, but for its stamp and the time of the change.
    pub(super) user: User,
    /// The hash to be, where another is taken.
    pub(super) hash: Option<StoredHash>,
    /// The authenticator to be, where one is taken.
    pub(super) totp: Option<TotpSecret>,
    /// Which fields differ from before.
    pub(super) changed: Vec<&'static str>,
    /// Which fields were changed here since the last import.
    pub(super) kept: Vec<&'static str>,
    /// What to remember.
    pub(super) brought: Brought,
}

impl Merged {
    /// Sessions and tokens of before must not go on (A8).
    pub(super) fn ends_access(&self) -> bool {
        self.changed.iter().any(|field| matches!(*field, "email" | "password" | "authenticator" | "active"))
    }
}

/// An account as a file tells of it, where there is none; `user` has what the file does not tell.
pub(super) fn fresh(record: &UserRecord, user: User, now: Timestamp) -> Merged {
    let mut user = user;
    user.email_verified_at = record.email_verified.unwrap_or(false).then_some(now);
    user.username.clone_from(&record.username);
    user.display_name.clone_from(&record.name);
    user.profile = record.profile.clone().put_into(user.profile);
    user.is_active = record.active.unwrap_or(true);
    user.password_changed_at = record.password.as_ref().map(|_| now);
    let hash = record.password.clone();
    let known = Known { user, hash: hash.clone(), has_authenticator: false, brought: None };
    let brought = Brought::default().and(&says(&known)).and(&said(record));
    Merged { user: known.user, hash, totp: record.totp.clone(), changed: Vec::new(), kept: Vec::new(), brought }
}

/// Brings an account up to date.
pub(super) fn merge(record: &UserRecord, known: Known, now: Timestamp) -> Merged {
    let (said, says) = (said(record), says(&known));
    let Known { mut user, brought, .. } = known;
    let is_imported = brought.is_some();
    let before = brought.unwrap_or_default();
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (field, text) in &said {
        let (at_last, here) = (before.0.get(*field), says.get(field));
        if Some(text) == here || Some(text) == at_last {
            // Nothing new; or nothing new there, and something here.
        } else if at_last == here {
            changed.push(*field);
        } else {
            kept.push(*field);
        }
    }
    let takes = |field: &str| changed.contains(&field);
    if takes("email") {
        user.email = record.email.clone();
        user.email_verified_at = record.email_verified.unwrap_or(false).then_some(now);
    } else if record.email_verified == Some(true)
        && user.email_verified_at.is_none()
        && is_imported
        && user.email.key() == record.email.key()
    {
        user.email_verified_at = Some(now);
        changed.push("email_verified");
    }
    let takes = |field: &str| changed.contains(&field);
    if takes("username") {
        user.username.clone_from(&record.username);
    }
    if takes("name") {
        user.display_name.clone_from(&record.name);
    }
    if takes("active") {
        user.is_active = record.active.unwrap_or(user.is_active);
    }
    user.profile = merged_profile(record, &user, &takes).put_into(user.profile);
    let hash = record.password.clone().filter(|_| takes("password"));
    if hash.is_some() {
        user.password_changed_at = Some(now);
    }
    let totp = record.totp.clone().filter(|_| takes("authenticator"));
    let brought = before.and(&said);
    Merged { user, hash, totp, changed, kept, brought }
}

fn merged_profile(record: &UserRecord, user: &User, takes: &impl Fn(&str) -> bool) -> Profile {
    // What the account says was right when it was written.
    fn pick<T: Clone + TryFrom<String>>(taken: bool, new: Option<&T>, user: &User, claim: &str) -> Option<T> {
        if taken { new.cloned() } else { T::try_from(user.claim(claim).to_owned()).ok() }
    }
    let profile = &record.profile;
    Profile {
        given_name: pick(takes("given_name"), profile.given_name.as_ref(), user, "given_name"),
        family_name: pick(takes("family_name"), profile.family_name.as_ref(), user, "family_name"),
        locale: pick(takes("locale"), profile.locale.as_ref(), user, "locale"),
        zone: pick(takes("zone"), profile.zone.as_ref(), user, "zoneinfo"),
        picture: pick(takes("picture"), profile.picture.as_ref(), user, "picture"),
    }
}
