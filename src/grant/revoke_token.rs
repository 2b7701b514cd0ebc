//! A client gives a token back (RFC 7009, D6).

use std::sync::Arc;

use super::{
    access::find_alive,
    revoke::revoke_grant,
    store::{access, refresh_tokens},
};
use crate::{
    audit::{self, AuditKind},
    client::Client,
    clock::Timestamp,
    core::Ctx,
    db::Touched,
    error::Internal,
    protocol::TokenTypeHint,
    secret::{PlainToken, SecretString, TokenKind},
};

/// A client wants a token to end.
#[derive(Debug)]
pub struct Revoke {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The token.
    pub token: SecretString,
    /// What the client believes it to be. Our tokens tell by themselves, so it is not needed.
    pub hint: Option<TokenTypeHint>,
}

/// Ends a token of the client that asks: a refresh token with its whole family, an access token alone. A token that is
/// unknown or somebody else's is answered the same way, and nothing happens to it (RFC 7009 §2.2).
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn revoke(ctx: &Ctx, cmd: Revoke) -> Result<(), Internal> {
    match PlainToken::parse(TokenKind::Refresh, cmd.token.expose()) {
        Some(token) => revoke_refresh_token(ctx, &cmd.client, &token).await,
        None => revoke_access_token(ctx, &cmd.client, cmd.token.expose()).await,
    }
}

async fn revoke_refresh_token(ctx: &Ctx, client: &Client, token: &PlainToken) -> Result<(), Internal> {
    let mut conn = ctx.core.db().read().await?;
    let row = refresh_tokens::find(&mut conn, token.digest()).await?;
    drop(conn);
    // An old token of the family ends it as well: the client is done with it.
    let Some(row) = row.filter(|row| row.family.client_id == client.id) else { return Ok(()) };
    let user_id = row.family.person.user_id;
    let mut tx = ctx.core.db().write().await?;
    if revoke_grant(&mut tx, ctx, row.family.grant_id, user_id, "revoked_by_client").await? {
        let details = serde_json::json!({ "grant": row.family.grant_id });
        let entry = audit::Entry::about(AuditKind::TokensRevoked, user_id);
        audit::record(&mut tx, ctx, entry.with_client(&client.id).with_details(details)).await?;
    }
    tx.commit().await
}

async fn revoke_access_token(ctx: &Ctx, client: &Client, text: &str) -> Result<(), Internal> {
    let found = find_alive(&ctx.core, text).await?.filter(|token| token.claims.client_id == client.id);
    let Some(token) = found else { return Ok(()) };
    let jti = token.claims.jti.clone().into_owned();
    let mut tx = ctx.core.db().write().await?;
    access::revoke(&mut tx, jti.clone(), Timestamp::from_secs(token.claims.exp)).await?;
    // Whoever remembers the token looks again.
    let entry = if let Some((_, user_id)) = token.person {
        tx.touch(user_id);
        audit::Entry::about(AuditKind::TokensRevoked, user_id)
    } else {
        tx.touch(Touched::Clients);
        audit::Entry::new(AuditKind::TokensRevoked)
    };
    let entry = entry.with_client(&client.id).with_details(serde_json::json!({ "jti": jti }));
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await
}
