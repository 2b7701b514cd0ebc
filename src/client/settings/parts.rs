//! Parts of what a client is registered with.

use serde::{Deserialize, Serialize};
use url::Url;

pub use crate::protocol::jwe::{ContentEncryptionAlg, KeyManagementAlg};

text_enum! {
    /// The form of access tokens (D6).
    pub enum AccessTokenFormat {
        /// Signed and readable by the resource (RFC 9068).
        Jwt = "jwt",
        /// A random handle, to be introspected (RFC 7662).
        Opaque = "opaque",
    }
}

text_enum! {
    /// How people are named to a client (OIDC Core §8).
    pub enum SubjectType {
        /// By the same `sub` as to everybody.
        Public = "public",
        /// By a `sub` of its sector's own.
        Pairwise = "pairwise",
    }
}

text_enum! {
    /// A security profile that a client keeps to as a whole.
    pub enum SecurityProfile {
        /// FAPI 2.0 Security Profile.
        Fapi2Security = "fapi2_security",
        /// FAPI 2.0 Message Signing, and so the Security Profile, too.
        Fapi2MessageSigning = "fapi2_message_signing",
    }
}

/// How something is encrypted for a client (OIDC Registration §2, `…_encrypted_response_alg` and `…_enc`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// How the key is agreed on.
    pub alg: KeyManagementAlg,
    /// How the content is encrypted.
    pub enc: ContentEncryptionAlg,
}

/// What a certificate must say to be the client's (RFC 8705 §2.1.2): exactly one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateSubject {
    /// The subject's distinguished name (RFC 4514).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_dn: Option<String>,
    /// A DNS name among the alternative names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub san_dns: Option<String>,
    /// A URI among the alternative names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub san_uri: Option<String>,
    /// An address among the alternative names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub san_ip: Option<String>,
    /// An e-mail address among the alternative names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub san_email: Option<String>,
}

/// What a client may do at the token exchange (RFC 8693 §1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenExchangePolicy {
    /// It may get tokens that do not tell that it acts for somebody.
    pub impersonation: bool,
    /// It may get tokens that name somebody and, in `act`, who acts for them.
    pub delegation: bool,
    /// Clients whose tokens it may hand in besides its own and those that name it as their audience.
    pub subject_clients: Vec<String>,
    /// Audiences it may ask for besides its own `audiences`.
    pub audiences: Vec<String>,
}

/// Somebody whose assertions about people are believed (RFC 7523 §2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssertionIssuer {
    /// `iss`, compared exactly.
    pub issuer: String,
    /// Its public keys, as a JWK set; or else `jwks_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<serde_json::Value>,
    /// Where its public keys are found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Url>,
    /// What `sub` holds.
    #[serde(default)]
    pub subject: AssertionSubject,
}

/// How the subject of an assertion is found among the accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssertionSubject {
    /// By the id of the account.
    #[default]
    UserId,
    /// By a confirmed e-mail address.
    Email,
}
