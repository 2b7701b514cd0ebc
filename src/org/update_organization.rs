//! Changing an organisation (E1), and what it asks of its members when they sign in (E7).

use super::{
    access::{self, Right, Seat, refused},
    mfa::{MOST_GRACE_DAYS, MfaMethod, MfaPolicy},
    organization::{MOST_MEMBERS, Organization, OrganizationRef, OrganizationSettings, SettingsProblem, Slug},
    store::{self, Changed},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::Denied,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::RoleId,
    text::DisplayName,
};

/// What is to be changed; the rest stays as it is.
#[derive(Clone, Debug)]
pub struct UpdateOrganization {
    /// Which one.
    pub organization: OrganizationRef,
    /// Another name.
    pub name: Option<DisplayName>,
    /// Another slug: addresses with the old one end.
    pub slug: Option<Slug>,
    /// Other settings.
    pub settings: Option<OrganizationSettings>,
    /// The version that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// Other rules for signing in to an organisation.
#[derive(Clone, Debug)]
pub struct SetMfaPolicy {
    /// Which one.
    pub organization: OrganizationRef,
    /// Members need more than a password.
    pub require_mfa: bool,
    /// What counts.
    pub allowed_methods: Vec<MfaMethod>,
    /// Days until it is asked for.
    pub grace_period_days: u32,
    /// Members with these roles are not asked.
    pub exempt_roles: Vec<RoleId>,
    /// The version that the change was thought out for; any when absent.
    pub version: Option<i64>,
}

/// An organisation is as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationSaved {
    /// Its version now.
    pub version: i64,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateOrganizationError {
    /// There is none, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The slug belongs to another organisation.
    #[error("this slug is taken")]
    SlugTaken,
    /// The settings cannot work.
    #[error(transparent)]
    Settings(#[from] SettingsProblem),
    /// The rules for signing in cannot work.
    #[error(transparent)]
    Mfa(#[from] MfaProblem),
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed this organisation meanwhile")]
    Changed,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(UpdateOrganizationError);

/// What cannot work about rules for signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MfaProblem {
    /// Nothing would count.
    #[error("at least one method must be allowed")]
    NoMethod,
    /// Out of bounds.
    #[error("the grace period must be between 0 and {MOST_GRACE_DAYS} days")]
    Grace,
    /// It exempts a role that is not there.
    #[error("a role that is exempt does not exist here")]
    UnknownRole,
}

/// Changes an organisation; one that is so already is left alone.
///
/// # Errors
/// [`UpdateOrganizationError`].
pub async fn update_organization(
    ctx: &Ctx,
    cmd: UpdateOrganization,
) -> Result<OrganizationSaved, UpdateOrganizationError> {
    let (mut tx, seat) = access::begin(ctx, &cmd.organization, Right::WriteOrganization).await?;
    let before = found_at(&seat, cmd.version)?;
    let settings = cmd.settings.unwrap_or_else(|| before.settings.clone());
    // What an operator allowed stays allowed.
    let most = if seat.is_operator { MOST_MEMBERS } else { ctx.config().organizations.most_members };
    settings.check(most.max(before.settings.max_members))?;
    let slug = match cmd.slug {
        Some(slug) if slug.as_str() != before.slug => {
            if store::slug_is_taken(&mut tx, &slug, before.id).await? {
                return Err(UpdateOrganizationError::SlugTaken);
            }
            slug
        }
        _ => slug_of(before)?,
    };
    let name = match cmd.name {
        Some(name) => name,
        None => name_of(before)?,
    };
    let is_same = name.as_str() == before.name && slug.as_str() == before.slug && settings == before.settings;
    if is_same {
        return Ok(OrganizationSaved { version: before.version });
    }
    let details = serde_json::json!({ "name": name.as_str(), "slug": slug.as_str(), "settings": settings });
    let after = Changed { settings, ..unchanged(before, name, slug, ctx) };
    save(tx, ctx, after, AuditKind::OrganizationUpdated, details).await
}

/// Changes what an organisation asks of its members when they sign in (E7).
///
/// # Errors
/// [`UpdateOrganizationError`].
pub async fn set_mfa_policy(ctx: &Ctx, cmd: SetMfaPolicy) -> Result<OrganizationSaved, UpdateOrganizationError> {
    let (tx, seat) = access::begin(ctx, &cmd.organization, Right::WriteOrganization).await?;
    let before = found_at(&seat, cmd.version)?;
    let mut allowed_methods = cmd.allowed_methods;
    allowed_methods.sort_unstable();
    allowed_methods.dedup();
    if allowed_methods.is_empty() {
        return Err(MfaProblem::NoMethod.into());
    }
    if cmd.grace_period_days > MOST_GRACE_DAYS {
        return Err(MfaProblem::Grace.into());
    }
    if cmd.exempt_roles.iter().any(|role| seat.rulebook.roles.get(*role).is_none()) {
        return Err(MfaProblem::UnknownRole.into());
    }
    // Somebody who turns it off and on again has the grace begin anew; other changes do not.
    let required_since = match (cmd.require_mfa, before.mfa.required_since) {
        (false, _) => None,
        (true, Some(since)) => Some(since),
        (true, None) => Some(ctx.now()),
    };
    let mfa = MfaPolicy {
        require_mfa: cmd.require_mfa,
        allowed_methods,
        grace_period_days: cmd.grace_period_days,
        exempt_roles: cmd.exempt_roles,
        required_since,
    };
    if mfa == before.mfa {
        return Ok(OrganizationSaved { version: before.version });
    }
    let details = serde_json::json!({ "policy": mfa });
    let after = Changed { mfa, ..unchanged(before, name_of(before)?, slug_of(before)?, ctx) };
    save(tx, ctx, after, AuditKind::MfaPolicyChanged, details).await
}

fn found_at(seat: &Seat, version: Option<i64>) -> Result<&Organization, UpdateOrganizationError> {
    let found = &*seat.organization;
    if version.is_none_or(|seen| seen == found.version) { Ok(found) } else { Err(UpdateOrganizationError::Changed) }
}

fn name_of(organization: &Organization) -> Result<DisplayName, Internal> {
    DisplayName::try_from(organization.name.as_str()).map_err(|cause| Internal::new("read a stored name", cause))
}

fn slug_of(organization: &Organization) -> Result<Slug, Internal> {
    Slug::try_from(organization.slug.as_str()).map_err(|cause| Internal::new("read a stored slug", cause))
}

fn unchanged(before: &Organization, name: DisplayName, slug: Slug, ctx: &Ctx) -> Changed {
    Changed {
        id: before.id,
        version: before.version,
        name,
        slug,
        settings: before.settings.clone(),
        mfa: before.mfa.clone(),
        now: ctx.now(),
    }
}

async fn save(
    mut tx: Tx,
    ctx: &Ctx,
    after: Changed,
    kind: AuditKind,
    details: serde_json::Value,
) -> Result<OrganizationSaved, UpdateOrganizationError> {
    let id = after.id;
    let version = store::update(&mut tx, after).await?.ok_or(UpdateOrganizationError::Changed)?;
    tx.touch(id);
    audit::record(&mut tx, ctx, Entry::new(kind).within(id).with_details(details)).await?;
    tx.commit().await?;
    Ok(OrganizationSaved { version })
}
