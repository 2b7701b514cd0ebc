//! Whose policies are meant, and who may see and change them.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    authz::require_operator,
    core::Ctx,
    db::{Tx, dialect},
    id::OrganizationId,
    org::{self, OrganizationRef, Refused, Right, Rulebook},
};

/// Whose policies are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyScope {
    /// Those of the instance, which count everywhere. For operators.
    Instance,
    /// Those of an organisation. For members with `org:write`, and operators.
    Organization(OrganizationRef),
}

/// Where somebody passed.
pub(super) struct Place {
    /// The organisation; none for the instance.
    pub(super) organization_id: Option<OrganizationId>,
    /// The catalogue of permissions.
    pub(super) rulebook: Arc<Rulebook>,
}

impl Place {
    /// What its rows are found by.
    pub(super) fn key(&self) -> OrganizationId {
        key(self.organization_id)
    }

    /// The permissions that policies may name.
    pub(super) fn permissions(&self) -> Vec<String> {
        self.rulebook.permissions.names().map(|name| name.as_str().to_owned()).collect()
    }
}

/// What the rows of a scope are found by: the organisation, or all zeros for the instance.
pub(super) fn key(organization_id: Option<OrganizationId>) -> OrganizationId {
    organization_id.unwrap_or_else(|| Uuid::nil().into())
}

/// Only who may see and change policies there.
///
/// # Errors
/// [`Refused`]
pub(super) async fn enter(ctx: &Ctx, scope: &PolicyScope) -> Result<Place, Refused> {
    match scope {
        PolicyScope::Instance => {
            require_operator(ctx)?;
            let rulebook = org::find_rulebook(&ctx.core, None).await?;
            Ok(Place { organization_id: None, rulebook })
        }
        PolicyScope::Organization(which) => {
            let seat = org::require(ctx, which, Right::WriteOrganization).await?;
            Ok(Place { organization_id: Some(seat.organization.id), rulebook: seat.rulebook })
        }
    }
}

/// The same for a change: opens its transaction, and waits for other changes in this scope.
///
/// # Errors
/// [`Refused`]
pub(super) async fn begin(ctx: &Ctx, scope: &PolicyScope) -> Result<(Tx, Place), Refused> {
    match scope {
        PolicyScope::Instance => {
            let place = enter(ctx, scope).await?;
            let mut tx = ctx.core.db().write().await?;
            dialect::hold(&mut tx, "policies of the instance").await?;
            Ok((tx, place))
        }
        PolicyScope::Organization(which) => {
            let (tx, seat) = org::begin(ctx, which, Right::WriteOrganization).await?;
            Ok((tx, Place { organization_id: Some(seat.organization.id), rulebook: seat.rulebook }))
        }
    }
}
