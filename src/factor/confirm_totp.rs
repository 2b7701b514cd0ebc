//! A person shows that their authenticator app works (B2).

use super::{recovery, store, totp};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    id::AuthenticatorId,
    limits::TooMany,
    mail::{self, Message},
    secret::SecretString,
};

/// The first code.
#[derive(Clone, Debug)]
pub struct ConfirmTotp {
    /// Six digits, as typed.
    pub code: SecretString,
}

/// The authenticator is in use.
#[derive(Clone, Debug)]
pub struct TotpConfirmed {
    /// Which.
    pub id: AuthenticatorId,
    /// The recovery codes that come with a first authenticator, in the clear this one time; empty with a further one.
    pub recovery_codes: Vec<SecretString>,
}

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmTotpError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// No set-up was begun, or it is too old.
    #[error("there is no set-up to confirm; begin again")]
    Gone,
    /// The code does not fit. The set-up stays open.
    #[error("the code is not right")]
    WrongCode,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(ConfirmTotpError);

/// Takes the authenticator into use. With the first one come recovery codes and a new security stamp (A8).
///
/// # Errors
/// [`ConfirmTotpError`].
pub async fn confirm_totp(ctx: &Ctx, cmd: ConfirmTotp) -> Result<TotpConfirmed, ConfirmTotpError> {
    let actor = authz::require_fresh_user(ctx)?;
    ctx.core.limits().auth(ctx)?;
    let (user_id, now) = (actor.user_id, ctx.now());
    let mut conn = ctx.core.db().read().await?;
    let row = store::find_set_up(&mut conn, user_id, now).await?.ok_or(ConfirmTotpError::Gone)?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    let totp = totp::open(&ctx.core, &row.secret, user.email.as_str())?;
    let step = totp::matching_step(&totp, &cmd.code, now).ok_or(ConfirmTotpError::WrongCode)?;

    let mut tx = ctx.core.db().write().await?;
    account::hold(&mut tx, user_id).await?;
    let is_first = store::confirmed_of_user(&mut tx, user_id).await?.is_empty();
    if !store::confirm(&mut tx, row.id, user_id, step, now).await? {
        return Err(ConfirmTotpError::Gone);
    }
    let mut recovery_codes = Vec::new();
    if is_first {
        if !account::renew_stamp(&mut tx, ctx, user_id, actor.session_id, "authenticator_added").await? {
            return Err(Denied.into());
        }
        recovery_codes = recovery::replace_all(&mut tx, ctx, user_id).await?;
    }
    let details = serde_json::json!({ "authenticator": row.id, "first": is_first });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::AuthenticatorAdded, user_id).with_details(details)).await?;
    let message = Message::AuthenticatorAdded { at: now, device: account::device(ctx) };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(TotpConfirmed { id: row.id, recovery_codes })
}
