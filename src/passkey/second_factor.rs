//! A passkey or a security key as a second factor (B1): one of the keys of somebody whose password was right.

use webauthn_rs::prelude::{AuthenticationResult, PasskeyAuthentication, WebauthnError};

use super::{
    Assertion,
    ceremony::{self, Ceremony, CeremonyKind},
    ceremony_store,
    refusal::{self, Refusal},
    relying_party,
    store::{self, KeyRow, LastUsed},
};
use crate::{
    account::{self, Amr, BeginSecondFactorError},
    clock::Timestamp,
    config::Config,
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
    secret::{Digest, PlainToken},
};

/// When a key of this person was last used; none where there is no key, or keys are of no use at our address.
pub(crate) async fn usable(conn: &mut Conn, config: &Config, user_id: UserId) -> Result<Option<LastUsed>, Internal> {
    if relying_party::relying_party_id(config).is_none() {
        return Ok(None);
    }
    store::last_used(conn, user_id).await
}

/// Asks for one of the keys of this person.
pub(crate) async fn begin(ctx: &Ctx, user_id: UserId) -> Result<Ceremony, BeginSecondFactorError> {
    let webauthn = relying_party::open(ctx.config())?.ok_or(BeginSecondFactorError::NotOffered)?;
    let keys = store::credentials(&mut ctx.core.db().read().await?, user_id).await?;
    if keys.is_empty() {
        return Err(BeginSecondFactorError::NotOffered);
    }
    let begun = webauthn.start_passkey_authentication(&keys);
    let (options, state) = begun.map_err(|cause| Internal::new("ask for a key of a person", cause))?;
    Ok(ceremony::begin(ctx, CeremonyKind::SecondFactor(user_id), &options, &state).await?)
}

/// A key that seems to fit.
#[derive(Debug)]
pub(crate) struct CheckedKey {
    key: KeyRow,
    signed: AuthenticationResult,
    ceremony: Digest,
}

/// Checks the answer of an authenticator; none when it is not of a key of this person, for us, for this ceremony. The
/// ceremony is over in that case. A copied key is put on record and told by mail.
pub(crate) async fn check(
    ctx: &Ctx,
    user_id: UserId,
    token: &PlainToken,
    assertion: &Assertion,
) -> Result<Option<CheckedKey>, Internal> {
    let Some(webauthn) = relying_party::open(ctx.config())? else { return Ok(None) };
    let (ceremony, kind) = (token.digest(), CeremonyKind::SecondFactor(user_id));
    let mut conn = ctx.core.db().read().await?;
    let state: Option<PasskeyAuthentication> = ceremony_store::find(&mut conn, ceremony, kind, ctx.now()).await?;
    let key = store::by_credential(&mut conn, assertion.credential_id()).await?;
    drop(conn);
    let (Some(state), Some(key)) = (state, key.filter(|key| key.user_id == user_id)) else { return Ok(None) };
    match webauthn.finish_passkey_authentication(&assertion.0, &state) {
        Ok(signed) => Ok(Some(CheckedKey { key, signed, ceremony })),
        Err(cause) => {
            tracing::info!(%cause, passkey = %key.id, "a signature of a passkey was refused");
            let is_copied = matches!(cause, WebauthnError::CredentialPossibleCompromise);
            end(ctx, &key, ceremony, is_copied).await?;
            Ok(None)
        }
    }
}

/// Ends a ceremony that led nowhere. Who is told of the wrong answer itself is the caller's business; a copy is told here.
async fn end(ctx: &Ctx, key: &KeyRow, ceremony: Digest, is_copied: bool) -> Result<(), Internal> {
    let owner = account::find(&mut ctx.core.db().read().await?, key.user_id).await?;
    let mut tx = ctx.core.db().write().await?;
    let is_first = ceremony_store::end(&mut tx, ceremony, ctx.now()).await?;
    if let Some(owner) = owner.filter(|_| is_first && is_copied) {
        refusal::record(&mut tx, ctx, Some((key, &owner)), Refusal::Copied).await?;
    }
    tx.commit().await
}

/// Uses it up; false when the ceremony was answered, or the key is gone or counted as far by somebody else meanwhile.
pub(crate) async fn accept(tx: &mut Tx, checked: &CheckedKey, now: Timestamp) -> Result<bool, Internal> {
    let CheckedKey { key, signed, ceremony } = checked;
    if !ceremony_store::end(tx, *ceremony, now).await? {
        return Ok(false);
    }
    let mut credential = key.credential.0.clone();
    credential.update_credential(signed);
    store::used(tx, key.id, credential, i64::from(signed.counter()), now).await
}

impl CheckedKey {
    /// What was shown by it (RFC 8176): a key bound to its device or one that may be copied, and the person themselves.
    pub(crate) fn amr(&self) -> [Amr; 2] {
        [key_word(&self.signed), Amr::User]
    }
}

/// A key that may be copied to other devices (WebAuthn L3 §6.1.3, "backup eligible") is one in software; one that may not be
/// calls itself bound to its device, which nobody attests here.
pub(super) fn key_word(signed: &AuthenticationResult) -> Amr {
    if signed.backup_eligible() { Amr::SoftwareKey } else { Amr::HardwareKey }
}
