//! How a person and their session are named to a client (OIDC Core §8): `sub` and `sid` of everything that is issued to it or
//! told about it.
//!
//! A *public* name is the id of the account, or of the session. A *pairwise* one is derived from it for a sector, by a key of
//! this instance (§8.1): clients of one sector see the same name, others cannot tell that it is the same person. A session
//! under one name in every sector would undo that, since two applications that compare their `sid` would know whom they share;
//! so it has one for each. (Back-Channel Logout §2.1 asks of a `sid` only that it be unique for the issuer and opaque to
//! clients.) This is the one place that decides; nothing that leaves the house towards such a client may carry an id itself.
//!
//! The name of a person cannot be read backwards. That of a session can, by us: an ID token that comes back as a hint tells
//! by it whose it is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use crate::{
    client::{Client, SubjectType},
    core::Core,
    error::Internal,
    id::{SessionId, UserId},
};

/// The name of this person for this client.
pub(crate) fn subject_of(core: &Core, client: &Client, user_id: UserId) -> String {
    match client.settings.subject_type {
        SubjectType::Public => user_id.to_string(),
        SubjectType::Pairwise => {
            URL_SAFE_NO_PAD.encode(core.sealer().pairwise_subject(sector(client), user_id.as_uuid().as_bytes()))
        }
    }
}

/// The name of this session for this client: `sid` (OIDC Front-Channel Logout §3, Back-Channel Logout §2.1).
///
/// # Errors
/// [`Internal`] when the cryptographic library refuses.
pub(crate) fn sid_of(core: &Core, client: &Client, session_id: SessionId) -> Result<String, Internal> {
    match client.settings.subject_type {
        SubjectType::Public => Ok(session_id.to_string()),
        SubjectType::Pairwise => {
            let name = core.sealer().pairwise_session(sector(client), session_id.as_uuid().into_bytes())?;
            Ok(URL_SAFE_NO_PAD.encode(name))
        }
    }
}

/// The session that [`sid_of`] named so to this client. Whatever else is handed in leads to none that is on record.
///
/// # Errors
/// [`Internal`] when the cryptographic library refuses.
pub(super) fn session_of(core: &Core, client: &Client, sid: &str) -> Result<Option<SessionId>, Internal> {
    match client.settings.subject_type {
        SubjectType::Public => Ok(sid.parse().ok()),
        SubjectType::Pairwise => {
            let name = URL_SAFE_NO_PAD.decode(sid).ok().and_then(|name| name.try_into().ok());
            let Some(name) = name else { return Ok(None) };
            let session = core.sealer().session_of_pairwise(sector(client), name)?;
            Ok(Some(Uuid::from_bytes(session).into()))
        }
    }
}

fn sector(client: &Client) -> &str {
    client.settings.sector().unwrap_or(&client.id)
}
