//! Declared scopes and APIs: compared with those that are there, and written.

use super::{
    Declaration, DeclaredResource, DeclaredScope,
    apply::{ApplyDeclaration, ApplyError},
    object::{Kind, Object},
    work::{Task, Work, Write},
};
use crate::{
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    resource::{ApiResource, Entry, ScopeEntry, steps},
};

/// Scopes and APIs as they are to be.
pub(super) fn entries(declaration: &Declaration, now: Timestamp) -> impl Iterator<Item = Entry> {
    let scope = move |scope: &DeclaredScope| ScopeEntry::new(scope.name.clone(), scope.settings.clone(), now).into();
    let resource = move |api: &DeclaredResource| {
        ApiResource::new(api.identifier.clone(), api.name.clone(), api.settings.clone(), now).into()
    };
    declaration.scopes.iter().map(scope).chain(declaration.resources.iter().map(resource))
}

/// What is said of it.
pub(super) fn object(entry: &Entry) -> Object {
    let kind = match entry {
        Entry::Scope(_) => Kind::Scope,
        Entry::Resource(_) => Kind::Resource,
    };
    Object::new(kind, entry.id())
}

/// What there is to do about one that is declared, of which `found` is there.
pub(super) fn compare(
    cmd: &ApplyDeclaration,
    declared: Entry,
    found: Option<&Entry>,
) -> Result<Option<Work>, ApplyError> {
    let object = object(&declared);
    let after = Box::new(declared);
    let Some(before) = found else {
        return Ok(Some(Work::create(object, Task::Entry(Write::Create(after)))));
    };
    let (said, wanted) = (before.members(), after.members());
    let write = Write::Update { before: Box::new(before.clone()), after };
    Work::compare(cmd, object, before.mark(), (&said, &wanted), Task::Entry(write))
}

/// What there is to do about one that is no longer declared.
pub(super) fn remove(entry: &Entry) -> Work {
    let task = Task::Entry(Write::Remove(Box::new(entry.clone())));
    Work::remove(object(entry), entry.mark().differs_from_declaration(), task)
}

/// Writes; false when it is no longer as it was looked at.
pub(super) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    write: &Write<Entry>,
    declaration: &Declaration,
) -> Result<bool, Internal> {
    let (entry, version) = match write {
        Write::Remove(entry) => return steps::remove(tx, ctx, entry).await,
        Write::Create(entry) => (entry, steps::insert(tx, ctx, entry).await?.then_some(entry.mark().version)),
        Write::Update { before, after } => (after, steps::change(tx, ctx, before, after).await?),
    };
    match version {
        Some(version) => steps::declare(tx, entry, version, declaration.owner.as_str()).await,
        None => Ok(false),
    }
}
