//! A person is about to add a passkey.

use serde_json::{Value, json};

use super::{
    ceremony::{self, Ceremony, CeremonyKind},
    relying_party, store,
};
use crate::{
    account,
    authz::{self, Denied, not_fresh},
    core::Ctx,
    error::Internal,
    limits::TooMany,
};

/// Passkeys one person may have.
pub(super) const MOST: usize = 25;

/// Why no ceremony began.
#[derive(Debug, thiserror::Error)]
pub enum BeginEnrolmentError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They signed in too long ago (B6).
    #[error("sign in again first")]
    SignInAgain,
    /// There are no passkeys at the address of this instance.
    #[error("passkeys need https and a name")]
    Unavailable,
    /// They have as many as one may have.
    #[error("there are {most} passkeys already", most = MOST)]
    Full,
    /// Too many ceremonies from this address.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(BeginEnrolmentError);

/// Begins to add a passkey to the account of the person who asks (B1), who signed in within the last ten minutes.
///
/// # Errors
/// [`BeginEnrolmentError`].
pub async fn begin_enrolment(ctx: &Ctx) -> Result<Ceremony, BeginEnrolmentError> {
    let user_id = authz::require_fresh_user(ctx)?.user_id;
    ctx.core.limits().stored_request(ctx)?;
    let webauthn = relying_party::open(ctx.config())?.ok_or(BeginEnrolmentError::Unavailable)?;
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.ok_or(Denied)?;
    let known = store::credential_ids(&mut conn, user_id).await?;
    drop(conn);
    if known.len() >= MOST {
        return Err(BeginEnrolmentError::Full);
    }
    let begun = webauthn.start_passkey_registration(user_id.as_uuid(), user.email.as_str(), user.name(), Some(known));
    let (options, state) = begun.map_err(|cause| Internal::new("begin to add a passkey", cause))?;
    let mut ceremony = ceremony::begin(ctx, CeremonyKind::Enrolment(user_id), &options, &state).await?;
    // The library leaves it to the authenticator whether it remembers the account. Ours must: nobody types a name later.
    if let Some(Value::Object(wishes)) = ceremony.options.get_mut("authenticatorSelection") {
        wishes.insert("residentKey".to_owned(), json!("required"));
        wishes.insert("requireResidentKey".to_owned(), json!(true));
    }
    Ok(ceremony)
}
