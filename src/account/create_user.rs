//! An operator makes an account for somebody.

use super::{
    credentials::{self, Collision},
    error::busy_or_internal,
    store,
    ticket::{self, TicketKind},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::UserId,
    mail::{self, ChoiceReason, Mail},
    password::BrokenRules,
    secret::SecretString,
    text::{DisplayName, EmailAddress, Username},
};

/// The account to be.
#[derive(Clone, Debug)]
pub struct CreateUser {
    /// Where mails go.
    pub email: EmailAddress,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password; without one, a mail brings a link to choose it.
    pub password: Option<SecretString>,
    /// The address is known to be theirs; otherwise a mail asks them to confirm it.
    pub is_verified: bool,
    /// Administrator of this instance.
    pub is_admin: bool,
}

/// There is a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCreated {
    /// Its id.
    pub user_id: UserId,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum CreateUserError {
    /// Only operators may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The address has an account.
    #[error("this address has an account")]
    AddressTaken,
    /// The username belongs to somebody else.
    #[error("this username is taken")]
    UsernameTaken,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// Too many passwords wait to be hashed.
    #[error("busy; try again in {retry_after_secs} seconds")]
    Busy {
        /// Seconds until another try is worth it.
        retry_after_secs: u64,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

busy_or_internal!(CreateUserError);

/// Makes an account.
///
/// # Errors
/// [`CreateUserError`].
pub async fn create_user(ctx: &Ctx, cmd: CreateUser) -> Result<UserCreated, CreateUserError> {
    authz::require_operator(ctx)?;
    let hash = match &cmd.password {
        Some(password) => {
            ctx.config().password.check(password.expose(), cmd.email.as_str())?;
            Some(credentials::hash(ctx, password.clone()).await?)
        }
        None => None,
    };
    let ttl = ctx.config().verification.ttl;
    let user_id: UserId = ctx.new_id();
    let new = store::NewUser {
        id: user_id,
        email: cmd.email.clone(),
        username: cmd.username.clone(),
        display_name: cmd.display_name.clone(),
        hash,
        is_verified: cmd.is_verified,
        is_admin: cmd.is_admin,
        stamp: ctx.new_id(),
        now: ctx.now(),
        forget_at: None,
    };
    let mut tx = ctx.core.db().write().await?;
    if !store::insert(&mut tx, new).await? {
        return Err(match credentials::collision(&mut tx, &cmd.email, cmd.username.as_ref()).await? {
            Collision::Address => CreateUserError::AddressTaken,
            Collision::Username => CreateUserError::UsernameTaken,
        });
    }
    let message = if cmd.password.is_none() {
        let kind = TicketKind::ResetPassword;
        let ticket = ticket::issue(&mut tx, ctx, kind, Some(user_id), None, ttl).await?;
        Some(ticket.into_choice(ChoiceReason::MadeByOperator))
    } else if !cmd.is_verified {
        let kind = TicketKind::VerifyEmail;
        Some(ticket::issue(&mut tx, ctx, kind, Some(user_id), None, ttl).await?.into_verification())
    } else {
        None
    };
    if let Some(message) = message {
        let mail = Mail::new(cmd.email, cmd.display_name, message);
        mail::enqueue_to(&mut tx, ctx, user_id, mail).await?;
    }
    let details = serde_json::json!({ "admin": cmd.is_admin });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserCreated, user_id).with_details(details)).await?;
    tx.commit().await?;
    Ok(UserCreated { user_id })
}
