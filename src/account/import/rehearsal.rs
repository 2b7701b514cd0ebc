//! An import that changes nothing: the same work on a copy of what it touches.

use tempfile::TempDir;

use super::{
    Imported, Reading, UserRecord,
    import_users::{ImportUsers, ImportUsersError, import_into},
    store,
};
use crate::{
    account::store::{self as accounts, Account},
    authz,
    core::Ctx,
    db::{Conn, Db, OpenError},
    error::Internal,
    factor,
    id::UserId,
};

/// A database of its own, in a temporary file: what earlier users of the file came to is in it, so that it takes disk and
/// not memory, and duplicates within a file are found as a run would find them. It is removed at the end.
#[derive(Debug)]
pub struct Rehearsal {
    db: Db,
    _directory: TempDir,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// There is no room for temporary files.
    #[error("cannot make a temporary directory: {0}")]
    Directory(#[from] std::io::Error),
    /// The database in it could not be made.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Rehearsal {
    /// Begins one.
    ///
    /// # Errors
    /// [`RehearsalError`].
    pub async fn begin() -> Result<Self, RehearsalError> {
        let directory = tempfile::Builder::new().prefix("ostiary-dry-run").tempdir()?;
        let db = Db::open(&format!("sqlite:{}", directory.path().join("users.db").display()), 2).await?;
        db.migrate().await?;
        Ok(Self { db, _directory: directory })
    }

    /// Says what [`import_users`](super::import_users) would do with these users, after those before them.
    ///
    /// # Errors
    /// [`ImportUsersError`].
    pub async fn import_users(&self, ctx: &Ctx, cmd: ImportUsers) -> Result<Vec<Imported>, ImportUsersError> {
        authz::require_operator(ctx)?;
        let mut real = ctx.core.db().read().await?;
        for entry in &cmd.entries {
            if let Reading::User(record) = &entry.reading {
                self.copy(&mut real, ctx, record).await?;
            }
        }
        drop(real);
        Ok(import_into(&self.db, ctx, cmd).await?)
    }

    /// Copies whatever accounts this user may touch, unless they were copied before.
    async fn copy(&self, real: &mut Conn, ctx: &Ctx, record: &UserRecord) -> Result<(), Internal> {
        let mut holders = Vec::new();
        if let Some(id) = record.id {
            holders.extend(store::holder_of_id(real, id).await?);
        }
        for (source, id) in &record.external_ids {
            holders.extend(store::holder_of_external_id(real, source, id).await?);
        }
        holders.extend(store::holder_of_email(real, &record.email).await?);
        if let Some(username) = &record.username {
            holders.extend(store::holder_of_username(real, username).await?);
        }
        for holder in holders {
            self.copy_account(real, ctx, holder.id).await?;
        }
        Ok(())
    }

    async fn copy_account(&self, real: &mut Conn, ctx: &Ctx, id: UserId) -> Result<(), Internal> {
        let mut copies = self.db.read().await?;
        if store::holder_of_id(&mut copies, id).await?.is_some() {
            return Ok(());
        }
        drop(copies);
        let Some(Account { user, hash }) = accounts::by_id_even_deleted(real, id).await? else { return Ok(()) };
        let forget_at = store::forget_at(real, id).await?;
        let external_ids = store::external_ids_of(real, id).await?;
        let brought = store::brought(real, id).await?;
        let has_authenticator = factor::has_authenticator(real, id).await?;
        let mut tx = self.db.write().await?;
        if store::insert(&mut tx, &user, hash).await? {
            store::set_rest(&mut tx, id, forget_at, user.last_sign_in_at).await?;
            for (source, external_id) in external_ids {
                store::add_external_id(&mut tx, id, source, external_id).await?;
            }
            if let Some(brought) = brought {
                store::remember(&mut tx, id, brought, ctx.now()).await?;
            }
            if has_authenticator {
                factor::adopt_any(&mut tx, ctx, id).await?;
            }
        }
        tx.commit().await
    }
}
