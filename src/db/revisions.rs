//! What changed, so that caches know (DESIGN §6).
//!
//! Caches keep what they read together with the revision they saw *before* reading; an entry whose revision has moved
//! is read again. A transaction says what it touches ([`Tx::touch`](super::Tx::touch)); the commit moves the revisions
//! of this node and, on PostgreSQL, tells the other nodes by `NOTIFY`. When the line to PostgreSQL was down, and once a
//! minute in any case, everything counts as changed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};

use crate::id::{OrganizationId, UserId};

const CHANNEL: &str = "ostiary_changes";
const SHARDS: usize = 256;

/// Something that caches may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// A user's sessions, grants, tokens or stamp.
    User(u8),
    /// Some client.
    Clients,
    /// The signing keys.
    Keys,
    /// Resources and scopes.
    Catalogue,
    /// Some organisation: itself, its roles.
    Organization(u8),
    /// Where a person belongs: their memberships, grants and denials.
    Memberships(u8),
    /// Roles of the instance, and the catalogue of permissions.
    Roles,
    /// Policies of the instance or of an organisation.
    Policies,
}

impl From<UserId> for Touched {
    fn from(user: UserId) -> Self {
        Self::User(shard(user.as_uuid()))
    }
}

impl From<OrganizationId> for Touched {
    fn from(organization: OrganizationId) -> Self {
        Self::Organization(shard(organization.as_uuid()))
    }
}

/// The last byte of an id is random, so they spread evenly over the shards.
const fn shard(id: uuid::Uuid) -> u8 {
    let [.., last] = id.into_bytes();
    last
}

impl Touched {
    /// Where this person belongs.
    pub(crate) fn memberships(user: UserId) -> Self {
        Self::Memberships(shard(user.as_uuid()))
    }

    pub(crate) fn to_message(self) -> String {
        match self {
            Self::User(shard) => format!("u{shard}"),
            Self::Clients => "c".to_owned(),
            Self::Keys => "k".to_owned(),
            Self::Catalogue => "r".to_owned(),
            Self::Organization(shard) => format!("o{shard}"),
            Self::Memberships(shard) => format!("m{shard}"),
            Self::Roles => "p".to_owned(),
            Self::Policies => "a".to_owned(),
        }
    }

    fn from_message(text: &str) -> Option<Self> {
        match text {
            "c" => Some(Self::Clients),
            "k" => Some(Self::Keys),
            "r" => Some(Self::Catalogue),
            "p" => Some(Self::Roles),
            "a" => Some(Self::Policies),
            _ => {
                let (kind, shard) = text.split_at_checked(1)?;
                let shard = shard.parse().ok()?;
                match kind {
                    "u" => Some(Self::User(shard)),
                    "o" => Some(Self::Organization(shard)),
                    "m" => Some(Self::Memberships(shard)),
                    _ => None,
                }
            }
        }
    }
}

/// A counter for each thing that caches may hold.
#[derive(Debug)]
pub(crate) struct Revisions {
    users: [AtomicU64; SHARDS],
    clients: AtomicU64,
    keys: AtomicU64,
    catalogue: AtomicU64,
    organizations: [AtomicU64; SHARDS],
    memberships: [AtomicU64; SHARDS],
    roles: AtomicU64,
    policies: AtomicU64,
}

impl Default for Revisions {
    fn default() -> Self {
        Self {
            users: [const { AtomicU64::new(0) }; SHARDS],
            clients: AtomicU64::new(0),
            keys: AtomicU64::new(0),
            catalogue: AtomicU64::new(0),
            organizations: [const { AtomicU64::new(0) }; SHARDS],
            memberships: [const { AtomicU64::new(0) }; SHARDS],
            roles: AtomicU64::new(0),
            policies: AtomicU64::new(0),
        }
    }
}

impl Revisions {
    fn counter(&self, what: Touched) -> &AtomicU64 {
        match what {
            // A u8 is always a valid index of 256 counters; the fallback only keeps the compiler content.
            Touched::User(shard) => self.users.get(usize::from(shard)).unwrap_or(&self.clients),
            Touched::Organization(shard) => self.organizations.get(usize::from(shard)).unwrap_or(&self.clients),
            Touched::Memberships(shard) => self.memberships.get(usize::from(shard)).unwrap_or(&self.clients),
            Touched::Clients => &self.clients,
            Touched::Keys => &self.keys,
            Touched::Catalogue => &self.catalogue,
            Touched::Roles => &self.roles,
            Touched::Policies => &self.policies,
        }
    }

    /// The present revision. Take it before reading what is to be cached.
    pub(crate) fn of(&self, what: impl Into<Touched>) -> u64 {
        self.counter(what.into()).load(Ordering::Acquire)
    }

    pub(crate) fn advance(&self, what: Touched) {
        self.counter(what).fetch_add(1, Ordering::AcqRel);
    }

    fn advance_all(&self) {
        let sharded = self.users.iter().chain(&self.organizations).chain(&self.memberships);
        for counter in sharded.chain([&self.clients, &self.keys, &self.catalogue, &self.roles, &self.policies]) {
            counter.fetch_add(1, Ordering::AcqRel);
        }
    }
}

/// Listens to the other nodes until the pool is closed.
pub(super) async fn listen(pool: PgPool, revisions: Arc<Revisions>) {
    while !pool.is_closed() {
        if let Err(cause) = follow(&pool, &revisions).await {
            tracing::warn!(%cause, "not hearing the other nodes' changes; trying again");
        }
        revisions.advance_all();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn follow(pool: &PgPool, revisions: &Revisions) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.ignore_pool_close_event(false);
    listener.listen(CHANNEL).await?;
    // What was said before we listened is lost.
    revisions.advance_all();
    loop {
        match tokio::time::timeout(Duration::from_mins(1), listener.try_recv()).await {
            Ok(Ok(Some(message))) => match Touched::from_message(message.payload()) {
                Some(what) => revisions.advance(what),
                None => revisions.advance_all(),
            },
            Ok(Ok(None)) | Err(_) => revisions.advance_all(),
            Ok(Err(cause)) => return Err(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_back() {
        let plain = [Touched::Clients, Touched::Keys, Touched::Catalogue, Touched::Roles, Touched::Policies];
        let sharded = [Touched::User(0), Touched::User(255), Touched::Organization(7), Touched::Memberships(255)];
        for what in plain.into_iter().chain(sharded) {
            assert_eq!(Touched::from_message(&what.to_message()), Some(what));
        }
        assert_eq!(Touched::from_message("u256"), None);
        assert_eq!(Touched::from_message("ü1"), None);
        assert_eq!(Touched::from_message(""), None);
    }
}
