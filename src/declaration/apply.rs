//! The commands: see what would change, and change it.

use super::{
    Declaration, OLD_SECRET_WORKS_FOR,
    clients::{self, Secret, Task, Work},
    plan::{Action, Change, Kept, Plan},
};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    client::{Client, SettingsProblem, steps},
    core::Ctx,
    db::{Conn, Touched, Tx},
    error::Internal,
    secret::{PlainToken, SecretString},
};

/// How often the work is looked over anew when somebody else changed something meanwhile.
const TRIES: usize = 5;

/// Make it so, or see what would change.
#[derive(Clone, Debug)]
pub struct ApplyDeclaration {
    /// What is to be.
    pub declaration: Declaration,
    /// Take over clients of the same id that were made by hand or by another declaration.
    pub adopt: bool,
    /// Remove what the declaration made and no longer lists.
    pub prune: bool,
}

/// It is as declared.
#[derive(Debug)]
pub struct DeclarationApplied {
    /// What was changed.
    pub plan: Plan,
    /// The secrets that were made. Told this once.
    pub secrets: Vec<MadeSecret>,
}

/// A secret that was made.
#[derive(Debug)]
pub struct MadeSecret {
    /// Whose.
    pub client_id: String,
    /// The secret.
    pub secret: PlainToken,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The id has other characters than allowed, or is too long.
    #[error("client {id:?}: a client id has 1 to 100 letters, digits, hyphens, dots or underscores")]
    Id {
        /// The client.
        id: String,
    },
    /// It stands there twice.
    #[error("client {id} is declared twice")]
    Twice {
        /// The client.
        id: String,
    },
    /// It is Ostiary's own.
    #[error("client {id} is Ostiary's own and cannot be declared")]
    Reserved {
        /// The client.
        id: String,
    },
    /// It was made by hand.
    #[error("client {id} was made by hand; --adopt takes it over")]
    MadeByHand {
        /// The client.
        id: String,
    },
    /// Another declaration made it.
    #[error("client {id} is declared by {owner}; --adopt takes it over")]
    OwnedByOther {
        /// The client.
        id: String,
        /// The other declaration.
        owner: String,
    },
    /// The settings cannot work.
    #[error("client {id}: {}: {problem}", problem.field())]
    Settings {
        /// The client.
        id: String,
        /// What cannot work.
        problem: SettingsProblem,
    },
    /// A secret is declared for a client that has none.
    #[error("client {id}: it has no secret, so none can be declared")]
    NoSecretHere {
        /// The client.
        id: String,
    },
    /// A secret that could be guessed, or cannot be sent (RFC 6749 appendix A.2).
    #[error("client {id}: a secret has 32 to 512 visible ASCII characters")]
    WeakSecret {
        /// The client.
        id: String,
    },
    /// Others keep changing the same clients.
    #[error("others keep changing the same clients; try again")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl ApplyError {
    /// The client it is about.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::Id { id }
            | Self::Twice { id }
            | Self::Reserved { id }
            | Self::MadeByHand { id }
            | Self::OwnedByOther { id, .. }
            | Self::Settings { id, .. }
            | Self::NoSecretHere { id }
            | Self::WeakSecret { id } => Some(id),
            Self::Denied(_) | Self::Changed | Self::Internal(_) => None,
        }
    }
}

/// What [`apply_declaration`] would change just now. Writes nothing.
///
/// # Errors
/// [`ApplyError`]
pub async fn plan_declaration(ctx: &Ctx, cmd: &ApplyDeclaration) -> Result<Plan, ApplyError> {
    require_operator(ctx)?;
    clients::check(&cmd.declaration)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(look(&mut conn, ctx, cmd).await?.1)
}

/// Makes everything as declared, all of it or nothing. Each change is carried out only on what was looked at: when
/// somebody else is faster, the work is looked over anew.
///
/// What there is to do is looked up once more inside the transaction: on SQLite, what others have just done is seen there
/// and nowhere else until the writer commits its group.
///
/// # Errors
/// [`ApplyError`]
pub async fn apply_declaration(ctx: &Ctx, cmd: ApplyDeclaration) -> Result<DeclarationApplied, ApplyError> {
    require_operator(ctx)?;
    clients::check(&cmd.declaration)?;
    for _ in 0..TRIES {
        let mut conn = ctx.core.db().read().await?;
        let (works, plan) = look(&mut conn, ctx, &cmd).await?;
        drop(conn);
        if works.is_empty() {
            return Ok(DeclarationApplied { plan, secrets: Vec::new() });
        }
        let mut tx = ctx.core.db().write().await?;
        let (works, plan) = look(&mut tx, ctx, &cmd).await?;
        if works.is_empty() {
            // It is done as soon as what others did is durable.
            tx.commit().await?;
            return Ok(DeclarationApplied { plan, secrets: Vec::new() });
        }
        if let Some(secrets) = carry_out(&mut tx, ctx, &cmd, &works).await? {
            record(&mut tx, ctx, &cmd, &plan).await?;
            tx.commit().await?;
            return Ok(DeclarationApplied { plan, secrets });
        }
    }
    Err(ApplyError::Changed)
}

/// Compares. The work is in the order of ids, so that two who do the same never wait for each other in a circle.
async fn look(conn: &mut Conn, ctx: &Ctx, cmd: &ApplyDeclaration) -> Result<(Vec<Work>, Plan), ApplyError> {
    let declaration = &cmd.declaration;
    let mut plan = Plan::default();
    let mut works = Vec::new();
    for declared in &declaration.clients {
        let found = steps::find(conn, &declared.id).await?;
        works.extend(clients::compare(cmd, declared, found, ctx.now())?);
    }
    for client in steps::list_of_owner(conn, declaration.owner.as_str()).await? {
        if declaration.clients.iter().any(|declared| declared.id == client.id) {
            continue;
        }
        if !cmd.prune {
            plan.kept.push(Kept { object: clients::OBJECT, id: client.id });
            continue;
        }
        let change = Change {
            object: clients::OBJECT,
            id: client.id.clone(),
            action: Action::Remove,
            changed_by_hand: client.differs_from_declaration(),
            fields: Vec::new(),
        };
        works.push(Work { id: client.id, change: Some(change), task: Task::Remove { version: client.version } });
    }
    works.sort_by(|a, b| a.id.cmp(&b.id));
    plan.changes = works.iter().filter_map(|work| work.change.clone()).collect();
    Ok((works, plan))
}

/// Writes; none when something is no longer as it was looked at.
async fn carry_out(
    tx: &mut Tx,
    ctx: &Ctx,
    cmd: &ApplyDeclaration,
    works: &[Work],
) -> Result<Option<Vec<MadeSecret>>, Internal> {
    let owner = cmd.declaration.owner.as_str();
    let mut secrets = Vec::new();
    for work in works {
        let id = work.id.as_str();
        let (client, secret, version) = match &work.task {
            Task::Remove { version } => {
                if !steps::remove(tx, ctx, id, Some(*version)).await? {
                    return Ok(None);
                }
                continue;
            }
            Task::Create { client, secret } => {
                if !steps::insert(tx, ctx, client).await? {
                    return Ok(None);
                }
                (&**client, *secret, client.version)
            }
            Task::Update { before, after, secret } => {
                let Some(updated) = steps::change(tx, ctx, before, (**after).clone()).await? else { return Ok(None) };
                (&**after, *secret, updated.version)
            }
        };
        let was_enabled = match &work.task {
            Task::Update { before, .. } => before.is_enabled,
            Task::Create { .. } | Task::Remove { .. } => true,
        };
        let mut version = version;
        if client.is_enabled != was_enabled {
            if !steps::turn(tx, ctx, client, version, client.is_enabled).await? {
                return Ok(None);
            }
            version += 1;
        }
        let declared = cmd.declaration.clients.iter().find(|declared| declared.id == id);
        let given = declared.and_then(|declared| declared.secret.as_ref());
        if let Some(secret) = give_secret(tx, ctx, work, client, secret, given).await? {
            secrets.push(MadeSecret { client_id: id.to_owned(), secret });
        }
        if !steps::declare(tx, id, version, owner).await? {
            return Ok(None);
        }
    }
    tx.touch(Touched::Clients);
    Ok(Some(secrets))
}

/// Gives a client the secret it is to have; what was made is handed back.
async fn give_secret(
    tx: &mut Tx,
    ctx: &Ctx,
    work: &Work,
    client: &Client,
    secret: Secret,
    given: Option<&SecretString>,
) -> Result<Option<PlainToken>, Internal> {
    let is_new = matches!(work.task, Task::Create { .. });
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

/// One line of the record for the whole, beside those of its parts.
async fn record(tx: &mut Tx, ctx: &Ctx, cmd: &ApplyDeclaration, plan: &Plan) -> Result<(), Internal> {
    if plan.is_empty() {
        return Ok(());
    }
    let of = |action: Action| -> Vec<&str> {
        plan.changes.iter().filter(|change| change.action == action).map(|change| change.id.as_str()).collect()
    };
    let details = serde_json::json!({
        "owner": cmd.declaration.owner.as_str(),
        "created": of(Action::Create),
        "updated": of(Action::Update),
        "removed": of(Action::Remove),
    });
    audit::record(tx, ctx, audit::Entry::new(AuditKind::DeclarationApplied).with_details(details)).await
}
