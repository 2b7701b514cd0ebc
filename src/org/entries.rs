//! Grants and denials of one member (E5).

use super::{
    access::{self, Right, refused},
    calculus::Effect,
    change::{self, MemberChangeError, MemberSaved},
    member_store,
    membership::{MOST_ENTRIES, MemberEntry},
    organization::OrganizationRef,
    permission::{Pattern, ResourceRef},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::Denied,
    clock::Timestamp,
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    id::{MemberEntryId, MembershipId, OrganizationId, UserId},
};

/// Longest reason, in characters.
const MAX_REASON: usize = 300;

/// A grant or a denial to be.
#[derive(Clone, Debug)]
pub struct AddEntry {
    /// In which organisation.
    pub organization: OrganizationRef,
    /// Whose.
    pub user_id: UserId,
    /// What it does.
    pub effect: Effect,
    /// With which permissions.
    pub pattern: Pattern,
    /// On what; on everything without.
    pub resource: Option<ResourceRef>,
    /// Why, in words, at most 300 characters; may be empty.
    pub reason: String,
    /// When it ends; never without.
    pub expires_at: Option<Timestamp>,
    /// The version of the membership that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// There is another grant or denial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryAdded {
    /// Its id.
    pub id: MemberEntryId,
    /// The version of the membership now.
    pub version: i64,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum AddEntryError {
    /// The member cannot be changed so.
    #[error(transparent)]
    Member(#[from] MemberChangeError),
    /// The catalogue knows no such permission.
    #[error("there is no such permission")]
    UnknownPermission,
    /// They do not hold it themselves by their role (E3).
    #[error("you can grant only what your own role gives you")]
    NotYours,
    /// It would be over before it begins.
    #[error("the end must be in the future")]
    Past,
    /// Too long, or with control characters.
    #[error("a reason has at most {MAX_REASON} characters, on one line")]
    Reason,
    /// There are as many as can be.
    #[error("a member can have {MOST_ENTRIES} grants and denials")]
    TooMany,
}

impl From<Internal> for AddEntryError {
    fn from(error: Internal) -> Self {
        Self::Member(error.into())
    }
}

impl From<access::Refused> for AddEntryError {
    fn from(cause: access::Refused) -> Self {
        Self::Member(cause.into())
    }
}

/// Grants something to a member, or denies it.
///
/// # Errors
/// [`AddEntryError`].
pub async fn add_entry(ctx: &Ctx, cmd: AddEntry) -> Result<EntryAdded, AddEntryError> {
    let (mut tx, seat) = access::begin(ctx, &cmd.organization, Right::ManageRoles).await?;
    let member = change::target(&mut tx, &seat, cmd.user_id, cmd.version).await?;
    let now = ctx.now();
    if !seat.rulebook.permissions.knows(&cmd.pattern) {
        return Err(AddEntryError::UnknownPermission);
    }
    // What somebody does not hold, they may deny to others nevertheless.
    if cmd.effect == Effect::Grant && !seat.may_grant(&cmd.pattern) {
        return Err(AddEntryError::NotYours);
    }
    if cmd.expires_at.is_some_and(|end| end <= now) {
        return Err(AddEntryError::Past);
    }
    let reason = cmd.reason.trim().to_owned();
    if reason.chars().count() > MAX_REASON || reason.chars().any(char::is_control) {
        return Err(AddEntryError::Reason);
    }
    let there = member_store::entries(&mut tx, member.id).await?;
    if there.len() >= MOST_ENTRIES {
        return Err(AddEntryError::TooMany);
    }
    let entry = MemberEntry {
        id: ctx.new_id(),
        effect: cmd.effect,
        pattern: cmd.pattern,
        resource: cmd.resource,
        reason,
        created_by: ctx.user().map(|actor| actor.user_id),
        created_at: now,
        expires_at: cmd.expires_at,
    };
    member_store::insert_entry(&mut tx, member.id, &entry).await?;
    let kind = match entry.effect {
        Effect::Grant => AuditKind::PermissionGranted,
        Effect::Denial => AuditKind::PermissionDenied,
    };
    let target = Target { organization_id: seat.organization.id, user_id: cmd.user_id, id: member.id };
    let version = save(tx, ctx, target, member.version, kind, &entry).await?;
    Ok(EntryAdded { id: entry.id, version })
}

/// Takes back a grant or a denial.
#[derive(Clone, Debug)]
pub struct RemoveEntry {
    /// In which organisation.
    pub organization: OrganizationRef,
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub entry: MemberEntryId,
    /// The version of the membership that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// Why it is still there.
#[derive(Debug, thiserror::Error)]
pub enum RemoveEntryError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The member cannot be changed so.
    #[error(transparent)]
    Member(MemberChangeError),
    /// There is no such grant or denial.
    #[error("there is no such grant or denial")]
    NoSuchEntry,
    /// To end a denial is to give, and they may give only what they hold themselves by their role (E3).
    #[error("you can give back only what your own role gives you")]
    NotYours,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(RemoveEntryError);

impl From<MemberChangeError> for RemoveEntryError {
    fn from(cause: MemberChangeError) -> Self {
        Self::Member(cause)
    }
}

/// Takes back a grant or a denial.
///
/// # Errors
/// [`RemoveEntryError`].
pub async fn remove_entry(ctx: &Ctx, cmd: RemoveEntry) -> Result<MemberSaved, RemoveEntryError> {
    let (mut tx, seat) = access::begin(ctx, &cmd.organization, Right::ManageRoles).await?;
    let member = change::target(&mut tx, &seat, cmd.user_id, cmd.version).await?;
    let there = member_store::entries(&mut tx, member.id).await?;
    let entry = there.into_iter().find(|entry| entry.id == cmd.entry).ok_or(RemoveEntryError::NoSuchEntry)?;
    if entry.effect == Effect::Denial && !seat.may_grant(&entry.pattern) {
        return Err(RemoveEntryError::NotYours);
    }
    if !member_store::delete_entry(&mut tx, member.id, entry.id).await? {
        return Err(RemoveEntryError::NoSuchEntry);
    }
    let target = Target { organization_id: seat.organization.id, user_id: cmd.user_id, id: member.id };
    let version = save(tx, ctx, target, member.version, AuditKind::PermissionEntryRemoved, &entry).await?;
    Ok(MemberSaved { version })
}

/// Whose entries changed.
struct Target {
    organization_id: OrganizationId,
    user_id: UserId,
    id: MembershipId,
}

async fn save(
    mut tx: Tx,
    ctx: &Ctx,
    target: Target,
    version: i64,
    kind: AuditKind,
    entry: &MemberEntry,
) -> Result<i64, MemberChangeError> {
    let changed = member_store::touch(&mut tx, target.id, version, ctx.now()).await?;
    let version = changed.ok_or(MemberChangeError::Changed)?;
    tx.touch(Touched::memberships(target.user_id));
    let details = serde_json::json!({
        "entry": entry.id,
        "effect": entry.effect,
        "permission": entry.pattern,
        "resource": entry.resource,
        "until": entry.expires_at.map(|end| end.to_string()),
    });
    let record = Entry::about(kind, target.user_id).within(target.organization_id);
    audit::record(&mut tx, ctx, record.with_details(details)).await?;
    tx.commit().await?;
    Ok(version)
}
