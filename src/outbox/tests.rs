//! H2: what is in the outbox arrives, once, in order.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    sync::Mutex,
};

use super::*;
use crate::{
    config::Smtp,
    core::Core,
    id::UserId,
    mail::{Mail, Message, Transport},
    secret::SecretString,
    testing::{TestCore, on_both_engines, on_both_engines_with},
    text::EmailAddress,
};

const MINUTE: Duration = Duration::from_mins(1);

async fn put(core: &Core, user: UserId, to: &str) -> OutboxId {
    let ctx = core.system();
    let mail = Mail::new(EmailAddress::try_from(to).unwrap(), None, Message::AddressTaken);
    let mut tx = core.db().write().await.unwrap();
    let id = enqueue(&mut tx, &ctx, OutboxKind::Mail, user.to_string(), &mail).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn count(core: &Core, sql: &'static str) -> i64 {
    core.db().read().await.unwrap().query(sql).scalar().await.unwrap()
}

async fn open(core: &Core) -> i64 {
    count(core, "SELECT COUNT(*) FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL").await
}

/// Without an SMTP server mails become files that only their owner reads, and nothing of them stays in the database.
#[tokio::test]
async fn mails_become_files() {
    on_both_engines(async |core| {
        let transport = Transport::new(&core.config().mail).unwrap();
        let id = put(&core, core.new_id(), "mara@nordhavn.example").await;
        let mut tx = core.db().write().await.unwrap();
        crate::mail::enqueue_nothing(&mut tx, &core.system()).await.unwrap();
        tx.commit().await.unwrap();
        let done = deliver_due(&core, &transport).await.unwrap();
        assert_eq!(done, Delivery { delivered: 2, failed: 0 });
        let path = core.config().mail.directory.join(format!("{id}.eml"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("To: mara@nordhavn.example"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(&core.config().mail.directory).unwrap().count(), 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL").await, 0);
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery::default());
    })
    .await;
}

/// A mail server of the simplest kind: it answers `RCPT TO` as told and keeps the recipients it took.
struct Server {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<&'static str>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new("250 ok"));
        let (keep, say) = (Arc::clone(&taken), Arc::clone(&answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (keep, say) = (Arc::clone(&keep), Arc::clone(&say));
                tokio::spawn(async move {
                    let (read, mut write) = stream.into_split();
                    let mut lines = BufReader::new(read).lines();
                    write.write_all(b"220 test\r\n").await.unwrap();
                    let (mut in_data, mut to) = (false, String::new());
                    while let Ok(Some(line)) = lines.next_line().await {
                        let reply = if in_data {
                            if line != "." {
                                continue;
                            }
                            in_data = false;
                            keep.lock().await.push(std::mem::take(&mut to));
                            "250 ok"
                        } else if line.starts_with("RCPT") {
                            to = line.trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                            *say.lock().await
                        } else if line.starts_with("DATA") {
                            in_data = true;
                            "354 go on"
                        } else {
                            "250 ok"
                        };
                        if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, taken, answer }
    }

    fn transport(&self, core: &TestCore) -> Transport {
        let mut settings = core.config().mail.clone();
        settings.smtp = Some(Smtp { url: SecretString::from(format!("smtp://127.0.0.1:{}", self.port).as_str()) });
        Transport::new(&settings).unwrap()
    }

    async fn answer(&self, answer: &'static str) {
        *self.answer.lock().await = answer;
    }

    async fn taken(&self) -> Vec<String> {
        self.taken.lock().await.clone()
    }
}

/// A server that is not ready is asked again after growing pauses; what was refused for now arrives later, in order.
#[tokio::test]
async fn refused_for_now_means_again_later() {
    on_both_engines(async |core| {
        let server = Server::start().await;
        let transport = server.transport(&core);
        let user = core.new_id();
        put(&core, user, "first@nordhavn.example").await;
        core.clock.advance(Duration::from_millis(2));
        put(&core, user, "second@nordhavn.example").await;
        server.answer("451 later").await;
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery { delivered: 0, failed: 1 });
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery::default(), "not before its time");
        server.answer("250 ok").await;
        core.clock.advance(Duration::from_secs(10));
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery { delivered: 2, failed: 0 });
        assert_eq!(server.taken().await, ["first@nordhavn.example", "second@nordhavn.example"]);
        let error: Option<String> =
            core.db().read().await.unwrap().query("SELECT MAX(last_error) FROM outbox").scalar().await.unwrap();
        assert_eq!(error, None);
    })
    .await;
}

/// A refusal for good is not repeated, does not hold up the next mail, and leaves neither payload nor address behind.
#[tokio::test]
async fn refused_for_good_ends_it() {
    on_both_engines(async |core| {
        let server = Server::start().await;
        let transport = server.transport(&core);
        let user = core.new_id();
        put(&core, user, "gone@nordhavn.example").await;
        server.answer("550 no such user: gone@nordhavn.example").await;
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery { delivered: 0, failed: 1 });
        assert_eq!(open(&core).await, 0);
        let error: String =
            core.db().read().await.unwrap().query("SELECT last_error FROM outbox").scalar().await.unwrap();
        assert_eq!(error, "refused (550)");
        assert_eq!(count(&core, "SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL").await, 0);
        core.clock.advance(Duration::from_millis(2));
        put(&core, user, "next@nordhavn.example").await;
        server.answer("250 ok").await;
        assert_eq!(deliver_due(&core, &transport).await.unwrap().delivered, 1);
    })
    .await;
}

/// After about a day of failures we give up.
#[tokio::test]
async fn delivery_is_given_up_after_a_day() {
    on_both_engines(async |core| {
        let server = Server::start().await;
        let transport = server.transport(&core);
        server.answer("451 later").await;
        put(&core, core.new_id(), "mara@nordhavn.example").await;
        let start = core.now();
        let mut tries = 0;
        while open(&core).await > 0 {
            tries += deliver_due(&core, &transport).await.unwrap().failed;
            core.clock.advance(MINUTE);
            assert!(core.now().since(start) < Duration::from_hours(3 * 24));
        }
        assert_eq!(tries, 10);
        let hours = core.now().since(start).as_secs() / 3600;
        assert!((20..=26).contains(&hours), "{hours}");
    })
    .await;
}

/// Two nodes that deliver at once send each mail once; a node that died with some leaves them to the other in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_send_each_mail_once() {
    on_both_engines_with(
        |config| config.database.max_connections = 12,
        async |core| {
            let server = Server::start().await;
            let transport = server.transport(&core);
            let mut expected = Vec::new();
            for n in 0..30 {
                let to = format!("p{n:02}@nordhavn.example");
                put(&core, core.new_id(), &to).await;
                expected.push(to);
            }
            let nodes = (0..4).map(|_| {
                let (core, transport) = (core.core.clone(), transport.clone());
                tokio::spawn(async move { deliver_due(&core, &transport).await.unwrap() })
            });
            let mut delivered = 0;
            for node in nodes.collect::<Vec<_>>() {
                delivered += node.await.unwrap().delivered;
            }
            assert_eq!(delivered, 30);
            let mut taken = server.taken().await;
            taken.sort();
            assert_eq!(taken, expected);

            // A node takes one and dies.
            put(&core, core.new_id(), "late@nordhavn.example").await;
            let mut tx = core.db().write().await.unwrap();
            let now = core.now();
            assert_eq!(store::take(&mut tx, "mail", now, now + MINUTE, 8).await.unwrap().len(), 1);
            tx.commit().await.unwrap();
            assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery::default());
            core.clock.advance(MINUTE);
            assert_eq!(deliver_due(&core, &transport).await.unwrap().delivered, 1);
        },
    )
    .await;
}

/// What was rolled back is never sent, and what cannot be opened is given up.
#[tokio::test]
async fn only_what_was_committed_is_sent() {
    on_both_engines(async |core| {
        let transport = Transport::new(&core.config().mail).unwrap();
        let mail = Mail::new(EmailAddress::try_from("mara@nordhavn.example").unwrap(), None, Message::AddressTaken);
        let mut tx = core.db().write().await.unwrap();
        enqueue(&mut tx, &core.system(), OutboxKind::Mail, "x".to_owned(), &mail).await.unwrap();
        drop(tx);
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery::default());

        put(&core, core.new_id(), "mara@nordhavn.example").await;
        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE outbox SET sealed_payload = $1").bind(vec![1_u8; 40]).execute().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(deliver_due(&core, &transport).await.unwrap(), Delivery { delivered: 0, failed: 1 });
        assert_eq!(open(&core).await, 0);
    })
    .await;
}
