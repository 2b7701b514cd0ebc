//! What a request proves besides who sends it, on the wire: the `DPoP` header (RFC 9449 §4.1), its nonce (§8), and the
//! certificate of the connection (RFC 8705).

use std::sync::Arc;

use axum::response::Response;
use http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use ostiary::{
    grant::{self, ProofError},
    protocol::{
        PresentedCertificate,
        dpop::{DpopError, UnverifiedProof},
    },
};

use crate::{ServerState, listen::PeerCertificates};

static DPOP: HeaderName = HeaderName::from_static("dpop");
static DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Whether the request brings a proof, good or bad.
pub(super) fn is_there(headers: &HeaderMap) -> bool {
    headers.contains_key(&DPOP)
}

/// The proof, if there is one. Its nonce has been looked at, nothing else.
///
/// # Errors
/// Several headers (§4.3), not a JWT, or a nonce that is not good any more.
pub(super) fn read(state: &ServerState, headers: &HeaderMap) -> Result<Option<UnverifiedProof>, ProofError> {
    let mut values = headers.get_all(&DPOP).iter();
    let text = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().map_err(|_| DpopError::Malformed)?,
        (Some(_), Some(_)) => return Err(DpopError::Several.into()),
    };
    let proof = UnverifiedProof::parse(text)?;
    grant::check_nonce(state.core(), &proof)?;
    Ok(Some(proof))
}

/// Gives the client a nonce for its next proof (§8.2).
pub(super) fn add_nonce(state: &ServerState, response: &mut Response) {
    if let Ok(nonce) = HeaderValue::try_from(grant::dpop_nonce(state.core())) {
        response.headers_mut().insert(DPOP_NONCE.clone(), nonce);
    }
}

/// The certificate of the connection, judged.
pub(super) fn certificate(state: &ServerState, extensions: &Extensions) -> Option<Arc<PresentedCertificate>> {
    extensions.get::<PeerCertificates>().and_then(|shown| state.judge(shown)).map(Arc::new)
}
