//! Making a key.

use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use zeroize::Zeroizing;

use super::{Times, store::StoredKey};
use crate::{
    clock::Timestamp,
    core::Core,
    error::Internal,
    protocol::{SigningAlg, jwt::SigningKey},
    seal::Purpose,
};

/// A fresh key that signs from `active_at` on, sealed. Slow for RSA (about a tenth of a second): no transaction open.
pub(super) fn make(core: &Core, alg: SigningAlg, active_at: Timestamp) -> Result<StoredKey, Internal> {
    let failed = |cause| Internal::new("make a signing key", cause);
    let pkcs8 = Zeroizing::new(match alg {
        SigningAlg::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(failed)?;
            pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
        }
        SigningAlg::Rs256 | SigningAlg::Ps256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
            pair.as_der().map_err(failed)?.as_ref().to_vec()
        }
        SigningAlg::EdDsa => {
            let pair = Ed25519KeyPair::generate().map_err(failed)?;
            pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
        }
        SigningAlg::Hs256 => return Err(Internal::new("make a signing key", "HS256 has no key of our own")),
    });
    let key = SigningKey::from_pkcs8(alg, &pkcs8).map_err(|cause| Internal::new("read a new signing key", cause))?;
    store_form(core, &key, &pkcs8, active_at)
}

/// What is stored of a key.
pub(super) fn store_form(
    core: &Core,
    key: &SigningKey,
    pkcs8: &[u8],
    active_at: Timestamp,
) -> Result<StoredKey, Internal> {
    Ok(StoredKey {
        alg: key.alg(),
        sealed: core.sealer().seal(Purpose::SigningKey, pkcs8, core.entropy())?,
        jwk: key.public_jwk().clone(),
        created_at: core.now(),
        times: Times { active_at, retired_at: None, expires_at: None, revoked_at: None },
    })
}
