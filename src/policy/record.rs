//! A sample of what was decided, to try new policies on: the last two hundred decisions of each organisation that differ in
//! who, what or the answer. Nobody who asks waits for it: decisions gather in memory, and a job writes them down. What a
//! node that stops has not written yet is lost, as are those beyond a thousand at a time; a sample can do without them.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use moka::sync::Cache;

use super::{engine::Question, store};
use crate::{
    clock::Timestamp,
    core::Core,
    db::Tx,
    error::Internal,
    id::{DecisionId, OrganizationId},
};

/// Decisions kept of each organisation.
pub(super) const MOST_RECORDED: i64 = 200;
/// Decisions are kept so long at most: they say who did what.
pub(crate) const KEEP_RECORDED: Duration = Duration::from_hours(30 * 24);
/// The same decision is not put on record again for so long.
const QUIET: Duration = Duration::from_mins(10);
/// Decisions that wait at most.
const MOST_WAITING: usize = 1000;

/// A decision on record: what it depended on.
pub(super) struct Recorded {
    pub(super) id: DecisionId,
    pub(super) question: Question,
}

/// Decisions that wait to be written.
pub(super) struct Recorder {
    seen: Cache<u64, ()>,
    waiting: Mutex<VecDeque<Recorded>>,
}

impl Default for Recorder {
    fn default() -> Self {
        let seen = Cache::builder().max_capacity(50_000).time_to_live(QUIET).build();
        Self { seen, waiting: Mutex::default() }
    }
}

/// Keeps a decision for the record, unless the same was kept lately.
pub(super) fn note(core: &Core, question: Question, allowed: bool) {
    let recorder = &core.policies().recorder;
    let key = fingerprint(&question, allowed);
    if recorder.seen.contains_key(&key) {
        return;
    }
    recorder.seen.insert(key, ());
    let mut waiting = recorder.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    if waiting.len() < MOST_WAITING {
        waiting.push_back(Recorded { id: core.new_id(), question });
    }
}

/// The same for decisions that a draft would treat alike, mostly: they differ in neither who, what nor the answer.
fn fingerprint(question: &Question, allowed: bool) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    let resource = &question.resource;
    (question.organization, question.subject.id, &question.action, allowed).hash(&mut hasher);
    (&resource.kind, &resource.id, resource.is_foreign).hash(&mut hasher);
    hasher.finish()
}

/// Writes down the decisions that wait, and forgets the oldest of each organisation beyond two hundred.
///
/// # Errors
/// [`Internal`] when the database does not answer; those decisions are lost.
pub async fn write_recorded(core: &Core) -> Result<(), Internal> {
    let waiting = {
        let mut waiting = core.policies().recorder.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting)
    };
    if waiting.is_empty() {
        return Ok(());
    }
    let organizations: BTreeSet<OrganizationId> = waiting.iter().map(|one| one.question.organization).collect();
    let mut tx = core.db().write().await?;
    for recorded in waiting {
        store::record(&mut tx, recorded).await?;
    }
    for organization_id in organizations {
        store::trim(&mut tx, organization_id, MOST_RECORDED).await?;
    }
    tx.commit().await
}

/// Removes at most `limit` decisions from before.
pub(crate) async fn delete_recorded(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    store::delete_recorded(tx, before, limit).await
}
