//! Access tokens that come back: verified once, remembered, and looked at again when something changed (DESIGN §6).
//!
//! A verification costs 85 µs, a look at the database about as much. So a token is remembered by its digest together
//! with the revisions of its person, of the clients and of the keys, taken *before* the look. As long as none of them
//! has moved, the answer stands; `exp` is compared every time. When the person's or the clients' moved, the database is
//! asked again; when the keys' moved, the signature is verified again too: its key may have been revoked.

use std::sync::Arc;

use moka::sync::Cache;

use super::{
    mint::grant_of_jti,
    store::{
        access::{self, StateRow},
        grants::FamilyRow,
    },
};
use crate::{
    client::find_client,
    config::Config,
    core::Core,
    db::Touched,
    error::Internal,
    id::{GrantId, UserId},
    protocol::{
        AccessTokenClaims, TokenType,
        jwt::{Expected, decode_unverified_header},
    },
    secret::{Digest, PlainToken, TokenKind},
};

/// Tokens remembered at most. Each takes some hundred bytes.
const CAPACITY: u64 = 10_000;

/// How far the clocks of two nodes may differ, in seconds: the age of a token that comes from the future.
const LEEWAY: i64 = 5;

/// Verified access tokens in memory, and what every token of ours needs.
pub struct Memory {
    issuer: String,
    tokens: Cache<Digest, Remembered>,
}

#[derive(Clone)]
struct Remembered {
    token: Arc<VerifiedToken>,
    seen: Seen,
    /// What the database said then.
    is_alive: bool,
}

/// The revisions that an answer depends on.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    user: u64,
    clients: u64,
    keys: u64,
}

/// An access token that we issued.
#[derive(Debug)]
pub(super) struct VerifiedToken {
    pub(super) claims: AccessTokenClaims<'static>,
    /// The family and the person; none for a token that a client has for itself.
    pub(super) person: Option<(GrantId, UserId)>,
}

impl Memory {
    /// Nothing remembered yet.
    pub fn new(config: &Config) -> Self {
        Self { issuer: config.issuer(), tokens: Cache::builder().max_capacity(CAPACITY).build() }
    }

    /// `iss` of everything we sign.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl VerifiedToken {
    fn seen(&self, core: &Core) -> Seen {
        let revisions = core.db().revisions();
        Seen {
            user: self.person.map_or(0, |(_, user)| revisions.of(user)),
            clients: revisions.of(Touched::Clients),
            keys: revisions.of(Touched::Keys),
        }
    }

    fn is_in_time(&self, core: &Core) -> bool {
        core.now().as_secs() < self.claims.exp
    }
}

/// The token, if it is one of ours and alive at this moment.
pub(super) async fn find_alive(core: &Core, text: &str) -> Result<Option<Arc<VerifiedToken>>, Internal> {
    let digest = Digest::of(text.as_bytes());
    let known = core.grants().tokens.get(&digest);
    if let Some(known) = &known {
        let seen = known.token.seen(core);
        if !known.token.is_in_time(core) {
            core.grants().tokens.invalidate(&digest);
            return Ok(None);
        }
        if seen == known.seen {
            return Ok(known.is_alive.then(|| Arc::clone(&known.token)));
        }
    }
    let Some(token) = verify_unless_known(core, text, known).await? else { return Ok(None) };
    let seen = token.seen(core);
    let is_alive = is_alive(core, &token).await?;
    core.grants().tokens.insert(digest, Remembered { token: Arc::clone(&token), seen, is_alive });
    Ok(is_alive.then_some(token))
}

/// The same with the family and the person as the database has them now. None for tokens that clients have for
/// themselves.
pub(super) async fn find_with_family(
    core: &Core,
    text: &str,
) -> Result<Option<(Arc<VerifiedToken>, FamilyRow)>, Internal> {
    let digest = Digest::of(text.as_bytes());
    let known = core.grants().tokens.get(&digest);
    let is_known = known.is_some();
    let Some(token) = verify_unless_known(core, text, known).await? else { return Ok(None) };
    let seen = token.seen(core);
    let Some(state) = find_state(core, &token).await? else { return Ok(None) };
    let is_alive = is_state_alive(core, &token, &state).await?;
    if !is_known {
        core.grants().tokens.insert(digest, Remembered { token: Arc::clone(&token), seen, is_alive });
    }
    Ok((is_alive && token.is_in_time(core)).then_some((token, state.family)))
}

/// Takes the remembered verification unless a key changed since.
async fn verify_unless_known(
    core: &Core,
    text: &str,
    known: Option<Remembered>,
) -> Result<Option<Arc<VerifiedToken>>, Internal> {
    let keys = core.db().revisions().of(Touched::Keys);
    match known {
        Some(known) if known.seen.keys == keys => Ok(Some(known.token)),
        _ => verify(core, text).await,
    }
}

/// Finds what the token says: behind its handle, or in itself.
async fn verify(core: &Core, text: &str) -> Result<Option<Arc<VerifiedToken>>, Internal> {
    let claims = match PlainToken::parse(TokenKind::Access, text) {
        Some(handle) => find_claims(core, &handle).await?,
        None => verify_jwt(core, text).await?,
    };
    let Some(claims) = claims else { return Ok(None) };
    let person = match grant_of_jti(&claims.jti) {
        None => None,
        Some(grant) => match claims.sub.parse() {
            Ok(user) => Some((grant, user)),
            // A name for one sector (OIDC Core §8.1): the grant knows whose. Looked up once, then remembered.
            Err(_) => match find_person(core, grant).await? {
                Some(user) => Some((grant, user)),
                None => return Ok(None),
            },
        },
    };
    let token = VerifiedToken { claims, person };
    Ok(token.is_in_time(core).then(|| Arc::new(token)))
}

async fn find_person(core: &Core, grant_id: GrantId) -> Result<Option<UserId>, Internal> {
    let mut conn = core.db().read().await?;
    access::find_person(&mut conn, grant_id).await
}

async fn find_claims(core: &Core, handle: &PlainToken) -> Result<Option<AccessTokenClaims<'static>>, Internal> {
    let mut conn = core.db().read().await?;
    let Some(claims) = access::find_claims(&mut conn, handle.digest()).await? else { return Ok(None) };
    serde_json::from_value(claims).map(Some).map_err(|cause| Internal::new("read an access token", cause))
}

/// Verifies signature, type, issuer and times.
async fn verify_jwt(core: &Core, text: &str) -> Result<Option<AccessTokenClaims<'static>>, Internal> {
    let Ok(header) = decode_unverified_header(text) else { return Ok(None) };
    if header.typ != Some(TokenType::AccessToken) || header.alg.is_symmetric() {
        return Ok(None);
    }
    let Some(kid) = header.kid else { return Ok(None) };
    let Some(verifier) = core.keyring().verifier(core, &kid).await? else { return Ok(None) };
    let expected = Expected {
        typ: TokenType::AccessToken,
        issuer: core.grants().issuer(),
        audience: None,
        now: core.now().as_secs(),
        leeway: LEEWAY,
        allow_expired: false,
    };
    Ok(verifier.verify::<AccessTokenClaims<'static>>(text, &expected).ok())
}

/// Asks the database.
async fn is_alive(core: &Core, token: &VerifiedToken) -> Result<bool, Internal> {
    if token.person.is_some() {
        return match find_state(core, token).await? {
            Some(state) => is_state_alive(core, token, &state).await,
            None => Ok(false),
        };
    }
    if find_client(core, &token.claims.client_id).await?.is_none() {
        return Ok(false);
    }
    let mut conn = core.db().read().await?;
    Ok(!access::is_revoked(&mut conn, token.claims.jti.clone().into_owned()).await?)
}

async fn find_state(core: &Core, token: &VerifiedToken) -> Result<Option<StateRow>, Internal> {
    let Some((grant_id, _)) = token.person else { return Ok(None) };
    let mut conn = core.db().read().await?;
    access::find_state(&mut conn, grant_id, token.claims.jti.clone().into_owned()).await
}

async fn is_state_alive(core: &Core, token: &VerifiedToken, state: &StateRow) -> Result<bool, Internal> {
    let family = &state.family;
    let is_same = token.person.is_some_and(|(_, user)| user == family.person.user_id);
    if !is_same || state.is_token_revoked || !family.is_alive(core.now()) {
        return Ok(false);
    }
    // A token that came of an exchange (RFC 8693) is another client's than its family: both must be there.
    let is_exchanged = family.client_id != token.claims.client_id;
    Ok(find_client(core, &family.client_id).await?.is_some()
        && (!is_exchanged || find_client(core, &token.claims.client_id).await?.is_some()))
}
