//! What every handler shares.

use std::sync::{Arc, PoisonError, RwLock};

use ostiary::{
    core::{Actor, Core, Ctx, RequestMeta},
    protocol::{Issuer, JwkSet},
};
use ostiary_app::{model::Site, ssr::House};

use crate::oidc::discovery::Document;

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct ServerState(Arc<Parts>);

struct Parts {
    house: House,
    origin: String,
    discovery: Document,
    /// The key document and the keys it was made of.
    jwks: RwLock<Option<(Arc<JwkSet>, Document)>>,
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
        let house = House::new(core);
        Ok(Self(Arc::new(Parts { house, origin, discovery, jwks: RwLock::default() })))
    }

    /// The domain.
    pub fn core(&self) -> &Core {
        self.0.house.core()
    }

    /// What pages are made with.
    pub(crate) fn house(&self) -> &House {
        &self.0.house
    }

    /// The instance, as pages know it.
    pub(crate) fn site(&self) -> &Site {
        self.0.house.site()
    }

    /// Our own origin, as browsers write it.
    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The discovery document (D1).
    pub(crate) fn discovery(&self) -> &Document {
        &self.0.discovery
    }

    /// The document of these keys: the one in memory, unless the keys are others by now.
    pub(crate) fn jwks(&self, keys: &Arc<JwkSet>, make: impl FnOnce(&JwkSet) -> Document) -> Document {
        if let Some((known, document)) = &*self.0.jwks.read().unwrap_or_else(PoisonError::into_inner)
            && Arc::ptr_eq(known, keys)
        {
            return document.clone();
        }
        let document = make(keys);
        *self.0.jwks.write().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(keys), document.clone()));
        document
    }

    /// A context for somebody we do not know (yet).
    pub(crate) fn anonymous(&self, meta: RequestMeta) -> Ctx {
        self.core().ctx(Actor::Anonymous, meta)
    }
}
