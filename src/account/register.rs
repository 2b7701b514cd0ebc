//! A person makes an account (A1).

use super::{
    User,
    credentials::{self, Collision},
    email_store,
    error::busy_or_internal,
    store::{self, Account},
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    core::Ctx,
    error::Internal,
    id::UserId,
    limits::TooMany,
    mail::{self, ChoiceReason, Mail, Message},
    org::invitation,
    password::{BrokenRules, StoredHash},
    secret::{PlainToken, SecretString},
    text::{DisplayName, EmailAddress, Username},
};

/// What a person fills in.
#[derive(Clone, Debug)]
pub struct Register {
    /// Where mails go.
    pub email: EmailAddress,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// The password to be.
    pub password: SecretString,
    /// The interaction to go back to after the address is confirmed.
    pub return_to: Option<String>,
    /// The link of an invitation (`TokenKind::Invitation`, E6). Who has one to this address reads its mailbox, so the
    /// address counts as confirmed.
    pub invitation: Option<PlainToken>,
}

/// What came of it. A page shows both alike (`registration.page_tells_taken`); the mail tells the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// There is a new account.
    Created {
        /// Its id.
        user_id: UserId,
        /// The address must be confirmed before the first sign-in.
        must_verify: bool,
    },
    /// The address has an account already; nothing was made, and its owner is told by mail.
    AddressTaken,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// People cannot register here by themselves.
    #[error("registration is closed")]
    Disabled,
    /// The password breaks rules, all of which are named.
    #[error(transparent)]
    Password(#[from] BrokenRules),
    /// The username belongs to somebody else.
    #[error("this username is taken")]
    UsernameTaken,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
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

busy_or_internal!(RegisterError);

/// Makes an account and sends the mail that confirms its address.
///
/// # Errors
/// [`RegisterError`].
pub async fn register(ctx: &Ctx, cmd: Register) -> Result<Registered, RegisterError> {
    if !ctx.config().registration.enabled {
        return Err(RegisterError::Disabled);
    }
    ctx.core.limits().auth(ctx)?;
    ctx.config().password.check(cmd.password.expose(), cmd.email.as_str())?;
    let mut conn = ctx.core.db().read().await?;
    if let Some(username) = &cmd.username
        && store::username_is_taken(&mut conn, username.key()).await?
    {
        return Err(RegisterError::UsernameTaken);
    }
    let there = store::by_email(&mut conn, cmd.email.key()).await?;
    let is_proved = match &cmd.invitation {
        Some(link) => invitation::proves_mailbox(&mut conn, link, &cmd.email, ctx.now()).await?,
        None => false,
    };
    drop(conn);
    // Each way costs one hash (A1, A7).
    match there {
        None => {
            let hash = credentials::hash(ctx, cmd.password.clone()).await?;
            create(ctx, cmd, hash, is_proved).await
        }
        // Somebody registered it in advance and never confirmed it; here is who reads its mailbox.
        Some(Account { user, .. }) if is_proved && credentials::is_pending(ctx, &user) => {
            let hash = credentials::hash(ctx, cmd.password.clone()).await?;
            create(ctx, cmd, hash, true).await
        }
        Some(Account { user, hash: Some(hash) }) if credentials::is_pending(ctx, &user) => {
            let verdict = ctx.core.hasher().verify(cmd.password, Some(&hash)).await?;
            let again = if verdict.matches { Again::SamePassword } else { Again::OtherPassword };
            tell_owner(ctx, &user, again, cmd.return_to).await
        }
        Some(Account { user, .. }) => {
            ctx.core.hasher().verify_unknown(cmd.password).await?;
            tell_owner(ctx, &user, Again::Confirmed, cmd.return_to).await
        }
    }
}

/// Makes the account; one whose address is proved is confirmed, and takes the place of what nobody confirmed.
async fn create(ctx: &Ctx, cmd: Register, hash: StoredHash, is_proved: bool) -> Result<Registered, RegisterError> {
    let verification = &ctx.config().verification;
    let must_verify = verification.required && !is_proved;
    let user_id: UserId = ctx.new_id();
    let new = store::NewUser {
        id: user_id,
        email: cmd.email.clone(),
        username: cmd.username.clone(),
        display_name: cmd.display_name.clone(),
        hash: Some(hash),
        is_verified: is_proved,
        is_admin: false,
        stamp: ctx.new_id(),
        now: ctx.now(),
        forget_at: must_verify.then(|| credentials::forget_at(ctx)),
    };
    let mut tx = ctx.core.db().write().await?;
    if is_proved {
        email_store::delete_unproved(&mut tx, &cmd.email).await?;
    }
    if !store::insert(&mut tx, new).await? {
        // Somebody was faster since we looked. Their mail is on its way; another one would only confuse.
        return match credentials::collision(&mut tx, &cmd.email, cmd.username.as_ref()).await? {
            Collision::Address => Ok(Registered::AddressTaken),
            Collision::Username => Err(RegisterError::UsernameTaken),
        };
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserRegistered, user_id)).await?;
    if is_proved {
        audit::record(&mut tx, ctx, Entry::about(AuditKind::EmailVerified, user_id)).await?;
    } else {
        let kind = TicketKind::VerifyEmail;
        let ticket = ticket::issue(&mut tx, ctx, kind, Some(user_id), cmd.return_to, verification.ttl).await?;
        let mail = Mail::new(cmd.email, cmd.display_name, ticket.into_verification());
        mail::enqueue_to(&mut tx, ctx, user_id, mail).await?;
    }
    tx.commit().await?;
    Ok(Registered::Created { user_id, must_verify })
}

/// How an address comes to be registered again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// Nobody confirmed it yet, and whoever is here knows the password: the same person, who lacks the mail.
    SamePassword,
    /// Nobody confirmed it yet, and two people (or one who forgot) chose passwords for it. Neither may decide: the
    /// links sent so far stop working, and who reads the mailbox chooses the password. Otherwise a stranger could
    /// register an address in advance and wait for its owner to confirm the stranger's password.
    OtherPassword,
    /// It belongs to somebody.
    Confirmed,
}

async fn tell_owner(
    ctx: &Ctx,
    user: &User,
    again: Again,
    return_to: Option<String>,
) -> Result<Registered, RegisterError> {
    let verification = &ctx.config().verification;
    let kind = match again {
        Again::SamePassword | Again::Confirmed => TicketKind::VerifyEmail,
        Again::OtherPassword => TicketKind::ResetPassword,
    };
    let mut tx = ctx.core.db().write().await?;
    store::hold(&mut tx, user.id).await?;
    if ticket::may_mail(&mut tx, ctx, kind, user.id).await? {
        let message = match again {
            Again::SamePassword => {
                let issued = ticket::issue(&mut tx, ctx, kind, Some(user.id), return_to, verification.ttl).await?;
                issued.into_verification()
            }
            Again::OtherPassword => {
                ticket_store::close(&mut tx, TicketKind::VerifyEmail.as_str(), user.id, ctx.now()).await?;
                ticket::issue_decoy(&mut tx, ctx, TicketKind::VerifyEmail, Some(user.id), verification.ttl).await?;
                let issued = ticket::issue(&mut tx, ctx, kind, Some(user.id), return_to, verification.ttl).await?;
                issued.into_choice(ChoiceReason::RegisteredTwice)
            }
            Again::Confirmed => {
                ticket::issue_decoy(&mut tx, ctx, kind, Some(user.id), verification.ttl).await?;
                Message::AddressTaken
            }
        };
        store::forget_later(&mut tx, user.id, credentials::forget_at(ctx)).await?;
        if user.is_active {
            mail::enqueue(&mut tx, ctx, user, message).await?;
        }
    }
    audit::record(&mut tx, ctx, Entry::about(AuditKind::RegistrationRepeated, user.id)).await?;
    tx.commit().await?;
    Ok(Registered::AddressTaken)
}
