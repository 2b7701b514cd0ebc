//! The certificate of a client, told by a proxy (RFC 8705 §6.2).
//!
//! The header counts only from a trusted proxy, and is taken away from everybody else: who could send it would be whom they
//! like. What a proxy tells takes the place of what our own TLS saw, which is the proxy's certificate.

use std::sync::Arc;

use axum::extract::Request;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderName, HeaderValue};
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::meta;
use crate::{ServerState, listen::PeerCertificates};

/// Puts the certificate that a proxy tells into the request's extensions, and the header away.
pub(super) fn read(state: &ServerState, request: &mut Request) {
    let Some(name) = &state.core().config().server.client_certificate_header else { return };
    let Ok(name) = HeaderName::try_from(name.as_str()) else { return };
    let is_believed = meta::from_trusted_proxy(state, request);
    let told = {
        let mut values = request.headers().get_all(&name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) if is_believed => certificate(value),
            // Two proxies, or a proxy that adds to what a client sent: nobody knows whose it is.
            _ => None,
        }
    };
    request.headers_mut().remove(&name);
    if is_believed {
        request.extensions_mut().remove::<PeerCertificates>();
    }
    if let Some(told) = told {
        request.extensions_mut().insert(PeerCertificates(Arc::new([told])));
    }
}

/// A byte sequence between colons (RFC 9440 §2.2), or PEM, URL-encoded because of its line ends.
fn certificate(value: &HeaderValue) -> Option<CertificateDer<'static>> {
    let text = value.to_str().ok()?.trim();
    if let Some(inside) = text.strip_prefix(':').and_then(|text| text.strip_suffix(':')) {
        return STANDARD.decode(inside).ok().map(CertificateDer::from);
    }
    let pem: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
    CertificateDer::from_pem_slice(&pem).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D4, RFC 8705 §6.2, RFC 9440 §2.2: both forms mean the same bytes; anything else means none.
    #[test]
    fn both_forms_are_read() {
        let der = b"not really a certificate, but bytes";
        let base64 = STANDARD.encode(der);
        let pem = format!("-----BEGIN%20CERTIFICATE-----%0A{base64}%0A-----END%20CERTIFICATE-----%0A");
        for text in [format!(":{base64}:"), pem] {
            let value = HeaderValue::try_from(text.as_str()).unwrap();
            assert_eq!(certificate(&value).unwrap().as_ref(), der, "{text}");
        }
        for text in ["", "(null)", ":", "::x:", ":!!:", "-----BEGIN%20CERTIFICATE-----"] {
            assert!(certificate(&HeaderValue::from_static(text)).is_none_or(|der| der.is_empty()), "{text}");
        }
    }
}
