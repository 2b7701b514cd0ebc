//! Everything the checks look at.

use std::sync::Arc;

use super::super::{
    details::InteractionState,
    id_token_hint,
    interaction::Pending,
    place::Place,
    store::{
        consents::{self, Remembered},
        people::{self, SignedInRow},
    },
    subject::subject_of,
};
use crate::{
    client::Client,
    clock::Timestamp,
    config::DetailsType,
    core::{Core, Ctx},
    db::Conn,
    error::Internal,
    factor::{self, SecondFactor},
    protocol::{AuthorizationRequest, GrantType, MaxAge, Prompt, Scope, ScopeSet, standard_claims::scopes_implied_by},
    resource::{Catalogue, find_catalogue},
};

/// A request, its client and the person who asks, as they are at this moment.
#[derive(Debug)]
pub(in crate::grant) struct Situation {
    pub(in crate::grant) now: Timestamp,
    /// When the request arrived.
    pub(in crate::grant) begun_at: Timestamp,
    pub(in crate::grant) client: Arc<Client>,
    pub(in crate::grant) request: AuthorizationRequest,
    pub(in crate::grant) state: InteractionState,
    /// The person, if their session is alive.
    pub(in crate::grant) signed_in: Option<SignedInRow>,
    /// They have a second factor that makes `mfa` of the password; looked up where contexts are asked for.
    pub(in crate::grant) has_second_factor: bool,
    /// They have a passkey; looked up there, too.
    pub(in crate::grant) has_passkey: bool,
    /// The organisation that they act in.
    pub(in crate::grant) place: Place,
    /// How they are named to the client.
    pub(in crate::grant) subject: Option<String>,
    pub(in crate::grant) hint: Hint,
    pub(in crate::grant) remembered: Option<Remembered>,
    /// The resources and scopes that are known here.
    pub(in crate::grant) catalogue: Arc<Catalogue>,
    /// The types of `authorization_details` that are known here.
    pub(in crate::grant) details_types: Vec<DetailsType>,
}

/// What the `id_token_hint` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::grant) enum Hint {
    /// There is none.
    Absent,
    /// An ID token of ours, about this person.
    Subject(String),
    /// Something else.
    Unreadable,
}

impl Situation {
    /// Reads all of it.
    pub(in crate::grant) async fn load(ctx: &Ctx, client: &Arc<Client>, pending: &Pending) -> Result<Self, Internal> {
        let now = ctx.now();
        let hint = read_hint(&ctx.core, client, &pending.request).await?;
        let mut signed_in = None;
        let mut remembered = None;
        let (mut has_second_factor, mut has_passkey) = (false, false);
        if let Some(actor) = ctx.user() {
            let mut conn = ctx.core.db().read().await?;
            signed_in = find_signed_in(ctx, &mut conn).await?;
            let needs_consent = !client.settings.first_party
                || pending.request.prompt.contains(Prompt::Consent)
                || !pending.request.authorization_details.is_empty();
            if signed_in.is_some() && asks_for_context(client, &pending.request) {
                let has = factor::of_user(&mut conn, ctx.config(), actor.user_id).await?.methods;
                has_second_factor = has.iter().any(|&method| method.is_other_kind() && method != SecondFactor::Passkey);
                has_passkey = has.contains(&SecondFactor::Passkey);
            }
            if signed_in.is_some() && needs_consent {
                remembered = consents::find(&mut conn, actor.user_id, client.id.clone()).await?;
            }
        }
        let place = match &signed_in {
            Some(row) => {
                let person = (row.person.user_id, row.amr.0.as_slice());
                Place::find(ctx, &pending.request, &pending.state, person).await?
            }
            None => Place::Nowhere,
        };
        let subject = signed_in.as_ref().map(|row| subject_of(&ctx.core, client, row.person.user_id));
        Ok(Self {
            now,
            begun_at: pending.begun_at,
            client: Arc::clone(client),
            request: pending.request.clone(),
            state: pending.state.clone(),
            signed_in,
            has_second_factor,
            has_passkey,
            place,
            subject,
            hint,
            remembered,
            catalogue: find_catalogue(&ctx.core).await?,
            details_types: ctx.config().authorization.details_types.clone(),
        })
    }

    /// The scopes that can be granted. A client that may not use refresh tokens is not given `offline_access`, and is
    /// not told off for asking either: OIDC Core §11 says to ignore it.
    pub(in crate::grant) fn scope(&self) -> ScopeSet {
        let mut scope = self.request.scope.clone();
        if !self.client.settings.allows(GrantType::RefreshToken) {
            scope.remove(&Scope::OFFLINE_ACCESS);
        }
        scope
    }

    /// Everything the person is asked for: the scopes, and those whose claims are asked for by name (as far as the
    /// client may ask for them; a claim beyond that is left out like every claim that is not known, so nobody is asked).
    pub(in crate::grant) fn asked(&self) -> ScopeSet {
        let implied = self.request.claims.as_ref().map(scopes_implied_by).unwrap_or_default();
        self.scope().union(&implied.intersect(&self.client.settings.scopes))
    }

    /// How old the authentication may be (OIDC Core §3.1.2.1, OIDC Registration §2 `default_max_age`).
    pub(in crate::grant) fn max_age(&self) -> Option<MaxAge> {
        self.request.max_age.or_else(|| self.client.settings.default_max_age.map(MaxAge::from_seconds))
    }

    /// The contexts that the client wishes for, best first (OIDC Core §3.1.2.1; Registration §2, `default_acr_values`).
    pub(in crate::grant) fn acr_wishes(&self) -> &[String] {
        acr_wishes(&self.client, &self.request)
    }

    /// Whether the person proved who they are after the request began. The session that was there before cannot have
    /// been made by it, even if both carry the same microsecond.
    pub(in crate::grant) fn is_fresh(&self, signed_in: &SignedInRow) -> bool {
        let is_new = self.state.began_with != Some(signed_in.session_id);
        signed_in.auth_time > self.begun_at || (is_new && signed_in.auth_time == self.begun_at)
    }

    /// Whether the person said after the request began that they are the one: by signing in, or by choosing.
    pub(in crate::grant) fn is_chosen(&self, signed_in: &SignedInRow) -> bool {
        self.state.chosen == Some(signed_in.session_id) || self.is_fresh(signed_in)
    }
}

fn acr_wishes<'a>(client: &'a Client, request: &'a AuthorizationRequest) -> &'a [String] {
    if request.acr_values.is_empty() { &client.settings.default_acr_values } else { &request.acr_values }
}

/// Whether it matters which contexts the person could reach.
fn asks_for_context(client: &Client, request: &AuthorizationRequest) -> bool {
    let by_name = request.claims.as_ref().and_then(|claims| claims.acr()).is_some();
    by_name || !acr_wishes(client, request).is_empty()
}

/// The person who asks, if their session is alive at this moment.
pub(in crate::grant) async fn find_signed_in(ctx: &Ctx, conn: &mut Conn) -> Result<Option<SignedInRow>, Internal> {
    let Some(actor) = ctx.user() else { return Ok(None) };
    let row = people::find_signed_in(conn, actor.session_id).await?;
    Ok(row.filter(|row| {
        row.person.user_id == actor.user_id
            && row.session_ended_at.is_none()
            && ctx.now() < row.session_expires_at
            && row.person.stands_by(row.session_stamp)
    }))
}

/// Verifies the hint (OIDC Core §3.1.2.1): signed by us, for this client; it may have expired.
async fn read_hint(core: &Core, client: &Client, request: &AuthorizationRequest) -> Result<Hint, Internal> {
    let Some(text) = &request.id_token_hint else { return Ok(Hint::Absent) };
    Ok(id_token_hint::read(core, client, text)
        .await?
        .map_or(Hint::Unreadable, |claims| Hint::Subject(claims.sub.into_owned())))
}
