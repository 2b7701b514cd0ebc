//! Client metadata: what a client is registered with, in the words of the specifications (RFC 7591 §2, OIDC Registration
//! §2 and the registry they opened), and the way from there to [`ClientSettings`] and back.
//!
//! One mapping serves dynamic registration, documents that clients publish about themselves, and files that operators
//! apply. [`read`] goes from words to settings, [`write`] back; what one takes the other gives. A client speaks for
//! itself only about itself: what decides how far it is trusted ([`Speaker`]) is read from operators alone.
//!
//! Rules for what is read:
//!
//! - Unknown members are ignored (RFC 7591 §2), and so are localised ones such as `client_name#de` (§2.2).
//! - `null` means the same as nothing at all (RFC 7592 §2.2).
//! - A member that is known and wrong is named in the error, never put right.
//!
//! To add a member: a line in [`read`], a line in [`write`], and a case in the tests.

mod check;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod write;

use serde_json::{Map, Value};
use url::Url;

use super::ClientSettings;
use crate::{
    protocol::{GrantType, OAuthError, OAuthErrorCode, SigningAlg},
    text::DisplayName,
};

/// Who says what a client is registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The client, or whoever registers it. What is not said has the defaults of RFC 7591 §2 and OIDC Registration §2.
    Client,
    /// An operator of this instance, who may say more. What is not said has our own defaults.
    Operator,
}

/// What is said about a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientMetadata {
    /// `client_name`
    pub name: Option<DisplayName>,
    /// All the rest.
    pub settings: ClientSettings,
}

/// A member of the metadata that cannot be accepted (RFC 7591 §3.2.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {why}")]
pub struct MetadataError {
    /// `invalid_redirect_uri` or `invalid_client_metadata`.
    pub code: OAuthErrorCode,
    /// The member.
    pub member: &'static str,
    /// What is wrong with it.
    pub why: String,
}

impl MetadataError {
    pub(super) fn new(member: &'static str, why: impl std::fmt::Display) -> Self {
        Self { code: OAuthErrorCode::InvalidClientMetadata, member, why: why.to_string() }
    }

    pub(super) fn redirect(why: impl std::fmt::Display) -> Self {
        Self { code: OAuthErrorCode::InvalidRedirectUri, member: "redirect_uris", why: why.to_string() }
    }

    /// As it is answered.
    pub fn to_oauth_error(&self) -> OAuthError {
        OAuthError::new(self.code, self.to_string())
    }
}

impl ClientMetadata {
    /// Reads metadata and checks it as far as that can be done without asking anybody.
    ///
    /// # Errors
    /// The first member that cannot be accepted.
    pub fn read(members: &Map<String, Value>, speaker: Speaker) -> Result<Self, MetadataError> {
        let metadata = read::read(members, speaker)?;
        check::check(&metadata.settings, members)?;
        Ok(metadata)
    }

    /// The same for a client that speaks for itself, except that an operator has the last word about the members in
    /// `forced`.
    ///
    /// # Errors
    /// The first member that cannot be accepted.
    pub fn read_with(members: &Map<String, Value>, forced: &Map<String, Value>) -> Result<Self, MetadataError> {
        let mut members: Map<_, _> =
            members.iter().filter(|(name, _)| !read::TRUST.contains(&name.as_str())).map(clone).collect();
        members.extend(forced.iter().map(clone));
        let metadata = read::read_all(&members, defaults(Speaker::Client))?;
        check::check(&metadata.settings, &members)?;
        Ok(metadata)
    }

    /// Whether these members could be forced upon clients.
    ///
    /// # Errors
    /// The first that could not.
    pub fn check_forced(forced: &Map<String, Value>) -> Result<(), MetadataError> {
        read::read_all(forced, defaults(Speaker::Client)).map(drop)
    }

    /// The same in the words of the specifications, without what has the value it has when nothing is said.
    pub fn write(name: &str, settings: &ClientSettings, speaker: Speaker) -> Map<String, Value> {
        write::write(name, settings, speaker)
    }
}

fn clone((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// The settings of a client of which nothing is said.
pub(super) fn defaults(speaker: Speaker) -> ClientSettings {
    match speaker {
        Speaker::Operator => ClientSettings::default(),
        Speaker::Client => ClientSettings {
            grant_types: vec![GrantType::AuthorizationCode],
            // OIDC Registration §2, `id_token_signed_response_alg`.
            id_token_alg: SigningAlg::Rs256,
            ..ClientSettings::default()
        },
    }
}

/// The addresses that we call on a client's behalf, each with its member.
pub(super) fn called(settings: &ClientSettings) -> impl Iterator<Item = (&'static str, &Url)> {
    let named = [
        ("jwks_uri", settings.jwks_uri.as_ref()),
        ("sector_identifier_uri", settings.sector_identifier_uri.as_ref()),
        ("backchannel_logout_uri", settings.backchannel_logout_uri.as_ref()),
    ];
    named.into_iter().filter_map(|(member, url)| Some((member, url?)))
}
