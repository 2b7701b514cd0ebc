//! Policies in memory, ready to be asked.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;

use super::{
    engine::{Compiled, LONGEST_TEXT, Policies, compile},
    place,
    record::Recorder,
    store,
};
use crate::{core::Core, db::Touched, error::Internal, id::OrganizationId};

/// How much text is kept ready, in bytes; its policies take some ten times as much.
const MOST_TEXT: u64 = 16 << 20;

type Set = Option<Arc<Compiled>>;

/// Sets of policies, each with the revision seen before it was read, and decisions that wait to be put on record. That
/// there are none is remembered too. All is read anew after a minute: on SQLite the command line may have changed it, and
/// no node tells.
pub struct Memory {
    sets: Cache<Option<OrganizationId>, (u64, u32, Set)>,
    pub(super) recorder: Recorder,
}

impl Default for Memory {
    fn default() -> Self {
        const GOOD_FOR: Duration = Duration::from_mins(1);
        let weight = |_: &Option<OrganizationId>, (_, weight, _): &(u64, u32, Set)| *weight;
        let sets = Cache::builder().max_capacity(MOST_TEXT).weigher(weight).time_to_live(GOOD_FOR).build();
        Self { sets, recorder: Recorder::default() }
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("policy::Memory")
    }
}

/// The set that counts in an organisation, or on the instance; none when there is none.
///
/// # Errors
/// [`Internal`] when the database does not answer, or what it holds cannot be read: then nothing is decided, rather than
/// without them.
async fn find_set(core: &Core, organization_id: Option<OrganizationId>) -> Result<Set, Internal> {
    let revision = core.db().revisions().of(Touched::Policies);
    let cache = &core.policies().sets;
    if let Some((seen, _, set)) = cache.get(&organization_id)
        && seen == revision
    {
        return Ok(set);
    }
    let mut conn = core.db().read().await?;
    let text = store::active_text(&mut conn, place::key(organization_id)).await?;
    drop(conn);
    // Sets that say nothing weigh something, too.
    let weight = u32::try_from(text.as_ref().map_or(0, String::len).min(LONGEST_TEXT)).unwrap_or(u32::MAX) + 200;
    let set = match text {
        Some(text) => Some(Arc::new(compiled(text).await?)),
        None => None,
    };
    cache.insert(organization_id, (revision, weight, set.clone()));
    Ok(set)
}

async fn compiled(text: String) -> Result<Compiled, Internal> {
    let compiled = tokio::task::spawn_blocking(move || compile(&text)).await;
    let compiled = compiled.map_err(|cause| Internal::new("read stored policies", cause))?;
    compiled.map_err(|problems| {
        let problem = problems.first().map(|problem| problem.message.clone()).unwrap_or_default();
        Internal::new("read stored policies", problem)
    })
}

/// All policies that are asked in an organisation.
///
/// # Errors
/// As [`find_set`].
pub(super) async fn find_policies(core: &Core, organization_id: OrganizationId) -> Result<Policies, Internal> {
    let instance = find_set(core, None).await?;
    let organization = find_set(core, Some(organization_id)).await?;
    Ok(Policies { instance, organization: organization.map(|set| (organization_id, set)) })
}
