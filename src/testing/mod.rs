//! What tests of every crate share (feature `testing`): a fixed clock, seeded entropy, a fresh database per test on
//! each engine, captured mail.
//!
//! ```ignore
//! /// A1
//! #[tokio::test]
//! async fn an_address_has_one_account() {
//!     on_both_engines(async |core| { … }).await;
//! }
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "helpers of tests fail loudly"
)]

mod authenticator;
mod clock;
mod code_app;
mod database;
mod mail;
mod recipient;
mod signer;
mod sms;
mod web;

use std::sync::Arc;

pub use authenticator::SoftAuthenticator;
pub use clock::FixedClock;
pub use code_app::{CODE_SECONDS, TestAuthenticator};
pub use database::{TestDatabase, postgres_url};
pub use mail::TestMail;
pub use recipient::Recipient;
pub use signer::Signer;
pub use sms::TestSms;
pub use web::TestWeb;

use crate::{
    config::Config,
    core::{Actor, Core, CoreParts, Ctx, RequestMeta},
    db::Db,
    entropy::Entropy,
    seal::Sealer,
    secret::SecretString,
};

/// Entropy that is unique but repeatable: a counter, hashed with a seed.
#[derive(Debug, Default)]
pub struct SeededEntropy {
    seed: u64,
    counter: std::sync::atomic::AtomicU64,
}

impl SeededEntropy {
    /// Entropy that depends on nothing but `seed` and the order of the calls.
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: std::sync::atomic::AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mut block = [0_u8; 16];
            block[..8].copy_from_slice(&self.seed.to_be_bytes());
            block[8..].copy_from_slice(&n.to_be_bytes());
            chunk.copy_from_slice(&crate::secret::Digest::of(&block).as_bytes()[..chunk.len()]);
        }
    }
}

/// A [`Core`] on a fresh database, with handles to turn its clock.
pub struct TestCore {
    /// The house under test.
    pub core: Core,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    database: TestDatabase,
}

impl std::ops::Deref for TestCore {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

impl TestCore {
    /// A core on a fresh SQLite file.
    pub async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite(), |_| {}).await
    }

    /// A core on a fresh SQLite file, with settings changed by `configure`.
    pub async fn sqlite_with(configure: impl FnOnce(&mut Config)) -> Self {
        Self::on(TestDatabase::sqlite(), configure).await
    }

    /// A core on the given fresh database, migrated, with cheap hashing, no rate limits, and settings changed by
    /// `configure`.
    pub async fn on(database: TestDatabase, configure: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.database.url = SecretString::from(database.url());
        config.database.max_connections = 8;
        // Races send a hundred passwords at once; none of them is meant to be told that we are busy.
        config.hashing =
            crate::password::HasherConfig { queue_per_thread: 1_000, ..crate::password::HasherConfig::cheap() };
        config.limits.sign_in_per_minute = 0;
        config.limits.auth_per_minute = 0;
        config.limits.stored_requests_per_minute = 0;
        config.limits.user_code_per_minute = 0;
        config.limits.codes_per_hour = 0;
        config.limits.sms_per_hour = 0;
        config.limits.sms_per_hour_from_address = 0;
        config.limits.client_registrations_per_minute = 0;
        config.mail.directory = database.directory().join("mail");
        config.sms.directory = database.directory().join("sms");
        configure(&mut config);
        let db = Db::open(config.database.url.expose(), config.database.max_connections).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Arc::new(FixedClock::default());
        let core = Core::new(CoreParts {
            config,
            db,
            clock: Arc::clone(&clock) as _,
            entropy: Arc::new(SeededEntropy::new(7)),
            sealer: Sealer::from_key(&[7; 32]).unwrap(),
        });
        Self { core, clock, database }
    }

    /// Another node on the same database, with its own clock handle shared.
    pub async fn second_node(&self) -> Core {
        self.node_with_master_key([7; 32]).await
    }

    /// A node on the same database with this master key.
    pub async fn node_with_master_key(&self, key: [u8; 32]) -> Core {
        let config = self.core.config().clone();
        let db = Db::open(config.database.url.expose(), config.database.max_connections).await.unwrap();
        Core::new(CoreParts {
            config,
            db,
            clock: Arc::clone(&self.clock) as _,
            entropy: Arc::new(SeededEntropy::new(8)),
            sealer: Sealer::from_key(&key).unwrap(),
        })
    }

    /// A context of somebody unknown, from a test address.
    pub fn anonymous(&self) -> Ctx {
        self.core.ctx(Actor::Anonymous, self.meta())
    }

    /// Request facts from a test address.
    pub fn meta(&self) -> RequestMeta {
        RequestMeta {
            ip: Some(std::net::IpAddr::from([192, 0, 2, 44])),
            user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
            browser: None,
            correlation_id: self.core.new_id(),
        }
    }

    /// The mails that wait to be sent, oldest first.
    pub async fn mails(&self) -> Vec<TestMail> {
        mail::waiting(&self.core).await
    }

    /// The text messages that wait to be sent, oldest first.
    pub async fn text_messages(&self) -> Vec<TestSms> {
        sms::waiting(&self.core).await
    }

    /// The directory of this test, removed at its end.
    pub fn directory(&self) -> &std::path::Path {
        self.database.directory()
    }
}

/// Runs `test` on SQLite and, when a server is there (`OSTIARY_TEST_POSTGRES_URL`, set by `make test`), on PostgreSQL.
/// `OSTIARY_TEST_REQUIRE_POSTGRES=1` makes a missing server a failure.
pub async fn on_both_engines(test: impl AsyncFn(TestCore)) {
    on_both_engines_with(|_| {}, test).await;
}

/// The same with settings changed by `configure`.
pub async fn on_both_engines_with(configure: impl Fn(&mut Config), test: impl AsyncFn(TestCore)) {
    test(TestCore::on(TestDatabase::sqlite(), &configure).await).await;
    if let Some(database) = TestDatabase::postgres().await {
        let core = TestCore::on(database, &configure).await;
        test(core).await;
    }
}
