//! The client polls (RFC 8628 §3.4 and §3.5, CIBA §10.1 and §11).
//!
//! Before the decision the answer is `authorization_pending`, or `slow_down` to who asks again before the interval is
//! over: that grows by five seconds each time and stays grown. After it, the tokens are collected once: of any number of
//! polls at once exactly one wins, and the others learn that they were late. (Nothing is revoked then: the code travels
//! between us and its client only, and a client that polls twice at once has lost nothing.)

use std::sync::Arc;

use crate::{
    audit::{self, AuditKind},
    client::Client,
    core::Ctx,
    grant::{
        issue::Issue,
        store::{
            decoupled::{self, RequestRow},
            grants,
        },
        tokens::{IssuedTokens, TokenError},
    },
    protocol::{Confirmation, GrantType, OAuthError, OAuthErrorCode, TokenAim},
    secret::{PlainToken, SecretString, TokenKind},
};

/// Seconds that a poll may come too early: networks do not keep time.
const LEEWAY: i64 = 1;
/// By this much the interval grows (RFC 8628 §3.5).
const STEP: i64 = 5;
/// No further than this.
const LONGEST_INTERVAL: i64 = 60;

text_enum! {
    /// Which of the two standards a request belongs to.
    pub enum DecoupledKind {
        /// RFC 8628.
        Device = "device",
        /// CIBA.
        Backchannel = "backchannel",
    }
}

impl DecoupledKind {
    const fn grant_type(self) -> GrantType {
        match self {
            Self::Device => GrantType::DeviceCode,
            Self::Backchannel => GrantType::Ciba,
        }
    }

    const fn token_kind(self) -> TokenKind {
        match self {
            Self::Device => TokenKind::DeviceCode,
            Self::Backchannel => TokenKind::BackchannelRequest,
        }
    }
}

/// A client asks whether somebody has decided.
#[derive(Debug)]
pub struct CollectTokens {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// Which grant it asks by.
    pub kind: DecoupledKind,
    /// Its device code, or `auth_req_id`.
    pub code: SecretString,
    /// What the client proved to hold; the access token is bound to it.
    pub confirmation: Confirmation,
    /// What the access token is to be for, of what was granted.
    pub aim: TokenAim,
}

/// Answers a poll: tokens, once, if the person said yes.
///
/// # Errors
/// [`TokenError::Refused`] with `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, or `invalid_grant`
/// for what is unknown, another client's or collected already.
pub async fn collect_tokens(ctx: &Ctx, cmd: CollectTokens) -> Result<IssuedTokens, TokenError> {
    let CollectTokens { client, kind, code, confirmation, aim } = cmd;
    if !client.settings.allows(kind.grant_type()) {
        return Err(OAuthError::bare(OAuthErrorCode::UnauthorizedClient).into());
    }
    let code = PlainToken::parse(kind.token_kind(), code.expose()).ok_or_else(|| unknown(kind))?;
    let mut conn = ctx.core.db().read().await?;
    let row = decoupled::find(&mut conn, code.digest()).await?;
    drop(conn);
    let row = row.filter(|row| row.client_id == client.id && row.kind == kind.as_str()).ok_or_else(|| unknown(kind))?;
    if row.redeemed_at.is_some() {
        return Err(collected());
    }
    if ctx.now() >= row.expires_at {
        return Err(OAuthError::new(OAuthErrorCode::ExpiredToken, "nobody decided in time: begin again").into());
    }
    match (row.is_allowed, row.grant_id) {
        (None, _) => Err(pending(ctx, &row).await?),
        (Some(true), Some(grant_id)) => {
            let mut conn = ctx.core.db().read().await?;
            let family = grants::find(&mut conn, grant_id).await?;
            drop(conn);
            let family = family.filter(|family| family.is_alive(ctx.now()));
            let family =
                family.ok_or_else(|| TokenError::invalid_grant("the sign-in that the answer came from has ended"))?;
            let auth_req_id = (kind == DecoupledKind::Backchannel).then_some(&code);
            let issue = Issue { client: &client, family: &family, confirmation: &confirmation, aim: &aim, auth_req_id };
            let tokens = issue.make(ctx).await?;
            let details = serde_json::json!({ "grant": grant_id, "scope": family.scope });
            let entry = audit::Entry::about(AuditKind::TokensIssued, family.person.user_id)
                .with_client(&client.id)
                .with_details(details);
            let mut tx = ctx.core.db().write().await?;
            if !decoupled::redeem(&mut tx, row.id, ctx.now()).await? {
                return Err(collected());
            }
            tokens.store(&mut tx, ctx, &family).await?;
            audit::record(&mut tx, ctx, entry).await?;
            tx.commit().await?;
            Ok(tokens.issued)
        }
        (Some(_), _) => Err(OAuthError::new(OAuthErrorCode::AccessDenied, "the person said no").into()),
    }
}

fn unknown(kind: DecoupledKind) -> TokenError {
    TokenError::invalid_grant(match kind {
        DecoupledKind::Device => "the device_code is unknown, or was issued to another client",
        DecoupledKind::Backchannel => "the auth_req_id is unknown, or was issued to another client",
    })
}

fn collected() -> TokenError {
    TokenError::invalid_grant("the tokens were collected before")
}

/// Nobody has decided yet. Counts the poll.
async fn pending(ctx: &Ctx, row: &RequestRow) -> Result<TokenError, TokenError> {
    let now = ctx.now();
    let mut tx = ctx.core.db().write().await?;
    let in_time = decoupled::note_poll(&mut tx, row.id, now, LEEWAY).await?;
    if !in_time {
        decoupled::slow_down(&mut tx, row.id, now, STEP, LONGEST_INTERVAL).await?;
    }
    tx.commit().await?;
    Ok(if in_time {
        OAuthError::new(OAuthErrorCode::AuthorizationPending, "nobody has decided yet").into()
    } else {
        OAuthError::new(OAuthErrorCode::SlowDown, "too soon: from now on wait five seconds longer between two polls")
            .into()
    })
}
