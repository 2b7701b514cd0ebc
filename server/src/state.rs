//! What every handler shares.

use std::sync::Arc;

use ostiary::{
    core::{Actor, Core, Ctx, RequestMeta},
    protocol::Issuer,
};
use ostiary_app::{model::Site, ssr::House};

use crate::oidc::{discovery::Document, jwks::Published};

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct ServerState(Arc<Parts>);

struct Parts {
    core: Core,
    issuer: Issuer,
    house: House,
    origin: String,
    discovery: Document,
    resource_document: Document,
    published_keys: Published,
}

/// The public URL cannot be an issuer.
#[derive(Debug, thiserror::Error)]
#[error("server.public_url cannot be an issuer: {0}")]
pub struct StateError(String);

impl ServerState {
    /// Makes what can be made once: the issuer, the discovery document, what pages know of the instance.
    ///
    /// # Errors
    /// [`StateError`] when the public URL cannot be an issuer (OIDC Discovery §3).
    pub fn new(core: Core) -> Result<Self, StateError> {
        let config = core.config();
        let issuer = Issuer::parse(&config.issuer()).map_err(|cause| StateError(cause.to_string()))?;
        let origin = issuer.origin().to_owned();
        let discovery = Document::discovery(&issuer, config);
        let resource_document = Document::resource(&issuer, config);
        let house = House::new(core.clone());
        Ok(Self(Arc::new(Parts {
            core,
            issuer,
            house,
            origin,
            discovery,
            resource_document,
            published_keys: Published::default(),
        })))
    }

    /// The house.
    pub fn core(&self) -> &Core {
        &self.0.core
    }

    /// Who we are to applications.
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// The instance, as pages know it.
    pub(crate) fn site(&self) -> &Site {
        self.0.house.site()
    }

    /// What the pages share.
    pub(crate) fn house(&self) -> &House {
        &self.0.house
    }

    /// Our own origin, as browsers write it.
    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The discovery document (D1).
    pub(crate) fn discovery(&self) -> &Document {
        &self.0.discovery
    }

    /// What we tell as a resource ourselves (RFC 9728).
    pub(crate) fn resource_document(&self) -> &Document {
        &self.0.resource_document
    }

    /// The published keys, as a document (D7).
    pub(crate) fn published_keys(&self) -> &Published {
        &self.0.published_keys
    }

    /// A context for somebody we do not know (yet).
    pub(crate) fn anonymous(&self, meta: RequestMeta) -> Ctx {
        self.0.core.ctx(Actor::Anonymous, meta)
    }
}
