//! A person has made a passkey and adds it.

use webauthn_rs::prelude::{Passkey, PasskeyRegistration, Webauthn};

use super::{
    NewCredential, PasskeyName, authenticator_of, begin_enrolment::MOST, ceremony::CeremonyKind, ceremony_store,
    relying_party, store,
};
use crate::{
    account,
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    error::Internal,
    id::PasskeyId,
    limits::TooMany,
    mail::{self, Message},
    secret::PlainToken,
};

/// What came back.
#[derive(Clone, Debug)]
pub struct FinishEnrolment {
    /// The ceremony.
    pub ceremony: PlainToken,
    /// The answer of the authenticator.
    pub credential: NewCredential,
    /// What to call it; without one it is called after its maker or the device.
    pub name: Option<PasskeyName>,
}

/// The passkey opens the account from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyAdded {
    /// Which.
    pub id: PasskeyId,
    /// What it is called.
    pub name: String,
}

/// Why it was not added.
#[derive(Debug, thiserror::Error)]
pub enum FinishEnrolmentError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The ceremony took too long, was answered already, or is somebody else's.
    #[error("this took too long or was done already")]
    Expired,
    /// The answer does not fit: another origin or relying party, no verification of the person, a broken signature.
    #[error("the answer of the authenticator is not right")]
    Refused,
    /// The authenticator holds a passkey of this or another account under that id.
    #[error("the passkey is known already")]
    Known,
    /// They have as many as one may have.
    #[error("there are {most} passkeys already", most = MOST)]
    Full,
    /// Too many requests from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Adds a passkey to the account of the person who began the ceremony (B1), and tells them by mail (B9).
///
/// # Errors
/// [`FinishEnrolmentError`].
pub async fn finish_enrolment(ctx: &Ctx, cmd: FinishEnrolment) -> Result<PasskeyAdded, FinishEnrolmentError> {
    let user_id = authz::require_user(ctx)?.user_id;
    ctx.core.limits().auth(ctx)?;
    let webauthn = relying_party::open(ctx.config())?.ok_or(FinishEnrolmentError::Expired)?;
    let (digest, kind) = (cmd.ceremony.digest(), CeremonyKind::Enrolment(user_id));
    let mut conn = ctx.core.db().read().await?;
    let state: Option<PasskeyRegistration> = ceremony_store::find(&mut conn, digest, kind, ctx.now()).await?;
    let state = state.ok_or(FinishEnrolmentError::Expired)?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    let is_known = store::by_credential(&mut conn, cmd.credential.id()).await?.is_some();
    drop(conn);
    let verified = if is_known { Err(FinishEnrolmentError::Known) } else { check(&webauthn, &cmd.credential, &state) };
    let aaguid = cmd.credential.aaguid();
    let (id, now, device): (PasskeyId, _, _) = (ctx.new_id(), ctx.now(), account::device(ctx));
    let maker = authenticator_of(aaguid).map(|known| known.name.to_owned());
    let name = cmd.name.map(String::from).or_else(|| maker.clone()).or_else(|| device.clone());
    let name = name.unwrap_or_else(|| "Passkey".to_owned());

    let mut tx = ctx.core.db().write().await?;
    if !ceremony_store::end(&mut tx, digest, now).await? {
        return Err(FinishEnrolmentError::Expired);
    }
    let credential = match verified {
        Ok(credential) => credential,
        Err(refused) => {
            // Whatever was answered, it was the one answer to this challenge.
            tx.commit().await?;
            return Err(refused);
        }
    };
    // Two ceremonies at once add no more keys than one after the other: the row of the person is held.
    account::hold(&mut tx, user_id).await?;
    if store::credential_ids(&mut tx, user_id).await?.len() >= MOST {
        return Err(FinishEnrolmentError::Full);
    }
    let counter = counter_of(&credential)?;
    let new = store::NewRow { id, user_id, credential, counter, name: name.clone(), aaguid, now };
    if !store::insert(&mut tx, new).await? {
        return Err(FinishEnrolmentError::Known);
    }
    let details = serde_json::json!({ "passkey": id, "aaguid": aaguid });
    audit::record(&mut tx, ctx, Entry::about(AuditKind::PasskeyAdded, user_id).with_details(details)).await?;
    mail::enqueue(&mut tx, ctx, &user, Message::PasskeyAdded { maker, at: now, device }).await?;
    tx.commit().await?;
    Ok(PasskeyAdded { id, name })
}

/// The answer is to this challenge, for us, by an authenticator that verified its person.
fn check(
    webauthn: &Webauthn,
    credential: &NewCredential,
    state: &PasskeyRegistration,
) -> Result<Passkey, FinishEnrolmentError> {
    webauthn.finish_passkey_registration(&credential.0, state).map_err(|cause| {
        tracing::info!(%cause, "a new passkey was refused");
        FinishEnrolmentError::Refused
    })
}

/// The counter it begins with, which the library keeps to itself but writes down.
fn counter_of(credential: &Passkey) -> Result<i64, Internal> {
    let unreadable = |cause: &dyn std::fmt::Display| Internal::new("read the counter of a passkey", cause);
    let written = serde_json::to_value(credential).map_err(|cause| unreadable(&cause))?;
    written.pointer("/cred/counter").and_then(serde_json::Value::as_i64).ok_or_else(|| unreadable(&"none is there"))
}
