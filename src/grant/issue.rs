//! The tokens of a person's grant, all that its scopes ask for, for the grants without a code.

use super::{
    aim::Aim,
    binding::bind_refresh_tokens,
    mint::{self, AccessToken, Mint},
    store::{grants::FamilyRow, refresh_tokens},
    tokens::{IssuedTokens, TokenError},
};
use crate::{
    client::{Client, ClientKind},
    core::Ctx,
    db::Tx,
    error::Internal,
    protocol::{Confirmation, GrantType, Scope, TokenAim},
    secret::{PlainToken, TokenKind},
};

/// What is to be issued.
pub(super) struct Issue<'a> {
    pub(super) client: &'a Client,
    pub(super) family: &'a FamilyRow,
    /// What the access token is bound to.
    pub(super) confirmation: &'a Confirmation,
    /// What the access token is to be for, of what was granted.
    pub(super) aim: &'a TokenAim,
    /// The backchannel request that the ID token answers (CIBA §10.3.1).
    pub(super) auth_req_id: Option<&'a PlainToken>,
}

/// Tokens that are made and not yet stored.
pub(super) struct Made {
    pub(super) issued: IssuedTokens,
    access_token: AccessToken,
    client_kind: ClientKind,
}

impl Issue<'_> {
    /// Makes them: access token, with `openid` an ID token, with `offline_access` a refresh token.
    ///
    /// # Errors
    /// `invalid_target` or `invalid_authorization_details` for more than was granted.
    pub(super) async fn make(&self, ctx: &Ctx) -> Result<Made, TokenError> {
        let core = &ctx.core;
        let Self { client, family, confirmation, aim, auth_req_id } = *self;
        let scope = family.read_scope()?;
        let aim = Aim::narrowed(core, client, family, &scope, aim).await?;
        let mint = Mint {
            client,
            family,
            scope: &scope,
            aim: &aim,
            issued_at: ctx.now(),
            unique: mint::unique(core),
            confirmation,
            beside: None,
        };
        let access_token = mint.access_token(core).await?;
        let id_token = mint.id_token(core, &access_token.text, None, auth_req_id).await?;
        let offline = scope.contains(&Scope::OFFLINE_ACCESS) && client.settings.allows(GrantType::RefreshToken);
        let issued = IssuedTokens {
            access_token: access_token.text.clone(),
            confirmation: confirmation.clone(),
            expires_in: access_token.exp - ctx.now().as_secs(),
            refresh_token: offline.then(|| PlainToken::generate(TokenKind::Refresh, core.entropy())),
            id_token,
            scope: aim.scope,
            authorization_details: aim.details,
            issued_token_type: None,
        };
        Ok(Made { issued, access_token, client_kind: client.settings.kind() })
    }
}

impl Made {
    /// Stores what there is to store, in the transaction that uses up what they were issued for.
    pub(super) async fn store(&self, tx: &mut Tx, ctx: &Ctx, family: &FamilyRow) -> Result<(), Internal> {
        self.access_token.store(tx).await?;
        if let Some(token) = &self.issued.refresh_token {
            let now = ctx.now();
            let expires_at = (now + ctx.config().tokens.refresh_idle).min(family.grant_expires_at);
            refresh_tokens::insert(tx, token.digest(), family.grant_id, now, expires_at).await?;
            bind_refresh_tokens(tx, self.client_kind, family, &self.issued.confirmation).await?;
        }
        Ok(())
    }
}
