//! Where somebody stands in an organisation: their role and what they may do, in memory (E10).
//!
//! An entry is good for five minutes, and only as long as nothing was said to have changed: the membership, its grants and
//! denials, the organisation, or its roles ([`Touched`]). What is read of roles is shared with everybody in the
//! organisation. Non-members are remembered too.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;

use super::{
    access::Right,
    calculus::Effective,
    member_store,
    membership::Membership,
    organization::{Organization, OrganizationRef},
    permission::Permission,
    role::Role,
    roles::{Rulebook, find_rulebook},
    store,
};
use crate::{
    clock::Timestamp,
    core::Core,
    db::{Conn, Touched},
    error::Internal,
    id::{OrganizationId, UserId},
};

/// How long an entry is good for at most (E10).
const GOOD_FOR: Duration = Duration::from_mins(5);
/// On SQLite the command line may have changed roles and organisations, and no node tells.
const GOOD_FOR_SHARED: Duration = Duration::from_secs(5);

/// What was read, each with the revision seen before.
type Known<Key, Revision, Value> = Cache<Key, (Revision, Value)>;
/// Where somebody stands; nothing for those who are no members.
type MaybeStanding = Option<Arc<Standing>>;
/// What a standing follows from: the roles, and the revision of everything else.
type Grounds = (Arc<Rulebook>, u64);

/// Organisations, their roles, and where people stand in them.
pub struct OrganizationCache {
    pub(super) rulebooks: Known<Option<OrganizationId>, (u64, u64), Arc<Rulebook>>,
    organizations: Known<OrganizationRef, u64, Arc<Organization>>,
    standings: Known<(UserId, OrganizationId), Grounds, MaybeStanding>,
}

impl Default for OrganizationCache {
    fn default() -> Self {
        Self {
            rulebooks: Cache::builder().max_capacity(10_000).time_to_live(GOOD_FOR_SHARED).build(),
            organizations: Cache::builder().max_capacity(10_000).time_to_live(GOOD_FOR_SHARED).build(),
            standings: Cache::builder().max_capacity(50_000).time_to_live(GOOD_FOR).build(),
        }
    }
}

impl std::fmt::Debug for OrganizationCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OrganizationCache")
    }
}

/// Where one person stands in one organisation.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The organisation.
    pub organization: Arc<Organization>,
    /// Their membership.
    pub membership: Membership,
    /// What they may do.
    pub effective: Effective,
    /// Roles and permissions that the organisation can use.
    pub rulebook: Arc<Rulebook>,
}

impl Standing {
    /// Their role.
    pub fn role(&self) -> Option<&Role> {
        self.rulebook.roles.get(self.membership.role_id)
    }

    /// The name of their role (E12).
    pub fn role_name(&self) -> &str {
        self.rulebook.roles.name_of(self.membership.role_id).unwrap_or_default()
    }

    /// Whether they hold one of our own permissions everywhere in the organisation.
    pub(crate) fn holds(&self, right: Right, now: Timestamp) -> bool {
        Permission::try_from(right.as_str()).is_ok_and(|permission| self.effective.allows(&permission, now))
    }

    /// What of the catalogue is theirs everywhere (E12), by name.
    pub fn permissions(&self, now: Timestamp) -> Vec<&Permission> {
        self.effective.permissions(self.rulebook.permissions.names(), now)
    }
}

/// The organisation that is meant, unless it is deleted.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_organization(core: &Core, which: &OrganizationRef) -> Result<Option<Arc<Organization>>, Internal> {
    let cache = &core.organizations().organizations;
    let revisions = core.db().revisions();
    if let Some((seen, found)) = cache.get(which)
        && seen == revisions.of(Touched::from(found.id))
    {
        return Ok(Some(found));
    }
    // An unknown one has no revision to be compared; it is looked for each time.
    let before = match which {
        OrganizationRef::Id(id) => Some(revisions.of(Touched::from(*id))),
        OrganizationRef::Slug(_) => None,
    };
    let mut conn = core.db().read().await?;
    let Some(found) = store::find(&mut conn, which).await?.filter(|found| found.deleted_at.is_none()) else {
        return Ok(None);
    };
    let found = Arc::new(found);
    let revision = if let Some(revision) = before {
        revision
    } else {
        // Under which revision a slug was read is known only once its organisation is: read it again by id.
        let revision = revisions.of(Touched::from(found.id));
        let again = store::find(&mut conn, &OrganizationRef::Id(found.id)).await?;
        if again.as_ref() != Some(&*found) {
            return Ok(Some(found));
        }
        revision
    };
    cache.insert(which.clone(), (revision, Arc::clone(&found)));
    Ok(Some(found))
}

/// Where a person stands in an organisation; `None` when they are no member, or there is no such organisation.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_standing(
    core: &Core,
    user_id: UserId,
    organization_id: OrganizationId,
) -> Result<Option<Arc<Standing>>, Internal> {
    let revision = revision(core, user_id, organization_id);
    let rulebook = find_rulebook(core, Some(organization_id)).await?;
    let cache = &core.organizations().standings;
    let key = (user_id, organization_id);
    if let Some(((old, seen), standing)) = cache.get(&key)
        && seen == revision
    {
        if Arc::ptr_eq(&old, &rulebook) {
            return Ok(standing);
        }
        // The roles were read again: only what follows from them is worked out anew.
        let anew = standing.map(|standing| {
            let implied = rulebook.roles.implied(standing.membership.role_id);
            let effective = Effective { implied, rules: standing.effective.rules.clone() };
            Arc::new(Standing { effective, rulebook: Arc::clone(&rulebook), ..(*standing).clone() })
        });
        cache.insert(key, ((rulebook, revision), anew.clone()));
        return Ok(anew);
    }
    let standing = match find_organization(core, &organization_id.into()).await? {
        Some(organization) => {
            let mut conn = core.db().read().await?;
            read(&mut conn, user_id, &organization, &rulebook).await?.map(Arc::new)
        }
        None => None,
    };
    cache.insert(key, ((rulebook, revision), standing.clone()));
    Ok(standing)
}

/// The same from the database.
pub(super) async fn read(
    conn: &mut Conn,
    user_id: UserId,
    organization: &Arc<Organization>,
    rulebook: &Arc<Rulebook>,
) -> Result<Option<Standing>, Internal> {
    let Some(membership) = member_store::find(conn, organization.id, user_id).await? else { return Ok(None) };
    let entries = member_store::entries(conn, membership.id).await?;
    let implied = rulebook.roles.implied(membership.role_id);
    let effective = Effective { implied, rules: entries.iter().map(super::MemberEntry::rule).collect() };
    let (organization, rulebook) = (Arc::clone(organization), Arc::clone(rulebook));
    Ok(Some(Standing { organization, membership, effective, rulebook }))
}

/// Grows when anything that decides where they stand may have changed.
fn revision(core: &Core, user_id: UserId, organization_id: OrganizationId) -> u64 {
    let revisions = core.db().revisions();
    // Each only ever grows, so their sum tells every change.
    revisions.of(Touched::memberships(user_id)).wrapping_add(revisions.of(Touched::from(organization_id)))
}
