//! What the consent page shows (D10).

use std::sync::Arc;

use url::Url;

use super::{
    checks::{Outcome, Situation, is_optional},
    interaction::Pending,
    store::people::PersonRow,
};
use crate::{
    client::Client,
    core::Ctx,
    error::Internal,
    id::UserId,
    protocol::{Scope, ScopeSet},
    secret::PlainToken,
};

/// Who asks whom for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRequest {
    /// Who asks.
    pub client_name: String,
    /// Their host.
    pub client_domain: Option<String>,
    /// Their home page.
    pub client_uri: Option<Url>,
    /// Their logo.
    pub logo_uri: Option<Url>,
    /// Their privacy policy.
    pub policy_uri: Option<Url>,
    /// Their terms of service.
    pub tos_uri: Option<Url>,
    /// Who is asked.
    pub person: ConsentPerson,
    /// What for, in the order of the page.
    pub scopes: Vec<ConsentScope>,
    /// Where the answer will go, as a source for `form-action` of the Content-Security-Policy.
    pub redirect_origin: String,
}

/// Who is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentPerson {
    /// Their id.
    pub id: UserId,
    /// The name others see.
    pub display_name: Option<String>,
    /// The short name.
    pub username: Option<String>,
    /// Their address.
    pub email: String,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentScope {
    /// The scope.
    pub scope: Scope,
    /// It can be left out.
    pub optional: bool,
    /// It was allowed before, and remembered.
    pub granted_before: bool,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum GetConsentError {
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first: go to the sign-in page.
    #[error("sign in first")]
    SignIn,
    /// Nothing has to be asked: go on to `/connect/resume`.
    #[error("nothing has to be asked")]
    NotNeeded,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A request that waits for the consent of the person who asks.
pub(super) struct Question {
    pub(super) client: Arc<Client>,
    pub(super) pending: Pending,
    pub(super) situation: Situation,
}

/// The question behind a handle. A decision that was taken already is put aside: as long as the application is not
/// answered, the last word counts.
pub(super) async fn find_question(ctx: &Ctx, handle: &PlainToken) -> Result<Question, GetConsentError> {
    let found = Pending::find(ctx, handle).await?;
    let Some((mut pending, Some(client))) = found else { return Err(GetConsentError::Gone) };
    pending.state.decision = None;
    match pending.outcome(ctx, &client).await? {
        (situation, Outcome::Consent) => Ok(Question { client, pending, situation }),
        (_, Outcome::SignIn(_)) => Err(GetConsentError::SignIn),
        (_, Outcome::Grant { .. } | Outcome::Refuse(_)) => Err(GetConsentError::NotNeeded),
    }
}

/// What the person who asks is to be asked.
///
/// # Errors
/// [`GetConsentError`]
pub async fn get_consent(ctx: &Ctx, handle: &PlainToken) -> Result<ConsentRequest, GetConsentError> {
    let Question { client, pending, situation } = find_question(ctx, handle).await?;
    let person = situation.signed_in.as_ref().map(|row| row.person.clone()).ok_or(GetConsentError::SignIn)?;
    let before = situation.remembered.as_ref().map(|remembered| &remembered.granted);
    let redirect_origin = pending.request.target.redirect_uri.csp_source().to_owned();
    Ok(describe(&client, person, situation.asked(), before, redirect_origin))
}

/// Who asks whom for what, in the order of the page.
pub(super) fn describe(
    client: &Client,
    person: PersonRow,
    asked: ScopeSet,
    before: Option<&ScopeSet>,
    redirect_origin: String,
) -> ConsentRequest {
    let mut scopes: Vec<_> = asked
        .into_iter()
        .map(|scope| ConsentScope {
            optional: is_optional(&scope),
            granted_before: before.is_some_and(|before| before.contains(&scope)),
            scope,
        })
        .collect();
    scopes.sort_by_key(|line| (line.optional, place(&line.scope)));
    let settings = &client.settings;
    ConsentRequest {
        client_name: client.name.clone(),
        client_domain: settings.domain(),
        client_uri: settings.client_uri.clone(),
        logo_uri: settings.logo_uri.clone(),
        policy_uri: settings.policy_uri.clone(),
        tos_uri: settings.tos_uri.clone(),
        person: ConsentPerson {
            id: person.user_id,
            display_name: person.display_name,
            username: person.username,
            email: person.email,
        },
        scopes,
        redirect_origin,
    }
}

/// The standard scopes come first, in their own order.
fn place(scope: &Scope) -> usize {
    Scope::STANDARD.iter().position(|standard| standard == scope).unwrap_or(Scope::STANDARD.len())
}
