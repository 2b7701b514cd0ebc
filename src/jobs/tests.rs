//! D12: jobs run, on one node at a time, and remove what has expired.

use super::*;
use crate::{
    account::{self, ForgotPassword, Register},
    secret::{Digest, SecretString},
    session::browser,
    testing::{TestCore, on_both_engines},
    text::EmailAddress,
};

const DAY: Duration = Duration::from_hours(24);

async fn count(core: &Core, sql: &'static str) -> i64 {
    core.db().read().await.unwrap().query(sql).scalar().await.unwrap()
}

async fn register(core: &TestCore, address: &str) {
    let cmd = Register {
        email: EmailAddress::try_from(address).unwrap(),
        username: None,
        display_name: None,
        password: SecretString::from("Seven-lanterns-7"),
        return_to: None,
        invitation: None,
    };
    account::register(&core.anonymous(), cmd).await.unwrap();
}

/// D12: a lease goes to one node, comes free when it is given back and the time has come, or when its holder died.
#[tokio::test]
async fn one_node_holds_a_lease() {
    on_both_engines(async |core| {
        let (a, b): (Uuid, Uuid) = (core.new_id(), core.new_id());
        let every = Duration::from_mins(10);
        assert!(lease::take(&core, "x", a, every).await.unwrap());
        assert!(!lease::take(&core, "x", b, every).await.unwrap());
        assert!(lease::take(&core, "y", b, every).await.unwrap(), "another job is another lease");
        lease::give_back(&core, "x", b).await.unwrap();
        assert!(!lease::take(&core, "x", b, every).await.unwrap(), "only its holder gives it back");
        lease::give_back(&core, "x", a).await.unwrap();
        assert!(!lease::take(&core, "x", b, every).await.unwrap(), "not yet time");
        core.clock.advance(every);
        assert!(lease::take(&core, "x", b, every).await.unwrap());
        core.clock.advance(Duration::from_secs(601));
        assert!(lease::take(&core, "x", a, every).await.unwrap(), "b died");
    })
    .await;
}

/// D12: of many nodes that want a lease at once exactly one gets it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_nodes_and_one_lease() {
    on_both_engines(async |core| {
        let nodes = (0..50).map(|_| {
            let core = core.core.clone();
            tokio::spawn(async move { lease::take(&core, "x", core.new_id(), DAY).await.unwrap() })
        });
        let mut winners = 0;
        for node in nodes.collect::<Vec<_>>() {
            winners += i32::from(node.await.unwrap());
        }
        assert_eq!(winners, 1);
    })
    .await;
}

/// D12: what has expired goes, what has not stays.
#[tokio::test]
async fn expired_rows_are_removed() {
    on_both_engines(async |core| {
        register(&core, "mara@nordhavn.example").await;
        let cmd = ForgotPassword { email: EmailAddress::try_from("nobody@nordhavn.example").unwrap(), return_to: None };
        account::forgot_password(&core.anonymous(), cmd).await.unwrap();
        let record = browser::BrowserRecord { data: serde_json::json!({}), expires_at: core.now() + DAY };
        browser::create(&core, Digest::of(b"cookie"), record).await.unwrap();
        let transport = Transport::new(&core.config().mail).unwrap();
        outbox::deliver_due(&core, &transport).await.unwrap();
        let everything = "SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM tickets) \
                          + (SELECT COUNT(*) FROM browsers) + (SELECT COUNT(*) FROM outbox)";
        assert_eq!(count(&core, everything).await, 1 + 2 + 1 + 2);
        assert_eq!(clean_up(&core).await.unwrap().rows, 0);
        core.clock.advance(30 * DAY);
        register(&core, "new@nordhavn.example").await;
        // The forgotten account took nothing with it that would be counted twice.
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, everything).await, 1 + 1 + 1, "the new account, its ticket, its mail");
        assert!(count(&core, "SELECT COUNT(*) FROM audit").await >= 3, "the record is kept");
    })
    .await;
}

/// D12: large amounts are removed too.
#[tokio::test]
async fn clean_up_goes_on_until_it_is_done() {
    on_both_engines(async |core| {
        for n in 0..1100_u32 {
            let record = browser::BrowserRecord { data: serde_json::json!({}), expires_at: core.now() };
            browser::create(&core, Digest::of(&n.to_be_bytes()), record).await.unwrap();
        }
        core.clock.advance(DAY);
        assert_eq!(clean_up(&core).await.unwrap().rows, 1100);
    })
    .await;
}

/// A committed mail leaves at once, not at the next poll; the jobs stop when they are told to.
#[tokio::test]
async fn jobs_run_until_they_are_stopped() {
    on_both_engines(async |core| {
        let (stop, stopped) = watch::channel(false);
        let jobs = tokio::spawn(run(core.core.clone(), stopped));
        tokio::time::sleep(Duration::from_millis(300)).await;
        register(&core, "mara@nordhavn.example").await;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let delivered = "SELECT COUNT(*) FROM outbox WHERE delivered_at IS NOT NULL";
        while count(&core, delivered).await == 0 {
            assert!(tokio::time::Instant::now() < deadline, "the mail never left");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(10), jobs).await.expect("the jobs stop").unwrap();
    })
    .await;
}
