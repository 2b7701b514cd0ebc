//! Software statements (RFC 7591 §2.3): somebody we trust vouches for what a client says.

use serde_json::{Map, Value};

use crate::{
    client::{ClientKeysError, find_foreign_keys},
    config::StatementIssuer,
    core::Ctx,
    protocol::{ForeignClaims, ForeignJws, OAuthErrorCode, SigningAlg},
};

/// How far clocks may differ, seconds.
const LEEWAY: i64 = 60;
/// Claims that are about the statement, not about the client (RFC 7519 §4.1).
const ABOUT_ITSELF: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Why a software statement was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// By nobody whose statements are believed here.
    #[error("software_statement: its issuer is not one that is approved here")]
    Unapproved,
    /// Not a statement, not by whom it says, or not any more.
    #[error("software_statement: it cannot be verified, or has expired")]
    Invalid,
    /// The keys of its issuer cannot be had just now.
    #[error("software_statement: the keys of its issuer cannot be fetched")]
    NoKeys,
}

impl StatementError {
    /// The code it is answered with (RFC 7591 §3.2.2).
    pub const fn code(self) -> OAuthErrorCode {
        match self {
            Self::Unapproved => OAuthErrorCode::UnapprovedSoftwareStatement,
            Self::Invalid | Self::NoKeys => OAuthErrorCode::InvalidSoftwareStatement,
        }
    }
}

/// What is said about the client, once more with the statement in it: what that says outweighs the rest (§2.3). The text
/// of the statement comes beside.
pub(super) async fn merge(
    ctx: &Ctx,
    members: &Map<String, Value>,
) -> Result<(Map<String, Value>, Option<String>), StatementError> {
    let mut members = members.clone();
    let text = match members.remove("software_statement") {
        None | Some(Value::Null) => return Ok((members, None)),
        Some(Value::String(text)) => text,
        Some(_) => return Err(StatementError::Invalid),
    };
    let trusted = &ctx.config().client_registration.software_statement_issuers;
    if trusted.is_empty() {
        return Err(StatementError::Unapproved);
    }
    let statement = ForeignJws::parse(&text).map_err(|_| StatementError::Invalid)?;
    let issuer = statement.unverified().get("iss").and_then(Value::as_str).ok_or(StatementError::Invalid)?;
    let issuer = trusted.iter().find(|trusted| trusted.issuer == issuer).ok_or(StatementError::Unapproved)?;
    let StatementIssuer { issuer, jwks, jwks_uri } = issuer;
    let keys = find_foreign_keys(&ctx.core, issuer, jwks.as_ref(), jwks_uri.as_ref(), statement.kid()).await;
    let keys = keys.map_err(|error| match error {
        ClientKeysError::None | ClientKeysError::Keys(_) | ClientKeysError::Fetch(_) => StatementError::NoKeys,
    })?;
    let claims = statement.verify(&keys, SigningAlg::ASYMMETRIC).map_err(|_| StatementError::Invalid)?;
    let times = ForeignClaims::new(claims).and_then(|claims| claims.check_times(ctx.now().as_secs(), LEEWAY));
    times.map_err(|_| StatementError::Invalid)?;
    let said = claims.iter().filter(|(name, _)| !ABOUT_ITSELF.contains(&name.as_str()));
    members.extend(said.map(|(name, value)| (name.clone(), value.clone())));
    Ok((members, Some(text)))
}
