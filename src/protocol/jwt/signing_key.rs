//! Private keys that sign tokens.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair, RsaPublicKeyComponents, RsaSignatureEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::{JwtError, TokenType};
use crate::protocol::jwk::PublicJwk;
use crate::protocol::signing_alg::SigningAlg;
use crate::secret::SecretString;

/// Shortest secret for HS256, in bytes (RFC 7518 §3.2).
pub(in crate::protocol) const MIN_SECRET_BYTES: usize = 32;

pub(super) enum PrivateKey {
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>, &'static RsaSignatureEncoding),
    Ed(Ed25519KeyPair),
}

/// A private key with what it needs to sign at once. Never shown by `Debug`.
pub struct SigningKey {
    pub(super) private: PrivateKey,
    public: PublicJwk,
    /// Encoded header and dot, for each of [`TokenType::ALL`].
    headers: Vec<String>,
}

#[derive(Serialize)]
struct JoseHeader<'a> {
    typ: TokenType,
    alg: SigningAlg,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

impl JoseHeader<'_> {
    /// Encoded, with the dot.
    fn encode(&self) -> Result<String, JwtError> {
        let json = serde_json::to_vec(self).map_err(|_| JwtError::Signing)?;
        let mut encoded = URL_SAFE_NO_PAD.encode(json);
        encoded.push('.');
        Ok(encoded)
    }
}

impl SigningKey {
    /// Parses a PKCS#8 private key. Its `kid` is the thumbprint of its public half.
    ///
    /// # Errors
    /// [`JwtError::Key`] when it is not a P-256 key (ES256), an RSA key of 2048 to 8192 bits (RS256, PS256) or an
    /// Ed25519 key (EdDSA), and always for HS256, which has no key pair.
    pub fn from_pkcs8(alg: SigningAlg, pkcs8: &[u8]) -> Result<Self, JwtError> {
        let (private, public) = match alg {
            SigningAlg::Es256 => {
                let pair =
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| JwtError::Key)?;
                let public = p256_jwk(pair.public_key().as_ref()).ok_or(JwtError::Key)?;
                (PrivateKey::Ec(pair), public)
            }
            SigningAlg::Rs256 | SigningAlg::Ps256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| JwtError::Key)?;
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                let encoding = if alg == SigningAlg::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                (PrivateKey::Rsa(Box::new(pair), encoding), PublicJwk::rsa(alg, &parts.n, &parts.e))
            }
            SigningAlg::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| JwtError::Key)?;
                let public = PublicJwk::ed25519(pair.public_key().as_ref().try_into().map_err(|_| JwtError::Key)?);
                (PrivateKey::Ed(pair), public)
            }
            SigningAlg::Hs256 => return Err(JwtError::Key),
        };
        let header = |&typ| JoseHeader { typ, alg, kid: Some(&public.kid) }.encode();
        let headers = TokenType::ALL.iter().map(header).collect::<Result<_, _>>()?;
        Ok(Self { private, public, headers })
    }

    /// The key's identifier.
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The algorithm it signs with.
    pub const fn alg(&self) -> SigningAlg {
        self.public.alg
    }

    /// Its public half, for the JWKS document.
    pub const fn public_jwk(&self) -> &PublicJwk {
        &self.public
    }

    /// Makes a signed token: `header.claims.signature`.
    ///
    /// # Errors
    /// [`JwtError::Signing`] when the claims cannot be written as JSON or signing fails.
    pub fn sign<C: Serialize>(&self, typ: TokenType, claims: &C) -> Result<String, JwtError> {
        // The headers stand in the order of declaration.
        let header = self.headers.get(typ as usize).ok_or(JwtError::Signing)?;
        let mut token = unsigned(header, claims)?;
        let (short, long);
        let signature: &[u8] = match &self.private {
            PrivateKey::Ec(pair) => {
                short = pair.sign(&SystemRandom::new(), token.as_bytes()).map_err(|_| JwtError::Signing)?;
                short.as_ref()
            }
            PrivateKey::Rsa(pair, encoding) => {
                let mut bytes = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &SystemRandom::new(), token.as_bytes(), &mut bytes)
                    .map_err(|_| JwtError::Signing)?;
                long = bytes;
                &long
            }
            PrivateKey::Ed(pair) => {
                short = pair.try_sign(token.as_bytes()).map_err(|_| JwtError::Signing)?;
                short.as_ref()
            }
        };
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.public.kid)
            .field("alg", &self.public.alg)
            .finish_non_exhaustive()
    }
}

/// Header and claims, encoded.
fn unsigned<C: Serialize>(header: &str, claims: &C) -> Result<String, JwtError> {
    let mut json = Vec::with_capacity(512);
    serde_json::to_writer(&mut json, claims).map_err(|_| JwtError::Signing)?;
    // Claims grow by a third; the signature takes 86 characters, or 342 with a 2048-bit RSA key.
    let mut token = String::with_capacity(header.len() + json.len() / 3 * 4 + 4 + 352);
    token.push_str(header);
    URL_SAFE_NO_PAD.encode_string(&json, &mut token);
    Ok(token)
}

/// Makes a token signed with HS256 and a secret that its reader knows (RFC 7518 §3.2). There is nothing to name in `kid`.
///
/// # Errors
/// [`JwtError::Key`] for a secret of less than 256 bits, [`JwtError::Signing`] when the claims cannot be written as JSON.
pub fn sign_with_secret<C: Serialize>(secret: &SecretString, typ: TokenType, claims: &C) -> Result<String, JwtError> {
    let secret = secret.expose().as_bytes();
    if secret.len() < MIN_SECRET_BYTES {
        return Err(JwtError::Key);
    }
    let header = JoseHeader { typ, alg: SigningAlg::Hs256, kid: None }.encode()?;
    let mut token = unsigned(&header, claims)?;
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(mac.as_ref(), &mut token);
    Ok(token)
}

/// The JWK of an uncompressed point (SEC 1 §2.3.3).
fn p256_jwk(point: &[u8]) -> Option<PublicJwk> {
    let (&[4], coordinates) = point.split_first_chunk::<1>()? else { return None };
    let (x, rest) = coordinates.split_first_chunk::<32>()?;
    let (y, rest) = rest.split_first_chunk::<32>()?;
    rest.is_empty().then(|| PublicJwk::p256(x, y))
}
