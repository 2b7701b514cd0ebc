//! What we sign for one client alone, in the way it is registered with, and encrypt if it wants that: ID tokens (OIDC Core
//! §2), userinfo (§5.3.2), authorization responses (JARM), introspection answers (RFC 9701), logout tokens (Back-Channel Logout §2.4).
//!
//! Sign first, then encrypt (OIDC Core §10.2, RFC 7519 §11.2). Access tokens are not made here: they are for resources,
//! which are registered with nothing.

use serde::Serialize;

use crate::{
    client::{Client, Encryption, find_keys},
    core::Core,
    error::Internal,
    protocol::{
        SigningAlg, TokenType,
        jwe::{self, JweError},
        jwt::sign_with_secret,
    },
};

/// What messages are signed with when the client is registered with nothing.
pub(super) const DEFAULT_ALG: SigningAlg = SigningAlg::Es256;

/// Signs `claims` with our key of `alg` or, for HS256, with a secret of the client: while two are live, with the one that it
/// just proved itself by, else the newest ([`Client::shared_secrets`]).
pub(crate) async fn sign<C: Serialize>(
    core: &Core,
    client: &Client,
    typ: TokenType,
    alg: SigningAlg,
    claims: &C,
) -> Result<String, Internal> {
    let signed = if alg.is_symmetric() {
        let secrets = client.shared_secrets(core, core.now());
        let secret = secrets.first().ok_or_else(|| {
            Internal::new("sign for a client", format!("{} has no secret that is kept as a key: rotate it", client.id))
        })?;
        sign_with_secret(secret, typ, claims)
    } else {
        core.keyring().signer(core, alg).await?.sign(typ, claims)
    };
    signed.map_err(|cause| Internal::new("sign for a client", cause))
}

/// Encrypts a token that [`sign`] made, if the client is registered so.
pub(crate) async fn encrypt_jwt(
    core: &Core,
    client: &Client,
    encryption: Option<Encryption>,
    jwt: String,
) -> Result<String, Internal> {
    match encryption {
        Some(encryption) => encrypt(core, client, encryption, jwt.as_bytes(), true).await,
        None => Ok(jwt),
    }
}

/// Encrypts `payload` to a key of the client. A client whose keys cannot be found is sent nothing rather than plain text.
pub(super) async fn encrypt(
    core: &Core,
    client: &Client,
    encryption: Encryption,
    payload: &[u8],
    is_jwt: bool,
) -> Result<String, Internal> {
    let Encryption { alg, enc } = encryption;
    let failed = |cause: String| Internal::new("encrypt for a client", format!("{}: {cause}", client.id));
    let keys = find_keys(core, client, None).await.map_err(|cause| failed(cause.to_string()))?;
    let encrypted = jwe::encrypt(&keys, alg, enc, payload, is_jwt, core.entropy());
    encrypted.map_err(|cause: JweError| failed(cause.to_string()))
}
