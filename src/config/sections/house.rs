//! Where it runs, what it stores and sends, and how much of it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use crate::secret::SecretString;

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
    /// Codes an hour that are sent to one mailbox (B4).
    pub codes_per_hour: u32,
    /// Text messages an hour to one number, and for one account (B4).
    pub sms_per_hour: u32,
    /// Text messages an hour that are asked for from one address (B4).
    pub sms_per_hour_from_address: u32,
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
            codes_per_hour: 6,
            sms_per_hour: 5,
            sms_per_hour_from_address: 20,
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
