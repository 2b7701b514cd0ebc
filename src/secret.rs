//! Secrets: text that must not leak, tokens that carry 256 bits, and the digests we store instead of them.
//!
//! A plain token exists twice in its life: when it is made (and put into an answer or a mail) and when it comes
//! back. In between only its [`Digest`] exists (DESIGN §5). `PlainToken` and `Digest` are different types so that a
//! store cannot be handed the wrong one.

use std::fmt;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::entropy::Entropy;

/// Text that must not be shown: redacted in `Debug`, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop, serde::Deserialize)]
#[serde(transparent)]
pub struct SecretString(String);

impl SecretString {
    /// Takes ownership of `text`; the original is not copied.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Call it at the last moment and do not keep the result.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True when there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString(…)")
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// What a token is for; its short name is the middle of the token's text (`ost_rt_…`), so that a leaked one can be
/// recognised and one kind is never taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Refresh token (RFC 6749 §1.5).
    Refresh,
    /// Authorization code (RFC 6749 §4.1).
    AuthorizationCode,
    /// Link of a verification mail (A4).
    EmailVerification,
    /// Link of a password-reset mail (A5).
    PasswordReset,
    /// Link that proves a new address (A9).
    EmailChange,
    /// Link that brings the old address back (A9).
    EmailUndo,
    /// Link that shuts everybody out of an account (B9).
    ShutOut,
    /// What a browser is known by to the accounts that were opened in it (B9).
    Browser,
    /// Link that signs in (B5).
    EmailSignIn,
    /// Link that activates an account again (A10).
    ComeBack,
    /// One-time link that makes the first administrator.
    SetUp,
    /// Handle of a stored authorization request (an *interaction*).
    Interaction,
    /// Handle of a stored request to sign out (D9).
    Logout,
    /// Client secret (RFC 6749 §2.3.1).
    ClientSecret,
    /// Opaque access token (D6).
    Access,
    /// Handle of a pushed authorization request, the last part of its `request_uri` (RFC 9126 §2.2).
    PushedRequest,
    /// Device code (RFC 8628 §3.2).
    DeviceCode,
    /// `auth_req_id` of a backchannel authentication request (CIBA §7.3).
    BackchannelRequest,
    /// Lets a client read and change its registration (RFC 7592 §3).
    Registration,
    /// Lets somebody register clients (RFC 7591 §1.2).
    InitialAccess,
    /// Handle of a ceremony with a passkey (B1).
    PasskeyCeremony,
    /// Handle of a sign-in that waits for its second factor.
    PendingSignIn,
    /// A browser that is trusted with one account (B7).
    TrustedBrowser,
    /// Link of an invitation into an organisation (E6).
    Invitation,
}

impl TokenKind {
    const fn code(self) -> &'static str {
        match self {
            Self::Refresh => "rt",
            Self::AuthorizationCode => "ac",
            Self::EmailVerification => "ev",
            Self::PasswordReset => "pr",
            Self::EmailChange => "em",
            Self::EmailUndo => "eu",
            Self::ShutOut => "so",
            Self::Browser => "br",
            Self::EmailSignIn => "es",
            Self::ComeBack => "cb",
            Self::SetUp => "su",
            Self::Interaction => "ix",
            Self::Logout => "lo",
            Self::ClientSecret => "cs",
            Self::Access => "at",
            Self::PushedRequest => "par",
            Self::DeviceCode => "dc",
            Self::BackchannelRequest => "ba",
            Self::Registration => "rg",
            Self::InitialAccess => "ia",
            Self::PasskeyCeremony => "pc",
            Self::PendingSignIn => "si",
            Self::TrustedBrowser => "tb",
            Self::Invitation => "iv",
        }
    }
}

/// A token in the clear: `ost_<kind>_` and 43 base64url characters (256 bits).
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PlainToken(String);

impl PlainToken {
    /// Makes a fresh token of the given kind.
    pub fn generate(kind: TokenKind, entropy: &dyn Entropy) -> Self {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        let token = Self::from_bytes(kind, &bytes);
        bytes.zeroize();
        token
    }

    /// The token of the given kind made of exactly these 256 bits; for tokens that are derived instead of drawn.
    pub fn from_bytes(kind: TokenKind, bytes: &[u8; 32]) -> Self {
        let mut text = String::with_capacity(50);
        text.push_str("ost_");
        text.push_str(kind.code());
        text.push('_');
        URL_SAFE_NO_PAD.encode_string(bytes, &mut text);
        Self(text)
    }

    /// Reads a token somebody presented. `None` when it is not the text of a token of this kind: then it cannot be
    /// one of ours and no look-up is needed.
    pub fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let body = text.strip_prefix("ost_")?.strip_prefix(kind.code())?.strip_prefix('_')?;
        let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The text, to be put into an answer, a link or a mail.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

impl fmt::Debug for PlainToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlainToken(…)")
    }
}

/// SHA-256 of a secret of high entropy. Compared in constant time.
#[derive(Clone, Copy, Hash, PartialOrd, Ord)]
#[expect(clippy::derived_hash_with_manual_eq, reason = "the manual equality only adds constant time")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digest of the given bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0_u8; 32];
        out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
        Self(out)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

// Stored as 32 bytes on both engines.
impl<DB: sqlx::Database> sqlx::Type<DB> for Digest
where
    Vec<u8>: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        Vec::<u8>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        Vec::<u8>::compatible(ty)
    }
}

impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for Digest
where
    Vec<u8>: sqlx::Encode<'q, DB>,
{
    fn encode_by_ref(
        &self,
        buf: &mut <DB as sqlx::Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        self.0.to_vec().encode(buf)
    }
}

impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for Digest
where
    Vec<u8>: sqlx::Decode<'r, DB>,
{
    fn decode(value: <DB as sqlx::Database>::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let bytes: [u8; 32] = Vec::<u8>::decode(value)?.try_into().map_err(|_| "a digest must have 32 bytes")?;
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("a digest must have 32 bytes"))
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn a_token_is_read_back_only_as_its_own_kind() {
        let token = PlainToken::generate(TokenKind::Refresh, &SystemEntropy);
        assert!(token.expose().starts_with("ost_rt_"));
        assert_eq!(token.expose().len(), 50);
        let read = PlainToken::parse(TokenKind::Refresh, token.expose()).unwrap();
        assert_eq!(read.digest(), token.digest());
        assert!(PlainToken::parse(TokenKind::AuthorizationCode, token.expose()).is_none());
        assert!(PlainToken::parse(TokenKind::Refresh, "ost_rt_short").is_none());
        assert!(PlainToken::parse(TokenKind::Refresh, "").is_none());
    }

    #[test]
    fn debug_shows_nothing() {
        let token = PlainToken::generate(TokenKind::Refresh, &SystemEntropy);
        assert!(!format!("{token:?}{:?}", token.digest()).contains(&token.expose()[8..]));
        assert_eq!(format!("{:?}", SecretString::from("hunter2")), "SecretString(…)");
    }
}
