//! What there is to do about one object, whatever its kind.

use serde_json::{Map, Value};

use super::{
    Mark,
    apply::{ApplyDeclaration, ApplyError},
    clients::Secret,
    object::{Kind, Object},
    plan::{Action, Change, Differences, FieldChange},
};
use crate::{
    client::Client,
    org::{PermissionEntry, Role},
    protocol::ScopeSet,
    resource::Entry,
};

/// One object's part of the work, and what the plan says of it.
pub(super) struct Work {
    pub(super) object: Object,
    /// None when only the note that it is as declared has to be written.
    pub(super) change: Option<Change>,
    pub(super) task: Task,
}

/// What is to be written.
pub(super) enum Task {
    Entry(Write<Entry>),
    Client(Write<Client>, Secret),
    Permission(Write<PermissionEntry>),
    Role(Write<Role>),
}

/// What is to be written of one thing.
pub(super) enum Write<T> {
    Create(Box<T>),
    Update { before: Box<T>, after: Box<T> },
    Remove(Box<T>),
}

impl<T> Write<T> {
    /// What is there afterwards.
    pub(super) fn after(&self) -> Option<&T> {
        match self {
            Self::Create(after) | Self::Update { after, .. } => Some(after),
            Self::Remove(_) => None,
        }
    }
}

impl Work {
    pub(super) fn create(object: Object, task: Task) -> Self {
        let change =
            Change { object: object.clone(), action: Action::Create, changed_by_hand: false, fields: Vec::new() };
        Self { object, change: Some(change), task }
    }

    /// None when nothing differs. What was changed by hand and back again is written, and not told.
    pub(super) fn update(object: Object, changed_by_hand: bool, fields: Vec<FieldChange>, task: Task) -> Option<Self> {
        if fields.is_empty() {
            return changed_by_hand.then_some(Self { object, change: None, task });
        }
        let change = Change { object: object.clone(), action: Action::Update, changed_by_hand, fields };
        Some(Self { object, change: Some(change), task })
    }

    /// What there is to do about one that is declared and there, from what is said of it and what is wanted.
    ///
    /// # Errors
    /// It is not the declaration's own, and is not to be taken over either.
    pub(super) fn compare(
        cmd: &ApplyDeclaration,
        object: Object,
        mark: &Mark,
        (said, wanted): (&Map<String, Value>, &Map<String, Value>),
        task: Task,
    ) -> Result<Option<Self>, ApplyError> {
        let owner = mark.owner.as_deref();
        let changed_by_hand = is_own(cmd, &object, owner)? && mark.differs_from_declaration();
        let mut differences = Differences::default();
        differences.owner(owner, &cmd.declaration.owner);
        differences.members(said, wanted);
        Ok(Self::update(object, changed_by_hand, differences.fields(), task))
    }

    pub(super) fn remove(object: Object, changed_by_hand: bool, task: Task) -> Self {
        let change = Change { object: object.clone(), action: Action::Remove, changed_by_hand, fields: Vec::new() };
        Self { object, change: Some(change), task }
    }

    /// Whether it is removed.
    pub(super) fn goes(&self) -> bool {
        match &self.task {
            Task::Entry(write) => write.after().is_none(),
            Task::Client(write, _) => write.after().is_none(),
            Task::Permission(write) => write.after().is_none(),
            Task::Role(write) => write.after().is_none(),
        }
    }

    /// The scopes that it names afterwards.
    pub(super) fn scopes(&self) -> Option<&ScopeSet> {
        match &self.task {
            Task::Entry(write) => write.after()?.scopes(),
            Task::Client(write, _) => Some(&write.after()?.settings.scopes),
            Task::Permission(_) | Task::Role(_) => None,
        }
    }

    /// Where it comes in the whole: kind after kind; then what goes, the other way round. Within each by id, so that two who
    /// do the same never wait for each other in a circle.
    pub(super) fn order(&self) -> (u8, &str) {
        let kind = self.object.kind as u8;
        let step = if self.goes() { 2 * Kind::COUNT - kind } else { kind };
        (step, &self.object.id)
    }
}

/// Whether an object that belongs to `owner` is the declaration's own.
///
/// # Errors
/// It is not, and is not to be taken over either.
pub(super) fn is_own(cmd: &ApplyDeclaration, object: &Object, owner: Option<&str>) -> Result<bool, ApplyError> {
    let object = || object.clone();
    match owner {
        Some(owner) if owner == cmd.declaration.owner.as_str() => Ok(true),
        Some(_) | None if cmd.adopt => Ok(false),
        Some(owner) => Err(ApplyError::OwnedByOther { object: object(), owner: owner.to_owned() }),
        None => Err(ApplyError::MadeByHand { object: object() }),
    }
}
