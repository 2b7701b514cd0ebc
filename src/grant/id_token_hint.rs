//! ID tokens that come back to us as hints (OIDC Core §3.1.2.1, OIDC RP-Initiated Logout §2).

use super::{
    store::people::{self, PersonRow},
    subject::{session_of, subject_of},
};
use crate::{
    client::Client,
    core::Core,
    error::Internal,
    protocol::{
        IdTokenClaims, TokenType,
        jwt::{Expected, VerifyingKey, decode_unverified_header},
    },
};

/// The claims of an ID token that we issued to `client`; it may have expired. None when it is something else.
///
/// One that was signed with the client's secret proves only that the client made it or got it from us: good enough for
/// what the client may say anyway, which is about whom it asks.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(crate) async fn read(core: &Core, client: &Client, text: &str) -> Result<Option<IdTokenClaims<'static>>, Internal> {
    let Ok(header) = decode_unverified_header(text) else { return Ok(None) };
    let expected = Expected {
        typ: TokenType::Jwt,
        issuer: core.grants().issuer(),
        audience: Some(&client.id),
        now: core.now().as_secs(),
        leeway: 5,
        allow_expired: true,
    };
    if let Some(kid) = &header.kid {
        let verifier = core.keyring().verifier(core, kid).await?;
        return Ok(verifier.and_then(|key| key.verify(text, &expected).ok()));
    }
    let secrets = client.shared_secrets(core, core.now());
    let keys = secrets.iter().filter_map(|secret| VerifyingKey::from_secret(secret).ok());
    Ok(keys.into_iter().find_map(|key| key.verify(text, &expected).ok()))
}

/// The person whom such claims are about. A name for one sector (OIDC Core §8.1) cannot be read backwards; the session it
/// came from tells whose it is, as long as that is on record.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(super) async fn find_person(
    core: &Core,
    client: &Client,
    claims: &IdTokenClaims<'_>,
) -> Result<Option<PersonRow>, Internal> {
    let session = claims.sid.as_deref().map(|sid| session_of(core, client, sid)).transpose()?.flatten();
    let mut conn = core.db().read().await?;
    let person = match (claims.sub.parse(), session) {
        (Ok(id), _) => people::find(&mut conn, id).await?,
        (Err(_), Some(session)) => people::find_signed_in(&mut conn, session).await?.map(|row| row.person),
        (Err(_), None) => None,
    };
    Ok(person.filter(|person| person.deleted_at.is_none() && subject_of(core, client, person.user_id) == claims.sub))
}
