//! What applications are given, and asked.

use std::{path::PathBuf, time::Duration};

use ipnet::IpNet;
use serde::Deserialize;

use super::{DAY, HOUR, MINUTE};

/// What happens when an old refresh token comes back (D3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReuseMode {
    /// The family it belongs to ends.
    #[default]
    RevokeFamily,
    /// Everything of the user ends.
    RevokeUser,
    /// It is refused and recorded.
    LogOnly,
}

/// `[tokens]` (D2, D3, D5, D6)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tokens {
    /// Life of an authorization code.
    #[serde(with = "humantime_serde")]
    pub code_ttl: Duration,
    /// Life of an access token, unless the client says otherwise.
    #[serde(with = "humantime_serde")]
    pub access_ttl: Duration,
    /// Life of an ID token.
    #[serde(with = "humantime_serde")]
    pub id_ttl: Duration,
    /// Life of the token of `/api/v1/auth/login`.
    #[serde(with = "humantime_serde")]
    pub first_party_ttl: Duration,
    /// A refresh token family ends after this long without use.
    #[serde(with = "humantime_serde")]
    pub refresh_idle: Duration,
    /// A refresh token family ends after this long in any case.
    #[serde(with = "humantime_serde")]
    pub refresh_absolute: Duration,
    /// The same old token within this time gets the same successor again.
    #[serde(with = "humantime_serde")]
    pub refresh_grace: Duration,
    /// What happens when an old token comes back later than that.
    pub refresh_reuse: ReuseMode,
    /// How long an authorization request may take from start to answer.
    #[serde(with = "humantime_serde")]
    pub interaction_ttl: Duration,
    /// How long the reference to a pushed authorization request works (RFC 9126 §2.2).
    #[serde(with = "humantime_serde")]
    pub pushed_request_ttl: Duration,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            code_ttl: MINUTE,
            access_ttl: 10 * MINUTE,
            id_ttl: 10 * MINUTE,
            first_party_ttl: DAY,
            refresh_idle: 30 * DAY,
            refresh_absolute: 90 * DAY,
            refresh_grace: Duration::from_secs(10),
            refresh_reuse: ReuseMode::default(),
            interaction_ttl: HOUR,
            pushed_request_ttl: Duration::from_secs(90),
        }
    }
}

/// `[authorization]` (D8): rules for the requests of all applications.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authorization {
    /// Authorization requests are taken through the PAR endpoint only (RFC 9126 §5).
    pub require_pushed_requests: bool,
    /// The types of `authorization_details` that applications may ask for (RFC 9396 §2).
    pub details_types: Vec<DetailsType>,
}

/// `[[authorization.details_types]]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetailsType {
    /// The `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it lets an application do, in a few words, for the consent page.
    pub name: String,
    /// More about it, in small print.
    pub description: String,
    /// The members it may have besides `type`; any when empty.
    pub members: Vec<String>,
}

/// `[keys]` (D7)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// A signing key is replaced after this long.
    #[serde(with = "humantime_serde")]
    pub rotate_after: Duration,
    /// A new key is published this long before it signs.
    #[serde(with = "humantime_serde")]
    pub publish_before: Duration,
    /// A retired key is published this long after it last signed; not less than the longest token it signed lives.
    #[serde(with = "humantime_serde")]
    pub keep_after: Duration,
}

impl Default for Keys {
    fn default() -> Self {
        Self { rotate_after: 90 * DAY, publish_before: DAY, keep_after: 2 * DAY }
    }
}

/// Whether DPoP proofs must carry a nonce (RFC 9449 §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoncePolicy {
    /// They may: each answer to a proof brings one, and one that is used must be a recent one of ours.
    #[default]
    Optional,
    /// They must.
    Required,
}

/// `[dpop]` (D8)
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dpop {
    /// Whether proofs must carry a nonce. It shows that they were made just now, by whatever clock.
    pub nonce: NoncePolicy,
}

/// `[fetch]` (D8): requests to addresses that somebody else chose.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fetch {
    /// Networks that may be called although they are not of the public internet; by plain `http`, too.
    pub allow_private: Vec<IpNet>,
    /// PEM file with certificate authorities that are trusted besides those of this machine.
    pub ca_file: Option<PathBuf>,
    /// How long a request may take, from the look-up of the name to the last byte.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
}

impl Default for Fetch {
    fn default() -> Self {
        Self { allow_private: Vec::new(), ca_file: None, timeout: Duration::from_secs(5) }
    }
}
