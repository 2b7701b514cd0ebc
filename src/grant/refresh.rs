//! Trading a refresh token for new tokens (RFC 6749 §6, RFC 9700 §4.14, D3).
//!
//! Each use replaces the token. Only digests are stored, and yet the *same* old token, presented again within
//! `tokens.refresh_grace` (10 s) by the same client, must get the *same* successor: an answer may have been lost, or two
//! tabs may have refreshed at once. So the successor is not drawn but derived, from the old token, a salt that the first
//! use stores, and a key of this instance. Whoever holds the old token and asks us gets it again; the database alone
//! does not yield it.
//!
//! The first use is one guarded `UPDATE`: of any number of requests at once exactly one stores its salt, and all others
//! find it there. So a family never has two live tokens. The tokens of the answer follow from the moment and the
//! successor, so their contents are the same too.
//!
//! An old token that comes back later than that is in two hands, one of which is not the client's. What happens then is
//! `tokens.refresh_reuse`: by default the family ends (RFC 9700 §4.14.2).
//!
//! A refresh ends with the family, the session it came from, the account, or the security stamp (A8); after
//! `refresh_idle` without use; and with `refresh_absolute` in any case.

use std::sync::Arc;

use super::{
    aim::Aim,
    binding::check_refresh,
    mint::{AccessToken, JTI_UNIQUE_BYTES, Mint},
    revoke::{revoke_grant, revoke_of_user},
    store::{
        grants,
        people::PersonRow,
        refresh_tokens::{self, RefreshRow},
    },
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    audit::{self, AuditKind},
    client::{Client, FIRST_PARTY_CLIENT_ID},
    clock::Timestamp,
    config::ReuseMode,
    core::Ctx,
    db::{
        Tx,
        dialect::{self, Rotation},
    },
    error::Internal,
    mail::{self, Mail, Message},
    protocol::{Confirmation, GrantType, OAuthError, OAuthErrorCode, ScopeSet, TokenAim},
    secret::{Digest, PlainToken, SecretString, TokenKind},
    session,
    text::{DisplayName, EmailAddress},
};

const SALT_BYTES: usize = 16;

/// A client hands in a refresh token.
#[derive(Debug)]
pub struct Refresh {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The refresh token.
    pub refresh_token: SecretString,
    /// A narrower scope for the new access token; none to keep what was granted.
    pub scope: Option<ScopeSet>,
    /// What the client proved to hold; the access token is bound to it.
    pub confirmation: Confirmation,
    /// What the access token is to be for, of what was granted.
    pub aim: TokenAim,
}

/// How a presented token stands.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Never used: rotate it.
    Unused,
    /// Used a moment ago: answer the same again.
    Repeated { used_at: Timestamp, salt: Vec<u8> },
    /// Used longer ago than that.
    Reused,
    /// No use, whoever presents it.
    Dead(&'static str),
}

/// Rotates a refresh token.
///
/// # Errors
/// [`TokenError::Refused`] with `invalid_grant` for every token that is not this client's and live, `invalid_scope` for
/// more than was granted.
pub async fn refresh(ctx: &Ctx, cmd: Refresh) -> Result<IssuedTokens, TokenError> {
    let Refresh { client, refresh_token, scope, confirmation, aim } = cmd;
    let is_first_party = client.id == FIRST_PARTY_CLIENT_ID;
    if !is_first_party && !client.settings.allows(GrantType::RefreshToken) {
        return Err(OAuthError::bare(OAuthErrorCode::UnauthorizedClient).into());
    }
    let old = PlainToken::parse(TokenKind::Refresh, refresh_token.expose()).ok_or_else(unknown)?;
    let digest = old.digest();
    let mut conn = ctx.core.db().read().await?;
    let row = refresh_tokens::find(&mut conn, digest).await?;
    drop(conn);
    // Another client's token is none at all, and nothing happens to it: its owner is not to suffer from that.
    let row = row.filter(|row| row.family.client_id == client.id).ok_or_else(unknown)?;
    let granted = row.family.read_scope()?;
    let scope = match scope {
        None => granted,
        Some(scope) if scope.is_subset(&granted) => scope,
        Some(_) => return Err(TokenError::invalid_scope("a refresh cannot ask for more than was granted")),
    };
    if is_first_party && !is_session_alive(ctx, &row).await? {
        return Err(TokenError::invalid_grant("the session has ended"));
    }
    check_refresh(&row.family.details.0.bound_to, &confirmation)?;
    let aim = Aim::narrowed(&ctx.core, &client, &row.family, &scope, &aim).await?;
    let answer = Answer { ctx, client: &client, old: &old, scope, aim, confirmation };
    match standing(ctx, &row) {
        Standing::Unused => rotate(&answer, digest, &row).await,
        Standing::Repeated { used_at, salt } => answer.repeat(&row, used_at, &salt).await,
        Standing::Reused => Err(reused(ctx, &client, &row).await?),
        Standing::Dead(why) => Err(TokenError::invalid_grant(why)),
    }
}

fn unknown() -> TokenError {
    TokenError::invalid_grant("the refresh token is unknown, or was issued to another client")
}

/// Our own API has no other sign of life than its session, so there the session must be alive in every respect.
async fn is_session_alive(ctx: &Ctx, row: &RefreshRow) -> Result<bool, Internal> {
    let Some(session_id) = row.family.session_id else { return Ok(false) };
    Ok(session::resume_session(&ctx.core, session_id).await?.is_some())
}

fn standing(ctx: &Ctx, row: &RefreshRow) -> Standing {
    let now = ctx.now();
    if !row.family.is_alive(now) {
        return Standing::Dead("what the refresh token was issued for has ended");
    }
    match (row.used_at, &row.successor_salt) {
        (Some(used_at), Some(salt)) if now.since(used_at) <= ctx.config().tokens.refresh_grace => {
            Standing::Repeated { used_at, salt: salt.clone() }
        }
        (Some(_), _) => Standing::Reused,
        (None, _) if now >= row.token_expires_at => Standing::Dead("the refresh token was not used for too long"),
        (None, _) => Standing::Unused,
    }
}

/// Everything about an answer that does not depend on who was first.
struct Answer<'a> {
    ctx: &'a Ctx,
    client: &'a Client,
    old: &'a PlainToken,
    scope: ScopeSet,
    aim: Aim,
    confirmation: Confirmation,
}

impl Answer<'_> {
    fn successor(&self, salt: &[u8]) -> PlainToken {
        PlainToken::from_bytes(TokenKind::Refresh, &self.ctx.core.sealer().refresh_successor(self.old, salt))
    }

    /// The tokens that belong to a use at `used_at` with `salt`; the same each time, but for their signatures.
    async fn make(&self, row: &RefreshRow, used_at: Timestamp, salt: &[u8]) -> Result<Made, TokenError> {
        let core = &self.ctx.core;
        let successor = self.successor(salt);
        let unique = unique_of(&successor, &self.aim, &self.confirmation);
        let mint = Mint {
            client: self.client,
            family: &row.family,
            scope: &self.scope,
            aim: &self.aim,
            issued_at: used_at,
            unique,
            confirmation: &self.confirmation,
            beside: Some(&successor),
        };
        let access_token = mint.access_token(core).await?;
        let id_token = mint.id_token(core, &access_token.text, None, None).await?;
        let issued = IssuedTokens {
            access_token: access_token.text.clone(),
            confirmation: self.confirmation.clone(),
            expires_in: access_token.exp - self.ctx.now().as_secs(),
            refresh_token: Some(successor),
            id_token,
            scope: self.aim.scope.clone(),
            authorization_details: self.aim.details.clone(),
            issued_token_type: None,
        };
        Ok(Made { issued, access_token })
    }

    /// The same for somebody who was not the first. A narrower scope than the first one's means another access token.
    async fn repeat(&self, row: &RefreshRow, used_at: Timestamp, salt: &[u8]) -> Result<IssuedTokens, TokenError> {
        let made = self.make(row, used_at, salt).await?;
        if made.access_token.must_be_stored() {
            let mut tx = self.ctx.core.db().write().await?;
            made.access_token.store(&mut tx).await?;
            tx.commit().await?;
        }
        Ok(made.issued)
    }
}

/// An answer, and its access token for the store.
struct Made {
    issued: IssuedTokens,
    access_token: AccessToken,
}

/// The bytes that make the `jti` of the answer's access token: from the successor, which nobody else knows, what the token
/// is for, and what it is bound to, so that answers of different contents have different names.
fn unique_of(successor: &PlainToken, aim: &Aim, confirmation: &Confirmation) -> [u8; JTI_UNIQUE_BYTES] {
    let Confirmation { jkt, x5t_s256 } = confirmation;
    let text = format!("jti of {} with {}, {jkt:?}, {x5t_s256:?}", successor.expose(), aim.fingerprint());
    let digest = Digest::of(text.as_bytes());
    let mut unique = [0; JTI_UNIQUE_BYTES];
    for (to, from) in unique.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    unique
}

/// Uses an unused token. Signing is done before the transaction opens; if somebody else was first, it was in vain.
async fn rotate(answer: &Answer<'_>, digest: Digest, row: &RefreshRow) -> Result<IssuedTokens, TokenError> {
    let ctx = answer.ctx;
    let now = ctx.now();
    let mut salt = [0_u8; SALT_BYTES];
    ctx.core.entropy().fill(&mut salt);
    let Made { issued, access_token } = answer.make(row, now, &salt).await?;
    let family = &row.family;
    let rotation = Rotation {
        old: digest,
        now,
        salt: salt.to_vec(),
        successor: answer.successor(&salt).digest(),
        successor_expires_at: (now + ctx.config().tokens.refresh_idle).min(family.grant_expires_at),
    };
    let needs_touch = now.since(family.last_used_at) >= session::TOUCH_EVERY;
    if !needs_touch
        && !access_token.must_be_stored()
        && let Some(mut conn) = ctx.core.db().write_once().await?
    {
        if dialect::rotate_refresh_token(&mut conn, rotation).await? {
            return Ok(issued);
        }
        let row = refresh_tokens::find(&mut conn, digest).await?.ok_or_else(unknown)?;
        drop(conn);
        return second(answer, &row).await;
    }
    let mut tx = ctx.core.db().write().await?;
    if dialect::rotate_refresh_token(&mut tx, rotation).await? {
        access_token.store(&mut tx).await?;
        if needs_touch {
            grants::touch(&mut tx, family.grant_id, now).await?;
            if let Some(session_id) = family.session_id {
                session::touch(&mut tx, session_id, now).await?;
            }
        }
        tx.commit().await?;
        return Ok(issued);
    }
    // Look again where the first one wrote, and wait until what they wrote is durable: on SQLite it may still be on its
    // way to the disk, together with this transaction.
    let row = refresh_tokens::find(&mut tx, digest).await?.ok_or_else(unknown)?;
    tx.commit().await?;
    second(answer, &row).await
}

/// Answers somebody who was not the first, by what the first one left.
async fn second(answer: &Answer<'_>, row: &RefreshRow) -> Result<IssuedTokens, TokenError> {
    match standing(answer.ctx, row) {
        Standing::Repeated { used_at, salt } => answer.repeat(row, used_at, &salt).await,
        Standing::Reused => Err(reused(answer.ctx, answer.client, row).await?),
        Standing::Dead(why) => Err(TokenError::invalid_grant(why)),
        Standing::Unused => Err(Internal::new("use a refresh token", "it is neither used nor usable").into()),
    }
}

/// An old token came back too late. What follows is on record, and told to its owner, once.
async fn reused(ctx: &Ctx, client: &Client, row: &RefreshRow) -> Result<TokenError, Internal> {
    const WHY: &str = "refresh_token_reused";
    let family = &row.family;
    let user_id = family.person.user_id;
    let mode = ctx.config().tokens.refresh_reuse;
    let mut tx = ctx.core.db().write().await?;
    let (told, is_first) = match mode {
        ReuseMode::RevokeFamily => ("revoke_family", revoke_grant(&mut tx, ctx, family.grant_id, user_id, WHY).await?),
        ReuseMode::RevokeUser => {
            let ended = revoke_of_user(&mut tx, ctx, user_id, None, WHY).await?;
            session::end_all_of_user(&mut tx, ctx, user_id, None).await?;
            ("revoke_user", ended > 0)
        }
        ReuseMode::LogOnly => ("log_only", true),
    };
    if is_first {
        let details = serde_json::json!({ "grant": family.grant_id, "mode": told });
        let entry = audit::Entry::about(AuditKind::RefreshTokenReused, user_id);
        audit::record(&mut tx, ctx, entry.with_client(&family.client_id).with_details(details)).await?;
        if mode != ReuseMode::LogOnly {
            let everything_ended = mode == ReuseMode::RevokeUser;
            let message =
                Message::RefreshTokenReused { application: client.name.clone(), at: ctx.now(), everything_ended };
            tell(&mut tx, ctx, &family.person, message).await?;
        }
    }
    tx.commit().await?;
    if is_first {
        tracing::warn!(grant = %family.grant_id, mode = told, "an old refresh token came back");
    }
    Ok(TokenError::invalid_grant("the refresh token was used before"))
}

/// Puts a mail to a person into the outbox.
pub(super) async fn tell(tx: &mut Tx, ctx: &Ctx, person: &PersonRow, message: Message) -> Result<(), Internal> {
    let to = EmailAddress::try_from(person.email.as_str());
    let to = to.map_err(|cause| Internal::new("read a stored address", cause))?;
    let name = person.display_name.as_deref().and_then(|name| DisplayName::try_from(name).ok());
    mail::enqueue_to(tx, ctx, person.user_id, Mail::new(to, name, message)).await
}
