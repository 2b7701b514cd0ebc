//! A device asks for a code (RFC 8628 §3.1, §3.2).

use std::sync::Arc;

use super::{POLL_INTERVAL, REQUEST_LIFE, UserCode};
use crate::{
    client::{Client, ClientKind},
    core::Ctx,
    error::Internal,
    grant::{
        checks,
        details::DecoupledDetails,
        store::decoupled::{self, NewRequest},
        tokens::TokenError,
    },
    protocol::{GrantType, OAuthError, OAuthErrorCode, ScopeSet, TokenAim},
    secret::{PlainToken, TokenKind},
};

/// How often a code is drawn again that is taken. One in ten thousand million is, at a million at once.
const DRAWS: usize = 5;

/// A device asks.
#[derive(Debug)]
pub struct BeginDevice {
    /// The client, authenticated as at the token endpoint.
    pub client: Arc<Client>,
    /// What it wants; there is no default.
    pub scope: ScopeSet,
    /// What the tokens are to be for.
    pub aim: TokenAim,
}

/// What the device shows and what it polls with.
#[derive(Debug)]
pub struct DeviceBegun {
    /// What it polls with.
    pub device_code: PlainToken,
    /// What the person types.
    pub user_code: UserCode,
    /// How long both are good, in seconds.
    pub expires_in: u64,
    /// Seconds between two polls.
    pub interval: u32,
}

/// Stores a request that somebody can decide about who knows its code.
///
/// # Errors
/// [`TokenError::Refused`] with `unauthorized_client`, `invalid_scope`, `invalid_target` or
/// `invalid_authorization_details`; [`TokenError::TooMany`] for a client that proves nothing (I5).
pub async fn begin_device(ctx: &Ctx, cmd: BeginDevice) -> Result<DeviceBegun, TokenError> {
    let BeginDevice { client, scope, aim } = cmd;
    if !client.settings.allows(GrantType::DeviceCode) {
        let why = "the client is not registered for the device authorization grant";
        return Err(OAuthError::new(OAuthErrorCode::UnauthorizedClient, why).into());
    }
    if client.settings.kind() == ClientKind::Public {
        ctx.core.limits().stored_request(ctx)?;
    }
    let core = &ctx.core;
    let scope = checks::decoupled(core, &client, scope, &aim).await?;
    let details = DecoupledDetails::of(ctx, aim);
    let now = ctx.now();
    let device_code = PlainToken::generate(TokenKind::DeviceCode, core.entropy());
    let mut tx = core.db().write().await?;
    for _ in 0..DRAWS {
        let user_code = UserCode::generate(core.entropy());
        let request = NewRequest {
            id: ctx.new_id(),
            kind: super::DecoupledKind::Device.as_str(),
            digest: device_code.digest(),
            user_code_digest: Some(user_code.digest(core)),
            client_id: client.id.clone(),
            user_id: None,
            scope: scope.clone(),
            details: details.clone(),
            interval_secs: POLL_INTERVAL.into(),
            now,
            expires_at: now + REQUEST_LIFE,
        };
        if decoupled::insert(&mut tx, request).await? {
            tx.commit().await?;
            return Ok(DeviceBegun {
                device_code,
                user_code,
                expires_in: REQUEST_LIFE.as_secs(),
                interval: POLL_INTERVAL,
            });
        }
    }
    Err(Internal::new("draw a user code", "every code that was drawn is taken").into())
}
