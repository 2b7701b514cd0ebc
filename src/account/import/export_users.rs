//! An operator takes people along to another system (A12).

use std::collections::BTreeMap;

use serde::Serialize;

use super::store;
use crate::{
    account::{User, store as accounts},
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
    password::StoredHash,
};

/// The most users of one page.
const MOST: u32 = 1_000;

/// Which page.
#[derive(Clone, Copy, Debug)]
pub struct ExportUsers {
    /// Those behind this one; `None` for the first page, which puts the export on record.
    pub after: Option<UserId>,
    /// So many at most, 1 to 1,000.
    pub limit: u32,
    /// With password hashes: whoever holds them can try passwords for as long as they like.
    pub with_hashes: bool,
}

/// A page of users, oldest id first.
#[derive(Clone, Debug)]
pub struct UsersExported {
    /// The users.
    pub users: Vec<ExportedUser>,
    /// What to ask for next (`after`); `None` at the end.
    pub next: Option<UserId>,
}

/// A user as [`Format::Lines`](super::Format::Lines) reads them.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedUser {
    id: UserId,
    email: String,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(flatten)]
    claims: BTreeMap<&'static str, String>,
    active: bool,
    created_at: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    external_ids: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    password_hash: Option<StoredHash>,
}

#[expect(clippy::ref_option, reason = "the form that serde asks for")]
fn as_text<S: serde::Serializer>(hash: &Option<StoredHash>, serializer: S) -> Result<S::Ok, S::Error> {
    hash.as_ref().map(StoredHash::as_str).serialize(serializer)
}

/// The names of claims in our files, and in the profile.
const CLAIMS: [(&str, &str); 5] = [
    ("given_name", "given_name"),
    ("family_name", "family_name"),
    ("locale", "locale"),
    ("zone", "zoneinfo"),
    ("picture", "picture"),
];

impl ExportedUser {
    fn new(user: User, external_ids: BTreeMap<String, String>, password_hash: Option<StoredHash>) -> Self {
        let claims = CLAIMS.into_iter().filter_map(|(name, claim)| {
            let text = user.claim(claim);
            (!text.is_empty()).then(|| (name, text.to_owned()))
        });
        Self {
            id: user.id,
            email_verified: user.is_verified(),
            claims: claims.collect(),
            active: user.is_active,
            created_at: user.created_at.to_string(),
            email: user.email.into(),
            username: user.username.map(String::from),
            name: user.display_name.map(String::from),
            external_ids,
            password_hash,
        }
    }
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ExportUsersError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A page of all users that are not deleted. Second factors stay here: they would not be worth much in a file.
///
/// # Errors
/// [`ExportUsersError`].
pub async fn export_users(ctx: &Ctx, cmd: ExportUsers) -> Result<UsersExported, ExportUsersError> {
    authz::require_operator(ctx)?;
    if cmd.after.is_none() {
        let details = serde_json::json!({ "with_hashes": cmd.with_hashes });
        let mut tx = ctx.core.db().write().await?;
        audit::record(&mut tx, ctx, Entry::new(AuditKind::UsersExported).with_details(details)).await?;
        tx.commit().await?;
    }
    let limit = i64::from(cmd.limit.clamp(1, MOST));
    let mut conn = ctx.core.db().read().await?;
    let users = accounts::list(&mut conn, cmd.after, limit).await?;
    let Some(last) = users.last().map(|user| user.id) else {
        return Ok(UsersExported { users: Vec::new(), next: None });
    };
    let after = cmd.after.unwrap_or_else(|| uuid::Uuid::nil().into());
    let mut external_ids = store::external_ids_between(&mut conn, after, last).await?;
    let mut hashes =
        if cmd.with_hashes { store::hashes_between(&mut conn, after, last).await? } else { BTreeMap::new() };
    let is_full = i64::try_from(users.len()).is_ok_and(|found| found == limit);
    let users = users.into_iter().map(|user| {
        let (external_ids, hash) = (external_ids.remove(&user.id).unwrap_or_default(), hashes.remove(&user.id));
        ExportedUser::new(user, external_ids, hash)
    });
    Ok(UsersExported { users: users.collect(), next: is_full.then_some(last) })
}
