//! Applications that trust us: *clients* (RFC 6749 §2, D11).
//!
//! Clients are read on every hot path, so they are kept in memory ([`ClientCache`]) and read again when one changed on
//! any node. Secrets are of high entropy: their SHA-256 is stored, never a slow hash.

mod authenticate_client;
mod cache;
mod client_assertion;
mod client_certificate;
mod client_use;
mod create_client;
mod delete_client;
mod documents;
mod get_client;
mod keys;
mod logo;
pub mod metadata;
mod origins;
pub mod registration;
mod revoke_client_secret;
mod rotate_client_secret;
mod set_client_enabled;
mod settings;
pub(crate) mod steps;
mod store;
#[cfg(test)]
mod tests;
mod update_client;

pub use authenticate_client::{AssertionProblem, AuthenticateClient, AuthenticateClientError, authenticate_client};
pub use cache::{ClientCache, find_client};
pub use client_use::{ClientUse, ClientUseError, count_client_use};
pub use create_client::{ClientCreated, CreateClient, CreateClientError, create_client};
pub use delete_client::{DeleteClient, DeleteClientError, delete_client};
#[cfg(test)]
pub(crate) use documents::parse as parse_document;
pub use get_client::{GetClientError, ListClients, ListClientsError, count_clients, get_client, list_clients};
pub(crate) use keys::{ClientKeysError, find_foreign_keys, find_keys};
pub use logo::find_logo;
pub(crate) use logo::forget_unused_logos;
pub use metadata::{ClientMetadata, MetadataError, Speaker};
pub use origins::is_allowed_origin;
pub use revoke_client_secret::{RevokeClientSecret, RevokeClientSecretError, revoke_client_secret};
pub use rotate_client_secret::{
    ClientSecretRotated, RotateClientSecret, RotateClientSecretError, rotate_client_secret,
};
pub use set_client_enabled::{SetClientEnabled, SetClientEnabledError, set_client_enabled};
pub use settings::{
    AccessTokenFormat, AssertionIssuer, AssertionSubject, CertificateSubject, ClientKind, ClientSettings,
    ContentEncryptionAlg, Encryption, KeyManagementAlg, SecurityProfile, SettingFault, SettingsProblem, SubjectType,
    TokenExchangePolicy, UnreadSetting,
};
pub(crate) use store::find as find_registered;
pub use update_client::{ClientUpdated, UpdateClient, UpdateClientError, update_client};

use std::sync::Arc;

use crate::{
    clock::Timestamp,
    config::Config,
    core::Core,
    id::ClientSecretId,
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
    /// Grows with each change; a change may ask that it be the one it has seen.
    pub version: i64,
    /// The declaration it belongs to, if a file declares it (D11).
    pub owner: Option<String>,
    /// The version at which it was as the declaration says.
    pub(crate) declared_version: Option<i64>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How it came to be, if no operator registered it.
    pub(crate) registration: Option<registration::Registration>,
    /// Its picture, as we made it.
    pub(crate) logo: Option<Digest>,
    pub(crate) secrets: Vec<ClientSecret>,
    /// The secret that it proved itself by in this very request, unless that is its newest one. See [`Client::shared_secrets`].
    pub(crate) proved_by: Option<ClientSecretId>,
}

/// One live secret; two may be live while rotating (D11).
#[derive(Clone, Debug)]
pub(crate) struct ClientSecret {
    pub(crate) id: ClientSecretId,
    pub(crate) digest: Digest,
    /// The secret itself, where it is shared as a key (D4, D7).
    pub(crate) sealed: Option<Vec<u8>>,
    /// Its last four characters.
    pub(crate) hint: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
}

impl ClientSecret {
    fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

/// A live secret as operators see it: enough to tell two apart, nothing of what it proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretView {
    /// Its id, to end it by.
    pub id: ClientSecretId,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

impl Client {
    /// A client that is about to be registered.
    pub(crate) fn new(id: String, name: String, settings: ClientSettings, now: Timestamp) -> Self {
        Self {
            id,
            name,
            settings,
            is_system: false,
            is_enabled: true,
            version: 1,
            owner: None,
            declared_version: None,
            created_at: now,
            updated_at: now,
            registration: None,
            logo: None,
            secrets: Vec::new(),
            proved_by: None,
        }
    }

    /// The host that people are shown. That of a `client_id` that is a URL has vouched for the client by the document there;
    /// else it is what the settings say.
    pub fn domain(&self) -> Option<String> {
        documents::host(&self.id).or_else(|| self.settings.domain())
    }

    /// Where it comes from if no operator registered it; told of a client that was looked for, not of those in lists.
    pub fn origin(&self) -> Option<registration::Origin> {
        self.registration.as_ref().map(|registration| registration.origin)
    }

    /// Where its picture is, on our own host; like its origin, told of a client that was looked for.
    pub fn logo_path(&self, config: &Config) -> Option<String> {
        self.logo.map(|digest| format!("{}/logos/{}.png", config.base_path(), logo::logo_name(digest)))
    }

    /// Which of its secrets that are live at `now` this is; none when it is none. Digests are compared in constant time.
    pub(crate) fn find_secret(&self, secret: &str, now: Timestamp) -> Option<ClientSecretId> {
        let digest = Digest::of(secret.as_bytes());
        let mut live = self.secrets.iter().filter(|secret| secret.is_live(now));
        live.find(|secret| secret.digest == digest).map(|secret| secret.id)
    }

    /// The same client, for the request in which it proved itself by this secret.
    pub(crate) fn proved_by(self: Arc<Self>, secret: ClientSecretId, now: Timestamp) -> Arc<Self> {
        let newest = self.secrets.iter().find(|secret| secret.is_live(now)).map(|secret| secret.id);
        if newest == Some(secret) || !self.settings.shares_secret() {
            return self;
        }
        Arc::new(Self { proved_by: Some(secret), ..Self::clone(&self) })
    }

    /// The secrets that are live at `now`, newest first.
    pub fn live_secrets(&self, now: Timestamp) -> Vec<SecretView> {
        let view = |secret: &ClientSecret| SecretView {
            id: secret.id,
            hint: secret.hint.clone(),
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        };
        self.secrets.iter().filter(|secret| secret.is_live(now)).map(view).collect()
    }

    /// Whether `secret` is its newest secret, and no end of it is set.
    pub(crate) fn has_newest_secret(&self, secret: &str, now: Timestamp) -> bool {
        let newest = self.secrets.iter().find(|secret| secret.is_live(now));
        newest.is_some_and(|held| held.expires_at.is_none() && held.digest == Digest::of(secret.as_bytes()))
    }

    /// Whether it cannot work until it is given a new secret: it has none, or the one it has is not kept in the clear
    /// although it is now shared as a key (OIDC Core §10.1).
    pub fn needs_new_secret(&self, now: Timestamp) -> bool {
        match self.secrets.iter().find(|secret| secret.is_live(now)) {
            None => self.settings.has_secret(),
            Some(newest) => self.settings.shares_secret() && newest.sealed.is_none(),
        }
    }

    /// Whether somebody changed it by hand since its declaration was applied (D11).
    pub fn differs_from_declaration(&self) -> bool {
        self.owner.is_some() && self.declared_version != Some(self.version)
    }

    /// The secrets that are live at `now`, in the clear: for clients that sign with theirs, or have ID tokens signed with it
    /// (OIDC Core §10.1). Empty for all others: of theirs only digests are kept.
    ///
    /// While two are live, whatever the client signs may be signed with either. What *we* sign is signed with the first, since
    /// nothing in such a token could tell the client which one to try: the secret by which it proved itself in this very request,
    /// because that one it has for certain, be the new one not yet in place there or the old one gone already; else the newest.
    pub(crate) fn shared_secrets(&self, core: &Core, now: Timestamp) -> Vec<SecretString> {
        let mut live: Vec<_> = self.secrets.iter().filter(|secret| secret.is_live(now)).collect();
        live.sort_by_key(|secret| self.proved_by.is_some_and(|proved| proved != secret.id));
        let open = |secret: &ClientSecret| {
            let plain = core.sealer().open(Purpose::ClientSecret, secret.sealed.as_deref()?)?;
            String::from_utf8(plain).ok().map(SecretString::new)
        };
        live.into_iter().filter_map(open).collect()
    }
}
