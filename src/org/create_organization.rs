//! Somebody founds an organisation (E1).

use super::{
    Builtin, member_store,
    membership::Membership,
    organization::{OrganizationSettings, Slug},
    store::{self, NewOrganization},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied},
    core::Ctx,
    db::{Touched, Tx, dialect},
    error::Internal,
    id::{OrganizationId, UserId},
    text::DisplayName,
};

/// The organisation to be.
#[derive(Clone, Debug)]
pub struct CreateOrganization {
    /// Its name.
    pub name: DisplayName,
    /// How it is called in addresses; made from the name without.
    pub slug: Option<Slug>,
    /// Who will own it: the person who asks without. Only operators may name somebody else.
    pub owner: Option<UserId>,
}

/// There is a new organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationCreated {
    /// Its id.
    pub id: OrganizationId,
    /// How it is called in addresses.
    pub slug: String,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum CreateOrganizationError {
    /// Nobody is signed in, people cannot found organisations here, or somebody else was named as the owner.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The slug belongs to another organisation.
    #[error("this slug is taken")]
    SlugTaken,
    /// There is no account for the owner that was named.
    #[error("there is no such account")]
    NoSuchOwner,
    /// They own as many as they may.
    #[error("you own {most} organisations already, which is the most")]
    TooMany {
        /// So many may be owned.
        most: u32,
    },
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Founds an organisation, which its owner is the first member of.
///
/// # Errors
/// [`CreateOrganizationError`].
pub async fn create_organization(
    ctx: &Ctx,
    cmd: CreateOrganization,
) -> Result<OrganizationCreated, CreateOrganizationError> {
    let settings = &ctx.config().organizations;
    let is_operator = authz::require_operator(ctx).is_ok();
    let asker = ctx.user().map(|actor| actor.user_id);
    let owner = cmd.owner.or(asker).ok_or(Denied)?;
    if !is_operator && (Some(owner) != asker || !settings.members_may_create) {
        return Err(Denied.into());
    }
    let mut tx = ctx.core.db().write().await?;
    if !super::people_store::exists(&mut tx, owner).await? {
        return Err(CreateOrganizationError::NoSuchOwner);
    }
    if !is_operator {
        dialect::hold(&mut tx, &format!("organizations of {owner}")).await?;
        let already = store::owned_by(&mut tx, owner, Builtin::Owner.id()).await?;
        if already >= i64::from(settings.most_owned) {
            return Err(CreateOrganizationError::TooMany { most: settings.most_owned });
        }
    }
    let (slug, tries) = match cmd.slug {
        Some(slug) => (Some(slug), 1),
        None => (Slug::from_name(cmd.name.as_str()), 4),
    };
    let founded = found(&mut tx, ctx, Founding { name: cmd.name, slug, owner, is_personal: false, tries }).await?;
    let created = founded.ok_or(CreateOrganizationError::SlugTaken)?;
    tx.commit().await?;
    Ok(created)
}

/// An organisation on its way.
pub(super) struct Founding {
    pub(super) name: DisplayName,
    /// A random one without.
    pub(super) slug: Option<Slug>,
    pub(super) owner: UserId,
    pub(super) is_personal: bool,
    /// So many slugs are tried: the first as it is, the others with something random behind it.
    pub(super) tries: usize,
}

/// Writes an organisation with its first member; `None` when its slug is taken.
pub(super) async fn found(tx: &mut Tx, ctx: &Ctx, founding: Founding) -> Result<Option<OrganizationCreated>, Internal> {
    let now = ctx.now();
    let id: OrganizationId = ctx.new_id();
    let mut slug = founding.slug.clone().unwrap_or_else(|| random_slug(ctx));
    for _ in 0..founding.tries.max(1) {
        let new = NewOrganization {
            id,
            name: founding.name.clone(),
            slug: slug.clone(),
            personal_of: founding.is_personal.then_some(founding.owner),
            settings: OrganizationSettings {
                max_members: ctx.config().organizations.max_members,
                ..OrganizationSettings::default()
            },
            now,
        };
        if store::insert(tx, new).await? {
            let membership = Membership {
                id: ctx.new_id(),
                organization_id: id,
                user_id: founding.owner,
                role_id: Builtin::Owner.id(),
                invited_by: None,
                joined_at: now,
                version: 1,
            };
            member_store::insert(tx, &membership).await?;
            tx.touch(Touched::memberships(founding.owner));
            let details = serde_json::json!({ "slug": slug.as_str(), "personal": founding.is_personal });
            // One's own comes by itself with the first sign-in, and is no news.
            let entry = Entry {
                user_id: (!founding.is_personal).then_some(founding.owner),
                ..Entry::new(AuditKind::OrganizationCreated)
            };
            let entry = entry.within(id);
            audit::record(tx, ctx, entry.with_details(details)).await?;
            return Ok(Some(OrganizationCreated { id, slug: slug.into() }));
        }
        slug = match &founding.slug {
            Some(wanted) => wanted.with_suffix(&random_word(ctx)),
            None => random_slug(ctx),
        };
    }
    Ok(None)
}

fn random_slug(ctx: &Ctx) -> Slug {
    Slug::ORG.with_suffix(&random_word(ctx))
}

/// Five random letters and digits.
fn random_word(ctx: &Ctx) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 5];
    ctx.core.entropy().fill(&mut bytes);
    bytes.iter().map(|byte| char::from(*ALPHABET.get(usize::from(byte % 32)).unwrap_or(&b'x'))).collect()
}
