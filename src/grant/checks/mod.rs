//! The rules for authorization requests: an ordered list of small named checks, one file each.
//!
//! The list is run from the top until one check does not pass. Everything it looks at is in the [`Situation`], read
//! beforehand, so each check is a pure function. Two entry points run it; a page in between changes nothing but the
//! situation.
//!
//! | # | check | rule | PAR | begin | resume | pages |
//! |---|-------|------|-----|-------|--------|-------|
//! | – | `AuthorizationTarget::parse` | `client_id` and `redirect_uri` are there once and well-formed | answer | page | stored | stored |
//! | 1 | [`client`] | known, enabled, not our own | proved | page | page | gone |
//! | 2 | [`redirect_uri`] | registered, compared exactly (RFC 9700 §4.1.3) | answer | page | page | – |
//! | – | `push_authorization::find` | `request_uri`: pushed by this client, not used, not too old (RFC 9126 §4) | answer | page | used up by the answer | stored |
//! | 3 | [`pushed`] | the request was pushed, where it must be (RFC 9126 §5, §6) | – | answer | – | – |
//! | – | `AuthorizationRequest::parse` | `response_type`, `response_mode`, `request` objects, `state`, `nonce`, PKCE method, `prompt`, `max_age`, `claims` are understood; nothing is there twice | answer | answer | stored | stored |
//! | – | `request_object::read` | a request object is signed by the client, for us, in time; nothing beside it counts (RFC 9101 §6) | answer | page, answer | stored | stored |
//! | 4 | [`grant_type`] | the client may use codes (RFC 6749 §4.1.2.1) | answer | answer | answer | ✓ |
//! | – | [`profile`] | a signed answer, where the client's profile asks for one (FAPI 2.0 Message Signing §5.4) | answer | answer | answer | ✓ |
//! | 5 | [`scope`] | the client may ask for this (RFC 6749 §3.3, OIDC Core §3.1.2.1) | answer | answer | answer | ✓ |
//! | 6 | [`pkce`] | `S256`, unless the client may leave it out (RFC 9700 §2.1.1) | answer | answer | answer | ✓ |
//! | 7 | [`resources`] | each `resource` is known, and the client may have tokens for it (RFC 8707 §2) | answer | answer | answer | ✓ |
//! | 8 | [`details`] | `authorization_details` are of types that are known, and the client's (RFC 9396 §5) | answer | answer | answer | ✓ |
//! | 9 | [`acr`] | an essential `acr` can be reached (OIDC Core §5.5.1.1) | answer | answer | answer | ✓ |
//! | 10 | [`id_token_hint`] | the hint is an ID token of ours for this client | answer | answer | answer | ✓ |
//! | 11 | [`signed_in`] | somebody is signed in | – | sign-in | sign-in | ✓ |
//! | 12 | [`subject`] | they are who the client means (OIDC Core §3.1.2.2) | – | sign-in | sign-in | ✓ |
//! | 13 | [`choice`] | `prompt=select_account`, `create`, and a `login_hint` of somebody else have had their page | – | sign-in | sign-in | ✓ |
//! | 14 | [`login`] | `prompt=login`: they proved who they are after the request began | – | sign-in | sign-in | ✓ |
//! | 15 | [`max_age`] | they did so recently enough | – | sign-in | sign-in | ✓ |
//! | 16 | [`acr`] | they did so in a way that an essential `acr` accepts | – | sign-in | sign-in | ✓ |
//! | 17 | [`organization`] | they are a member of the organisation that is named, or said in which they act (E12) | – | choice | choice | ✓ |
//! | 18 | [`organization`] | they showed the second factor that it asks for (E7) | – | sign-in, set-up | sign-in, set-up | ✓ |
//! | 19 | [`consent`] | the client may have this (D10, OIDC Core §3.1.2.4, §11) | – | consent | consent | ✓ |
//!
//! "pages" are the sign-in and consent pages and the decision, which run the list to learn whether they are the right
//! place. "PAR" is the endpoint for pushed requests, which answers the client itself. Where a page would be needed and `prompt=none` forbids it, the answer is an error of OIDC Core §3.1.2.6.
//! `ui_locales`, `display` and voluntary `acr_values` have no rule: they are wishes.
//!
//! Devices and backchannel requests, which lead to no page of ours by themselves, keep the rules 5, 7 and 8 ([`decoupled`]).

mod acr;
mod choice;
mod client;
mod consent;
mod details;
mod grant_type;
mod id_token_hint;
mod login;
mod max_age;
mod organization;
mod pkce;
mod profile;
mod pushed;
mod redirect_uri;
mod resources;
mod scope;
mod signed_in;
mod situation;
mod subject;

use std::sync::Arc;

pub(super) use self::{
    client::check as known,
    consent::{Consented, is_optional},
    details::allowed as allowed_details,
    pushed::check as must_be_pushed,
    scope::grantable,
    situation::{Situation, find_signed_in},
};
use super::{authorization::AuthorizationRefused, store::people::SignedInRow, tokens::TokenError};
use crate::{
    account::Least,
    client::Client,
    core::Core,
    protocol::{AuthorizationTarget, OAuthError, OAuthErrorCode, Prompt, ScopeSet, TokenAim},
    resource::find_catalogue,
};

/// What a check finds.
#[derive(Debug)]
enum Verdict {
    /// Nothing to object to.
    Pass,
    /// The application is told an error.
    Refuse(OAuthError),
    /// The person must sign in first.
    SignIn(WhySignIn),
    /// The person must say first for which organisation they come.
    Organization,
    /// The person must set up a second factor first.
    Enrol,
    /// The person must be asked first.
    Consent,
}

/// Why somebody must sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhySignIn {
    /// Nobody is signed in.
    Nobody,
    /// Nobody is signed in, and registering is what the client has in mind.
    Create,
    /// Somebody is, but has to prove it again.
    Again,
    /// Somebody is, with the password, and shows this much more (B6).
    More(Least),
    /// Somebody is, but perhaps the wrong one.
    Other,
}

/// Where the list leads to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The application is told an error.
    Refuse(OAuthError),
    /// The person must sign in first.
    SignIn(WhySignIn),
    /// The person must say first for which organisation they come.
    Organization,
    /// The person must set up a second factor first.
    Enrol,
    /// The person must be asked first.
    Consent,
    /// Everything is in order.
    Grant {
        /// Who is signed in.
        signed_in: Box<SignedInRow>,
        /// What they agreed to.
        consented: Consented,
    },
}

/// The first part of the list: what the application did wrong is told before a page is shown, and by the PAR endpoint.
const REQUEST_CHECKS: [fn(&Situation) -> Verdict; 8] = [
    grant_type::check,
    profile::check,
    scope::check,
    pkce::check,
    resources::check,
    details::check,
    acr::check,
    id_token_hint::check,
];

/// The second part: nobody is asked for consent before it is certain who they are.
const PERSON_CHECKS: [fn(&Situation) -> Verdict; 9] = [
    signed_in::check,
    subject::check,
    choice::check,
    login::check,
    max_age::check,
    acr::reached,
    organization::check,
    organization::second_factor,
    consent::check,
];

/// The checks about the place where answers go. What fails here is shown to the person (D13).
pub(super) fn target(
    client: Option<Arc<Client>>,
    target: &AuthorizationTarget,
) -> Result<Arc<Client>, AuthorizationRefused> {
    let client = known(client)?;
    redirect_uri::check(&client, target)?;
    Ok(client)
}

/// The checks about what tokens are for, where no authorization request is: devices (RFC 8628 §3.1) and backchannel requests
/// (CIBA §7.1). What of `scope` can be granted.
///
/// # Errors
/// `invalid_scope`, `invalid_target` or `invalid_authorization_details`
pub(super) async fn decoupled(
    core: &Core,
    client: &Client,
    scope: ScopeSet,
    aim: &TokenAim,
) -> Result<ScopeSet, TokenError> {
    let scope = grantable(client, scope)?;
    resources::allowed(&*find_catalogue(core).await?, client, &aim.resources)?;
    allowed_details(&core.config().authorization.details_types, client, &aim.authorization_details)?;
    Ok(scope)
}

/// Runs the part of the list that needs no person (RFC 9126 §2.1).
pub(super) fn judge(situation: &Situation) -> Result<(), OAuthError> {
    for check in REQUEST_CHECKS {
        if let Verdict::Refuse(error) = check(situation) {
            return Err(error);
        }
    }
    Ok(())
}

/// Runs the list.
pub(super) fn run(situation: &Situation) -> Outcome {
    for check in REQUEST_CHECKS.into_iter().chain(PERSON_CHECKS) {
        match check(situation) {
            Verdict::Pass => {}
            Verdict::Refuse(error) => return Outcome::Refuse(error),
            Verdict::SignIn(why) => return Outcome::SignIn(why),
            Verdict::Organization => return Outcome::Organization,
            Verdict::Enrol => return Outcome::Enrol,
            Verdict::Consent => return Outcome::Consent,
        }
    }
    // The last checks do not pass without a person and their consent.
    match (situation.signed_in.clone(), consent::consented(situation)) {
        (Some(signed_in), Some(consented)) => Outcome::Grant { signed_in: Box::new(signed_in), consented },
        (None, _) => Outcome::SignIn(WhySignIn::Nobody),
        (Some(_), None) => Outcome::Consent,
    }
}

/// Sends the person to sign in, or tells the application that this would be needed.
fn sign_in(situation: &Situation, why: WhySignIn) -> Verdict {
    if situation.request.prompt.contains(Prompt::None) {
        return Verdict::Refuse(OAuthError::new(
            OAuthErrorCode::LoginRequired,
            "the person would have to sign in, and prompt=none forbids asking",
        ));
    }
    Verdict::SignIn(why)
}
