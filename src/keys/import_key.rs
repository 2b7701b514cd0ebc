//! Bringing a private key along (D7): from another provider, or from where keys are made under supervision.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair},
};
use rustls::pki_types::{
    PrivateKeyDer,
    pem::{self, PemObject as _},
};
use zeroize::{Zeroize as _, Zeroizing};

use super::{make, rotate_keys};
use crate::{
    authz::{Denied, require_operator},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    protocol::{SigningAlg, SigningKey},
};

/// Longest file read: an RSA key of 8192 bits takes 6.5 KiB as PEM.
const MAX_BYTES: usize = 64 * 1024;

/// Take over a private key.
pub struct ImportKey {
    alg: SigningAlg,
    key: Zeroizing<Vec<u8>>,
    at_once: bool,
}

impl ImportKey {
    /// `key` is PEM or DER: PKCS#8, the RSA form of PKCS#1, or the EC form of SEC 1. It is wiped when the command is done.
    /// With `at_once` it signs without having been published before, see [`super::RotateKeys::at_once`].
    pub fn new(alg: SigningAlg, key: Vec<u8>, at_once: bool) -> Self {
        Self { alg, key: Zeroizing::new(key), at_once }
    }
}

impl std::fmt::Debug for ImportKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportKey").field("alg", &self.alg).field("at_once", &self.at_once).finish_non_exhaustive()
    }
}

/// The key is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyImported {
    /// Its identifier: the RFC 7638 thumbprint.
    pub kid: String,
    /// When it begins to sign.
    pub active_at: Timestamp,
}

/// Why the key was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportKeyError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An algorithm without keys of our own.
    #[error("{0} uses the secrets of clients; a key for it cannot be imported")]
    Symmetric(SigningAlg),
    /// Behind a passphrase.
    #[error("the key is encrypted; decrypt it first, for example with `openssl pkcs8`")]
    Encrypted,
    /// Not a private key in one of the forms that are read.
    #[error("the file holds no private key in PEM or DER (PKCS#8, PKCS#1 or SEC 1)")]
    Unreadable,
    /// A private key of another kind or size.
    #[error(
        "the key is not one for {0}: ES256 needs P-256, RS256 and PS256 an RSA key of 2048 to 8192 bits, EdDSA Ed25519"
    )]
    Unfit(SigningAlg),
    /// The key is or was one of ours, perhaps for another algorithm or revoked.
    #[error("the key {0} is known already; a key is imported once and for one algorithm")]
    Known(String),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Takes over a key: published now, signing once it has been published for `keys.publish_before`, as the successor of
/// the key that signed with its algorithm before.
///
/// # Errors
/// [`ImportKeyError`]
pub async fn import_key(ctx: &Ctx, cmd: ImportKey) -> Result<KeyImported, ImportKeyError> {
    require_operator(ctx)?;
    let ImportKey { alg, key, at_once } = cmd;
    if alg.is_symmetric() {
        return Err(ImportKeyError::Symmetric(alg));
    }
    let pkcs8 = to_pkcs8(&key, alg)?;
    let signer = SigningKey::from_pkcs8(alg, &pkcs8).map_err(|_| ImportKeyError::Unfit(alg))?;
    let active_at = if at_once { ctx.now() } else { ctx.now() + ctx.config().keys.publish_before };
    let stored = make::store_form(&ctx.core, &signer, &pkcs8, active_at)?;
    let kid = signer.kid().to_owned();
    let details = serde_json::json!({ "kid": kid, "alg": alg, "activeAt": active_at.to_string(), "imported": true });

    let mut tx = ctx.core.db().write().await?;
    if !rotate_keys::try_insert_successor(&mut tx, ctx, &stored, details).await? {
        return Err(ImportKeyError::Known(kid));
    }
    tx.commit().await?;
    Ok(KeyImported { kid, active_at })
}

/// The key in the form that is stored.
fn to_pkcs8(file: &[u8], alg: SigningAlg) -> Result<Zeroizing<Vec<u8>>, ImportKeyError> {
    if file.len() > MAX_BYTES {
        return Err(ImportKeyError::Unreadable);
    }
    let has = |text: &[u8]| file.windows(text.len()).any(|part| part == text);
    if has(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(b"Proc-Type: 4,ENCRYPTED") {
        return Err(ImportKeyError::Encrypted);
    }
    let mut key = if has(b"-----BEGIN ") {
        PrivateKeyDer::from_pem_slice(file).map_err(|_: pem::Error| ImportKeyError::Unreadable)?
    } else {
        PrivateKeyDer::try_from(file).map_err(|_| ImportKeyError::Unreadable)?.clone_key()
    };
    let unfit = || ImportKeyError::Unfit(alg);
    let pkcs8 = match &key {
        PrivateKeyDer::Pkcs8(der) => Ok(der.secret_pkcs8_der().to_vec()),
        PrivateKeyDer::Pkcs1(der) => {
            let pair = RsaKeyPair::from_der(der.secret_pkcs1_der()).map_err(|_| unfit());
            pair.and_then(|pair| pair.as_der().map_err(|_| unfit()))
                .map(|document: Pkcs8V1Der<'_>| document.as_ref().to_vec())
        }
        PrivateKeyDer::Sec1(der) => {
            let pair = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der.secret_sec1_der());
            pair.map_err(|_| unfit())
                .and_then(|pair| pair.to_pkcs8v1().map_err(|_| unfit()))
                .map(|document| document.as_ref().to_vec())
        }
        _ => Err(ImportKeyError::Unreadable),
    };
    key.zeroize();
    pkcs8.map(Zeroizing::new)
}
