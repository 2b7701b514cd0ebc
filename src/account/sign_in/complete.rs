//! A person shows their second factor (B2, B3).

use super::{
    Refusal, SignedIn, open_session,
    pending::{self, Found},
    record_refusal, steps, store,
};
use crate::{
    account::{User, device, error::or_full, lockout},
    audit::{self, AuditKind, Entry},
    core::Ctx,
    db::Tx,
    error::Internal,
    factor::{self, Accepted, Proof},
    limits::TooMany,
    mail::{self, Message},
    secret::PlainToken,
    session::{NewSession, OpenError, SessionKind},
    trusted_browser,
};

/// The handle of what waits, and what is shown.
#[derive(Clone, Debug)]
pub struct CompleteSignIn {
    /// The handle (`TokenKind::PendingSignIn`).
    pub pending: PlainToken,
    /// Where it was begun: a sign-in does not go over from a browser to the API.
    pub kind: SessionKind,
    /// What is shown.
    pub proof: Proof,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum CompleteSignInError {
    /// The sign-in was completed, is too old, was never ours, or the account changed: begin again.
    #[error("this sign-in was completed or took too long; begin again")]
    Gone,
    /// The code is not right, or was used before. Counts to the lockout (A7).
    #[error("the code is not right, or was used before")]
    WrongCode,
    /// They have as many sessions as they may, and are to end one first (C6).
    #[error("signed in in {most} places already")]
    Full {
        /// So many may be there.
        most: u32,
    },
    /// Sign-in is paused (A7), or there were too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

or_full!(CompleteSignInError);

/// What became of a code that seemed to fit.
enum Tried {
    In(SignedIn),
    Used,
    Gone,
}

/// Checks what is shown, and opens the session.
///
/// # Errors
/// [`CompleteSignInError`].
pub async fn complete_sign_in(ctx: &Ctx, cmd: CompleteSignIn) -> Result<SignedIn, CompleteSignInError> {
    complete(ctx, cmd, false).await
}

/// The same, and the browser is trusted from now on (B7), where the instance lets people do so.
///
/// # Errors
/// [`CompleteSignInError`].
pub async fn complete_sign_in_and_trust(ctx: &Ctx, cmd: CompleteSignIn) -> Result<SignedIn, CompleteSignInError> {
    complete(ctx, cmd, true).await
}

async fn complete(ctx: &Ctx, cmd: CompleteSignIn, trust: bool) -> Result<SignedIn, CompleteSignInError> {
    ctx.core.limits().auth(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let found = pending::find(&mut conn, ctx, &cmd.pending).await?;
    drop(conn);
    let found = found.filter(|found| found.row.kind() == cmd.kind).ok_or(CompleteSignInError::Gone)?;
    pending::refuse_while_paused(ctx, &found.user)?;
    if !found.takes(cmd.proof.kind()) {
        return Err(CompleteSignInError::WrongCode);
    }
    let Some(checked) = factor::check(ctx, found.user.id, cmd.pending.digest(), &cmd.proof).await? else {
        return Err(refuse(ctx, &found.user).await?);
    };
    match enter(ctx, &cmd.pending, &found, &checked, trust).await? {
        Tried::In(signed_in) => Ok(signed_in),
        Tried::Used => Err(refuse(ctx, &found.user).await?),
        Tried::Gone => Err(CompleteSignInError::Gone),
    }
}

/// Counts a wrong code with the wrong passwords, and puts it on record.
async fn refuse(ctx: &Ctx, user: &User) -> Result<CompleteSignInError, Internal> {
    let mut tx = ctx.core.db().write().await?;
    let counted = lockout::count(&mut tx, ctx, user).await?;
    let refusal = if counted { Refusal::SecondFactor } else { Refusal::Locked };
    record_refusal(&mut tx, ctx, Some(user.id), refusal).await?;
    tx.commit().await?;
    Ok(CompleteSignInError::WrongCode)
}

/// Uses up the code and the pending sign-in and opens the session: all of it or nothing.
async fn enter(
    ctx: &Ctx,
    handle: &PlainToken,
    found: &Found,
    checked: &factor::Checked,
    trust: bool,
) -> Result<Tried, OpenError> {
    let Found { row, user } = found;
    let now = ctx.now();
    let mut tx = ctx.core.db().write().await?;
    // The account's row first: whoever else signs this person in waits here.
    if !store::complete(&mut tx, user.id, row.stamp, now).await?
        || !store::consume_pending(&mut tx, handle.digest(), now).await?
    {
        return Ok(Tried::Gone);
    }
    let Some(accepted) = factor::accept(&mut tx, user.id, checked, now).await? else { return Ok(Tried::Used) };
    let amr = steps::after_second(&row.amr(), accepted);
    let new = NewSession {
        user_id: user.id,
        stamp: row.stamp,
        kind: row.kind(),
        // What was shown earlier is no younger for what was shown now: nothing that `amr` names is older than this.
        auth_time: row.shown_at.unwrap_or(now),
        amr: steps::words(&amr),
        stay: row.stay,
    };
    let mut signed_in = open_session(&mut tx, ctx, new, None).await?;
    // What is shown on top of a session says nothing of the next sign-in; a program has no browser.
    if trust && row.session_id.is_none() && row.kind() == SessionKind::Browser {
        signed_in.trusted = trusted_browser::trust(&mut tx, ctx, user).await?;
    }
    tell(&mut tx, ctx, user, accepted).await?;
    tx.commit().await?;
    Ok(Tried::In(signed_in))
}

/// A recovery code goes on record, and its owner is told (B9).
async fn tell(tx: &mut Tx, ctx: &Ctx, user: &User, accepted: Accepted) -> Result<(), Internal> {
    match accepted {
        Accepted::Totp | Accepted::Sent(_) | Accepted::Passkey(_) => Ok(()),
        Accepted::Recovery { left } => {
            let entry = Entry::about(AuditKind::RecoveryCodeUsed, user.id);
            audit::record(tx, ctx, entry.with_details(serde_json::json!({ "left": left }))).await?;
            let message = Message::RecoveryCodeUsed { at: ctx.now(), device: device(ctx), left };
            mail::enqueue(tx, ctx, user, message).await
        }
    }
}
