//! Certificates that clients prove themselves with (RFC 8705 §2, D4).

use std::net::IpAddr;

use super::{CertificateSubject, Client, authenticate_client::AuthenticateClientError, keys::find_keys};
use crate::{
    core::Ctx,
    protocol::{
        TokenEndpointAuthMethod,
        certificate::{ClientCertificate, DistinguishedName, PresentedCertificate},
    },
};

/// Checks that a certificate is the client's, in the one way it is registered for.
///
/// # Errors
/// [`AuthenticateClientError::Refused`] when it is not.
pub(super) async fn verify(
    ctx: &Ctx,
    client: &Client,
    presented: &PresentedCertificate,
) -> Result<(), AuthenticateClientError> {
    let Some(certificate) = presented.read() else { return Err(AuthenticateClientError::Refused) };
    let is_its = match client.settings.auth_method {
        TokenEndpointAuthMethod::TlsClientAuth => {
            presented.is_trusted() && client.settings.certificate.is_of(&certificate)
        }
        TokenEndpointAuthMethod::SelfSignedTlsClientAuth => is_registered(ctx, client, &certificate).await,
        _ => false,
    };
    if is_its { Ok(()) } else { Err(AuthenticateClientError::Refused) }
}

/// RFC 8705 §2.2: it is among the client's keys. Who signed it does not matter.
async fn is_registered(ctx: &Ctx, client: &Client, certificate: &ClientCertificate) -> bool {
    match find_keys(&ctx.core, client, None).await {
        Ok(keys) => keys.iter().any(|key| certificate.is_of(key)),
        Err(cause) => {
            tracing::warn!(client = client.id, %cause, "the keys of a client cannot be used");
            false
        }
    }
}

impl CertificateSubject {
    /// Whether exactly one subject is registered, and can be one (RFC 8705 §2.1.2).
    pub(super) fn is_complete(&self) -> bool {
        let names = [&self.subject_dn, &self.san_dns, &self.san_uri, &self.san_ip, &self.san_email];
        let mut given = names.into_iter().flatten();
        let is_one = given.next().is_some_and(|name| !name.is_empty()) && given.next().is_none();
        is_one
            && self.subject_dn.as_deref().is_none_or(|name| DistinguishedName::parse(name).is_some())
            && self.san_ip.as_deref().is_none_or(|ip| ip.parse::<IpAddr>().is_ok())
    }

    /// Whether the certificate is that of the registered subject.
    fn is_of(&self, certificate: &ClientCertificate) -> bool {
        if let Some(name) = &self.subject_dn {
            return DistinguishedName::parse(name).is_some_and(|name| certificate.has_subject(&name));
        }
        if let Some(name) = &self.san_dns {
            return certificate.has_dns(name);
        }
        if let Some(uri) = &self.san_uri {
            return certificate.has_uri(uri);
        }
        if let Some(ip) = &self.san_ip {
            return ip.parse().is_ok_and(|ip| certificate.has_ip(ip));
        }
        self.san_email.as_deref().is_some_and(|email| certificate.has_email(email))
    }
}
