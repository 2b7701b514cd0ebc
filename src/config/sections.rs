//! The sections of the configuration. Durations are written as `90s`, `15m`, `24h`, `30d`.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use crate::secret::SecretString;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address to listen on.
    pub listen: SocketAddr,
    /// How the world reaches us; the issuer (D1). May have a path.
    pub public_url: Url,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Lets `public_url` be plain http on another machine. Passwords then travel in the clear.
    pub allow_insecure_http: bool,
    /// Our own certificate; without it a proxy in front of us speaks TLS.
    pub tls: Option<Tls>,
    /// Header in which a trusted proxy tells the certificate of a client (RFC 8705 §6.2): URL-encoded PEM as nginx's
    /// `$ssl_client_escaped_cert`, or a byte sequence as `Client-Cert` of RFC 9440. From anybody else it is taken away.
    pub client_certificate_header: Option<String>,
    /// PEM file with the authorities whose certificates prove clients (`tls_client_auth`). Without it the proxy that tells
    /// a certificate must have verified it.
    pub client_ca: Option<PathBuf>,
    /// How long a request may take before it is answered with 503.
    #[serde(with = "humantime_serde")]
    pub request_timeout: Duration,
    /// How long running requests may finish after a stop was asked for.
    #[serde(with = "humantime_serde")]
    pub shutdown_grace: Duration,
}

/// `[server.tls]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file with the certificate chain.
    pub certificate: PathBuf,
    /// PEM file with the private key.
    pub key: PathBuf,
    /// Whether clients are asked for a certificate. Browsers that have one ask their person then, so give programs a
    /// name or port of their own if that disturbs.
    #[serde(default)]
    pub client_certificates: ClientCertificates,
}

/// Whether clients are asked for a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientCertificates {
    /// They are not.
    #[default]
    Off,
    /// They may show one, by whomever it was issued; whether it proves a client is decided later (RFC 8705 §2).
    Optional,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: localhost(),
            trusted_proxies: Vec::new(),
            allow_insecure_http: false,
            tls: None,
            client_certificate_header: None,
            client_ca: None,
            request_timeout: Duration::from_secs(30),
            shutdown_grace: Duration::from_secs(20),
        }
    }
}

#[expect(clippy::expect_used, reason = "a constant, parsed in every test run")]
fn localhost() -> Url {
    Url::parse("http://localhost:8080").expect("a constant URL")
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://user@host/name`. May hold a password: never logged.
    pub url: SecretString,
    /// File with the URL, instead of `url`.
    pub url_file: Option<PathBuf>,
    /// Connections at most (readers, on SQLite).
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: SecretString::from("sqlite:data/ostiary.db"), url_file: None, max_connections: 8 }
    }
}

/// `[secrets]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Secrets {
    /// 32 bytes in base64 that seal signing keys and mails in the database (D7).
    pub master_key: Option<SecretString>,
    /// File with the master key. Without either, SQLite instances keep one beside the database file.
    pub master_key_file: Option<PathBuf>,
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// SMTP server; without it mails are written into `directory`.
    pub smtp: Option<Smtp>,
    /// Sender, `Name <address>` or an address.
    pub from: String,
    /// Where mails are written as `.eml` files when there is no SMTP server.
    pub directory: PathBuf,
}

/// `[mail.smtp]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtp://host:25` (plain, STARTTLS if `?tls=required`), `smtps://user:password@host:465`. May hold a password.
    pub url: SecretString,
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp: None, from: "Ostiary <no-reply@localhost>".to_owned(), directory: PathBuf::from("data/mail") }
    }
}

/// `[instance]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// The name over the door.
    pub name: String,
    /// Link in the footer.
    pub help_url: Option<Url>,
    /// Link in the footer.
    pub privacy_url: Option<Url>,
    /// Link in the footer and on the registration page.
    pub terms_url: Option<Url>,
}

impl Default for Instance {
    fn default() -> Self {
        Self { name: "Ostiary".to_owned(), help_url: None, privacy_url: None, terms_url: None }
    }
}

/// `[registration]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    /// People may make their own accounts.
    pub enabled: bool,
    /// The REST API answers 409 for a taken address; otherwise 201 as if it were free (A1).
    pub api_tells_taken: bool,
    /// The page says that an address is taken; otherwise "check your mail", and the mail tells (A1).
    pub page_tells_taken: bool,
}

impl Default for Registration {
    fn default() -> Self {
        Self { enabled: true, api_tells_taken: true, page_tells_taken: false }
    }
}

/// `[lockout]` (A7)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lockout {
    /// Failures in a row until the pause begins.
    pub attempts: u32,
    /// Length of the pause; failures older than this count no more.
    #[serde(with = "humantime_serde")]
    pub pause: Duration,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { attempts: 5, pause: 15 * MINUTE }
    }
}

/// `[verification]` (A4, A5)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Verification {
    /// Sign-in is refused until the address is confirmed.
    pub required: bool,
    /// How long link and code of a verification mail work.
    #[serde(with = "humantime_serde")]
    pub ttl: Duration,
    /// How long a password-reset link works.
    #[serde(with = "humantime_serde")]
    pub reset_ttl: Duration,
    /// Least time between two mails of one kind to one account.
    #[serde(with = "humantime_serde")]
    pub resend_after: Duration,
    /// Wrong codes until a code is void.
    pub code_attempts: u32,
    /// A password reset ends all other sessions and refresh tokens.
    pub reset_ends_sessions: bool,
}

impl Default for Verification {
    fn default() -> Self {
        Self {
            required: true,
            ttl: DAY,
            reset_ttl: HOUR,
            resend_after: MINUTE,
            code_attempts: 10,
            reset_ends_sessions: true,
        }
    }
}

/// `[sessions]` (C1)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// A session ends after this long without use.
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
    /// A session ends after this long in any case.
    #[serde(with = "humantime_serde")]
    pub absolute: Duration,
    /// The same two for "stay signed in".
    #[serde(with = "humantime_serde")]
    pub stay_idle: Duration,
    /// See `stay_idle`.
    #[serde(with = "humantime_serde")]
    pub stay_absolute: Duration,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle: 2 * HOUR, absolute: DAY, stay_idle: 14 * DAY, stay_absolute: 90 * DAY }
    }
}

/// `[passkeys]` (B1, B8)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Passkeys {
    /// The domain that passkeys belong to: the host of the public URL or one above it. Without it, that host. Whoever
    /// changes it makes every passkey useless.
    pub rp_id: Option<String>,
    /// Other origins whose pages may use the passkeys of this domain (WebAuthn L3 §5.11).
    pub related_origins: Vec<Url>,
    /// Who signs in with a password is offered a passkey.
    pub offer: bool,
}

impl Default for Passkeys {
    fn default() -> Self {
        Self { rp_id: None, related_origins: Vec::new(), offer: true }
    }
}

impl Passkeys {
    /// Everything about these settings that cannot work at this public URL.
    pub(super) fn problems(&self, public_url: &Url) -> Vec<String> {
        let mut problems = Vec::new();
        // WebAuthn L3 §5.1.3 step 8: a registrable suffix of the host; what is registrable, browsers know.
        let is_above = |id: &str| {
            let host = public_url.domain().unwrap_or_default();
            host == id || host.strip_suffix(id).is_some_and(|rest| rest.ends_with('.') && !id.is_empty())
        };
        if self.rp_id.as_deref().is_some_and(|id| !is_above(id)) {
            problems.push("passkeys.rp_id must be the host of server.public_url or a domain above it".to_owned());
        }
        let is_origin = |url: &Url| {
            url.scheme() == "https" && url.path() == "/" && url.query().is_none() && url.fragment().is_none()
        };
        if !self.related_origins.iter().all(is_origin) {
            problems.push("passkeys.related_origins must be https origins without a path".to_owned());
        }
        problems
    }
}

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

/// `[limits]` (I5)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sign-ins a minute per account and address.
    pub sign_in_per_minute: u32,
    /// Requests a minute per address to the other endpoints people authenticate at.
    pub auth_per_minute: u32,
    /// Codes of devices that may be tried a minute, per address and per session (RFC 8628 §5.1).
    pub user_code_per_minute: u32,
    /// Authorization requests a minute per address that have to wait for a person who is not signed in, or come from
    /// public clients.
    pub stored_requests_per_minute: u32,
    /// Registrations of clients a minute per address, where everybody may register them (D8).
    pub client_registrations_per_minute: u32,
    /// Largest request body, bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_per_minute: 5,
            auth_per_minute: 10,
            user_code_per_minute: 5,
            stored_requests_per_minute: 120,
            client_registrations_per_minute: 5,
            body_bytes: 64 * 1024,
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,ostiary::grant=debug`.
    pub level: String,
    /// Text or JSON.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}
