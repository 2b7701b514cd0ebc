//! The organisation that a person acts in towards an application (E12), and what it asks of them there (E7).
//!
//! A client asks for one by the scope `organization`, or names it by the parameter `organization` (id or slug), which
//! means the scope, too. Which it is stands in the grant from then on; what the person may do there is worked out for each
//! token anew. When the membership ends, so does everything that would renew the grant.

use std::sync::Arc;

use super::{details::InteractionState, store::grants::FamilyRow, tokens::TokenError};
use crate::{
    account::{Amr, Least},
    clock::Timestamp,
    core::{Core, Ctx},
    error::Internal,
    factor::SecondFactor,
    id::{OrganizationId, UserId},
    org::{self, ListOrganizations, MfaDemand, MfaMethod, OrganizationRef, Standing},
    protocol::{AuthorizationRequest, Prompt, Scope, ScopeSet, id_token::ExtraClaims},
};

/// The names of the claims.
pub(super) const CLAIMS: [&str; 4] = ["org_id", "org_slug", "role", "permissions"];

/// What tokens say of an organisation (E12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OrganizationClaims {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) role: String,
    pub(super) permissions: Vec<String>,
}

impl OrganizationClaims {
    fn of(standing: &Standing, now: Timestamp) -> Self {
        Self {
            id: standing.organization.id.to_string(),
            slug: standing.organization.slug.clone(),
            role: standing.role_name().to_owned(),
            permissions: standing.permissions(now).into_iter().map(|held| held.as_str().to_owned()).collect(),
        }
    }

    /// As claims of an ID token or of userinfo.
    pub(super) fn write(&self, into: &mut ExtraClaims) {
        let [id, slug, role, permissions] = CLAIMS;
        into.insert(id, self.id.as_str());
        into.insert(slug, self.slug.as_str());
        into.insert(role, self.role.as_str());
        into.insert(permissions, self.permissions.clone());
    }

    /// Tells answers of different contents apart.
    pub(super) fn fingerprint(&self) -> String {
        format!("{} as {} with {}", self.id, self.role, self.permissions.join(" "))
    }
}

/// What the tokens of a grant say of its organisation, as it is now.
///
/// # Errors
/// `invalid_grant` when the person is no member any more, or showed less than the organisation asks for by now.
pub(super) async fn claims(
    core: &Core,
    family: &FamilyRow,
    scope: &ScopeSet,
) -> Result<Option<OrganizationClaims>, TokenError> {
    let details = &family.details.0;
    let Some(id) = details.organization.filter(|_| scope.contains(&Scope::ORGANIZATION)) else { return Ok(None) };
    let found = org::find_standing(core, family.person.user_id, id).await?;
    let standing =
        found.ok_or_else(|| TokenError::invalid_grant("the person is no member of the organisation any more"))?;
    if demand(&standing, &details.amr, core.now()) == MfaDemand::Now {
        return Err(TokenError::invalid_grant(
            "the organisation asks for a second factor: the person must sign in again",
        ));
    }
    Ok(Some(OrganizationClaims::of(&standing, core.now())))
}

/// The same where nobody can be told: none when the person is no member any more.
pub(super) async fn live_claims(
    core: &Core,
    user_id: UserId,
    id: Option<OrganizationId>,
) -> Result<Option<OrganizationClaims>, Internal> {
    let Some(id) = id else { return Ok(None) };
    let standing = org::find_standing(core, user_id, id).await?;
    Ok(standing.map(|standing| OrganizationClaims::of(&standing, core.now())))
}

/// Why somebody does not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// They are no member, or there is no such organisation.
    Foreign,
    /// It asks for a second factor that they did not show.
    SecondFactor,
}

/// Whether an organisation is open to somebody as they signed in.
pub(super) async fn open_to(
    core: &Core,
    user_id: UserId,
    amr: &[String],
    id: OrganizationId,
) -> Result<Result<Arc<Standing>, Closed>, Internal> {
    let Some(standing) = org::find_standing(core, user_id, id).await? else { return Ok(Err(Closed::Foreign)) };
    let is_closed = demand(&standing, amr, core.now()) == MfaDemand::Now;
    Ok(if is_closed { Err(Closed::SecondFactor) } else { Ok(standing) })
}

/// What is still asked of somebody who showed this.
fn demand(standing: &Standing, amr: &[String], now: Timestamp) -> MfaDemand {
    let policy = &standing.organization.mfa;
    let demand = policy.demand(standing.membership.role_id, standing.membership.joined_at, now);
    if demand == MfaDemand::Nothing || satisfies(amr, &policy.allowed_methods) { MfaDemand::Nothing } else { demand }
}

/// Whether what was shown (RFC 8176) is among what counts. A passkey always does (E7); a recovery code stands in for the
/// authenticator app it was made beside.
fn satisfies(amr: &[String], allowed: &[MfaMethod]) -> bool {
    let has = |method: Amr| amr.iter().any(|found| found == method.as_str());
    let is_key = (has(Amr::HardwareKey) || has(Amr::SoftwareKey)) && has(Amr::User);
    let by_code = has(Amr::MultiFactor) && has(Amr::OneTimeCode);
    let (app, sms) = (allowed.contains(&MfaMethod::Totp), allowed.contains(&MfaMethod::Sms));
    is_key || (by_code && ((app && !has(Amr::Sms)) || (sms && has(Amr::Sms))))
}

/// What a second step has to reach so that it counts.
fn least(allowed: &[MfaMethod]) -> Least {
    match (allowed.contains(&MfaMethod::Totp), allowed.contains(&MfaMethod::Sms)) {
        (true, true) => Least::Mfa,
        (true, false) => Least::AppOrKey,
        (false, true) => Least::SmsOrKey,
        (false, false) => Least::PhishingResistant,
    }
}

/// Where a person acts, as far as a request asks.
#[derive(Clone, Debug)]
pub(in crate::grant) enum Place {
    /// It does not, or there is nobody yet, or they belong nowhere.
    Nowhere,
    /// It names an organisation that they are no member of; or there is none.
    Foreign,
    /// They belong to several, and have not said in which.
    Unsaid,
    /// Here.
    In(Box<Here>),
}

/// An organisation, and what it still asks for.
#[derive(Clone, Debug)]
pub(in crate::grant) struct Here {
    pub(in crate::grant) standing: Arc<Standing>,
    pub(in crate::grant) demand: MfaDemand,
    /// What a second step would have to reach.
    pub(in crate::grant) least: Least,
    /// They have something that reaches it.
    pub(in crate::grant) can_show: bool,
}

impl Place {
    /// Which organisation, if it is certain.
    pub(in crate::grant) fn id(&self) -> Option<OrganizationId> {
        match self {
            Self::In(here) => Some(here.standing.organization.id),
            Self::Nowhere | Self::Foreign | Self::Unsaid => None,
        }
    }

    /// Works it out for somebody who is signed in.
    pub(in crate::grant) async fn find(
        ctx: &Ctx,
        request: &AuthorizationRequest,
        state: &InteractionState,
        person: (UserId, &[String]),
    ) -> Result<Self, Internal> {
        let (user_id, amr) = person;
        if request.organization.is_none() && !request.scope.contains(&Scope::ORGANIZATION) {
            return Ok(Self::Nowhere);
        }
        let core = &ctx.core;
        if let Some(named) = &request.organization {
            let found = match OrganizationRef::parse(named) {
                Some(which) => org::find_organization(core, &which).await?,
                None => None,
            };
            let standing = match found {
                Some(found) => org::find_standing(core, user_id, found.id).await?,
                None => None,
            };
            return match standing {
                Some(standing) => Self::here(ctx, standing, amr).await,
                None => Ok(Self::Foreign),
            };
        }
        if let Some(chosen) = &state.organization
            && chosen.user_id == user_id
            && let Some(standing) = org::find_standing(core, user_id, chosen.organization_id).await?
        {
            return Self::here(ctx, standing, amr).await;
        }
        let mine = org::of_user(core, user_id, ListOrganizations { limit: 2, ..ListOrganizations::first() }).await?;
        let certain = match mine.organizations.as_slice() {
            [] => return Ok(Self::Nowhere),
            [one] => Some(one.organization.id),
            // Nobody can be asked: the one chosen last will do.
            _ if request.prompt.contains(Prompt::None) => org::preferred(core, user_id).await?,
            _ => None,
        };
        let standing = match certain {
            Some(id) => org::find_standing(core, user_id, id).await?,
            None => None,
        };
        match standing {
            Some(standing) => Self::here(ctx, standing, amr).await,
            None => Ok(Self::Unsaid),
        }
    }

    async fn here(ctx: &Ctx, standing: Arc<Standing>, amr: &[String]) -> Result<Self, Internal> {
        let demand = demand(&standing, amr, ctx.now());
        let least = least(&standing.organization.mfa.allowed_methods);
        let can_show = demand == MfaDemand::Now && {
            let mut conn = ctx.core.db().read().await?;
            let has = crate::factor::of_user(&mut conn, ctx.config(), standing.membership.user_id).await?.methods;
            has.iter().any(|method| *method != SecondFactor::Recovery && least.is_reached_by(*method))
        };
        Ok(Self::In(Box::new(Here { standing, demand, least, can_show })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E7
    #[test]
    fn what_was_shown_is_among_what_counts() {
        use MfaMethod::{Passkey, Sms, Totp};
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (shown, allowed, is_enough) in [
            ("pwd", &[Totp, Passkey, Sms][..], false),
            ("pwd otp", &[Totp, Passkey, Sms], false),
            ("pwd otp mfa", &[Totp], true),
            ("pwd otp mfa", &[Sms, Passkey], false),
            ("pwd otp sms mfa", &[Sms], true),
            ("pwd otp sms mfa", &[Totp, Passkey], false),
            ("hwk user mfa", &[Totp], true),
            ("swk user mfa", &[Passkey], true),
            ("pwd swk mfa", &[Passkey], false),
        ] {
            assert_eq!(satisfies(&words(shown), allowed), is_enough, "{shown} {allowed:?}");
        }
    }
}
