//! Configuration (I3): `ostiary.toml` < environment `OSTIARY__SECTION__KEY` < flags. Unknown keys refuse to start.
//!
//! To add a setting: a field with a default in one of the sections, a doc comment that says its unit, a line in
//! [`Config::problems`] if it can be wrong, a line in `README.md`.

mod client_registration;
mod load;
mod sections;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use client_registration::{
    ClientIdMetadata, ClientRegistration, RegistrationMode, RegistrationPolicy, StatementIssuer,
};
pub use load::{ConfigError, Overrides};
pub use sections::{
    Authorization, BeyondMost, ClientCertificates, Database, DetailsType, Dpop, Fetch, ForwardAuth, Instance, Keys,
    Limits, Lockout, Log, LogFormat, Mail, NoncePolicy, Organizations, Passkeys, Registration, ReuseMode,
    SecondFactors, Secrets, Server, Sessions, SignInWays, Sms, SmsHttp, SmsProvider, Smtp, Tls, Tokens, Verification,
};
use serde::Deserialize;
use url::Url;

use crate::{
    password::{HasherConfig, PasswordPolicy},
    secret::SecretString,
};

/// Everything that can be set. Every field has a default, so an empty file is a valid one for development.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where we listen and how the world reaches us.
    pub server: Server,
    /// Where everything is stored.
    pub database: Database,
    /// Keys that seal what is stored.
    pub secrets: Secrets,
    /// How mail leaves.
    pub mail: Mail,
    /// How text messages leave (B4).
    pub sms: Sms,
    /// What people see of this instance.
    pub instance: Instance,
    /// Who may register and what they are told (A1).
    pub registration: Registration,
    /// Rules for new passwords (A2).
    pub password: PasswordPolicy,
    /// Cost and threads of password hashing (A3, I10).
    pub hashing: HasherConfig,
    /// Pause after failed attempts (A7).
    pub lockout: Lockout,
    /// Confirmation of addresses (A4) and password resets (A5).
    pub verification: Verification,
    /// Lifetime of sign-ins (C1).
    pub sessions: Sessions,
    /// Passkeys (B1, B8).
    pub passkeys: Passkeys,
    /// Codes that are sent (B4), browsers that are trusted (B7).
    pub second_factors: SecondFactors,
    /// Ways to sign in without a password.
    pub sign_in: SignInWays,
    /// Organisations (E1).
    pub organizations: Organizations,
    /// Lifetimes of what applications get (D2, D3, D5, D6).
    pub tokens: Tokens,
    /// Rules for authorization requests (D8).
    pub authorization: Authorization,
    /// Signing keys (D7).
    pub keys: Keys,
    /// Clients that register themselves (D8).
    pub client_registration: ClientRegistration,
    /// Clients that are described by a document of theirs (D8).
    pub client_id_metadata: ClientIdMetadata,
    /// Proofs that a token is used by who it was issued to (D8).
    pub dpop: Dpop,
    /// Requests to addresses that somebody else chose (D8).
    pub fetch: Fetch,
    /// Proxies that ask who comes (I7).
    pub forward_auth: ForwardAuth,
    /// Rates and sizes (I5).
    pub limits: Limits,
    /// What is logged and how.
    pub log: Log,
}

impl Config {
    /// Reads the file (if any), the environment and the overrides, in that order of weight.
    ///
    /// # Errors
    /// [`ConfigError`] names the key and says what is wrong with it.
    pub fn load(file: Option<&std::path::Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        load::load(file, overrides)
    }

    /// The issuer identifier (D1): the public base URL without a trailing slash.
    pub fn issuer(&self) -> String {
        self.server.public_url.as_str().trim_end_matches('/').to_owned()
    }

    /// The path below which everything lives; empty, or beginning with `/` and not ending with it.
    pub fn base_path(&self) -> &str {
        self.server.public_url.path().trim_end_matches('/')
    }

    /// An absolute URL of ours; `path` begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer())
    }

    /// True when people reach us over HTTPS: cookies are then `Secure`, and HSTS is sent (C1, I6).
    pub fn is_https(&self) -> bool {
        self.server.public_url.scheme() == "https"
    }

    /// True when a request may come with a certificate of its client (RFC 8705): on our own TLS, or told by a proxy.
    pub fn takes_client_certificates(&self) -> bool {
        let is_asked = |tls: &Tls| tls.client_certificates == ClientCertificates::Optional;
        self.server.client_certificate_header.is_some() || self.server.tls.as_ref().is_some_and(is_asked)
    }

    /// True when it is known whether such a certificate comes from an authority for clients (RFC 8705 §2.1): by
    /// `server.client_ca`, or because the proxy looks.
    pub fn trusts_client_certificates(&self) -> bool {
        let by_proxy = self.server.client_certificate_header.is_some();
        self.takes_client_certificates() && (by_proxy || self.server.client_ca.is_some())
    }

    /// Everything about these settings that cannot work, in words for an operator; empty when all is well.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let url = &self.server.public_url;
        // OpenID Connect Discovery 1.0 §3: an issuer has no query and no fragment; RFC 8414 §2 the same.
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            problems.push("server.public_url must be an http or https URL with a host".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            problems.push("server.public_url must have no query, no fragment and no user".to_owned());
        }
        if url.scheme() == "http" && !is_loopback(url) && !self.server.allow_insecure_http {
            problems.push(
                "server.public_url is plain http and not this machine: use https, or set server.allow_insecure_http"
                    .to_owned(),
            );
        }
        if self.secrets.master_key.is_some() && self.secrets.master_key_file.is_some() {
            problems.push("secrets.master_key and secrets.master_key_file are both set: keep one".to_owned());
        }
        if let Err(cause) = crate::mail::Transport::check_settings(&self.mail) {
            problems.push(cause.to_string());
        }
        if self.lockout.attempts == 0 {
            problems.push("lockout.attempts must be at least 1".to_owned());
        }
        if self.tokens.code_ttl > std::time::Duration::from_mins(10) {
            problems.push("tokens.code_ttl must be at most 10 minutes (RFC 6749 §4.1.2)".to_owned());
        }
        // FAPI 2.0 Security Profile §5.3.2.2: less than 600 seconds.
        if !(5..600).contains(&self.tokens.pushed_request_ttl.as_secs()) {
            problems.push("tokens.pushed_request_ttl must be 5 seconds or more and less than 10 minutes".to_owned());
        }
        let types = &self.authorization.details_types;
        let is_twice = |kind: &str| types.iter().filter(|other| other.kind == kind).count() > 1;
        if types.iter().any(|kind| kind.kind.is_empty() || kind.name.is_empty() || is_twice(&kind.kind)) {
            problems.push("authorization.details_types must each have a type of its own, and a name".to_owned());
        }
        problems.extend(self.passkeys.problems(url));
        problems.extend(self.organizations.problems());
        problems.extend(self.forward_auth.problems());
        problems.extend(crate::sms::provider(self).err().unwrap_or_default());
        if let Err(cause) = self.hashing.check() {
            problems.push(format!("hashing: {cause}"));
        }
        problems.extend(self.client_registration.problems());
        problems.extend(self.client_id_metadata.policy.problem("client_id_metadata.policy"));
        if let Err(cause) = crate::fetch::Fetcher::check_settings(&self.fetch) {
            problems.push(cause);
        }
        if let Some(header) = &self.server.client_certificate_header {
            if header.is_empty() || !header.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                problems.push("server.client_certificate_header must be the name of a header".to_owned());
            }
            if self.server.trusted_proxies.is_empty() {
                problems.push(
                    "server.client_certificate_header is believed only from server.trusted_proxies, which is empty"
                        .to_owned(),
                );
            }
        }
        if self.server.client_ca.is_some() && !self.takes_client_certificates() {
            problems.push(
                "server.client_ca needs server.tls.client_certificates = \"optional\" or server.client_certificate_header"
                    .to_owned(),
            );
        }
        if self.server.tls.is_some() && url.scheme() != "https" {
            problems.push("server.tls is set, so server.public_url must begin with https".to_owned());
        }
        problems
    }
}

/// Directory that relative defaults (database, mails, key file) live in.
pub fn default_data_directory() -> PathBuf {
    PathBuf::from("data")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// A secret from a setting or from the file another setting names.
///
/// # Errors
/// The file could not be read.
pub fn secret_from(value: Option<&SecretString>, file: Option<&PathBuf>) -> std::io::Result<Option<SecretString>> {
    match (value, file) {
        (Some(value), _) => Ok(Some(value.clone())),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)?;
            Ok(Some(SecretString::new(text.trim_end_matches(['\n', '\r']).to_owned())))
        }
        (None, None) => Ok(None),
    }
}
