//! How text messages leave.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::Deserialize;
use url::Url;

use crate::{phone::PhoneNumber, secret::SecretString};

/// `[sms]` (B4)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sms {
    /// Who takes them. With `none`, numbers and codes by SMS are nowhere offered.
    pub provider: SmsProvider,
    /// Where the provider `file` writes them.
    pub directory: PathBuf,
    /// How numbers begin that messages are sent to, such as `+45`; all when there are none. Messages to some countries are
    /// dear, and are asked for by machines that get a share of it.
    pub prefixes: Vec<String>,
    /// The gateway of the provider `http`.
    pub http: Option<SmsHttp>,
}

/// Who takes text messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsProvider {
    /// Nobody.
    #[default]
    None,
    /// Files, for development.
    File,
    /// A gateway that takes HTTP requests.
    Http,
}

/// `[sms.http]`: one request for each message. The operator chooses this address, and not somebody else, so it may lie in a
/// private network; there, and only there, plain `http` will do. Redirects are not followed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsHttp {
    /// Where requests go.
    pub url: Url,
    /// `POST`, or `PUT`.
    #[serde(default = "post")]
    pub method: String,
    /// Headers by name, such as `authorization`. Values are taken for secrets.
    #[serde(default)]
    pub headers: BTreeMap<String, SecretString>,
    /// Headers whose values stand in files.
    #[serde(default)]
    pub header_files: BTreeMap<String, PathBuf>,
    /// `application/json`, or `application/x-www-form-urlencoded`: then the members of `body` become fields.
    #[serde(default = "json")]
    pub content_type: String,
    /// A JSON document. In its texts `{number}` stands for the number with its plus sign, `{digits}` for the number without
    /// it, `{text}` for the message; they are put in after it was read, so nothing in them is taken for JSON. Taken for a
    /// secret: some gateways want theirs in it.
    #[serde(default)]
    pub body: Option<SecretString>,
    /// File with the document, instead of `body`.
    #[serde(default)]
    pub body_file: Option<PathBuf>,
    /// Statuses that say that a message was taken; any of 200 to 299 when there are none.
    #[serde(default)]
    pub expect: Vec<u16>,
    /// How long a request may take.
    #[serde(default = "ten_seconds", with = "humantime_serde")]
    pub timeout: Duration,
}

fn post() -> String {
    "POST".to_owned()
}

fn json() -> String {
    "application/json".to_owned()
}

const fn ten_seconds() -> Duration {
    Duration::from_secs(10)
}

impl Default for Sms {
    fn default() -> Self {
        let directory = PathBuf::from("data/sms");
        Self { provider: SmsProvider::None, directory, prefixes: Vec::new(), http: None }
    }
}

impl Sms {
    /// Text messages can be sent.
    pub fn is_on(&self) -> bool {
        self.provider != SmsProvider::None
    }

    /// They are sent to numbers like this one.
    pub fn serves(&self, number: &PhoneNumber) -> bool {
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| number.as_str().starts_with(prefix))
    }

    /// Reads what stands in files.
    ///
    /// # Errors
    /// The file that could not be read.
    pub(in crate::config) fn read_files(&mut self) -> Result<(), (PathBuf, std::io::Error)> {
        let Some(http) = &mut self.http else { return Ok(()) };
        if let Some(path) = http.body_file.take() {
            http.body = crate::config::secret_from(None, Some(&path)).map_err(|cause| (path, cause))?;
        }
        for (name, path) in std::mem::take(&mut http.header_files) {
            let value = crate::config::secret_from(None, Some(&path)).map_err(|cause| (path, cause))?;
            http.headers.extend(value.map(|value| (name, value)));
        }
        Ok(())
    }
}
