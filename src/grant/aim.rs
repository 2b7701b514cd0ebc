//! What an access token is for: its audience, scope, details, form and life (RFC 8707 §2, RFC 9396 §6, D6).
//!
//! A grant names the resources that its request named, and none when that named none: then its tokens are for whatever the
//! client is registered with. At the token endpoint a client may narrow that further, for this one token; the scope follows
//! (§2.2: "access tokens with the scope appropriate for the resource"). The grant itself stays as wide as it was.
//!
//! Our own userinfo endpoint is one more resource. It is among those of a token when `openid` was granted, unless the client
//! asks for a token for other resources only.

use std::{borrow::Cow, sync::Arc, time::Duration};

use serde_json::Value;

use super::{
    mint::ACCESS_TOKEN_ALG,
    place::{self, OrganizationClaims},
    store::grants::FamilyRow,
    tokens::TokenError,
};
use crate::{
    client::{AccessTokenFormat, Client, FIRST_PARTY_CLIENT_ID},
    core::Core,
    error::Internal,
    protocol::{OAuthError, OAuthErrorCode, Scope, ScopeSet, SigningAlg, TokenAim, jwt::Audience},
    resource::{Catalogue, find_catalogue},
};

/// What an access token is for.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    aud: Vec<String>,
    pub(super) scope: ScopeSet,
    pub(super) details: Vec<Value>,
    pub(super) format: AccessTokenFormat,
    pub(super) alg: SigningAlg,
    pub(super) ttl: Duration,
    /// What it says of the organisation that the person acts in (E12).
    pub(super) organization: Option<OrganizationClaims>,
}

impl Aim {
    /// Everything that was granted, as far as it is in `scope`.
    pub(super) async fn whole(
        core: &Core,
        client: &Client,
        family: &FamilyRow,
        scope: &ScopeSet,
    ) -> Result<Self, Internal> {
        let catalogue = find_catalogue(core).await?;
        let granted = &family.details.0;
        let details = granted.authorization_details.clone();
        // Only our own API asks for all of it, and its tokens always say where somebody acts.
        let organization = place::live_claims(core, family.person.user_id, granted.organization).await?;
        let aim = Maker { core, catalogue, client, scope }.make(&granted.resources, true, details);
        Ok(Self { organization, ..aim })
    }

    /// What the client asks for of it.
    ///
    /// # Errors
    /// `invalid_target` for a resource that was not granted, or that the client may use no more;
    /// `invalid_authorization_details` for details that were not granted.
    pub(super) async fn narrowed(
        core: &Core,
        client: &Client,
        family: &FamilyRow,
        scope: &ScopeSet,
        asked: &TokenAim,
    ) -> Result<Self, TokenError> {
        let catalogue = find_catalogue(core).await?;
        let granted = &family.details.0;
        let is_named = !asked.resources.is_empty();
        let resources = if is_named { &asked.resources } else { &granted.resources };
        let issuer = core.grants().issuer();
        for resource in resources {
            let is_ours = resource == issuer && scope.contains(&Scope::OPENID);
            let is_granted = granted.resources.is_empty() || granted.resources.contains(resource) || is_ours;
            if !is_granted || !(is_ours || catalogue.allows(client, resource)) {
                return Err(refuse_target("resource was not granted, or the client may use it no more"));
            }
        }
        let details = match asked.authorization_details.as_slice() {
            [] => granted.authorization_details.clone(),
            several if several.iter().all(|detail| granted.authorization_details.contains(detail)) => several.to_vec(),
            _ => {
                let why = "authorization_details: more than was granted";
                return Err(OAuthError::new(OAuthErrorCode::InvalidAuthorizationDetails, why).into());
            }
        };
        let aim = Maker { core, catalogue, client, scope }.make(resources, !is_named, details);
        let organization = if client.id == FIRST_PARTY_CLIENT_ID {
            place::live_claims(core, family.person.user_id, granted.organization).await?
        } else {
            place::claims(core, family, &aim.scope).await?
        };
        Ok(Self { organization, ..aim })
    }

    /// A token that a client has for itself, for the audiences it asks for or all that it is registered with.
    ///
    /// # Errors
    /// `invalid_target` for an audience that is not the client's.
    pub(super) async fn of_client(
        core: &Core,
        client: &Client,
        scope: &ScopeSet,
        asked: &[String],
        details: Vec<Value>,
    ) -> Result<Self, TokenError> {
        let catalogue = find_catalogue(core).await?;
        if !asked.iter().all(|resource| catalogue.allows(client, resource)) {
            return Err(refuse_target("the client may not have tokens for this resource"));
        }
        Ok(Maker { core, catalogue, client, scope }.make(asked, false, details))
    }

    /// A token that a client gets in exchange for another one (RFC 8693 §2.1): for what it may ask for, and what its
    /// policy adds. Details are not handed on.
    ///
    /// # Errors
    /// `invalid_target` for any other audience.
    pub(super) async fn of_exchange(
        core: &Core,
        client: &Client,
        scope: &ScopeSet,
        asked: &[String],
    ) -> Result<Self, TokenError> {
        let catalogue = find_catalogue(core).await?;
        let more = &client.settings.token_exchange.audiences;
        if !asked.iter().all(|target| catalogue.allows(client, target) || more.contains(target)) {
            return Err(refuse_target("the client may not have tokens for this audience or resource"));
        }
        Ok(Maker { core, catalogue, client, scope }.make(asked, asked.is_empty(), Vec::new()))
    }

    /// `aud`
    pub(super) fn audience(&self) -> Audience<'_> {
        match self.aud.as_slice() {
            [one] => Audience::One(one.as_str().into()),
            several => Audience::Many(several.iter().map(|one| Cow::Borrowed(one.as_str())).collect()),
        }
    }

    /// Tells answers of different contents apart.
    pub(super) fn fingerprint(&self) -> String {
        let place = self.organization.as_ref().map(OrganizationClaims::fingerprint).unwrap_or_default();
        format!("{} for {:?} with {} in {place}", self.scope, self.aud, Value::from(self.details.clone()))
    }
}

fn refuse_target(why: &'static str) -> TokenError {
    OAuthError::new(OAuthErrorCode::InvalidTarget, why).into()
}

struct Maker<'a> {
    core: &'a Core,
    catalogue: Arc<Catalogue>,
    client: &'a Client,
    scope: &'a ScopeSet,
}

impl Maker<'_> {
    fn make(&self, resources: &[String], with_userinfo: bool, details: Vec<Value>) -> Aim {
        let settings = &self.client.settings;
        let issuer = self.core.grants().issuer();
        let ttl = settings.access_token_ttl(self.core.config().tokens.access_ttl);
        let for_userinfo = with_userinfo && self.scope.contains(&Scope::OPENID);
        if resources.is_empty() {
            return Aim {
                aud: self.registered(for_userinfo),
                scope: self.scope.clone(),
                details,
                format: settings.access_token_format,
                alg: ACCESS_TOKEN_ALG,
                ttl,
                organization: None,
            };
        }
        let mut aud = resources.to_vec();
        if for_userinfo && !aud.iter().any(|known| known == issuer) {
            aud.push(issuer.to_owned());
        }
        // The scopes of OpenID Connect are ours; `offline_access` says how the client goes on, not what it may do, and
        // `organization` where the person acts, whatever the token is for.
        let is_for_us = aud.iter().any(|known| known == issuer);
        let (standard, others): (ScopeSet, ScopeSet) = {
            let (standard, others): (Vec<_>, Vec<_>) = self.scope.iter().cloned().partition(Scope::is_standard);
            (standard.into_iter().collect(), others.into_iter().collect())
        };
        let goes_along = [Scope::OFFLINE_ACCESS, Scope::ORGANIZATION];
        let kept = standard.iter().filter(|scope| is_for_us || goes_along.contains(scope)).cloned().collect();
        let theirs: Vec<String> = resources.iter().filter(|resource| *resource != issuer).cloned().collect();
        let registered: Vec<_> = theirs.iter().filter_map(|resource| self.catalogue.resource(resource)).collect();
        let formats = registered.iter().map(|resource| resource.settings.access_token_format);
        let algs = registered.iter().map(|resource| resource.settings.access_token_alg);
        let lives = registered.iter().filter_map(|resource| resource.settings.access_token_ttl_secs);
        Aim {
            scope: self.catalogue.narrow(&others, &theirs).union(&kept),
            details,
            format: agreed(formats).unwrap_or(settings.access_token_format),
            alg: agreed(algs).unwrap_or(ACCESS_TOKEN_ALG),
            ttl: lives.min().map_or(ttl, |secs| Duration::from_secs(secs.into())),
            organization: None,
            aud,
        }
    }

    /// The audiences that the client is registered with, and ourselves when userinfo will be asked. A client that is
    /// registered with none gets tokens for ourselves (RFC 9068 §3: a default resource).
    fn registered(&self, for_userinfo: bool) -> Vec<String> {
        let mut aud = self.client.settings.audiences.clone();
        let issuer = self.core.grants().issuer();
        if aud.is_empty() || (for_userinfo && !aud.iter().any(|known| known == issuer)) {
            aud.push(issuer.to_owned());
        }
        aud
    }
}

/// What all of them say, if they say the same.
fn agreed<T: PartialEq>(mut all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}
