//! `GET /.well-known/openid-configuration` (OIDC Discovery 1.0 §4) and `GET /.well-known/oauth-authorization-server`
//! (RFC 8414 §3): one document, served from memory and made anew when the registry of scopes changes.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ostiary::{
    config::{Config, RegistrationMode},
    grant::ACR_VALUES,
    protocol::{Issuer, Metadata, ResourceMetadata, Scope, ScopeSet, metadata::Features},
    resource::{Catalogue, find_catalogue},
    secret::Digest,
};

use crate::ServerState;

/// A public JSON document in memory, with its validator.
#[derive(Clone)]
pub(crate) struct Document {
    body: Bytes,
    etag: HeaderValue,
    cache: HeaderValue,
}

/// Scopes that mean something in every instance.
const SCOPES: [Scope; 4] = [Scope::OPENID, Scope::PROFILE, Scope::EMAIL, Scope::OFFLINE_ACCESS];

/// Those, and that of telephone numbers where people can confirm theirs (A9).
fn own_scopes(config: &Config) -> impl Iterator<Item = Scope> + use<> {
    SCOPES.into_iter().chain(config.sms.is_on().then_some(Scope::PHONE))
}

impl Document {
    /// `body`, which may be kept by caches for `max_age` seconds.
    pub(crate) fn new(body: impl Into<Bytes>, max_age: u64) -> Self {
        let body = body.into();
        let tag = URL_SAFE_NO_PAD.encode(Digest::of(&body).as_bytes());
        let text = |text: String, otherwise: &'static str| {
            HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(otherwise))
        };
        Self {
            etag: text(format!("\"{tag}\""), "\"0\""),
            cache: text(format!("public, max-age={max_age}"), "no-cache"),
            body,
        }
    }

    /// The discovery document of `issuer`, with the scopes that are described or that an API owns (RFC 8414 §2).
    fn discovery(issuer: &Issuer, config: &Config, catalogue: &Catalogue) -> Self {
        let scopes: ScopeSet = own_scopes(config).chain(catalogue.known_scopes().cloned()).collect();
        let details_types: Vec<_> = config.authorization.details_types.iter().map(|known| known.kind.clone()).collect();
        let features = Features {
            scopes: &scopes,
            acr_values: &ACR_VALUES.iter().map(|acr| (*acr).to_owned()).collect::<Vec<_>>(),
            ui_locales: &["en".to_owned()],
            client_certificates: config.takes_client_certificates(),
            client_authorities: config.trusts_client_certificates(),
            registration: config.registration.enabled,
            client_registration: config.client_registration.mode != RegistrationMode::Off,
            client_id_metadata: config.client_id_metadata.enabled,
            require_pushed_requests: config.authorization.require_pushed_requests,
            details_types: &details_types,
        };
        // Serialising strings and booleans cannot fail.
        Self::new(serde_json::to_vec(&Metadata::new(issuer, &features)).unwrap_or_default(), 3600)
    }

    /// What we tell as a resource ourselves (RFC 9728 §3): userinfo, and the REST API.
    pub(crate) fn resource(issuer: &Issuer, config: &Config) -> Self {
        let scopes = own_scopes(config).filter(|scope| *scope != Scope::OFFLINE_ACCESS).collect();
        let document = ResourceMetadata::of_ourselves(issuer, &config.instance.name, &scopes);
        Self::new(serde_json::to_vec(&document).unwrap_or_default(), 3600)
    }

    /// The answer to a request with these headers: the document, or 304 for who has it already (RFC 9110 §13.1.2).
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let known = request.get(header::IF_NONE_MATCH).is_some_and(|tags| has_tag(tags, &self.etag));
        let headers = [
            (header::CACHE_CONTROL, self.cache.clone()),
            (header::ETAG, self.etag.clone()),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (headers, kind, self.body.clone()).into_response()
    }
}

/// Whether an `If-None-Match` names this entity; the comparison is the weak one.
fn has_tag(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else { return false };
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// What we tell as a resource ourselves.
pub(crate) async fn get_resource(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    state.resource_document().answer(&headers)
}

/// A document in memory, beside what it was made from; that is another value as soon as it changed.
pub(crate) struct Kept<T>(RwLock<Option<(Arc<T>, Document)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Kept<T> {
    /// The document that was made from this very value.
    pub(crate) fn made_from(&self, source: &Arc<T>) -> Option<Document> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(made_from, _)| Arc::ptr_eq(made_from, source)).map(|(_, document)| document.clone())
    }

    /// The last document, whatever it was made from.
    fn last(&self) -> Option<Document> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, document)| document.clone())
    }

    /// Keeps a document that was made from `source`, and hands it on.
    pub(crate) fn keep(&self, source: Arc<T>, document: Document) -> Document {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((source, document.clone()));
        document
    }
}

/// The document, whichever of its two names was asked for.
pub(crate) async fn get(State(state): State<ServerState>, headers: HeaderMap) -> Response {
    document(&state).await.answer(&headers)
}

async fn document(state: &ServerState) -> Document {
    let kept = state.discovery();
    let make = |catalogue: &Catalogue| Document::discovery(state.issuer(), state.core().config(), catalogue);
    match find_catalogue(state.core()).await {
        Ok(catalogue) => kept.made_from(&catalogue).unwrap_or_else(|| {
            let document = make(&catalogue);
            kept.keep(catalogue, document)
        }),
        // Everything else in the document stays true while the database is away (logged where it failed).
        Err(_logged) => kept.last().unwrap_or_else(|| make(&Catalogue::default())),
    }
}
