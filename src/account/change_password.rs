//! A person changes their password (A6).

use super::{
    credentials,
    error::busy_or_internal,
    lockout,
    store::{self, Account},
    ticket::TicketKind,
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    grant::revoke as grants,
    id::Stamp,
    limits::TooMany,
    mail::{self, Message},
    password::BrokenRules,
    secret::SecretString,
    session,
};

/// The old and the new one.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The current password.
    pub current: SecretString,
    /// The new password.
    pub new: SecretString,
}

/// The password is the new one; this session goes on, all others ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordChanged;

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The current password is not right. Counts to the lockout (A7).
    #[error("the current password is not right")]
    WrongCurrent,
    /// The new one is the old one.
    #[error("the new password must be another one")]
    MustDiffer,
    /// The new password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// Too many requests from this address, or too many wrong passwords for this account.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(ChangePasswordError);

/// Changes the password of the person who asks.
///
/// # Errors
/// [`ChangePasswordError`].
pub async fn change_password(ctx: &Ctx, cmd: ChangePassword) -> Result<PasswordChanged, ChangePasswordError> {
    let actor = authz::require_user(ctx)?;
    let (user_id, session_id) = (actor.user_id, actor.session_id);
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let Account { user, hash } = store::by_id(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    ctx.config().password.check(cmd.new.expose(), user.email.as_str())?;
    if cmd.new.expose() == cmd.current.expose() {
        return Err(ChangePasswordError::MustDiffer);
    }
    if let Some(until) = user.locked_until.filter(|_| user.is_locked(ctx.now())) {
        return Err(TooMany { retry_after_secs: until.since(ctx.now()).as_secs() + 1 }.into());
    }
    let verdict = ctx.core.hasher().verify(cmd.current, hash.as_ref()).await?;
    let Some(old) = hash.filter(|_| verdict.matches) else {
        let mut tx = ctx.core.db().write().await?;
        lockout::count(&mut tx, ctx, &user).await?;
        let details = serde_json::json!({ "reason": "password", "at": "change_password" });
        audit::record(&mut tx, ctx, Entry::about(AuditKind::SignInFailed, user_id).with_details(details)).await?;
        tx.commit().await?;
        return Err(ChangePasswordError::WrongCurrent);
    };
    let new = credentials::hash(ctx, cmd.new).await?;
    let (stamp, now): (Stamp, _) = (ctx.new_id(), ctx.now());

    let mut tx = ctx.core.db().write().await?;
    if !store::change_password(&mut tx, user_id, old, new, stamp, now).await? {
        // Changed elsewhere while we hashed: what was typed as current is not current any more.
        return Err(ChangePasswordError::WrongCurrent);
    }
    credentials::end_access(&mut tx, ctx, user_id, Some(session_id), "password_changed").await?;
    session::rebind(&mut tx, session_id, stamp).await?;
    grants::rebind_session(&mut tx, session_id, stamp).await?;
    ticket_store::close(&mut tx, TicketKind::ResetPassword.as_str(), user_id, now).await?;
    // Whoever else was signed in may have asked for it.
    ticket_store::close(&mut tx, TicketKind::ChangeEmail.as_str(), user_id, now).await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PasswordChanged, user_id)).await?;
    let message = Message::PasswordChanged { at: now, device: credentials::device(ctx) };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(PasswordChanged)
}
