//! Text messages to a gateway over HTTP.

use std::{fmt, path::PathBuf, time::Duration};

use ipnet::IpNet;
use reqwest::{
    Method,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use super::{Provider, Sending, template::Template};
use crate::{
    config::{self, SmsHttp},
    fetch::{FetchError, Fetcher},
    id::OutboxId,
    mail::SendError,
    phone::PhoneNumber,
};

/// A gateway's answer is of no interest beyond its status; more than this is not read.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Longer than this no request may take: the lease of a message is longer.
const MOST_PATIENCE: Duration = Duration::from_mins(1);
/// Networks a gateway may lie in besides the public internet, and be called in by plain `http`: private use (RFC 1918, RFC
/// 4193), shared addresses of carriers and overlays (RFC 6598), this machine. Link-local addresses are left out: clouds keep
/// their secrets there, and no gateway.
const PRIVATE: [&str; 7] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7"];

/// One request for each message.
pub(super) struct Http {
    fetcher: Fetcher,
    url: Url,
    method: Method,
    headers: HeaderMap,
    template: Template,
    expect: Vec<u16>,
}

impl fmt::Debug for Http {
    /// Headers and document may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

impl Http {
    /// By these settings; `ca_file` is trusted besides the authorities of this machine.
    ///
    /// # Errors
    /// What is wrong, in words for an operator.
    pub(super) fn new(settings: &SmsHttp, ca_file: Option<PathBuf>) -> Result<Self, String> {
        let method = match settings.method.as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => return Err("sms.http.method must be POST or PUT".to_owned()),
        };
        if settings.timeout.is_zero() || settings.timeout > MOST_PATIENCE {
            return Err("sms.http.timeout must be longer than nothing, and a minute at most".to_owned());
        }
        if !settings.expect.iter().all(|status| (200..300).contains(status)) {
            return Err("sms.http.expect must hold statuses of 200 to 299".to_owned());
        }
        let allow_private: Vec<IpNet> = PRIVATE.iter().filter_map(|net| net.parse().ok()).collect();
        let fetcher = Fetcher::new(&config::Fetch { allow_private, ca_file, timeout: settings.timeout });
        fetcher.check(&settings.url).map_err(|cause| {
            format!("sms.http.url cannot be called: {cause} (plain http is for private networks only)")
        })?;
        let body = settings.body.as_ref().ok_or("sms.http.body must be set")?;
        let template = Template::parse(body.expose(), &settings.content_type)?;
        let headers = headers(settings)?;
        let (url, expect) = (settings.url.clone(), settings.expect.clone());
        Ok(Self { fetcher, url, method, headers, template, expect })
    }

    async fn call(&self, to: &PhoneNumber, text: &str) -> Result<(), SendError> {
        let body = self.template.fill(to, text);
        let sent = self.fetcher.send(&self.url, MAX_ANSWER_BYTES, |client| {
            client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone()).body(body)
        });
        let refused = |is_permanent, cause: &FetchError| SendError {
            is_permanent,
            what: format!("the gateway for text messages: {cause}"),
        };
        match sent.await {
            Ok(answer) if self.expect.is_empty() || self.expect.contains(&answer.status) => Ok(()),
            Ok(answer) => Err(refused(false, &FetchError::Status(answer.status))),
            // The status came first, and it was one of success.
            Err(FetchError::TooLarge(_)) if self.expect.is_empty() => Ok(()),
            // It understood, and does not want this one: the same again would be refused again, and may be charged for.
            Err(cause @ FetchError::Status(400 | 422)) => Err(refused(true, &cause)),
            Err(cause) => Err(refused(false, &cause)),
        }
    }
}

fn headers(settings: &SmsHttp) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        let wrong = || format!("sms.http.headers: {name} is no header, or its value cannot be sent");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| wrong())?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    let kind =
        HeaderValue::from_str(&settings.content_type).map_err(|_| "sms.http.content_type cannot be sent".to_owned())?;
    headers.insert(CONTENT_TYPE, kind);
    Ok(headers)
}

impl Provider for Http {
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str, _id: OutboxId) -> Sending<'a> {
        Box::pin(self.call(to, text))
    }
}
