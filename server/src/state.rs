//! What every handler shares.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use ostiary::{
    core::{Actor, Core, Ctx, RequestMeta},
    protocol::{Issuer, JwkSet, PresentedCertificate},
    resource::Catalogue,
};
use ostiary_app::{model::Site, ssr::House};
use tokio_rustls::rustls::{
    RootCertStore,
    crypto::aws_lc_rs::default_provider,
    pki_types::{CertificateDer, UnixTime, pem::PemObject as _},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};

use crate::{
    api,
    listen::PeerCertificates,
    oidc::discovery::{Document, Kept},
};

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct ServerState(Arc<Parts>);

struct Parts {
    core: Core,
    issuer: Issuer,
    house: House,
    origin: String,
    discovery: Kept<Catalogue>,
    resource_document: Document,
    api_document: OnceLock<Document>,
    api_reference: OnceLock<String>,
    published_keys: Kept<JwkSet>,
    client_authorities: Option<Arc<dyn ClientCertVerifier>>,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The public URL cannot be an issuer (OIDC Discovery §3).
    #[error("server.public_url cannot be an issuer: {0}")]
    Issuer(String),
    /// The certificate authorities for clients cannot be used.
    #[error("server.client_ca: {0}")]
    ClientCa(String),
}

impl ServerState {
    /// Makes what can be made once: the issuer, our own resource metadata, what pages know of the instance.
    ///
    /// # Errors
    /// [`StateError`] when the public URL cannot be an issuer, or the authorities for clients cannot be read.
    pub fn new(core: Core) -> Result<Self, StateError> {
        let config = core.config();
        let issuer = Issuer::parse(&config.issuer()).map_err(|cause| StateError::Issuer(cause.to_string()))?;
        let origin = issuer.origin().to_owned();
        let resource_document = Document::resource(&issuer, config);
        let house = House::new(core.clone());
        let client_authorities = config.server.client_ca.as_deref().map(client_authorities).transpose()?;
        Ok(Self(Arc::new(Parts {
            core,
            issuer,
            house,
            origin,
            discovery: Kept::default(),
            resource_document,
            api_document: OnceLock::new(),
            api_reference: OnceLock::new(),
            published_keys: Kept::default(),
            client_authorities,
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
    pub(crate) fn discovery(&self) -> &Kept<Catalogue> {
        &self.0.discovery
    }

    /// What we tell as a resource ourselves (RFC 9728).
    pub(crate) fn resource_document(&self) -> &Document {
        &self.0.resource_document
    }

    /// The description of the REST API (I8), written when it is first asked for.
    pub(crate) fn api_document(&self) -> &Document {
        // Only maps with text for keys are in it: they always serialise.
        let document = || Document::new(api::document(self.issuer()).to_json().unwrap_or_default(), 3600);
        self.0.api_document.get_or_init(document)
    }

    /// The same as a page for people.
    pub(crate) fn api_reference(&self) -> String {
        let page = || api::reference::render(self.site(), &api::document(self.issuer()));
        self.0.api_reference.get_or_init(page).clone()
    }

    /// The published keys, as a document (D7).
    pub(crate) fn published_keys(&self) -> &Kept<JwkSet> {
        &self.0.published_keys
    }

    /// What a client has shown, with a judgement about who issued it (RFC 8705 §2.1).
    pub(crate) fn judge(&self, shown: &PeerCertificates) -> Option<PresentedCertificate> {
        let (own, others) = shown.0.split_first()?;
        let is_trusted = match &self.0.client_authorities {
            Some(authorities) => {
                let now = Duration::from_secs(self.0.core.now().as_secs().unsigned_abs());
                authorities.verify_client_cert(own, others, UnixTime::since_unix_epoch(now)).is_ok()
            }
            // Then a proxy tells of certificates that it has verified, or nobody verifies any.
            None => self.0.core.config().trusts_client_certificates(),
        };
        Some(PresentedCertificate::new(own, is_trusted))
    }

    /// A context for somebody we do not know (yet).
    pub(crate) fn anonymous(&self, meta: RequestMeta) -> Ctx {
        self.0.core.ctx(Actor::Anonymous, meta)
    }
}

/// The certificate authorities for clients.
fn client_authorities(file: &Path) -> Result<Arc<dyn ClientCertVerifier>, StateError> {
    let broken = |cause: String| StateError::ClientCa(format!("{}: {cause}", file.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(|cause| broken(cause.to_string()))? {
        let certificate = certificate.map_err(|cause| broken(cause.to_string()))?;
        roots.add(certificate).map_err(|cause| broken(cause.to_string()))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()));
    builder.build().map_err(|cause| broken(cause.to_string()))
}
