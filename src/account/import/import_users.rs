//! An operator brings people along from another system (A12).

use super::{
    Entry, ExternalId, IdSource, Imported, Outcome, Reading, Refused, UserRecord,
    merge::{self, Known, Merged},
    store,
};
use crate::{
    account::{
        User, credentials, email_store,
        store::{self as accounts, Account},
    },
    audit::{self, AuditKind, Entry as AuditEntry},
    authz::{self, Denied},
    core::Ctx,
    db::{Db, Tx},
    error::Internal,
    factor,
    id::UserId,
};

/// Some users of a file; a few hundred at a time are right.
#[derive(Clone, Debug)]
pub struct ImportUsers {
    /// What was read.
    pub entries: Vec<Entry>,
    /// Accounts that are there are brought up to date.
    pub update: bool,
}

/// Why nothing of the batch was taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportUsersError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Takes up users, in one transaction, and says what became of each. A user is recognised by the id they have here, then by
/// those of other systems, then by the address. Nobody is sent a mail.
///
/// # Errors
/// [`ImportUsersError`].
pub async fn import_users(ctx: &Ctx, cmd: ImportUsers) -> Result<Vec<Imported>, ImportUsersError> {
    authz::require_operator(ctx)?;
    Ok(import_into(ctx.core.db(), ctx, cmd).await?)
}

/// The same in any database.
pub(super) async fn import_into(db: &Db, ctx: &Ctx, cmd: ImportUsers) -> Result<Vec<Imported>, Internal> {
    let mut tx = db.write().await?;
    let mut report = Vec::with_capacity(cmd.entries.len());
    for Entry { place, reading } in cmd.entries {
        report.push(match reading {
            Reading::Skipped(why) => told(place, Outcome::Skipped(why)),
            Reading::Refused(refused) => told(place, Outcome::Refused(refused)),
            Reading::User(record) => {
                let (outcome, kept) = match take_up(&mut tx, ctx, &record, cmd.update).await? {
                    Ok((outcome, kept)) => (outcome, kept),
                    Err(refused) => (Outcome::Refused(vec![refused]), Vec::new()),
                };
                Imported { email: Some(record.email), kept, left_out: record.left_out, ..told(place, outcome) }
            }
        });
    }
    tx.commit().await?;
    Ok(report)
}

fn told(place: super::Place, outcome: Outcome) -> Imported {
    Imported { place, email: None, outcome, kept: Vec::new(), left_out: Vec::new() }
}

/// What became of a user, and what was kept; or why nothing was taken. Whatever refuses comes before the first change.
type TakenUp = Result<(Outcome, Vec<&'static str>), Refused>;

async fn take_up(tx: &mut Tx, ctx: &Ctx, record: &UserRecord, update: bool) -> Result<TakenUp, Internal> {
    match recognise(tx, record, update).await? {
        Ok(Recognised::Known(known)) if update => bring_up_to_date(tx, ctx, record, *known).await,
        Ok(Recognised::Known(_)) => Ok(Ok((Outcome::Exists, Vec::new()))),
        Ok(Recognised::Nobody { in_the_way }) => create(tx, ctx, record, in_the_way).await,
        Err(refused) => Ok(Err(refused)),
    }
}

/// Whom a file tells of.
enum Recognised {
    /// Somebody who has an account.
    Known(Box<Known>),
    /// Nobody; but somebody may have registered the address and never proved it, while the file vouches for its owner.
    Nobody { in_the_way: Option<UserId> },
}

async fn recognise(tx: &mut Tx, record: &UserRecord, update: bool) -> Result<Result<Recognised, Refused>, Internal> {
    let refuse = |field: &'static str, rule: &'static str| Ok(Err(Refused::new(field, rule)));
    let nobody = |in_the_way| Ok(Ok(Recognised::Nobody { in_the_way }));
    let mut found = match record.id {
        Some(id) => store::holder_of_id(tx, id).await?,
        None => None,
    };
    for (source, id) in &record.external_ids {
        let Some(holder) = store::holder_of_external_id(tx, source, id).await? else { continue };
        if found.is_some_and(|found| found.id != holder.id) {
            return refuse("external_ids", "belong to several accounts");
        }
        found = Some(holder);
    }
    let by_email = found.is_none();
    if by_email {
        found = store::holder_of_email(tx, &record.email).await?;
    }
    let Some(holder) = found else { return nobody(None) };
    if holder.is_deleted {
        let by = if by_email { "email" } else { "external_ids" };
        return refuse(by, "leads to an account that was deleted and is not erased yet");
    }
    if by_email && holder.is_unproved && record.email_verified == Some(true) {
        return nobody(Some(holder.id));
    }
    if update {
        accounts::hold(tx, holder.id).await?;
    }
    let Some(Account { user, hash }) = accounts::by_id(tx, holder.id).await? else { return nobody(None) };
    let others = store::external_ids_of(tx, user.id).await?;
    let differs =
        |(source, id): (&IdSource, &ExternalId)| others.get(source.as_str()).is_some_and(|other| other != id.as_str());
    if record.external_ids.iter().any(differs) {
        return refuse("external_ids", "differ from those of the account with this address");
    }
    let has_authenticator = record.totp.is_some() && factor::has_authenticator(tx, user.id).await?;
    let brought = store::brought(tx, user.id).await?;
    Ok(Ok(Recognised::Known(Box::new(Known { user, hash, has_authenticator, brought }))))
}

async fn create(tx: &mut Tx, ctx: &Ctx, record: &UserRecord, in_the_way: Option<UserId>) -> Result<TakenUp, Internal> {
    let now = ctx.now();
    if let Some(refused) = username_is_taken(tx, record, in_the_way).await? {
        return Ok(Err(refused));
    }
    let user = User {
        id: record.id.unwrap_or_else(|| ctx.new_id()),
        email: record.email.clone(),
        email_verified_at: None,
        username: None,
        display_name: None,
        profile: serde_json::json!({}),
        has_password: record.password.is_some(),
        password_changed_at: None,
        is_active: true,
        is_admin: false,
        failures: 0,
        locked_until: None,
        last_sign_in_at: None,
        last_passkey_sign_in_at: None,
        stamp: ctx.new_id(),
        preferred_organization_id: None,
        created_at: record.created_at.unwrap_or(now),
        updated_at: now,
        deleted_at: None,
    };
    if in_the_way.is_some() {
        email_store::delete_unproved(tx, &record.email).await?;
    }
    let merged = merge::fresh(record, user, now);
    if !store::insert(tx, &merged.user, merged.hash.clone()).await? {
        return Ok(Err(Refused::new("email", "was taken by somebody else meanwhile")));
    }
    write_around(tx, ctx, record, merged).await?;
    Ok(Ok((Outcome::Created, Vec::new())))
}

async fn bring_up_to_date(tx: &mut Tx, ctx: &Ctx, record: &UserRecord, known: Known) -> Result<TakenUp, Internal> {
    let now = ctx.now();
    // A stranger may have registered the address of somebody: their account is not filled with what belongs to the other.
    if known.brought.is_none() && !known.user.is_verified() {
        return Ok(Err(Refused::new("email", "was registered here by somebody who has not confirmed it yet")));
    }
    let before = known.user.clone();
    let last = known.brought.clone();
    let mut merged = merge::merge(record, known, now);
    if merged.changed.contains(&"username")
        && let Some(refused) = username_is_taken(tx, record, Some(before.id)).await?
    {
        return Ok(Err(refused));
    }
    if merged.changed.contains(&"email")
        && store::holder_of_email(tx, &record.email).await?.is_some_and(|holder| holder.id != before.id)
    {
        return Ok(Err(Refused::new("email", "belongs to another account")));
    }
    let had = store::external_ids_of(tx, before.id).await?;
    if record.external_ids.keys().any(|source| !had.contains_key(source.as_str())) {
        merged.changed.push("external_ids");
    }
    let (changed, kept) = (merged.changed.clone(), merged.kept.clone());
    if changed.is_empty() {
        if last.as_ref() != Some(&merged.brought) {
            store::remember(tx, before.id, merged.brought, now).await?;
        }
        return Ok(Ok((Outcome::Unchanged, kept)));
    }
    merged.user.updated_at = before.next_update(now);
    if merged.ends_access() {
        merged.user.stamp = ctx.new_id();
        credentials::end_access(tx, ctx, before.id, None, "imported").await?;
    }
    if !store::update(tx, &merged.user, merged.hash.clone(), before.stamp).await? {
        return Err(Internal::new("bring an account up to date", "it changed within the transaction"));
    }
    tx.touch(before.id);
    write_around(tx, ctx, record, merged).await?;
    Ok(Ok((Outcome::Updated(changed), kept)))
}

/// What stands in other tables than the account itself.
async fn write_around(tx: &mut Tx, ctx: &Ctx, record: &UserRecord, merged: Merged) -> Result<(), Internal> {
    let id = merged.user.id;
    for (source, external_id) in record.external_ids.clone() {
        store::add_external_id(tx, id, source.into(), external_id.into()).await?;
    }
    if let Some(secret) = merged.totp {
        factor::adopt_totp(tx, ctx, id, &secret).await?;
    }
    store::remember(tx, id, merged.brought, ctx.now()).await?;
    let details = serde_json::json!({ "changed": merged.changed });
    audit::record(tx, ctx, AuditEntry::about(AuditKind::UserImported, id).with_details(details)).await
}

async fn username_is_taken(
    tx: &mut Tx,
    record: &UserRecord,
    by_other_than: Option<UserId>,
) -> Result<Option<Refused>, Internal> {
    let Some(username) = &record.username else { return Ok(None) };
    let holder = store::holder_of_username(tx, username).await?;
    let is_taken = holder.is_some_and(|holder| Some(holder.id) != by_other_than);
    Ok(is_taken.then(|| Refused::new("username", "belongs to another account")))
}
