//! Applications that trust us: *clients* (RFC 6749 §2, D11).
//!
//! Clients are read on every hot path, so they are kept in memory ([`ClientCache`]) and read again when one changed on
//! any node. Secrets are of high entropy: their SHA-256 is stored, never a slow hash.

mod authenticate_client;
mod cache;
mod client_assertion;
mod create_client;
mod delete_client;
mod get_client;
mod keys;
mod origins;
mod rotate_client_secret;
mod settings;
mod store;
#[cfg(test)]
mod tests;

pub use authenticate_client::{AssertionProblem, AuthenticateClient, AuthenticateClientError, authenticate_client};
pub use cache::{ClientCache, find_client};
pub use create_client::{ClientCreated, CreateClient, CreateClientError, create_client};
pub use delete_client::{DeleteClient, DeleteClientError, delete_client};
pub use get_client::{ListClientsError, list_clients};
pub(crate) use keys::{ClientKeysError, find_foreign_keys, find_keys};
pub use origins::is_allowed_origin;
pub use rotate_client_secret::{
    ClientSecretRotated, RotateClientSecret, RotateClientSecretError, rotate_client_secret,
};
pub use settings::{
    AccessTokenFormat, AssertionIssuer, AssertionSubject, CertificateSubject, ClientKind, ClientSettings,
    ContentEncryptionAlg, Encryption, KeyManagementAlg, SecurityProfile, SettingsProblem, SubjectType,
    TokenExchangePolicy,
};

use crate::{
    clock::Timestamp,
    core::Core,
    seal::Purpose,
    secret::{Digest, SecretString},
};

/// The client that stands for our own REST API; made by a migration.
pub const FIRST_PARTY_CLIENT_ID: &str = "ostiary";

/// An application.
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// What people see.
    pub name: String,
    /// What it is registered with.
    pub settings: ClientSettings,
    /// Made by Ostiary itself.
    pub is_system: bool,
    /// May be used.
    pub is_enabled: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    pub(crate) secrets: Vec<ClientSecret>,
}

/// One live secret; two may be live while rotating (D11).
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub(crate) digest: Digest,
    /// The secret itself, where it is shared as a key (D4, D7).
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Client {
    /// Whether `secret` is one of its secrets that are live at `now`. Digests are compared in constant time.
    pub(crate) fn has_secret(&self, secret: &str, now: Timestamp) -> bool {
        let digest = Digest::of(secret.as_bytes());
        let live = |secret: &&ClientSecret| secret.expires_at.is_none_or(|at| now < at);
        self.secrets.iter().filter(live).any(|secret| secret.digest == digest)
    }

    /// The secrets that are live at `now`, in the clear, newest first: for clients that sign with theirs, or have ID
    /// tokens signed with it (OIDC Core §10.1). Empty for all others: of theirs only digests are kept.
    pub(crate) fn shared_secrets(&self, core: &Core, now: Timestamp) -> Vec<SecretString> {
        let live = self.secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| now < at));
        let open = |secret: &ClientSecret| {
            let plain = core.sealer().open(Purpose::ClientSecret, secret.sealed.as_deref()?)?;
            String::from_utf8(plain).ok().map(SecretString::new)
        };
        live.filter_map(open).collect()
    }
}
