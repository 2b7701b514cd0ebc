//! Clients that register themselves (RFC 7591, OIDC Registration 1.0) and look after their registration (RFC 7592).
//!
//! Who may is the operator's choice: nobody, whoever holds an *initial access token* ([`create_initial_token`]), or
//! everybody. What such a client may be is said by a policy ([`policy`]): hosts, scopes and grant types, and members that
//! outweigh what it says. Its metadata is read by the one mapping of [`super::metadata`].
//!
//! A client gets a *registration access token* with its registration, and with it reads, replaces and removes that.
//! Of all these tokens, and of its secret, only digests are kept: neither can be told a second time.

mod initial_token;
mod manage;
mod policy;
mod register_client;
mod statement;
mod store;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

pub use initial_token::{
    CreateInitialToken, InitialToken, InitialTokenCreated, InitialTokenError, create_initial_token,
    list_initial_tokens, revoke_initial_token,
};
pub use manage::{
    ManageRegistration, ManageRegistrationError, UpdateRegistration, delete_registration, get_registration,
    update_registration,
};
pub(crate) use policy::{is_within, keep_to};
pub use register_client::{RegisterClient, RegisterClientError, register_client};
pub use statement::StatementError;
pub(crate) use store::{NewRegistration, forget_unused, insert, replace, set_fresh_until};

use super::{Client, ClientMetadata, ClientSettings, MetadataError, Speaker};
use crate::{
    clock::Timestamp,
    core::{Core, Ctx},
    db::Touched,
    error::Internal,
    fetch::FetchError,
    protocol::RedirectUri,
    secret::PlainToken,
};

/// Where a client comes from that no operator registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It registered itself, as anybody may.
    Open,
    /// It was registered with an initial access token.
    Token,
    /// It is what the document at its `client_id` says.
    Document,
}

impl Origin {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Token => "token",
            Self::Document => "document",
        }
    }

    /// Reads the stored form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Token, Self::Document].into_iter().find(|origin| origin.as_str() == text)
    }
}

/// How a client came to be that no operator registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    pub(crate) origin: Origin,
    pub(crate) is_used: bool,
    /// How long what its document says holds.
    pub(crate) fresh_until: Option<Timestamp>,
}

/// A registration as its client is told of it (RFC 7591 §3.2.1).
#[derive(Debug)]
pub struct Registered {
    /// `client_id`
    pub client_id: String,
    /// `client_id_issued_at`
    pub issued_at: Timestamp,
    /// `client_secret`, if a new one was made. Shown this once.
    pub client_secret: Option<PlainToken>,
    /// `registration_access_token`
    pub token: PlainToken,
    /// What the client is registered with.
    pub metadata: Map<String, Value>,
}

impl Registered {
    fn new(client: &Client, statement: Option<String>, secret: Option<PlainToken>, token: PlainToken) -> Self {
        let mut metadata = ClientMetadata::write(&client.name, &client.settings, Speaker::Client);
        if let Some(statement) = statement {
            // RFC 7591 §3.2.1: unmodified.
            metadata.insert("software_statement".to_owned(), statement.into());
        }
        let (client_id, issued_at) = (client.id.clone(), client.created_at);
        Self { client_id, issued_at, client_secret: secret, token, metadata }
    }

    /// The client information response (RFC 7591 §3.2.1, RFC 7592 §3); `uri` is where registrations are looked after.
    pub fn to_response(&self, uri: &str) -> Value {
        let mut members = self.metadata.clone();
        members.insert("client_id".to_owned(), json!(self.client_id));
        members.insert("client_id_issued_at".to_owned(), json!(self.issued_at.as_secs()));
        if let Some(secret) = &self.client_secret {
            members.insert("client_secret".to_owned(), json!(secret.expose()));
            members.insert("client_secret_expires_at".to_owned(), json!(0));
        }
        members.insert("registration_access_token".to_owned(), json!(self.token.expose()));
        members.insert("registration_client_uri".to_owned(), json!(format!("{uri}/{}", self.client_id)));
        Value::Object(members)
    }
}

/// Notes that a client was used, if that is not known: what anybody can register is removed when it never was.
pub(crate) async fn note_use(ctx: &Ctx, client: &Client) -> Result<(), Internal> {
    if client.registration.as_ref().is_none_or(|registration| registration.is_used) {
        return Ok(());
    }
    let mut tx = ctx.core.db().write().await?;
    if store::mark_used(&mut tx, &client.id, ctx.now()).await? {
        tx.touch(Touched::Clients);
    }
    tx.commit().await
}

/// What has to be asked of others before settings are accepted: whether the addresses that we are to call may be called,
/// and whether the list at `sector_identifier_uri` holds every redirect URI (OIDC Core §8.1, OIDC Registration §5).
pub(crate) async fn ask_around(core: &Core, settings: &ClientSettings) -> Result<(), MetadataError> {
    /// Largest list, bytes.
    const MAX_LIST: usize = 64 * 1024;

    for (member, url) in super::metadata::called(settings) {
        core.fetcher().check(url).map_err(|why| MetadataError::new(member, why))?;
    }
    let Some(url) = &settings.sector_identifier_uri else { return Ok(()) };
    let wrong = |why: &dyn std::fmt::Display| MetadataError::new("sector_identifier_uri", why);
    let (list, _) = core.fetcher().get_json(url, MAX_LIST).await.map_err(|why| wrong(&why))?;
    let listed = list.as_array().ok_or_else(|| wrong(&FetchError::Malformed))?;
    let is_listed = |uri: &&RedirectUri| listed.iter().any(|entry| entry.as_str() == Some(uri.as_str()));
    match settings.redirect_uris.iter().find(|uri| !is_listed(uri)) {
        None => Ok(()),
        Some(uri) => Err(wrong(&format_args!("does not list {uri} (OIDC Core §8.1)"))),
    }
}
