//! Proofs of possession (RFC 9449): used once, and fresh by a nonce of ours.
//!
//! A nonce is made of the time and a key of the instance, so every node makes and knows the same ones, and nothing is
//! stored. Each counts for five to ten minutes. By default a client may do without; the ones that it is given with every
//! answer let it prove that a proof was not made in advance. `dpop.nonce = "required"` insists.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq as _;

use super::used_ids::{IdKind, use_once};
use crate::{
    clock::Timestamp,
    config::NoncePolicy,
    core::Core,
    error::Internal,
    protocol::{
        OAuthError, OAuthErrorCode,
        dpop::{DpopError, DpopProof, ProofOf, UnverifiedProof, WINDOW},
    },
};

/// How long one nonce is handed out, in seconds. It counts for as long again.
const SLOT_SECS: i64 = 300;
/// Bytes of a nonce: nobody guesses 128 bits in ten minutes.
const NONCE_BYTES: usize = 16;

/// Why a proof is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// It is wrong: `invalid_dpop_proof`.
    #[error(transparent)]
    Wrong(#[from] DpopError),
    /// It must carry the nonce that comes with the answer: `use_dpop_nonce` (RFC 9449 §8).
    #[error("the DPoP proof must carry the nonce of this answer")]
    UseNonce,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl ProofError {
    /// What the client is told; our own fault is told as such.
    pub fn to_oauth_error(&self) -> OAuthError {
        match self {
            Self::Wrong(error) => error.to_oauth_error(),
            Self::UseNonce => OAuthError::new(OAuthErrorCode::UseDpopNonce, self.to_string()),
            Self::Internal(_) => OAuthError::bare(OAuthErrorCode::ServerError),
        }
    }
}

/// The nonce to hand out now (RFC 9449 §8, §9).
pub fn dpop_nonce(core: &Core) -> String {
    nonce_of(core, core.now().as_secs().div_euclid(SLOT_SECS))
}

fn nonce_of(core: &Core, slot: i64) -> String {
    let bytes = core.sealer().dpop_nonce(&slot.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes.get(..NONCE_BYTES).unwrap_or(&bytes))
}

/// Judges the nonce of a proof. That is cheap, so it comes first: a client that has to try again has lost nothing by it
/// that counts once, such as its client assertion.
///
/// # Errors
/// [`ProofError::UseNonce`] when it has none and must, or one that is not ours or too old.
pub fn check_nonce(core: &Core, proof: &UnverifiedProof) -> Result<(), ProofError> {
    let Some(nonce) = proof.nonce() else {
        return match core.config().dpop.nonce {
            NoncePolicy::Optional => Ok(()),
            NoncePolicy::Required => Err(ProofError::UseNonce),
        };
    };
    let slot = core.now().as_secs().div_euclid(SLOT_SECS);
    // The next one, too: it can only come from a node whose clock is a little ahead.
    let is_ours = [slot, slot - 1, slot + 1]
        .into_iter()
        .any(|slot| bool::from(nonce_of(core, slot).as_bytes().ct_eq(nonce.as_bytes())));
    if is_ours { Ok(()) } else { Err(ProofError::UseNonce) }
}

/// Verifies a proof for this request, without using it up: see [`use_proof`].
///
/// # Errors
/// [`ProofError`]
pub fn verify_proof(core: &Core, proof: &UnverifiedProof, request: &ProofOf<'_>) -> Result<DpopProof, ProofError> {
    check_nonce(core, proof)?;
    Ok(proof.verify(request, core.now().as_secs())?)
}

/// Uses a proof, once (RFC 9449 §11.1). It is remembered as long as it could be accepted.
///
/// # Errors
/// [`DpopError::Replayed`] for all but the first.
pub async fn use_proof(core: &Core, proof: &DpopProof) -> Result<(), ProofError> {
    let until = Timestamp::from_secs(proof.iat + WINDOW) + Duration::from_secs(1);
    if use_once(core, IdKind::DpopProof, &proof.jkt, &proof.jti, until).await? {
        Ok(())
    } else {
        Err(DpopError::Replayed.into())
    }
}
