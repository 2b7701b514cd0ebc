//! The browsers that a person trusts.

use super::store;
use crate::{
    authz::{self, Denied},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::TrustedBrowserId,
    secret::PlainToken,
    user_agent::{DeviceDescription, UserAgent},
};

/// A trusted browser as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedBrowserView {
    /// Its id.
    pub id: TrustedBrowserId,
    /// `Firefox on Windows`; none where the browser did not say.
    pub device: Option<DeviceDescription>,
    /// It is the one that asks.
    pub is_current: bool,
    /// Since when.
    pub trusted_at: Timestamp,
    /// When it last saved a second step.
    pub last_used_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListTrustError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The trusted browsers of whoever asks, the newest first; `tokens` are those of the browser that asks.
///
/// # Errors
/// [`ListTrustError`].
pub async fn list_trusted_browsers(
    ctx: &Ctx,
    tokens: &[PlainToken],
) -> Result<Vec<TrustedBrowserView>, ListTrustError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let rows = store::list(&mut ctx.core.db().read().await?, user_id, ctx.now()).await?;
    let here: Vec<_> = tokens.iter().map(PlainToken::digest).collect();
    let views = rows.into_iter().map(|row| TrustedBrowserView {
        id: row.id,
        device: row.user_agent.as_deref().map(UserAgent::describe),
        is_current: here.contains(&row.digest),
        trusted_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
    });
    Ok(views.collect())
}
