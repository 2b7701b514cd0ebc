//! Applications that trust us: *clients* (RFC 6749 §2, D11).
//!
//! Clients are read on every hot path, so they are kept in memory ([`ClientCache`]) and read again when one changed on
//! any node. Secrets are of high entropy: their SHA-256 is stored, never a slow hash.

mod authenticate_client;
mod cache;
mod create_client;
mod delete_client;
mod get_client;
mod origins;
mod rotate_client_secret;
mod settings;
mod store;
#[cfg(test)]
mod tests;

pub use authenticate_client::{AuthenticateClientError, authenticate_client};
pub use cache::{ClientCache, find_client};
pub use create_client::{ClientCreated, CreateClient, CreateClientError, create_client};
pub use delete_client::{DeleteClient, DeleteClientError, delete_client};
pub use get_client::{ListClientsError, list_clients};
pub use origins::is_allowed_origin;
pub use rotate_client_secret::{
    ClientSecretRotated, RotateClientSecret, RotateClientSecretError, rotate_client_secret,
};
pub use settings::{ClientKind, ClientSettings, SettingsProblem};

use crate::{clock::Timestamp, secret::Digest};

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
    pub(crate) expires_at: Option<Timestamp>,
}

impl Client {
    /// Whether `secret` is one of its secrets that are live at `now`. Digests are compared in constant time.
    pub(crate) fn has_secret(&self, secret: &str, now: Timestamp) -> bool {
        let digest = Digest::of(secret.as_bytes());
        let live = |secret: &&ClientSecret| secret.expires_at.is_none_or(|at| now < at);
        self.secrets.iter().filter(live).any(|secret| secret.digest == digest)
    }
}
