//! Between the network and the pages: what a request brings ([`Visit`]), and how it is answered.
//!
//! - [`House`] is made once at start: the domain's [`Core`], what pages show of the instance, the cookies' names.
//! - [`Visit`] is made per request, out of the cookie, and holds the [`Ctx`](ostiary::core::Ctx) that commands are given.
//! - [`said`] carries what one page has to tell the next: in a sealed cookie, never in an address.
//! - [`browser`] is the cookie session: one record per browser, in our own table.
//! - [`respond`] makes every answer: pages with their headers, redirects (always 303), errors.

mod attempts;
pub mod browser;
mod cookies;
mod next;
mod remembered;
pub mod respond;
pub mod said;
mod visit;

use std::sync::Arc;

use ostiary::core::Core;

pub(crate) use self::visit::{interaction, logout};
pub use self::{
    attempts::{Attempt, Attempts, Standing},
    cookies::CookieNames,
    next::Next,
    visit::Visit,
};
use crate::model::{MailLinks, Site, SiteLinks};

/// What every handler shares. Cheap to clone.
#[derive(Clone, Debug)]
pub struct House(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    core: Core,
    site: Site,
    cookies: CookieNames,
    attempts: Attempts,
}

impl House {
    /// Puts it together from the domain's settings.
    pub fn new(core: Core) -> Self {
        let config = core.config();
        let link = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string);
        let instance = &config.instance;
        let site = Site::new(instance.name.clone(), config.base_path())
            .with_registration(config.registration.enabled)
            .with_mail_links(MailLinks {
                verification: config.verification.ttl.as_secs(),
                reset: config.verification.reset_ttl.as_secs(),
            })
            .with_links(SiteLinks {
                help: link(&instance.help_url),
                privacy: link(&instance.privacy_url),
                terms: link(&instance.terms_url),
            });
        let cookies = CookieNames::new(config.is_https(), config.base_path());
        Self(Arc::new(Parts { core, site, cookies, attempts: Attempts::default() }))
    }

    /// The domain.
    pub fn core(&self) -> &Core {
        &self.0.core
    }

    /// What pages show of the instance.
    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// The sign-in forms that were sent lately.
    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// The cookies' names.
    pub fn cookies(&self) -> &CookieNames {
        &self.0.cookies
    }
}
