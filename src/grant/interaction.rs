//! Interactions: authorization requests that wait for a person.
//!
//! An interaction is bound to nothing but its 256-bit handle, which stands in the address of the pages. Who has the
//! handle can sign in and decide for themselves, never for somebody else: what is answered is always about the session
//! of the browser that asks.

use std::sync::Arc;

use sqlx::types::Json;
use url::Url;

use super::{
    checks::{self, Outcome, Situation, WhySignIn},
    details::InteractionState,
    store::interactions::{self, InteractionRow},
    tokens::TokenError,
};
use crate::{
    account::Least,
    client::{Client, find_client},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::InteractionId,
    protocol::{AuthorizationRequest, Prompt, Scope},
    secret::{PlainToken, TokenKind},
};

/// What the pages on the way show of a request.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InteractionView {
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Where their logo is, on our own host.
    pub logo_path: Option<String>,
    /// Their privacy policy.
    pub policy_uri: Option<Url>,
    /// Their terms of service.
    pub tos_uri: Option<Url>,
    /// What to fill in as the name; it proves nothing.
    pub login_hint: Option<String>,
    /// Somebody is signed in, and has to prove again who they are.
    pub reauthenticate: bool,
    /// Somebody is signed in with the password, and has to show this much more (B6).
    pub more: Option<Least>,
    /// Signing in is done, or was not needed: go on to `/connect/resume`.
    pub signed_in: bool,
    /// Somebody is signed in, and perhaps is not meant: which account it is to be is for the person to say.
    pub choose: bool,
    /// It asks for an organisation and names none: that is for the person to say, too (C2, E12).
    pub choose_organization: bool,
    /// Begin at registration (`prompt=create`).
    pub create: bool,
    /// Where the answer will go, as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: String,
}

/// A request on its way, stored or not.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// Its row and handle, once it is stored.
    pub(super) stored: Option<(InteractionId, PlainToken)>,
    pub(super) request: AuthorizationRequest,
    pub(super) state: InteractionState,
    pub(super) begun_at: Timestamp,
}

impl Pending {
    /// A request that has just arrived.
    pub(super) fn new(ctx: &Ctx, request: AuthorizationRequest) -> Self {
        let began_with = ctx.user().map(|user| user.session_id);
        let state = InteractionState { began_with, ..InteractionState::default() };
        Self { stored: None, request, state, begun_at: ctx.now() }
    }

    /// A request that waits, and its client; `client` is none when that was disabled meanwhile.
    pub(super) async fn find(ctx: &Ctx, handle: &PlainToken) -> Result<Option<(Self, Option<Arc<Client>>)>, Internal> {
        let mut conn = ctx.core.db().read().await?;
        let row = interactions::find(&mut conn, handle.digest(), ctx.now()).await?;
        drop(conn);
        let Some(row) = row else { return Ok(None) };
        let client = find_client(&ctx.core, &row.client_id).await?;
        let pending = Self {
            stored: Some((row.id, handle.clone())),
            request: row.request.0,
            state: row.state.0,
            begun_at: row.created_at,
        };
        Ok(Some((pending, client)))
    }

    /// Stores it, if it is not, and gives its handle.
    pub(super) async fn store(self, ctx: &Ctx) -> Result<PlainToken, Internal> {
        if let Some((_, handle)) = self.stored {
            return Ok(handle);
        }
        let handle = PlainToken::generate(TokenKind::Interaction, ctx.core.entropy());
        let row = InteractionRow {
            id: ctx.new_id(),
            client_id: self.request.target.client_id.clone(),
            request: Json(self.request),
            state: Json(self.state),
            created_at: self.begun_at,
        };
        let expires_at = self.begun_at + ctx.config().tokens.interaction_ttl;
        let mut tx = ctx.core.db().write().await?;
        interactions::insert(&mut tx, row, handle.digest(), expires_at).await?;
        tx.commit().await?;
        Ok(handle)
    }

    /// Runs the checks that need no person.
    pub(super) async fn judge(&self, ctx: &Ctx, client: &Arc<Client>) -> Result<(), TokenError> {
        Ok(checks::judge(&Situation::load(ctx, client, self).await?)?)
    }

    /// How it stands with the person who asks.
    pub(super) async fn outcome(&self, ctx: &Ctx, client: &Arc<Client>) -> Result<(Situation, Outcome), Internal> {
        let situation = Situation::load(ctx, client, self).await?;
        let outcome = checks::run(&situation);
        Ok((situation, outcome))
    }
}

/// The request behind a handle; none when it was answered, took too long, or never was.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_interaction(ctx: &Ctx, handle: &PlainToken) -> Result<Option<InteractionView>, Internal> {
    let Some((pending, Some(client))) = Pending::find(ctx, handle).await? else { return Ok(None) };
    let (_, outcome) = pending.outcome(ctx, &client).await?;
    let settings = &client.settings;
    Ok(Some(InteractionView {
        client_name: client.name.clone(),
        client_domain: client.domain(),
        logo_path: client.logo_path(ctx.config()),
        policy_uri: settings.policy_uri.clone(),
        tos_uri: settings.tos_uri.clone(),
        login_hint: pending.request.login_hint.clone(),
        reauthenticate: matches!(outcome, Outcome::SignIn(WhySignIn::Again)),
        more: match outcome {
            Outcome::SignIn(WhySignIn::More(least)) => Some(least),
            _ => None,
        },
        signed_in: !matches!(outcome, Outcome::SignIn(_)),
        choose: matches!(outcome, Outcome::SignIn(WhySignIn::Other)),
        choose_organization: pending.request.organization.is_none()
            && pending.request.scope.contains(&Scope::ORGANIZATION),
        create: pending.request.prompt.contains(Prompt::Create),
        redirect_origin: pending.request.target.redirect_uri.csp_source().to_owned(),
    }))
}
