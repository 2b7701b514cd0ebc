//! A person begins to set up an authenticator app (B2).

use std::time::Duration;

use super::{store, totp};
use crate::{
    account,
    authz::{self, Denied, not_fresh},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::AuthenticatorId,
    limits::TooMany,
    secret::SecretString,
    text::DisplayName,
};

/// How long the first code may take.
const LIFE: Duration = Duration::from_mins(10);
/// More authenticators than this are nobody's.
const MOST: usize = 10;

/// The name it will have in the person's list.
#[derive(Clone, Debug)]
pub struct BeginTotp {
    /// Such as `Phone`.
    pub name: DisplayName,
}

/// An authenticator that waits for its first code.
#[derive(Clone, Debug)]
pub struct TotpSetUp {
    /// The authenticator to be.
    pub id: AuthenticatorId,
    /// What it will be called.
    pub name: DisplayName,
    /// The secret as people type it: base 32.
    pub key: SecretString,
    /// The secret as cameras read it: an `otpauth:` address.
    pub uri: SecretString,
    /// Void from then on.
    pub expires_at: Timestamp,
}

/// Why there is no set-up.
#[derive(Debug, thiserror::Error)]
pub enum BeginTotpError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// They have as many as they may.
    #[error("there are {MOST} authenticator apps already")]
    Full,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(BeginTotpError);

/// Makes a secret and keeps it for ten minutes. A set-up that was begun before is forgotten.
///
/// # Errors
/// [`BeginTotpError`].
pub async fn begin_totp(ctx: &Ctx, cmd: BeginTotp) -> Result<AuthenticatorId, BeginTotpError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let confirmed = store::confirmed_of_user(&mut conn, actor.user_id).await?;
    drop(conn);
    if confirmed.len() >= MOST {
        return Err(BeginTotpError::Full);
    }
    let id = ctx.new_id();
    let row = store::NewAuthenticator {
        id,
        user_id: actor.user_id,
        name: cmd.name,
        secret: totp::new_secret(&ctx.core)?,
        now: ctx.now(),
        expires_at: ctx.now() + LIFE,
    };
    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, actor.user_id).await?;
    store::delete_set_ups(&mut tx, actor.user_id).await?;
    store::insert_set_up(&mut tx, row).await?;
    tx.commit().await?;
    Ok(id)
}

/// The set-up that the person has begun, if it is not too old. Who may look at it may also use it, so they must have proved
/// who they are as lately as for beginning it.
///
/// # Errors
/// [`BeginTotpError`], never [`BeginTotpError::Full`].
pub async fn find_totp_set_up(ctx: &Ctx) -> Result<Option<TotpSetUp>, BeginTotpError> {
    let actor = authz::require_fresh_user(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let Some(row) = store::find_set_up(&mut conn, actor.user_id, ctx.now()).await? else { return Ok(None) };
    let user = account::find(&mut conn, actor.user_id).await?.ok_or(Denied)?;
    let totp = totp::open(&ctx.core, &row.secret, user.email.as_str())?;
    let uri = totp.to_url().map_err(|cause| Internal::new("write an authenticator's address", cause))?;
    Ok(Some(TotpSetUp {
        id: row.id,
        name: row.name()?,
        key: SecretString::from(totp.secret().to_base32()),
        uri: SecretString::from(uri),
        expires_at: row.expires_at.unwrap_or(ctx.now()),
    }))
}
