//! A person has a code sent to a number that is to be theirs (A9): the first of two steps.

use super::{
    CODE_LIFE, PhoneNumber, digest,
    store::{self, NewProof},
};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    core::Ctx,
    entropy,
    error::Internal,
    limits::TooMany,
    sms::{self, CodeFor, Sms},
};

/// The number.
#[derive(Clone, Debug)]
pub struct RequestPhone {
    /// The new one.
    pub number: PhoneNumber,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum RequestPhoneError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They proved who they are too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// This instance sends no text messages.
    #[error("no text messages are sent here")]
    Unavailable,
    /// It sends none to numbers that begin like this one.
    #[error("no text messages are sent to numbers of this country")]
    NotServed,
    /// It is the number the account has.
    #[error("this is the number of the account")]
    Same,
    /// Too many messages to this number, for this account or from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(RequestPhoneError);

/// Sends a code to the number. Nothing changes until it is typed; a code sent before it works no more.
///
/// # Errors
/// [`RequestPhoneError`].
pub async fn request_phone(ctx: &Ctx, cmd: RequestPhone) -> Result<(), RequestPhoneError> {
    let user_id = authz::require_fresh_user(ctx)?.user_id;
    ctx.core.limits().auth(ctx)?;
    let settings = &ctx.config().sms;
    if !settings.is_on() {
        return Err(RequestPhoneError::Unavailable);
    }
    if !settings.serves(&cmd.number) {
        return Err(RequestPhoneError::NotServed);
    }
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    drop(conn);
    if user.verified_phone().as_ref() == Some(&cmd.number) {
        return Err(RequestPhoneError::Same);
    }
    ctx.core.limits().sent_sms(ctx, &cmd.number, user_id)?;
    let code = entropy::six_digits(ctx.core.entropy());
    let code_digest = digest(&ctx.core, user_id, &cmd.number, &code);
    let (now, expires_at) = (ctx.now(), ctx.now() + CODE_LIFE);

    let mut tx = ctx.core.db().write().await?;
    let proof = NewProof { user_id, number: cmd.number.clone(), code: code_digest, now, expires_at };
    store::replace(&mut tx, proof).await?;
    let message = Sms { to: cmd.number, code, digest: code_digest, for_what: CodeFor::Number { user_id }, expires_at };
    sms::enqueue(&mut tx, ctx, &message).await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PhoneCodeSent, user_id)).await?;
    tx.commit().await?;
    Ok(())
}
