//! How people register, sign in and stay signed in.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::{DAY, HOUR, MINUTE};

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
    /// So many sessions one person may have at once, browsers and programs together; 0 sets no limit (C6).
    pub most: u32,
    /// What happens with one more.
    pub beyond_most: BeyondMost,
}

/// What happens when a person signs in who has as many sessions as they may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeyondMost {
    /// The oldest ends, with everything that applications hold through it.
    #[default]
    EndOldest,
    /// The new one is refused until they end another.
    RefuseNew,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle: 2 * HOUR,
            absolute: DAY,
            stay_idle: 14 * DAY,
            stay_absolute: 90 * DAY,
            most: 0,
            beyond_most: BeyondMost::EndOldest,
        }
    }
}

/// `[sign_in]` (B5)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInWays {
    /// People may sign in with a link or a code that goes to their confirmed address, without a password.
    pub by_email: bool,
    /// How long both work.
    #[serde(with = "humantime_serde")]
    pub email_ttl: Duration,
}

impl Default for SignInWays {
    fn default() -> Self {
        Self { by_email: false, email_ttl: Duration::from_mins(10) }
    }
}

/// `[second_factors]` (B4, B7)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondFactors {
    /// People may have codes sent to their confirmed address as a second factor. It proves no more than the mailbox that
    /// also resets the password, so it makes no `mfa` of a sign-in. Turned off, those who had chosen it are not asked for it.
    pub email: bool,
    /// How long people may have a browser not asked for the second factor (B7); `0s`: not at all, and those trusted before
    /// are asked again.
    #[serde(with = "humantime_serde")]
    pub trust_browsers_for: Duration,
}

impl Default for SecondFactors {
    fn default() -> Self {
        Self { email: true, trust_browsers_for: 30 * DAY }
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
    pub(in crate::config) fn problems(&self, public_url: &Url) -> Vec<String> {
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
