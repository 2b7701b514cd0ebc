//! Certificates of clients (RFC 8705, RFC 5280): what they say, and whose key they hold.
//!
//! Nothing here says whether a certificate can be trusted: the TLS handshake shows that its holder has the key, and the
//! chain is judged where the connection ends.

use std::{net::IpAddr, str::FromStr as _, sync::Arc};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use x509_cert::{
    Certificate,
    attr::AttributeTypeAndValue,
    der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _, asn1::UintRef},
    ext::pkix::{SubjectAltName, name::GeneralName},
    name::RdnSequence,
};

use super::foreign::ForeignKey;
use crate::secret::Digest;

/// Largest certificate read, in bytes.
pub const MAX_CERTIFICATE_BYTES: usize = 16 * 1024;

const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";
const P256: &str = "1.2.840.10045.3.1.7";
const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";
const ED25519: &str = "1.3.101.112";

/// The certificate that a request came with. Its sender has shown to hold its key.
#[derive(Debug, Clone)]
pub struct PresentedCertificate {
    der: Arc<[u8]>,
    is_trusted: bool,
}

impl PresentedCertificate {
    /// A certificate in DER; `is_trusted` when its chain ends at a certificate authority for clients.
    pub fn new(der: &[u8], is_trusted: bool) -> Self {
        Self { der: der.into(), is_trusted }
    }

    /// Whether its chain ends at a certificate authority for clients. Self-signed ones are not trusted, but may be
    /// registered (RFC 8705 §2.2).
    pub const fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// Its SHA-256 thumbprint, base64url: `x5t#S256` of RFC 8705 §3.1.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Digest::of(&self.der).as_bytes())
    }

    /// What it says; none when it is larger than 16 KiB or not a certificate.
    pub fn read(&self) -> Option<ClientCertificate> {
        if self.der.len() > MAX_CERTIFICATE_BYTES {
            return None;
        }
        let certificate = Certificate::from_der(&self.der).ok()?;
        Some(ClientCertificate { der: Arc::clone(&self.der), certificate })
    }
}

/// A certificate as it was read.
#[derive(Debug)]
pub struct ClientCertificate {
    der: Arc<[u8]>,
    certificate: Certificate,
}

impl ClientCertificate {
    /// Whether its subject is this one. Names are compared attribute by attribute, in order, and exactly; only how the
    /// text was encoded makes no difference.
    pub fn has_subject(&self, name: &DistinguishedName) -> bool {
        let subject: &RdnSequence = self.certificate.tbs_certificate().subject().as_ref();
        canonical(subject) == canonical(&name.0)
    }

    /// Whether a DNS name among the alternative names is this one (RFC 8705 §2.1.2).
    pub fn has_dns(&self, name: &str) -> bool {
        self.has_name(|found| matches!(found, GeneralName::DnsName(dns) if dns.as_str().eq_ignore_ascii_case(name)))
    }

    /// Whether a URI among the alternative names is this one, exactly.
    pub fn has_uri(&self, uri: &str) -> bool {
        let is_it = |found: &GeneralName| matches!(found, GeneralName::UniformResourceIdentifier(found) if found.as_str() == uri);
        self.has_name(is_it)
    }

    /// Whether an address among the alternative names is this one.
    pub fn has_ip(&self, ip: IpAddr) -> bool {
        let bytes = match ip {
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        self.has_name(|found| matches!(found, GeneralName::IpAddress(ip) if ip.as_bytes() == bytes))
    }

    /// Whether an e-mail address among the alternative names is this one, exactly.
    pub fn has_email(&self, email: &str) -> bool {
        self.has_name(|found| matches!(found, GeneralName::Rfc822Name(found) if found.as_str() == email))
    }

    fn has_name(&self, is_it: impl Fn(&GeneralName) -> bool) -> bool {
        let names = self.certificate.tbs_certificate().get_extension::<SubjectAltName>();
        matches!(names, Ok(Some((_, names))) if names.0.iter().any(is_it))
    }

    /// Whether it is the certificate of this registered key (RFC 8705 §2.2.2): the one that comes with the key, or, when
    /// the key comes without, any that holds it.
    pub fn is_of(&self, key: &ForeignKey) -> bool {
        if key.is_for_encryption() {
            return false;
        }
        match key.certificates().first() {
            Some(registered) => STANDARD.decode(registered).is_ok_and(|der| *der == *self.der),
            None => self.key().is_some_and(|own| own.material() == key.material()),
        }
    }

    /// The public key, if it is of a kind that is used here.
    fn key(&self) -> Option<ForeignKey> {
        let info = self.certificate.tbs_certificate().subject_public_key_info();
        let bytes = info.subject_public_key.as_bytes()?;
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = match info.algorithm.oid.to_string().as_str() {
            EC_PUBLIC_KEY => {
                let curve = info.algorithm.parameters.as_ref()?;
                let curve: x509_cert::der::asn1::ObjectIdentifier = curve.decode_as().ok()?;
                let (x, y) = bytes.strip_prefix(&[4]).filter(|_| curve.to_string() == P256)?.split_at_checked(32)?;
                json!({ "kty": "EC", "crv": "P-256", "x": text(x), "y": text(y) })
            }
            RSA_ENCRYPTION => {
                let (n, e) = rsa_parts(bytes)?;
                json!({ "kty": "RSA", "n": text(&n), "e": text(&e) })
            }
            ED25519 => json!({ "kty": "OKP", "crv": "Ed25519", "x": text(bytes) }),
            _ => return None,
        };
        ForeignKey::parse(&jwk).ok()
    }
}

/// `RSAPublicKey` of RFC 8017 A.1.1: modulus and exponent.
fn rsa_parts(der: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let read = |reader: &mut SliceReader<'_>| {
        reader.sequence(|reader| {
            let (n, e) = (UintRef::decode(reader)?, UintRef::decode(reader)?);
            Ok::<_, x509_cert::der::Error>((n.as_bytes().to_vec(), e.as_bytes().to_vec()))
        })
    };
    read(&mut SliceReader::new(der).ok()?).ok()
}

/// A distinguished name in the text form of RFC 4514, such as `CN=robot,O=Blockyard,C=SE`.
#[derive(Debug, Clone)]
pub struct DistinguishedName(RdnSequence);

impl DistinguishedName {
    /// Reads a name; none when it is not one, or is empty.
    pub fn parse(text: &str) -> Option<Self> {
        RdnSequence::from_str(text).ok().filter(|name| !name.is_empty()).map(Self)
    }
}

/// Text counts as text, whatever kind of string it was written as; everything else by its bytes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum AttributeValue<'a> {
    Text(&'a str),
    Other(Tag, &'a [u8]),
}

/// A name in a form that can be compared: within one level the order does not count (X.501 §9.3).
fn canonical(name: &RdnSequence) -> Vec<Vec<(String, AttributeValue<'_>)>> {
    name.iter()
        .map(|level| {
            let mut attributes: Vec<_> = level.iter().map(read_attribute).collect();
            attributes.sort();
            attributes
        })
        .collect()
}

fn read_attribute(found: &AttributeTypeAndValue) -> (String, AttributeValue<'_>) {
    let (tag, bytes) = (found.value.tag(), found.value.value());
    let text = match tag {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => std::str::from_utf8(bytes).ok(),
        _ => None,
    };
    (found.oid.to_string(), text.map_or(AttributeValue::Other(tag, bytes), AttributeValue::Text))
}
