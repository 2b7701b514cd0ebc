//! The passkeys of the person who asks.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Authenticator, authenticator_of, relying_party_id, store};
use crate::{authz, authz::Denied, clock::Timestamp, core::Ctx, error::Internal, id::PasskeyId};

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyView {
    /// Ours.
    pub id: PasskeyId,
    /// The authenticator's, in base64url.
    pub credential_id: String,
    /// What its owner calls it.
    pub name: String,
    /// What made it, if that is known.
    pub authenticator: Option<&'static Authenticator>,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
    /// A copy of it was used then, and refused.
    pub copied_at: Option<Timestamp>,
}

/// All passkeys of a person, and what browsers have to be told to keep theirs in step (WebAuthn L3 §5.1.10, Signal API).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkeys {
    /// In the order they were added.
    pub keys: Vec<PasskeyView>,
    /// The relying party id; none where there are no passkeys.
    pub relying_party_id: Option<String>,
    /// How authenticators know the person: base64url.
    pub user_handle: String,
}

/// Lists the passkeys of the person who asks.
///
/// # Errors
/// [`ListPasskeysError`].
pub async fn list_passkeys(ctx: &Ctx) -> Result<Passkeys, ListPasskeysError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let rows = store::list_of_user(&mut ctx.core.db().read().await?, user_id).await?;
    let keys = rows.into_iter().map(|row| PasskeyView {
        id: row.id,
        credential_id: URL_SAFE_NO_PAD.encode(row.credential_id),
        name: row.name,
        authenticator: authenticator_of(row.aaguid),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        copied_at: row.copied_at,
    });
    Ok(Passkeys {
        keys: keys.collect(),
        relying_party_id: relying_party_id(ctx.config()).map(str::to_owned),
        user_handle: URL_SAFE_NO_PAD.encode(user_id.as_uuid().as_bytes()),
    })
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListPasskeysError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}
