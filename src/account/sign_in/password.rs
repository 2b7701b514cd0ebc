//! A person signs in with a password (A3, A4, A7).

use super::{
    Refusal, SignInOutcome,
    proceed::{First, proceed},
    record_refusal,
    steps::Amr,
    store,
};
use crate::{
    account::{
        User, credentials,
        error::{busy_or_internal, or_full},
        lockout,
        store::{Account, by_identifier},
    },
    audit::{self, AuditKind, Entry},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    factor,
    limits::TooMany,
    password::{StoredHash, Verdict},
    secret::{PlainToken, SecretString},
    session::SessionKind,
    text::EmailAddress,
};

/// How often the password is checked again because the account changed meanwhile (another sign-in renewed its hash).
const TRIES: usize = 3;

/// What was typed.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// E-mail address or username, as typed.
    pub identifier: String,
    /// The password.
    pub password: SecretString,
    /// "Stay signed in" (C1).
    pub stay: bool,
    /// Browser or API.
    pub kind: SessionKind,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, wrong password, locked, deactivated, or not verified with a wrong password: one and the same (A7).
    #[error("the e-mail or the password is not right")]
    Refused,
    /// The password is right, but the address was not confirmed yet.
    #[error("the address is not confirmed yet")]
    NotVerified {
        /// The address the mail went to.
        email: EmailAddress,
    },
    /// They have as many sessions as they may, and are to end one first (C6).
    #[error("signed in in {most} places already")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// Too many tries for this account from this address.
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

busy_or_internal!(SignInError);
or_full!(SignInError);

/// Checks the password. It opens a session for whoever has nothing else to show.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(ctx: &Ctx, cmd: SignIn) -> Result<SignInOutcome, SignInError> {
    sign_in_trusted(ctx, cmd, &[]).await
}

/// The same in a browser that shows what it may be trusted by (B7): whoever trusts it is asked for nothing else.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in_trusted(ctx: &Ctx, cmd: SignIn, trusted_by: &[PlainToken]) -> Result<SignInOutcome, SignInError> {
    ctx.core.limits().sign_in(ctx, &cmd.identifier)?;
    for _ in 0..TRIES {
        let mut conn = ctx.core.db().read().await?;
        let account = by_identifier(&mut conn, &cmd.identifier).await?;
        drop(conn);
        let hash = account.as_ref().and_then(|account| account.hash.as_ref());
        let verdict = ctx.core.hasher().verify(cmd.password.clone(), hash).await?;
        match judge(account, verdict, ctx.now()) {
            Judgement::Refuse(user, refusal) => {
                refuse(ctx, user.as_deref(), refusal).await?;
                return Err(SignInError::Refused);
            }
            Judgement::Admit(known) => match admit(ctx, &cmd, *known, trusted_by).await? {
                Admission::In(outcome) => return Ok(outcome),
                Admission::NotVerified(email) => return Err(SignInError::NotVerified { email }),
                Admission::Changed => {}
            },
        }
    }
    Err(SignInError::Refused)
}

/// Somebody who knows the password.
struct Known {
    user: User,
    /// What it matched.
    hash: StoredHash,
    needs_rehash: bool,
}

enum Judgement {
    Refuse(Option<Box<User>>, Refusal),
    Admit(Box<Known>),
}

/// Decides by what was read. A pause comes first: during it even the right password opens nothing and is not told apart.
fn judge(account: Option<Account>, verdict: Verdict, now: Timestamp) -> Judgement {
    let Some(Account { user, hash }) = account else { return Judgement::Refuse(None, Refusal::Unknown) };
    match hash {
        _ if user.is_locked(now) => Judgement::Refuse(Some(Box::new(user)), Refusal::Locked),
        Some(hash) if verdict.matches && user.is_active => {
            Judgement::Admit(Box::new(Known { user, hash, needs_rehash: verdict.needs_rehash }))
        }
        Some(_) if verdict.matches => Judgement::Refuse(Some(Box::new(user)), Refusal::Deactivated),
        _ => Judgement::Refuse(Some(Box::new(user)), Refusal::Password),
    }
}

/// Puts a refusal on record and counts a wrong password.
async fn refuse(ctx: &Ctx, user: Option<&User>, mut refusal: Refusal) -> Result<(), Internal> {
    let mut tx = ctx.core.db().write().await?;
    if let Some(user) = user
        && refusal == Refusal::Password
        && !lockout::count(&mut tx, ctx, user).await?
    {
        refusal = Refusal::Locked;
    }
    record_refusal(&mut tx, ctx, user.map(|user| user.id), refusal).await?;
    tx.commit().await
}

/// What came of the right password.
enum Admission {
    In(SignInOutcome),
    NotVerified(EmailAddress),
    /// The account changed while the password was checked: look again.
    Changed,
}

async fn admit(ctx: &Ctx, cmd: &SignIn, known: Known, trusted_by: &[PlainToken]) -> Result<Admission, SignInError> {
    let Known { user, hash, needs_rehash } = known;
    // A sign-in does not fail because its hash could not be renewed: the next one will do it.
    let renewed = if needs_rehash { credentials::hash(ctx, cmd.password.clone()).await.ok() } else { None };
    let mut conn = ctx.core.db().read().await?;
    let has = factor::of_user(&mut conn, ctx.config(), user.id).await?;
    drop(conn);

    let mut tx = ctx.core.db().write().await?;
    // With a first factor the stamp changes, so nobody who has one by now is taken for somebody who has none.
    if !store::is_unchanged(&mut tx, user.id, hash.clone(), user.stamp, ctx.now()).await? {
        return Ok(Admission::Changed);
    }
    if let Some(renewed) = renewed
        && store::replace_hash(&mut tx, user.id, hash, renewed).await?
    {
        audit::record(&mut tx, ctx, Entry::about(AuditKind::PasswordRehashed, user.id)).await?;
    }
    if !user.is_verified() && ctx.config().verification.required {
        store::forgive(&mut tx, user.id).await?;
        record_refusal(&mut tx, ctx, Some(user.id), Refusal::NotVerified).await?;
        tx.commit().await?;
        return Ok(Admission::NotVerified(user.email));
    }
    let first = First { user: &user, amr: Amr::Password, kind: cmd.kind, stay: cmd.stay };
    let Some(outcome) = proceed(&mut tx, ctx, first, &has, trusted_by).await? else { return Ok(Admission::Changed) };
    tx.commit().await?;
    Ok(Admission::In(outcome))
}
