//! Sending a request, under the rules of the module.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
};

use ipnet::IpNet;
use reqwest::{
    Client, RequestBuilder, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{ACCEPT, CONTENT_TYPE},
    redirect,
};
use serde_json::Value;
use url::{Host, Url};

use super::{Fetched, address::may_connect, trust};
use crate::{config, error::Internal, secret::SecretString};

/// Why nothing came back. The texts are ours: they quote nothing of the other side's answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The URL may not be called at all.
    #[error("{0}")]
    Url(&'static str),
    /// It leads to an address that is not of the public internet.
    #[error("its host is not on the public internet")]
    Forbidden,
    /// No such host, no connection, no TLS, or the connection broke.
    #[error("it cannot be reached")]
    Unreachable,
    /// It took too long.
    #[error("it did not answer in time")]
    TimedOut,
    /// It wants us to go elsewhere.
    #[error("it answers with a redirect, which is not followed")]
    Redirected,
    /// It refused.
    #[error("it answers with status {0}")]
    Status(u16),
    /// Its answer is larger than it may be.
    #[error("its answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Its answer is not what it should be.
    #[error("its answer has the wrong type or form")]
    Malformed,
    /// We could not even try; the cause is in the log.
    #[error("we cannot send requests just now")]
    Unavailable,
}

impl From<Internal> for FetchError {
    fn from(_logged: Internal) -> Self {
        Self::Unavailable
    }
}

/// Sends requests to addresses that somebody else chose.
pub struct Fetcher {
    settings: config::Fetch,
    /// Made at the first request: reading what this machine trusts takes a while.
    clients: OnceLock<Result<Clients, FetchError>>,
}

struct Clients {
    https: Client,
    /// For `http`, which only `allow_private` lets through.
    plain: Client,
}

impl std::fmt::Debug for Fetcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetcher")
    }
}

impl Fetcher {
    /// By these settings. Reads nothing yet.
    pub fn new(settings: &config::Fetch) -> Self {
        Self { settings: settings.clone(), clients: OnceLock::new() }
    }

    /// Says whether these settings can be used.
    ///
    /// # Errors
    /// What is wrong, in words for an operator.
    pub fn check_settings(settings: &config::Fetch) -> Result<(), String> {
        match settings.ca_file.as_deref().map(trust::read) {
            Some(Err(cause)) => Err(format!("fetch.ca_file cannot be used: {cause}")),
            Some(Ok(_)) | None => Ok(()),
        }
    }

    /// Whether `url` may be called as far as its text tells: before anything is looked up.
    ///
    /// # Errors
    /// [`FetchError::Url`] or [`FetchError::Forbidden`]
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        check_url(url, &self.settings.allow_private)
    }

    /// `GET url`, at most `max_bytes` of body.
    ///
    /// # Errors
    /// [`FetchError`]
    pub async fn get(&self, url: &Url, accept: &str, max_bytes: usize) -> Result<Fetched, FetchError> {
        self.send(url, max_bytes, |client| client.get(url.clone()).header(ACCEPT, accept)).await
    }

    /// `GET url` for JSON. The media type is checked.
    ///
    /// # Errors
    /// [`FetchError`]
    pub async fn get_json(&self, url: &Url, max_bytes: usize) -> Result<(Value, Fetched), FetchError> {
        let fetched = self.get(url, "application/json", max_bytes).await?;
        Ok((fetched.json()?, fetched))
    }

    /// Posts a form.
    ///
    /// # Errors
    /// [`FetchError`]
    pub async fn post_form(&self, url: &Url, form: &[(&str, &str)], max_bytes: usize) -> Result<Fetched, FetchError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(url, max_bytes, |client| {
            client.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
        })
        .await
    }

    /// Posts JSON, with a bearer token (RFC 6750 §2.1) if there is one.
    ///
    /// # Errors
    /// [`FetchError`]
    pub async fn post_json(
        &self,
        url: &Url,
        body: &Value,
        bearer: Option<&SecretString>,
        max_bytes: usize,
    ) -> Result<Fetched, FetchError> {
        let body = body.to_string();
        self.send(url, max_bytes, |client| {
            let request = client.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body);
            match bearer {
                Some(token) => request.bearer_auth(token.expose()),
                None => request,
            }
        })
        .await
    }

    /// Sends any request, at most `max_bytes` of whose answer are read. `request` has to be to `url`.
    ///
    /// # Errors
    /// [`FetchError`]
    pub(crate) async fn send(
        &self,
        url: &Url,
        max_bytes: usize,
        request: impl FnOnce(&Client) -> RequestBuilder,
    ) -> Result<Fetched, FetchError> {
        self.check(url)?;
        let clients = self.clients.get_or_init(|| Clients::new(&self.settings)).as_ref().map_err(Clone::clone)?;
        let client = if url.scheme() == "https" { &clients.https } else { &clients.plain };
        let sent = request(client).timeout(self.settings.timeout).send().await;
        let answer = sent.map_err(|cause| why(&cause))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(FetchError::Redirected);
        }
        if !status.is_success() {
            return Err(FetchError::Status(status.as_u16()));
        }
        let headers = answer.headers().clone();
        let body = read(answer, max_bytes).await?;
        Ok(Fetched::new(status.as_u16(), &headers, body))
    }
}

/// The body, as long as it is not longer than it may be.
async fn read(mut answer: Response, max_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let too_large = FetchError::TooLarge(max_bytes);
    if answer.content_length().is_some_and(|length| usize::try_from(length).is_ok_and(|length| length > max_bytes)) {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|cause| why(&cause))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong. The whole story goes to the log only: it may tell of our own network.
fn why(cause: &reqwest::Error) -> FetchError {
    let mut next = Some(cause as &(dyn std::error::Error + 'static));
    while let Some(cause) = next {
        if cause.is::<NotPublic>() {
            return FetchError::Forbidden;
        }
        next = cause.source();
    }
    tracing::debug!(?cause, "a request to somebody else's address failed");
    if cause.is_timeout() { FetchError::TimedOut } else { FetchError::Unreachable }
}

/// Whether `url` may be called as far as its text tells. Hosts that are addresses are checked here, because no resolver
/// is asked about them; the URL standard's parser has read `0x7f.1` and `2130706433` as the addresses they are.
///
/// # Errors
/// [`FetchError::Url`] or [`FetchError::Forbidden`]
pub fn check_url(url: &Url, allow_private: &[IpNet]) -> Result<(), FetchError> {
    let plain = match url.scheme() {
        "https" => false,
        "http" if !allow_private.is_empty() => true,
        _ => return Err(FetchError::Url("its scheme must be https")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Url("it must hold no user name and no password"));
    }
    if url.port() == Some(0) {
        return Err(FetchError::Url("its port cannot be 0"));
    }
    let ip = match url.host() {
        None | Some(Host::Domain("")) => return Err(FetchError::Url("it must name a host")),
        Some(Host::Domain(_)) => return Ok(()),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
    };
    if may_connect(ip, allow_private, plain) { Ok(()) } else { Err(FetchError::Forbidden) }
}

impl Clients {
    fn new(settings: &config::Fetch) -> Result<Self, FetchError> {
        let tls = trust::tls(settings.ca_file.as_deref())?;
        let client = |plain: bool| {
            Client::builder()
                .use_preconfigured_tls(tls.clone())
                .https_only(!plain)
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .pool_max_idle_per_host(0)
                .user_agent(concat!("Ostiary/", env!("CARGO_PKG_VERSION")))
                .dns_resolver(Arc::new(Guard { allowed: settings.allow_private.clone(), plain }))
                .build()
                .map_err(|cause| Internal::new("set up requests", cause))
        };
        Ok(Self { https: client(false)?, plain: client(true)? })
    }
}

/// No address of a name may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the host is not on the public internet")]
struct NotPublic;

/// The resolver of every connection: it hands out only addresses that may be connected to.
struct Guard {
    allowed: Vec<IpNet>,
    plain: bool,
}

impl Guard {
    fn admit(found: impl Iterator<Item = SocketAddr>, allowed: &[IpNet], plain: bool) -> Result<Addrs, NotPublic> {
        let admitted: Vec<_> = found.filter(|found| may_connect(found.ip(), allowed, plain)).collect();
        if admitted.is_empty() { Err(NotPublic) } else { Ok(Box::new(admitted.into_iter())) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (allowed, plain) = (self.allowed.clone(), self.plain);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Self::admit(found, &allowed, plain)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D8: of a name's addresses only public ones are used, and a name without one is refused.
    #[test]
    fn names_lead_to_public_addresses_only() {
        let found = |ips: &[&str]| {
            let found: Vec<_> = ips.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
            Guard::admit(found.into_iter(), &[], false).map(|admitted| admitted.map(|a| a.ip().to_string()).collect())
        };
        let mixed: Vec<String> = found(&["127.0.0.1", "8.8.8.8", "::ffff:10.0.0.1", "::1"]).unwrap();
        assert_eq!(mixed, ["8.8.8.8"]);
        assert!(found(&["127.0.0.1", "fd00::1"]).is_err());
        assert!(found(&[]).is_err());
    }
}
