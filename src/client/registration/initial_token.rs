//! Tokens that let somebody register clients (RFC 7591 §1.2).

use super::store::{self, TokenRow};
use crate::{
    audit::{self, AuditKind},
    authz::{Denied, require_operator},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::InitialTokenId,
    secret::{PlainToken, TokenKind},
};

/// Make a token that lets somebody register clients.
#[derive(Clone, Debug, Default)]
pub struct CreateInitialToken {
    /// How many clients it is good for; any number when absent.
    pub max_uses: Option<u32>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// The policy of the configuration its clients keep to; the general one when absent.
    pub policy: Option<String>,
}

/// There is a new token.
#[derive(Debug)]
pub struct InitialTokenCreated {
    /// By which it is listed and revoked.
    pub id: InitialTokenId,
    /// The token. Shown this once.
    pub token: PlainToken,
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitialToken {
    /// By which it is revoked.
    pub id: InitialTokenId,
    /// It can be used.
    pub is_good: bool,
    /// The policy its clients keep to.
    pub policy: Option<String>,
    /// How many clients it is good for.
    pub max_uses: Option<u32>,
    /// How many it was used for.
    pub uses: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// Why nothing was done about tokens.
#[derive(Debug, thiserror::Error)]
pub enum InitialTokenError {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The configuration has no such policy.
    #[error("client_registration.policies has no policy of this name")]
    NoSuchPolicy,
    /// It would never have been of use.
    #[error("a token must be good for at least one client, and end in the future")]
    Useless,
    /// There is no such token, or it was revoked before.
    #[error("there is no such token, or it is revoked already")]
    NotFound,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Makes a token.
///
/// # Errors
/// [`InitialTokenError`]
pub async fn create_initial_token(
    ctx: &Ctx,
    cmd: CreateInitialToken,
) -> Result<InitialTokenCreated, InitialTokenError> {
    require_operator(ctx)?;
    let policies = &ctx.config().client_registration.policies;
    if cmd.policy.as_ref().is_some_and(|name| !policies.contains_key(name)) {
        return Err(InitialTokenError::NoSuchPolicy);
    }
    let now = ctx.now();
    if cmd.max_uses == Some(0) || cmd.expires_at.is_some_and(|at| at <= now) {
        return Err(InitialTokenError::Useless);
    }
    let token = PlainToken::generate(TokenKind::InitialAccess, ctx.core.entropy());
    let id: InitialTokenId = ctx.new_id();
    let details = serde_json::json!({ "id": id, "policy": cmd.policy, "max_uses": cmd.max_uses });
    let row = TokenRow {
        id,
        policy: cmd.policy,
        max_uses: cmd.max_uses.map(i64::from),
        uses: 0,
        created_at: now,
        expires_at: cmd.expires_at,
        revoked_at: None,
    };
    let mut tx = ctx.core.db().write().await?;
    store::insert_token(&mut tx, row, token.digest()).await?;
    let entry = audit::Entry::new(AuditKind::InitialTokenCreated).with_details(details);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(InitialTokenCreated { id, token })
}

/// The newest `limit` tokens.
///
/// # Errors
/// [`InitialTokenError`]
pub async fn list_initial_tokens(ctx: &Ctx, limit: u32) -> Result<Vec<InitialToken>, InitialTokenError> {
    require_operator(ctx)?;
    let mut conn = ctx.core.db().read().await?;
    let rows = store::list_tokens(&mut conn, limit.into()).await?;
    Ok(rows.into_iter().map(|row| row.into_token(ctx.now())).collect())
}

/// Ends a token. Clients that were registered with it stay.
///
/// # Errors
/// [`InitialTokenError`]
pub async fn revoke_initial_token(ctx: &Ctx, id: InitialTokenId) -> Result<(), InitialTokenError> {
    require_operator(ctx)?;
    let mut tx = ctx.core.db().write().await?;
    if !store::revoke_token(&mut tx, id, ctx.now()).await? {
        return Err(InitialTokenError::NotFound);
    }
    let details = serde_json::json!({ "id": id });
    let entry = audit::Entry::new(AuditKind::InitialTokenRevoked).with_details(details);
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}
