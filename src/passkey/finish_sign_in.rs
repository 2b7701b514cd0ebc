//! Somebody signs in with a passkey.

use webauthn_rs::prelude::{AuthenticationResult, DiscoverableAuthentication, Webauthn, WebauthnError};

use super::{
    Assertion,
    ceremony::CeremonyKind,
    ceremony_store,
    refusal::{self, Refusal},
    relying_party,
    second_factor::key_word,
    store::{self, KeyRow},
};
use crate::{
    account::{self, Amr, SignedIn, User},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    limits::TooMany,
    secret::PlainToken,
    session::{NewSession, SessionKind},
    text::EmailAddress,
};

/// What came back.
#[derive(Clone, Debug)]
pub struct FinishSignIn {
    /// The ceremony.
    pub ceremony: PlainToken,
    /// The answer of the authenticator.
    pub assertion: Assertion,
    /// "Stay signed in" (C1).
    pub stay: bool,
    /// Browser or API.
    pub kind: SessionKind,
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum FinishSignInError {
    /// The ceremony took too long, or was answered already.
    #[error("this took too long or was done already")]
    Expired,
    /// Nobody has this passkey, or nobody has it any more.
    #[error("the passkey is not known")]
    Unknown,
    /// The answer does not fit: another origin or relying party, no verification of the person, a wrong signature; or the
    /// account is deactivated.
    #[error("the passkey does not open this account")]
    Refused,
    /// The passkey counted backwards: there is a copy of it.
    #[error("there is a copy of the passkey")]
    Copied,
    /// Sign-in is paused (A7).
    #[error("sign-in is paused for {retry_after_secs} seconds")]
    Paused {
        /// Seconds until it works again.
        retry_after_secs: u64,
    },
    /// The passkey is right, but the address is not confirmed.
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
    /// Too many tries from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

account::error::or_full!(FinishSignInError);

/// Checks the answer of an authenticator and opens a session (B1).
///
/// # Errors
/// [`FinishSignInError`].
pub async fn finish_sign_in(ctx: &Ctx, cmd: FinishSignIn) -> Result<SignedIn, FinishSignInError> {
    ctx.core.limits().auth(ctx)?;
    let webauthn = relying_party::open(ctx.config())?.ok_or(FinishSignInError::Expired)?;
    let digest = cmd.ceremony.digest();
    let mut conn = ctx.core.db().read().await?;
    let state = ceremony_store::find(&mut conn, digest, CeremonyKind::SignIn, ctx.now()).await?;
    let state = state.ok_or(FinishSignInError::Expired)?;
    let key = store::by_credential(&mut conn, cmd.assertion.credential_id()).await?;
    let owner = match &key {
        Some(key) => account::find(&mut conn, key.user_id).await?,
        None => None,
    };
    drop(conn);
    let may_be_unverified = !ctx.config().verification.required;
    let held = key.zip(owner);
    let judged = match &held {
        None => Err(Refusal::Unknown),
        Some((key, user)) => check(&webauthn, state, &cmd.assertion, key)
            .and_then(|signed| judge(user, may_be_unverified, ctx.now()).map(|()| signed)),
    };
    match (judged, held) {
        (Ok(signed), Some((key, user))) => admit(ctx, &cmd, key, user, &signed).await,
        (Err(refusal), held) => refuse(ctx, &cmd, held, refusal).await,
        (Ok(_), None) => Err(FinishSignInError::Unknown),
    }
}

/// The signature is that of the passkey, for us, for this challenge, by a person it verified.
fn check(
    webauthn: &Webauthn,
    state: DiscoverableAuthentication,
    assertion: &Assertion,
    key: &KeyRow,
) -> Result<AuthenticationResult, Refusal> {
    // WebAuthn L3 §7.2 step 6: the account the authenticator names is the one we know the key of.
    if assertion.user_id() != Some(key.user_id) {
        return Err(Refusal::Signature);
    }
    webauthn.finish_discoverable_authentication_v2(&assertion.0, state, &key.credential.0).map_err(|cause| {
        tracing::info!(%cause, passkey = %key.id, "a signature of a passkey was refused");
        match cause {
            WebauthnError::CredentialPossibleCompromise => Refusal::Copied,
            _ => Refusal::Signature,
        }
    })
}

/// The account may be entered.
fn judge(user: &User, may_be_unverified: bool, now: Timestamp) -> Result<(), Refusal> {
    if user.is_locked(now) {
        Err(Refusal::Locked)
    } else if !user.is_active {
        Err(Refusal::Deactivated)
    } else if !user.is_verified() && !may_be_unverified {
        Err(Refusal::NotVerified)
    } else {
        Ok(())
    }
}

/// What was proved, in the words of RFC 8176. The person was there and was verified by the authenticator: two factors.
fn amr(signed: &AuthenticationResult) -> Vec<String> {
    [key_word(signed), Amr::User, Amr::MultiFactor].map(|amr| amr.as_str().to_owned()).to_vec()
}

async fn admit(
    ctx: &Ctx,
    cmd: &FinishSignIn,
    key: KeyRow,
    user: User,
    signed: &AuthenticationResult,
) -> Result<SignedIn, FinishSignInError> {
    let now = ctx.now();
    let mut credential = key.credential.0.clone();
    credential.update_credential(signed);

    let mut tx = ctx.core.db().write().await?;
    if !ceremony_store::end(&mut tx, cmd.ceremony.digest(), now).await? {
        return Err(FinishSignInError::Expired);
    }
    // Meanwhile the account may have been paused or deactivated.
    let Some(stamp) = store::admit(&mut tx, user.id, now).await? else { return Err(FinishSignInError::Refused) };
    if !store::used(&mut tx, key.id, credential, i64::from(signed.counter()), now).await? {
        drop(tx);
        // Removed meanwhile, or counted as far by somebody else at the same moment.
        let is_there = store::exists(&mut ctx.core.db().read().await?, key.id, user.id).await?;
        let refusal = if is_there { Refusal::Copied } else { Refusal::Unknown };
        return refuse(ctx, cmd, Some((key, user)), refusal).await;
    }
    let new = NewSession { user_id: user.id, stamp, kind: cmd.kind, auth_time: now, amr: amr(signed), stay: cmd.stay };
    let signed_in = account::open_session(&mut tx, ctx, new, Some(key.id)).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// Ends the ceremony, puts the refusal on record, and says it.
async fn refuse(
    ctx: &Ctx,
    cmd: &FinishSignIn,
    held: Option<(KeyRow, User)>,
    refusal: Refusal,
) -> Result<SignedIn, FinishSignInError> {
    let now = ctx.now();
    let mut tx = ctx.core.db().write().await?;
    if !ceremony_store::end(&mut tx, cmd.ceremony.digest(), now).await? {
        return Err(FinishSignInError::Expired);
    }
    refusal::record(&mut tx, ctx, held.as_ref().map(|(key, user)| (key, user)), refusal).await?;
    tx.commit().await?;
    Err(match (refusal, held) {
        (Refusal::Unknown, _) => FinishSignInError::Unknown,
        (Refusal::Copied, _) => FinishSignInError::Copied,
        (Refusal::Locked, Some((_, user))) => {
            let left = user.locked_until.map_or(0, |until| until.since(now).as_secs());
            FinishSignInError::Paused { retry_after_secs: left + 1 }
        }
        (Refusal::NotVerified, Some((_, user))) => FinishSignInError::NotVerified { email: user.email },
        (Refusal::Signature | Refusal::Deactivated | Refusal::Locked | Refusal::NotVerified, _) => {
            FinishSignInError::Refused
        }
    })
}
