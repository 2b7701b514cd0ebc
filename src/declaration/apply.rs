//! The commands: see what would change, and change it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Declaration, Mark, catalogue, clients,
    object::Object,
    permissions,
    plan::{Action, Plan},
    roles, usage,
    work::{Task, Work},
};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    client::{self, SettingsProblem},
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    org::{self, CatalogueError, RoleError},
    resource::{self, Entry, ResourceProblem},
    secret::PlainToken,
};

/// How often the work is looked over anew when somebody else changed something meanwhile.
const TRIES: usize = 5;

/// Make it so, or see what would change.
#[derive(Clone, Debug)]
pub struct ApplyDeclaration {
    /// What is to be.
    pub declaration: Declaration,
    /// Take over what has the same kind and id and was made by hand or by another declaration.
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
    #[error("{object}: a client id has 1 to 100 letters, digits, hyphens, dots or underscores")]
    Id {
        /// The client.
        object: Object,
    },
    /// It stands there twice.
    #[error("{object} is declared twice")]
    Twice {
        /// Which.
        object: Object,
    },
    /// It is Ostiary's own.
    #[error("{object} is Ostiary's own and cannot be declared")]
    Reserved {
        /// The client.
        object: Object,
    },
    /// It was made by hand.
    #[error("{object} was made by hand; --adopt takes it over")]
    MadeByHand {
        /// Which.
        object: Object,
    },
    /// Another declaration made it.
    #[error("{object} is declared by {owner}; --adopt takes it over")]
    OwnedByOther {
        /// Which.
        object: Object,
        /// The other declaration.
        owner: String,
    },
    /// The settings of a client cannot work.
    #[error("{object}: {}: {problem}", problem.field())]
    Settings {
        /// The client.
        object: Object,
        /// What cannot work.
        problem: SettingsProblem,
    },
    /// What a scope or an API is registered with cannot work.
    #[error("{object}: {problem}")]
    Catalogue {
        /// The scope or API.
        object: Object,
        /// What cannot work.
        problem: ResourceProblem,
    },
    /// What a permission is described as cannot be, or there would be too many.
    #[error("{object}: {problem}")]
    Permission {
        /// The permission.
        object: Object,
        /// What cannot be.
        problem: CatalogueError,
    },
    /// A role cannot be so, or cannot go.
    #[error("{object}: {problem}")]
    Role {
        /// The role.
        object: Object,
        /// What cannot be.
        problem: Box<RoleError>,
    },
    /// It names a role that is neither there nor declared.
    #[error("{object}: there is no role {name:?}")]
    NoSuchRole {
        /// The role that names it.
        object: Object,
        /// What it names.
        name: String,
    },
    /// A scope is to go, but something that stays names it.
    #[error("{object} cannot be removed: {} still has it", users.iter().map(Object::to_string).collect::<Vec<_>>().join(", "))]
    InUse {
        /// The scope.
        object: Object,
        /// Some of the clients that may ask for it, and the APIs that own it.
        users: Vec<Object>,
    },
    /// A secret is declared for a client that has none.
    #[error("{object}: it has no secret, so none can be declared")]
    NoSecretHere {
        /// The client.
        object: Object,
    },
    /// A secret that could be guessed, or cannot be sent (RFC 6749 appendix A.2).
    #[error("{object}: a secret has 32 to 512 visible ASCII characters")]
    WeakSecret {
        /// The client.
        object: Object,
    },
    /// Others keep changing the same things.
    #[error("others keep changing the same things; try again")]
    Changed,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl ApplyError {
    /// What it is about.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Id { object }
            | Self::Twice { object }
            | Self::Reserved { object }
            | Self::MadeByHand { object }
            | Self::OwnedByOther { object, .. }
            | Self::Settings { object, .. }
            | Self::Catalogue { object, .. }
            | Self::Permission { object, .. }
            | Self::Role { object, .. }
            | Self::NoSuchRole { object, .. }
            | Self::InUse { object, .. }
            | Self::NoSecretHere { object }
            | Self::WeakSecret { object } => Some(object),
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
    let declared = check(ctx, &cmd.declaration)?;
    let mut conn = ctx.core.db().read().await?;
    Ok(look(&mut conn, ctx, cmd, &declared).await?.1)
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
    let declared = check(ctx, &cmd.declaration)?;
    for _ in 0..TRIES {
        let mut conn = ctx.core.db().read().await?;
        let (works, plan) = look(&mut conn, ctx, &cmd, &declared).await?;
        drop(conn);
        if works.is_empty() {
            return Ok(DeclarationApplied { plan, secrets: Vec::new() });
        }
        let mut tx = ctx.core.db().write().await?;
        org::steps::hold(&mut tx).await?;
        let (works, plan) = look(&mut tx, ctx, &cmd, &declared).await?;
        if works.is_empty() {
            // It is done as soon as what others did is durable.
            tx.commit().await?;
            return Ok(DeclarationApplied { plan, secrets: Vec::new() });
        }
        if let Some(secrets) = carry_out(&mut tx, ctx, &cmd.declaration, &works).await? {
            record(&mut tx, ctx, &cmd, &plan).await?;
            tx.commit().await?;
            return Ok(DeclarationApplied { plan, secrets });
        }
    }
    Err(ApplyError::Changed)
}

/// Checks what can be checked without looking at what is there; hands back what is declared.
fn check(ctx: &Ctx, declaration: &Declaration) -> Result<BTreeSet<Object>, ApplyError> {
    let mut declared = BTreeSet::new();
    let mut once = |object: Object| {
        if declared.insert(object.clone()) { Ok(()) } else { Err(ApplyError::Twice { object }) }
    };
    for entry in catalogue::entries(declaration, ctx.now()) {
        let object = catalogue::object(&entry);
        entry.check().map_err(|problem| ApplyError::Catalogue { object: object.clone(), problem })?;
        once(object)?;
    }
    for client in &declaration.clients {
        clients::check(client)?;
        once(clients::object(&client.id))?;
    }
    for permission in &declaration.permissions {
        permissions::check(permission)?;
        once(permissions::object(&permission.name))?;
    }
    for role in &declaration.roles {
        once(roles::object(&role.name))?;
    }
    Ok(declared)
}

/// Compares what is `declared` with what is there.
async fn look(
    conn: &mut Conn,
    ctx: &Ctx,
    cmd: &ApplyDeclaration,
    declared: &BTreeSet<Object>,
) -> Result<(Vec<Work>, Plan), ApplyError> {
    let (declaration, now) = (&cmd.declaration, ctx.now());
    let owner = declaration.owner.as_str();
    let is_own = |mark: &Mark| mark.owner.as_deref() == Some(owner);
    let there = resource::steps::entries(conn).await?;
    let known: BTreeMap<Object, &Entry> = there.iter().map(|entry| (catalogue::object(entry), entry)).collect();
    let (mut works, mut gone) = (Vec::new(), Vec::new());
    for entry in catalogue::entries(declaration, now) {
        let found = known.get(&catalogue::object(&entry)).copied();
        works.extend(catalogue::compare(cmd, entry, found)?);
    }
    for client in &declaration.clients {
        let found = client::steps::find(conn, &client.id).await?;
        works.extend(clients::compare(cmd, client, found, now)?);
    }
    let rulebook = org::steps::rulebook(conn).await?;
    for permission in &declaration.permissions {
        works.extend(permissions::compare(cmd, permission, &rulebook)?);
    }
    works.extend(roles::compare(cmd, ctx, &rulebook)?);
    gone.extend(there.iter().filter(|found| is_own(found.mark())).map(catalogue::remove));
    gone.extend(client::steps::list_of_owner(conn, owner).await?.into_iter().map(clients::remove));
    gone.extend(rulebook.permissions.iter().filter(|entry| is_own(&entry.mark)).map(permissions::remove));
    gone.extend(rulebook.roles.iter().filter(|role| is_own(&role.mark)).map(roles::remove));
    gone.retain(|work| !declared.contains(&work.object));
    let mut kept = Vec::new();
    if cmd.prune {
        works.append(&mut gone);
    } else {
        kept.extend(gone.into_iter().map(|work| work.object));
    }
    works.extend(permissions::builtin_roles(&declaration.permissions, &works, &rulebook));
    works.sort_by(|a, b| a.order().cmp(&b.order()));
    usage::check(conn, &there, &works).await?;
    roles::check(conn, &rulebook, &works).await?;
    let changes = works.iter().filter_map(|work| work.change.clone()).collect();
    Ok((works, Plan { changes, kept }))
}

/// Writes; none when something is no longer as it was looked at.
async fn carry_out(
    tx: &mut Tx,
    ctx: &Ctx,
    declaration: &Declaration,
    works: &[Work],
) -> Result<Option<Vec<MadeSecret>>, Internal> {
    let mut secrets = Vec::new();
    for work in works {
        let is_done = match &work.task {
            Task::Entry(write) => catalogue::write(tx, ctx, write, declaration).await?,
            Task::Client(write, secret) => clients::write(tx, ctx, (write, *secret), declaration, &mut secrets).await?,
            Task::Permission(write) => permissions::write(tx, ctx, write, declaration).await?,
            Task::Role(write) => roles::write(tx, ctx, write, declaration).await?,
        };
        if !is_done {
            return Ok(None);
        }
    }
    Ok(Some(secrets))
}

/// One line of the record for the whole, beside those of its parts.
async fn record(tx: &mut Tx, ctx: &Ctx, cmd: &ApplyDeclaration, plan: &Plan) -> Result<(), Internal> {
    if plan.is_empty() {
        return Ok(());
    }
    let of = |action: Action| -> Vec<String> {
        plan.changes.iter().filter(|change| change.action == action).map(|change| change.object.to_string()).collect()
    };
    let details = serde_json::json!({
        "owner": cmd.declaration.owner.as_str(),
        "created": of(Action::Create),
        "updated": of(Action::Update),
        "removed": of(Action::Remove),
    });
    audit::record(tx, ctx, audit::Entry::new(AuditKind::DeclarationApplied).with_details(details)).await
}
