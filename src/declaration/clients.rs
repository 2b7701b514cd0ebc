//! Declared clients: compared with those that are there, and written.

use super::{
    Declaration, DeclaredClient, OLD_SECRET_WORKS_FOR,
    apply::{ApplyDeclaration, ApplyError, MadeSecret},
    object::{Kind, Object},
    plan::{Differences, FieldChange},
    work::{Task, Work, Write, is_own},
};
use crate::{
    client::{Client, steps},
    clock::Timestamp,
    core::Ctx,
    db::{Touched, Tx},
    error::Internal,
    secret::{PlainToken, SecretString},
};

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

/// What is said of it.
pub(super) fn object(id: &str) -> Object {
    Object::new(Kind::Client, id)
}

/// Checks what can be checked without looking at what is there.
pub(super) fn check(client: &DeclaredClient) -> Result<(), ApplyError> {
    let object = || object(&client.id);
    if !steps::is_client_id(&client.id) {
        return Err(ApplyError::Id { object: object() });
    }
    client.settings.check().map_err(|problem| ApplyError::Settings { object: object(), problem })?;
    let Some(secret) = &client.secret else { return Ok(()) };
    if !client.settings.has_secret() {
        return Err(ApplyError::NoSecretHere { object: object() });
    }
    let is_strong = (32..=512).contains(&secret.expose().len());
    if !is_strong || !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ApplyError::WeakSecret { object: object() });
    }
    Ok(())
}

/// What there is to do about one that is declared, of which `found` is there.
pub(super) fn compare(
    cmd: &ApplyDeclaration,
    declared: &DeclaredClient,
    found: Option<Client>,
    now: Timestamp,
) -> Result<Option<Work>, ApplyError> {
    let object = object(&declared.id);
    let Some(before) = found else {
        let client = steps::new_client(&declared.id, declared.name.clone(), declared.settings.clone(), now);
        let client = Client { is_enabled: declared.is_enabled.unwrap_or(true), ..client };
        let secret = match &declared.secret {
            Some(_) => Secret::Declared,
            None if client.settings.has_secret() => Secret::Made,
            None => Secret::Stays,
        };
        return Ok(Some(Work::create(object, Task::Client(Write::Create(Box::new(client)), secret))));
    };
    if before.is_system {
        return Err(ApplyError::Reserved { object });
    }
    let drifted = is_own(cmd, &object, before.owner.as_deref())? && before.differs_from_declaration();
    let after = Client {
        name: declared.name.as_str().to_owned(),
        settings: declared.settings.clone(),
        is_enabled: declared.is_enabled.unwrap_or(before.is_enabled),
        ..before.clone()
    };
    let secret = secret(declared, &after, now);
    let fields = fields(&before, &after, &cmd.declaration, secret);
    let write = Write::Update { before: Box::new(before), after: Box::new(after) };
    Ok(Work::update(object, drifted, fields, Task::Client(write, secret)))
}

/// What there is to do about one that is no longer declared.
pub(super) fn remove(client: Client) -> Work {
    let (object, drifted) = (object(&client.id), client.differs_from_declaration());
    Work::remove(object, drifted, Task::Client(Write::Remove(Box::new(client)), Secret::Stays))
}

fn secret(declared: &DeclaredClient, after: &Client, now: Timestamp) -> Secret {
    match &declared.secret {
        Some(secret) if after.has_newest_secret(secret.expose(), now) && !after.needs_new_secret(now) => Secret::Stays,
        Some(_) => Secret::Declared,
        None if after.needs_new_secret(now) => Secret::Made,
        None => Secret::Stays,
    }
}

fn fields(before: &Client, after: &Client, declaration: &Declaration, secret: Secret) -> Vec<FieldChange> {
    let mut differences = Differences::default();
    differences.owner(before.owner.as_deref(), &declaration.owner);
    differences.field("name", &before.name.as_str().into(), &after.name.as_str().into());
    differences.field("enabled", &before.is_enabled.into(), &after.is_enabled.into());
    differences.members(&before.settings.members(), &after.settings.members());
    match secret {
        Secret::Stays => {}
        Secret::Declared => {
            differences.note("secret", "the declared one is put in place; the one before works 24 more hours");
        }
        Secret::Made => differences.note("secret", "a new one is made, and told once"),
    }
    differences.fields()
}

/// Writes, and hands on the secret that was made; false when the client is no longer as it was looked at.
pub(super) async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    (write, secret): (&Write<Client>, Secret),
    declaration: &Declaration,
    made: &mut Vec<MadeSecret>,
) -> Result<bool, Internal> {
    let (client, was_enabled, version) = match write {
        Write::Remove(client) => return steps::remove(tx, ctx, &client.id, Some(client.version)).await,
        Write::Create(client) => (client, true, steps::insert(tx, ctx, client).await?.then_some(client.version)),
        Write::Update { before, after } => {
            let updated = steps::change(tx, ctx, before, (**after).clone()).await?;
            (after, before.is_enabled, updated.map(|updated| updated.version))
        }
    };
    let Some(mut version) = version else { return Ok(false) };
    if client.is_enabled != was_enabled {
        if !steps::turn(tx, ctx, client, version, client.is_enabled).await? {
            return Ok(false);
        }
        version += 1;
    }
    let declared = declaration.clients.iter().find(|declared| declared.id == client.id);
    let given = declared.and_then(|declared| declared.secret.as_ref());
    if let Some(secret) = give_secret(tx, ctx, write, secret, given).await? {
        made.push(MadeSecret { client_id: client.id.clone(), secret });
    }
    tx.touch(Touched::Clients);
    steps::declare(tx, &client.id, version, declaration.owner.as_str()).await
}

/// Gives a client the secret it is to have; what was made is handed back.
async fn give_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    write: &Write<Client>,
    secret: Secret,
    given: Option<&SecretString>,
) -> Result<Option<PlainToken>, Internal> {
    let (is_new, client) = match write {
        Write::Create(client) => (true, client),
        Write::Update { after, .. } => (false, after),
        Write::Remove(_) => return Ok(None),
    };
    match (secret, given) {
        (Secret::Stays, _) | (Secret::Declared, None) => return Ok(None),
        (Secret::Declared, Some(given)) if is_new => steps::put_secret(tx, ctx, client, given.expose()).await?,
        (Secret::Declared, Some(given)) => {
            steps::replace_secret(tx, ctx, client, given.expose(), OLD_SECRET_WORKS_FOR).await?
        }
        (Secret::Made, _) if is_new => return steps::add_secret(tx, ctx, client).await.map(Some),
        (Secret::Made, _) => return steps::make_secret(tx, ctx, client, OLD_SECRET_WORKS_FOR).await.map(Some),
    };
    Ok(None)
}
