//! Encrypting for a client (RFC 7516, RFC 7518 §4, §5): compact JWE, and JWS within JWE (OIDC Core
//! §10.2, RFC 7519 §11.2: sign first, then encrypt).
//!
//! Only encryption is here, because nobody sends us anything encrypted. Key agreement, key derivation,
//! ciphers and MACs are aws-lc's; this file puts them together as RFC 7518 says, and its tests compare
//! each part with the examples of the RFCs.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    cipher::{AES_128, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    error::Unspecified,
    hmac, iv,
    kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest},
    rand::SystemRandom,
    rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey, PublicKeyComponents},
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::foreign::{ForeignKey, ForeignKeys};
use super::jwk::{Curve, KeyMaterial};
use crate::entropy::Entropy;

#[cfg(test)]
mod tests;

text_enum! {
    /// How the key of an encryption is agreed on (RFC 7518 §4.1).
    pub enum KeyManagementAlg {
        /// RSA with OAEP and SHA-256: a random key, encrypted to the client's (§4.3).
        RsaOaep256 = "RSA-OAEP-256",
        /// Elliptic curve Diffie-Hellman with the static key of the client (§4.6).
        EcdhEs = "ECDH-ES",
    }
}

text_enum! {
    /// How content is encrypted (RFC 7518 §5.1).
    pub enum ContentEncryptionAlg {
        /// AES in Galois/Counter mode.
        A256Gcm = "A256GCM",
        /// AES in CBC mode with HMAC SHA-256: the default of OIDC Registration §2.
        A128CbcHs256 = "A128CBC-HS256",
    }
}

/// Why nothing was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
    /// The client has no key for this.
    #[error("the client has no key to encrypt to with {0}")]
    NoKey(KeyManagementAlg),
    /// The key did not work.
    #[error("the content could not be encrypted")]
    Failed,
}

impl From<Unspecified> for JweError {
    fn from(_: Unspecified) -> Self {
        Self::Failed
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: KeyManagementAlg,
    enc: ContentEncryptionAlg,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epk: Option<KeyMaterial>,
}

/// Encrypts `payload` to one of `keys`. `is_jwt` says that it is a JWT itself (`cty`, RFC 7519 §5.2).
///
/// # Errors
/// [`JweError`]
pub fn encrypt(
    keys: &ForeignKeys,
    alg: KeyManagementAlg,
    enc: ContentEncryptionAlg,
    payload: &[u8],
    is_jwt: bool,
    entropy: &dyn Entropy,
) -> Result<String, JweError> {
    let key = find_key(keys, alg).ok_or(JweError::NoKey(alg))?;
    let Agreed { cek, epk, encrypted_key } = match alg {
        KeyManagementAlg::RsaOaep256 => wrap_key(key, enc, entropy)?,
        KeyManagementAlg::EcdhEs => agree(key, enc)?,
    };
    let header = Header { alg, enc, cty: is_jwt.then_some("JWT"), kid: key.kid(), epk };
    let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).map_err(|_| JweError::Failed)?);
    // The encoded header is what is authenticated beside the content (RFC 7516 §5.1, step 14).
    let sealed = match enc {
        ContentEncryptionAlg::A256Gcm => {
            let mut nonce = [0; 12];
            entropy.fill(&mut nonce);
            seal_gcm(&cek, nonce, header.as_bytes(), payload)?
        }
        ContentEncryptionAlg::A128CbcHs256 => {
            let mut iv = [0; 16];
            entropy.fill(&mut iv);
            seal_cbc(&cek, iv, header.as_bytes(), payload)?
        }
    };
    let parts = [&encrypted_key, &sealed.iv, &sealed.ciphertext, &sealed.tag].map(|part| URL_SAFE_NO_PAD.encode(part));
    Ok(format!("{header}.{}", parts.join(".")))
}

/// The key that says it is for encryption, or else one that does not say.
fn find_key(keys: &ForeignKeys, alg: KeyManagementAlg) -> Option<&ForeignKey> {
    let fits = |key: &&ForeignKey| {
        let is_kind = matches!(
            (alg, key.material()),
            (KeyManagementAlg::RsaOaep256, KeyMaterial::Rsa { .. })
                | (KeyManagementAlg::EcdhEs, KeyMaterial::Ec { .. })
        );
        is_kind && key.may_encrypt(alg.as_str())
    };
    keys.iter().filter(fits).find(|key| key.is_for_encryption()).or_else(|| keys.iter().find(fits))
}

/// The key of the content, and how the client comes to it.
struct Agreed {
    cek: Zeroizing<Vec<u8>>,
    epk: Option<KeyMaterial>,
    encrypted_key: Vec<u8>,
}

const fn key_bytes(_: ContentEncryptionAlg) -> usize {
    // A256GCM: one key of 256 bits. A128CBC-HS256: two of 128.
    32
}

/// A fresh key, encrypted to the client's RSA key (RFC 7518 §4.3).
fn wrap_key(key: &ForeignKey, enc: ContentEncryptionAlg, entropy: &dyn Entropy) -> Result<Agreed, JweError> {
    let KeyMaterial::Rsa { n, e } = key.material() else { return Err(JweError::Failed) };
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| JweError::Failed);
    let key: PublicEncryptingKey = PublicKeyComponents { n: decode(n)?, e: decode(e)? }.try_into()?;
    let key = OaepPublicEncryptingKey::new(key)?;
    let mut cek = Zeroizing::new(vec![0; key_bytes(enc)]);
    entropy.fill(&mut cek);
    let mut buffer = vec![0; key.ciphertext_size()];
    let encrypted_key = key.encrypt(&OAEP_SHA256_MGF1SHA256, &cek, &mut buffer, None)?.to_vec();
    Ok(Agreed { cek, epk: None, encrypted_key })
}

/// A key that follows from the client's and one made for this message alone (RFC 7518 §4.6).
fn agree(key: &ForeignKey, enc: ContentEncryptionAlg) -> Result<Agreed, JweError> {
    let KeyMaterial::Ec { x, y, .. } = key.material() else { return Err(JweError::Failed) };
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| JweError::Failed);
    let peer = UnparsedPublicKey::new(&ECDH_P256, [&[4][..], &decode(x)?, &decode(y)?].concat());
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())?;
    let point = ours.compute_public_key()?;
    let (x, y) = point.as_ref().get(1..).and_then(|both| both.split_at_checked(32)).ok_or(JweError::Failed)?;
    let [x, y] = [x, y].map(|coordinate| URL_SAFE_NO_PAD.encode(coordinate));
    let epk = Some(KeyMaterial::Ec { crv: Curve::P256, x, y });
    let cek = agree_ephemeral(ours, peer, JweError::Failed, |z| {
        derive(z, enc.as_str(), b"", b"", key_bytes(enc)).map_err(JweError::from)
    })?;
    Ok(Agreed { cek, epk, encrypted_key: Vec::new() })
}

/// The Concat KDF of RFC 7518 §4.6.2: the one-step derivation of NIST SP 800-56 with SHA-256.
fn derive(z: &[u8], alg: &str, apu: &[u8], apv: &[u8], bytes: usize) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
    let mut info = Vec::new();
    for part in [alg.as_bytes(), apu, apv] {
        info.extend(u32::try_from(part.len()).map_err(|_| Unspecified)?.to_be_bytes());
        info.extend(part);
    }
    info.extend(u32::try_from(bytes * 8).map_err(|_| Unspecified)?.to_be_bytes());
    let sha256 = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256).ok_or(Unspecified)?;
    let mut key = Zeroizing::new(vec![0; bytes]);
    sskdf_digest(sha256, z, &info, &mut key)?;
    Ok(key)
}

struct Sealed {
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

/// RFC 7518 §5.3. The key is used once, so any nonce is unique for it.
fn seal_gcm(cek: &[u8], nonce: [u8; 12], aad: &[u8], payload: &[u8]) -> Result<Sealed, Unspecified> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, cek)?);
    let mut ciphertext = payload.to_vec();
    let tag = key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut ciphertext)?;
    Ok(Sealed { iv: nonce.to_vec(), ciphertext, tag: tag.as_ref().to_vec() })
}

/// RFC 7518 §5.2.2.1: the first half of the key authenticates, the second encrypts.
fn seal_cbc(cek: &[u8], iv: [u8; 16], aad: &[u8], payload: &[u8]) -> Result<Sealed, Unspecified> {
    let (mac_key, enc_key) = cek.split_at_checked(16).ok_or(Unspecified)?;
    let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, enc_key)?)?;
    let mut ciphertext = payload.to_vec();
    cipher.less_safe_encrypt(&mut ciphertext, EncryptionContext::Iv128(iv::FixedLength::from(iv)))?;
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, mac_key));
    let aad_bits = u64::try_from(aad.len()).map_err(|_| Unspecified)? * 8;
    for part in [aad, &iv, &ciphertext, &aad_bits.to_be_bytes()] {
        mac.update(part);
    }
    let tag = mac.sign().as_ref().get(..16).ok_or(Unspecified)?.to_vec();
    Ok(Sealed { iv: iv.to_vec(), ciphertext, tag })
}
