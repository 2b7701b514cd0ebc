//! How a person is named to a client (OIDC Core §8): `sub` of everything that is issued to it or told about it.
//!
//! A *public* name is the id of the account. A *pairwise* one is derived from it for a sector, by a key of this instance
//! (§8.1): clients of one sector see the same name, others cannot tell that it is the same person. This is the one place
//! that decides; nothing that leaves the house towards such a client may carry the id itself.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    client::{Client, SubjectType},
    core::Core,
    id::UserId,
};

/// The name of this person for this client.
pub(crate) fn subject_of(core: &Core, client: &Client, user_id: UserId) -> String {
    match client.settings.subject_type {
        SubjectType::Public => user_id.to_string(),
        SubjectType::Pairwise => {
            let sector = client.settings.sector().unwrap_or(&client.id);
            URL_SAFE_NO_PAD.encode(core.sealer().pairwise_subject(sector, user_id.as_uuid().as_bytes()))
        }
    }
}
