//! Whether somebody may go on to what a proxy protects (I7).

use std::sync::Arc;

use super::{
    access::find_alive,
    first_party::authenticate_first_party,
    place::{self, Closed},
};
use crate::{
    client::FIRST_PARTY_CLIENT_ID,
    core::{Core, UserActor},
    error::Internal,
    id::{OrganizationId, UserId},
    org::{self, OrganizationRef, Permission, Standing},
};

/// Who comes: a person with a session, or with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comer {
    /// The person.
    pub user_id: UserId,
    /// How they proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// The organisation that their token is for.
    pub organization_id: Option<OrganizationId>,
}

impl From<&UserActor> for Comer {
    fn from(actor: &UserActor) -> Self {
        Self { user_id: actor.user_id, amr: actor.amr.clone(), organization_id: None }
    }
}

/// The person behind a bearer token (RFC 6750 §2.1): one of our own REST API, or one that was issued for `audience`. A token
/// for anything else opens nothing here, or whoever it was meant for could go on with it. Neither does one that is bound to a
/// key or a certificate: the proxy sees no proof.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_comer(core: &Core, token: &str, audience: Option<&str>) -> Result<Option<Comer>, Internal> {
    let Some(found) = find_alive(core, token).await? else { return Ok(None) };
    let (claims, Some((_, user_id))) = (&found.claims, found.person) else { return Ok(None) };
    if claims.client_id == FIRST_PARTY_CLIENT_ID {
        // Our own tokens end with their session in every respect.
        if authenticate_first_party(core, token).await?.is_none() {
            return Ok(None);
        }
    } else if !claims.cnf.is_bearer() || !audience.is_some_and(|audience| claims.aud.contains(audience)) {
        return Ok(None);
    }
    let organization_id = claims.org_id.as_deref().and_then(|id| id.parse().ok());
    Ok(Some(Comer { user_id, amr: claims.amr.to_vec(), organization_id }))
}

/// What is asked of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Required {
    /// The organisation that they must belong to, as the proxy names it.
    pub organization: Option<String>,
    /// What they must be allowed there, all of it.
    pub permissions: Vec<Permission>,
}

/// They may go on.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// The person.
    pub user_id: UserId,
    /// Where they stand in the organisation that they act in, if they act in one.
    pub standing: Option<Arc<Standing>>,
}

/// Why they may not.
#[derive(Debug, thiserror::Error)]
pub enum NotAdmitted {
    /// They are no member of the organisation.
    #[error("not a member of this organisation")]
    Foreign,
    /// The organisation asks for a second factor that they did not show (E7).
    #[error("the organisation asks for a second factor")]
    SecondFactor,
    /// They lack this permission.
    #[error("the permission {0} is not theirs")]
    Lacks(Permission),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Whether somebody may go on. They act in the organisation that is named, else in that of their token, else in the one they
/// chose last.
///
/// # Errors
/// [`NotAdmitted`]
pub async fn admit(core: &Core, comer: &Comer, required: &Required) -> Result<Admitted, NotAdmitted> {
    let named = match &required.organization {
        Some(text) => {
            let which = OrganizationRef::parse(text).ok_or(NotAdmitted::Foreign)?;
            Some(org::find_organization(core, &which).await?.ok_or(NotAdmitted::Foreign)?.id)
        }
        None => None,
    };
    let id = match named.or(comer.organization_id) {
        Some(id) => Some(id),
        None => org::preferred(core, comer.user_id).await?,
    };
    let standing = match id {
        Some(id) => match place::open_to(core, comer.user_id, &comer.amr, id).await? {
            Ok(standing) => Some(standing),
            Err(Closed::Foreign) => return Err(NotAdmitted::Foreign),
            Err(Closed::SecondFactor) => return Err(NotAdmitted::SecondFactor),
        },
        None => None,
    };
    let now = core.now();
    let holds =
        |permission: &&Permission| standing.as_ref().is_some_and(|standing| standing.effective.allows(permission, now));
    if let Some(lacking) = required.permissions.iter().find(|permission| !holds(permission)) {
        return Err(NotAdmitted::Lacks(lacking.clone()));
    }
    Ok(Admitted { user_id: comer.user_id, standing })
}
