//! What every command is given: [`Core`] (the house), [`Actor`] (who asks) and [`RequestMeta`] (from where), together
//! a [`Ctx`].

use std::{net::IpAddr, sync::Arc};

use uuid::Uuid;

use crate::{
    client::ClientCache,
    clock::{Clock, Timestamp},
    config::Config,
    db::{Db, Engine},
    entropy::Entropy,
    fetch::Fetcher,
    grant,
    id::{CorrelationId, SessionId, UserId, uuid_v7},
    keys::Keyring,
    limits::RateLimits,
    org::OrganizationCache,
    password::Hasher,
    policy,
    resource::CatalogueCache,
    seal::Sealer,
    secret::Digest,
    sms,
};

/// The long-lived parts of a running Ostiary. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Core(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    config: Config,
    db: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    sealer: Sealer,
    hasher: Hasher,
    limits: RateLimits,
    keyring: Keyring,
    clients: ClientCache,
    catalogue: CatalogueCache,
    fetcher: Fetcher,
    sms: Option<Arc<dyn sms::Provider>>,
    grants: grant::Memory,
    organizations: OrganizationCache,
    policies: policy::Memory,
}

/// What a [`Core`] is put together from.
#[derive(Debug)]
pub struct CoreParts {
    /// Settings, checked.
    pub config: Config,
    /// Database, open and migrated.
    pub db: Db,
    /// Source of time.
    pub clock: Arc<dyn Clock>,
    /// Source of randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Seals what is stored.
    pub sealer: Sealer,
}

impl Core {
    /// Puts the parts together. Reads nothing yet and starts no thread: both happen on first use.
    pub fn new(parts: CoreParts) -> Self {
        let CoreParts { config, db, clock, entropy, sealer } = parts;
        let hasher = Hasher::new(&config.hashing);
        let limits = RateLimits::new(&config.limits);
        let grants = grant::Memory::new(&config);
        let fetcher = Fetcher::new(&config.fetch);
        // Settings that cannot work were refused when they were read.
        let sms = sms::provider(&config).unwrap_or_default();
        Self(Arc::new(Parts {
            config,
            db,
            clock,
            entropy,
            sealer,
            hasher,
            limits,
            keyring: Keyring::default(),
            clients: ClientCache::default(),
            catalogue: CatalogueCache::default(),
            fetcher,
            sms,
            grants,
            organizations: OrganizationCache::default(),
            policies: policy::Memory::default(),
        }))
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Which engine the database runs on.
    pub fn engine(&self) -> Engine {
        self.0.db.engine()
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The source of randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.entropy
    }

    /// Seals and derives with the master key.
    pub fn sealer(&self) -> &Sealer {
        &self.0.sealer
    }

    /// The threads that hash passwords.
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    /// The rate limits (I5).
    pub fn limits(&self) -> &RateLimits {
        &self.0.limits
    }

    /// The signing keys (D7).
    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    /// Sends requests to addresses that somebody else chose (D8).
    pub fn fetcher(&self) -> &Fetcher {
        &self.0.fetcher
    }

    /// Who takes text messages (B4), if anybody does.
    pub(crate) fn sms(&self) -> Option<&dyn sms::Provider> {
        self.0.sms.as_deref()
    }

    /// Access tokens in memory (D6).
    pub(crate) fn grants(&self) -> &grant::Memory {
        &self.0.grants
    }

    pub(crate) fn catalogue(&self) -> &CatalogueCache {
        &self.0.catalogue
    }

    pub(crate) fn organizations(&self) -> &OrganizationCache {
        &self.0.organizations
    }

    pub(crate) fn policies(&self) -> &policy::Memory {
        &self.0.policies
    }

    pub(crate) fn clients(&self) -> &ClientCache {
        &self.0.clients
    }

    /// A fresh id of whatever type is asked for.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        uuid_v7(self.now(), self.entropy()).into()
    }

    /// A context for work that no request asked for: jobs and the start-up.
    pub fn system(&self) -> Ctx {
        self.ctx(Actor::System, RequestMeta::none(self.new_id()))
    }

    /// A context for a command typed on the server's own command line.
    pub fn operator(&self) -> Ctx {
        self.ctx(Actor::Operator, RequestMeta::none(self.new_id()))
    }

    /// A context for the given actor and request.
    pub fn ctx(&self, actor: Actor, meta: RequestMeta) -> Ctx {
        Ctx { core: self.clone(), actor, meta }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know.
    Anonymous,
    /// A person with a live session.
    User(UserActor),
    /// An application that proved itself.
    Client {
        /// Its client id.
        client_id: String,
    },
    /// Somebody at the server's command line.
    Operator,
    /// Ostiary itself: jobs.
    System,
}

/// A person with a live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserActor {
    /// The person.
    pub user_id: UserId,
    /// The session they ask through.
    pub session_id: SessionId,
    /// When they last proved who they are (OIDC Core §2, `auth_time`).
    pub auth_time: Timestamp,
    /// How (RFC 8176).
    pub amr: Vec<String>,
    /// Administrator of this instance.
    pub is_admin: bool,
}

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct RequestMeta {
    /// The sender's address, behind trusted proxies the original one.
    pub ip: Option<IpAddr>,
    /// `User-Agent`, cut to 512 characters.
    pub user_agent: Option<String>,
    /// What its browser is known by: the digest of a token in a cookie (B9). It opens nothing.
    pub browser: Option<Digest>,
    /// Ties together logs and audit; its short form is the reference a person is given.
    pub correlation_id: CorrelationId,
}

impl RequestMeta {
    /// For work that came from no address.
    pub fn none(correlation_id: CorrelationId) -> Self {
        Self { ip: None, user_agent: None, browser: None, correlation_id }
    }
}

/// Everything a command is given besides its input (DESIGN §2).
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The house.
    pub core: Core,
    /// Who asks.
    pub actor: Actor,
    /// From where.
    pub meta: RequestMeta,
}

impl Ctx {
    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.core.now()
    }

    /// A fresh id.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        self.core.new_id()
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        self.core.config()
    }

    /// The person asking, if it is one.
    pub fn user(&self) -> Option<&UserActor> {
        match &self.actor {
            Actor::User(user) => Some(user),
            Actor::Anonymous | Actor::Client { .. } | Actor::Operator | Actor::System => None,
        }
    }
}

impl CorrelationId {
    /// The reference a person can read out, like `4Q7M-2XKD`: forty of its random bits in Crockford's base 32.
    pub fn reference(self) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        // The last eight bytes of a UUID version 7 are random but for the variant's two bits, which are shifted out.
        let bits = self.as_uuid().as_u64_pair().1 & 0xFF_FFFF_FFFF;
        let mut text = String::with_capacity(9);
        for place in (0..8).rev() {
            let index = usize::try_from(bits >> (place * 5) & 31).unwrap_or(0);
            text.push(char::from(*ALPHABET.get(index).unwrap_or(&b'0')));
            if place == 4 {
                text.push('-');
            }
        }
        text
    }
}
