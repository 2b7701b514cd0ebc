//! Authenticator apps that come along from another system (A12).

use std::fmt;

use totp_rs::Secret;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{adopt_store, store};
use crate::{
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
    seal::Purpose,
};

/// RFC 4226 §4 asks for 128 bits; more than 64 bytes are hashed anyway (RFC 2104 §2).
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;
/// What it is called until its owner gives it another name.
const NAME: &str = "Authenticator";

/// What an app of six digits, thirty seconds and SHA-1 shares with us.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// From its bytes; `None` unless there are 16 to 64.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        LENGTHS.contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// From base 32, as people type it.
    pub fn from_base32(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
        let secret = Secret::try_from_base32(text.trim_end_matches('=')).ok()?;
        Self::from_bytes(secret.as_bytes())
    }

    /// The bytes.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

/// Takes an app into use that was proved elsewhere. Recovery codes do not come with it.
pub(crate) async fn adopt_totp(tx: &mut Tx, ctx: &Ctx, user_id: UserId, secret: &TotpSecret) -> Result<(), Internal> {
    let sealed = ctx.core.sealer().seal(Purpose::Authenticator, secret.expose(), ctx.core.entropy())?;
    adopt_store::insert(tx, ctx.new_id(), user_id, NAME, sealed, ctx.now()).await
}

/// The person has an app in use.
pub(crate) async fn has_authenticator(conn: &mut Conn, user_id: UserId) -> Result<bool, Internal> {
    Ok(!store::confirmed_of_user(conn, user_id).await?.is_empty())
}

/// Marks in a copy of an account that there is an app in use; it makes no codes.
pub(crate) async fn adopt_any(tx: &mut Tx, ctx: &Ctx, user_id: UserId) -> Result<(), Internal> {
    adopt_store::insert(tx, ctx.new_id(), user_id, NAME, Vec::new(), ctx.now()).await
}
