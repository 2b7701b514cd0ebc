//! Declared clients, compared with those that are there. Pure: nothing is read or written here.

use serde_json::{Value, json};

use super::{
    Declaration, DeclaredClient,
    apply::{ApplyDeclaration, ApplyError},
    plan::{Action, Change, FieldChange},
};
use crate::{
    client::{Client, steps},
    clock::Timestamp,
};

/// Kind of these objects in plans.
pub(super) const OBJECT: &str = "client";

/// One client's part of the work, and what the plan says of it.
pub(super) struct Work {
    pub(super) id: String,
    /// None when only the note that it is as declared has to be written.
    pub(super) change: Option<Change>,
    pub(super) task: Task,
}

/// What is to be written.
pub(super) enum Task {
    Create { client: Box<Client>, secret: Secret },
    Update { before: Box<Client>, after: Box<Client>, secret: Secret },
    Remove { version: i64 },
}

/// What happens to the secret of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Secret {
    /// It stays, or there is none.
    Stays,
    /// The declared one takes its place.
    Declared,
    /// One is made.
    Made,
}

/// Checks what can be checked without looking at what is there.
pub(super) fn check(declaration: &Declaration) -> Result<(), ApplyError> {
    let mut seen = std::collections::BTreeSet::new();
    for client in &declaration.clients {
        let id = || client.id.clone();
        if !steps::is_client_id(&client.id) {
            return Err(ApplyError::Id { id: id() });
        }
        if !seen.insert(&client.id) {
            return Err(ApplyError::Twice { id: id() });
        }
        client.settings.check().map_err(|problem| ApplyError::Settings { id: id(), problem })?;
        if let Some(secret) = &client.secret {
            if !client.settings.has_secret() {
                return Err(ApplyError::NoSecretHere { id: id() });
            }
            let strong = (32..=512).contains(&secret.expose().len());
            if !strong || !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(ApplyError::WeakSecret { id: id() });
            }
        }
    }
    Ok(())
}

/// What there is to do about one declared client, of which `found` is there.
pub(super) fn compare(
    cmd: &ApplyDeclaration,
    declared: &DeclaredClient,
    found: Option<Client>,
    now: Timestamp,
) -> Result<Option<Work>, ApplyError> {
    let id = declared.id.clone();
    let owner = cmd.declaration.owner.as_str();
    let Some(before) = found else {
        let client = steps::new_client(&id, declared.name.clone(), declared.settings.clone(), now);
        let client = Client { is_enabled: declared.is_enabled.unwrap_or(true), ..client };
        let secret = match &declared.secret {
            Some(_) => Secret::Declared,
            None if client.settings.has_secret() => Secret::Made,
            None => Secret::Stays,
        };
        let change =
            Change { object: OBJECT, id: id.clone(), action: Action::Create, changed_by_hand: false, fields: vec![] };
        return Ok(Some(Work { id, change: Some(change), task: Task::Create { client: Box::new(client), secret } }));
    };
    if before.is_system {
        return Err(ApplyError::Reserved { id });
    }
    let is_ours = before.owner.as_deref() == Some(owner);
    if !is_ours && !cmd.adopt {
        return Err(match before.owner {
            Some(owner) => ApplyError::OwnedByOther { id, owner },
            None => ApplyError::MadeByHand { id },
        });
    }
    let after = Client {
        name: declared.name.as_str().to_owned(),
        settings: declared.settings.clone(),
        is_enabled: declared.is_enabled.unwrap_or(before.is_enabled),
        ..before.clone()
    };
    let secret = secret(declared, &after, now);
    let fields = fields(&before, &after, owner, secret);
    let drifted = is_ours && before.differs_from_declaration();
    if fields.is_empty() && !drifted {
        return Ok(None);
    }
    let change = Change { object: OBJECT, id: id.clone(), action: Action::Update, changed_by_hand: drifted, fields };
    // Changed by hand and back again: there is nothing to tell.
    let change = (!change.fields.is_empty()).then_some(change);
    Ok(Some(Work { id, change, task: Task::Update { before: Box::new(before), after: Box::new(after), secret } }))
}

fn secret(declared: &DeclaredClient, after: &Client, now: Timestamp) -> Secret {
    match &declared.secret {
        Some(secret) if after.has_newest_secret(secret.expose(), now) && !after.needs_new_secret(now) => Secret::Stays,
        Some(_) => Secret::Declared,
        None if after.needs_new_secret(now) => Secret::Made,
        None => Secret::Stays,
    }
}

fn fields(before: &Client, after: &Client, owner: &str, secret: Secret) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    let mut note = |name: &str, before: Value, after: Value| {
        if before != after {
            fields.push(FieldChange::between(name, &before, &after));
        }
    };
    note("owner", json!(before.owner), json!(owner));
    note("name", json!(before.name), json!(after.name));
    note("enabled", json!(before.is_enabled), json!(after.is_enabled));
    let there = before.settings.members();
    for (name, declared) in after.settings.members() {
        note(&name, there.get(&name).cloned().unwrap_or_default(), declared);
    }
    match secret {
        Secret::Stays => {}
        Secret::Declared => {
            fields.push(FieldChange::note(
                "secret",
                "the declared one is put in place; the one before works 24 more hours",
            ));
        }
        Secret::Made => fields.push(FieldChange::note("secret", "a new one is made, and told once")),
    }
    fields
}
