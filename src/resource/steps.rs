//! The steps that the commands of this folder are made of, and declarations, which do several in one transaction. Each
//! writes on the version that was looked at, and puts on record what it wrote.

use serde_json::json;

pub(crate) use super::store::declare;
use super::{Entry, store};
use crate::{
    audit::{self, AuditKind},
    core::Ctx,
    db::{Conn, Touched, Tx},
    error::Internal,
};

/// Everything in the catalogue: scopes, then APIs.
pub(crate) async fn entries(conn: &mut Conn) -> Result<Vec<Entry>, Internal> {
    let scopes = store::scopes(conn, None).await?;
    let resources = store::resources(conn, None).await?;
    Ok(scopes.into_iter().map(Entry::from).chain(resources.into_iter().map(Entry::from)).collect())
}

/// Writes what is new; false when its name or identifier is taken.
pub(crate) async fn insert(tx: &mut Tx, ctx: &Ctx, entry: &Entry) -> Result<bool, Internal> {
    let is_new = store::insert(tx, entry).await?;
    if is_new {
        let kind = match entry {
            Entry::Scope(_) => AuditKind::ScopeSaved,
            Entry::Resource(_) => AuditKind::ResourceCreated,
        };
        record(tx, ctx, kind, entry).await?;
    }
    Ok(is_new)
}

/// Writes `after` in place of `before` and says its version; none when somebody else was faster. What is so already is
/// left alone.
pub(crate) async fn change(tx: &mut Tx, ctx: &Ctx, before: &Entry, after: &Entry) -> Result<Option<i64>, Internal> {
    let version = before.mark().version;
    if before.members() == after.members() {
        return Ok(Some(version));
    }
    if !store::update(tx, after, version, ctx.now()).await? {
        return Ok(None);
    }
    let kind = match after {
        Entry::Scope(_) => AuditKind::ScopeSaved,
        Entry::Resource(_) => AuditKind::ResourceUpdated,
    };
    record(tx, ctx, kind, after).await?;
    Ok(Some(version + 1))
}

/// Removes it; false when it is no longer as it was looked at.
pub(crate) async fn remove(tx: &mut Tx, ctx: &Ctx, entry: &Entry) -> Result<bool, Internal> {
    let is_gone = store::delete(tx, entry).await?;
    if is_gone {
        let kind = match entry {
            Entry::Scope(_) => AuditKind::ScopeDeleted,
            Entry::Resource(_) => AuditKind::ResourceDeleted,
        };
        record(tx, ctx, kind, entry).await?;
    }
    Ok(is_gone)
}

async fn record(tx: &mut Tx, ctx: &Ctx, kind: AuditKind, entry: &Entry) -> Result<(), Internal> {
    let is_gone = matches!(kind, AuditKind::ScopeDeleted | AuditKind::ResourceDeleted);
    let settings = (!is_gone).then(|| entry.members());
    let details = match (entry, settings) {
        (Entry::Scope(scope), None) => json!({ "scope": scope.name }),
        (Entry::Scope(scope), Some(settings)) => json!({ "scope": scope.name, "settings": settings }),
        (Entry::Resource(api), None) => json!({ "resource": api.identifier }),
        (Entry::Resource(api), Some(settings)) => json!({ "resource": api.identifier, "settings": settings }),
    };
    audit::record(tx, ctx, audit::Entry::new(kind).with_details(details)).await?;
    tx.touch(Touched::Catalogue);
    Ok(())
}
