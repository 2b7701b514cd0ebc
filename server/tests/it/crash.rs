//! `kill -9` in the middle of a storm, on SQLite: after a restart the database is sound and everything that was answered is
//! there (I1).
//!
//! The real binary is started, several people at once register, sign in and refresh over the REST API, and the process is
//! killed with requests under way. What was answered is written down before and asked for again afterwards.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use openidconnect::reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const PASSWORD: &str = "Kvarteret-9-Dorvaktaren";
/// People at once.
const PEOPLE: usize = 12;
/// Answers before the power fails.
const ANSWERS: usize = 240;

/// An HTTP client. It takes the provider of cryptography that the process has.
fn client() -> Client {
    let _ = tokio_rustls::rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder().timeout(Duration::from_secs(20)).build().unwrap()
}

struct Running {
    child: Child,
    origin: String,
}

impl Running {
    /// Starts the binary on the database in `directory` and waits until it is ready.
    async fn start(directory: &Path, http: &Client) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let origin = format!("http://localhost:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_ostiary"))
            .arg("serve")
            .current_dir(directory)
            .env("OSTIARY__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("OSTIARY__SERVER__PUBLIC_URL", &origin)
            .env("OSTIARY__DATABASE__URL", format!("sqlite:{}", directory.join("ostiary.db").display()))
            .env("OSTIARY__VERIFICATION__REQUIRED", "false")
            .env("OSTIARY__HASHING__MEMORY_KIB", "64")
            .env("OSTIARY__HASHING__PASSES", "1")
            .env("OSTIARY__LIMITS__SIGN_IN_PER_MINUTE", "1000000")
            .env("OSTIARY__LIMITS__AUTH_PER_MINUTE", "1000000")
            .env("OSTIARY__TOKENS__REFRESH_GRACE", "10m")
            .env("OSTIARY__LOG__LEVEL", "warn")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Self { child, origin };
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            if let Ok(answer) = http.get(format!("{}/ready", running.origin)).send().await
                && answer.status() == StatusCode::OK
            {
                return running;
            }
            assert!(Instant::now() < deadline, "the server did not become ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The power fails: SIGKILL.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn post(http: &Client, origin: &str, path: &str, body: &Value) -> Option<(StatusCode, Value)> {
    let body = body.to_string();
    let request =
        http.post(format!("{origin}/api/v1/auth/{path}")).header("content-type", "application/json").body(body);
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let text = answer.text().await.ok()?;
    Some((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// What was answered.
#[derive(Default)]
struct Answered {
    registered: Vec<String>,
    /// The newest refresh token each session was given.
    refresh_tokens: Vec<String>,
}

/// One person after the other registers, signs in and refreshes, until the server is gone.
async fn storm(http: Client, origin: String, who: usize, answered: Arc<Mutex<Answered>>, count: Arc<AtomicUsize>) {
    for n in 0.. {
        let email = format!("storm-{who}-{n}@example.com");
        let person = json!({ "email": email, "password": PASSWORD });
        let Some((status, _)) = post(&http, &origin, "register", &person).await else { return };
        assert_eq!(status, StatusCode::CREATED);
        answered.lock().unwrap().registered.push(email);
        count.fetch_add(1, Ordering::SeqCst);

        let Some((status, tokens)) = post(&http, &origin, "login", &person).await else { return };
        assert_eq!(status, StatusCode::OK, "{tokens}");
        let mut token = tokens["refreshToken"].as_str().unwrap().to_owned();
        let mine = {
            let mut answered = answered.lock().unwrap();
            answered.refresh_tokens.push(token.clone());
            answered.refresh_tokens.len() - 1
        };
        count.fetch_add(1, Ordering::SeqCst);

        for _ in 0..3 {
            let asked = json!({ "refreshToken": token });
            let Some((status, tokens)) = post(&http, &origin, "refresh", &asked).await else { return };
            assert_eq!(status, StatusCode::OK, "{tokens}");
            tokens["refreshToken"].as_str().unwrap().clone_into(&mut token);
            answered.lock().unwrap().refresh_tokens[mine].clone_from(&token);
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn integrity(database: &Path) -> (String, i64) {
    use sqlx::{Connection as _, Row as _};
    let mut conn = sqlx::SqliteConnection::connect(&format!("sqlite:{}", database.display())).await.unwrap();
    let sound = sqlx::query("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap().get(0);
    let loose = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut conn).await.unwrap().len();
    (sound, i64::try_from(loose).unwrap())
}

/// I1: nothing that was answered is lost, and nothing is half there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    let http = client();
    let server = Running::start(directory.path(), &http).await;
    let answered = Arc::new(Mutex::new(Answered::default()));
    let count = Arc::new(AtomicUsize::new(0));
    let people: Vec<_> = (0..PEOPLE)
        .map(|who| {
            tokio::spawn(storm(http.clone(), server.origin.clone(), who, Arc::clone(&answered), Arc::clone(&count)))
        })
        .collect();
    let deadline = Instant::now() + Duration::from_mins(2);
    while count.load(Ordering::SeqCst) < ANSWERS {
        assert!(Instant::now() < deadline, "the storm never came: {} answers", count.load(Ordering::SeqCst));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.kill();
    for person in people {
        person.await.unwrap();
    }

    assert_eq!(integrity(&directory.path().join("ostiary.db")).await, ("ok".to_owned(), 0));
    let http = client();
    let server = Running::start(directory.path(), &http).await;
    let Answered { registered, refresh_tokens } = std::mem::take(&mut *answered.lock().unwrap());
    assert!(registered.len() > 10 && refresh_tokens.len() > 10);
    for email in &registered {
        let person = json!({ "email": email, "password": PASSWORD });
        let (status, body) = post(&http, &server.origin, "login", &person).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{email} was answered and is lost: {body}");
    }
    for token in &refresh_tokens {
        let (status, body) = post(&http, &server.origin, "refresh", &json!({ "refreshToken": token })).await.unwrap();
        assert_eq!(status, StatusCode::OK, "a refresh token was answered and is lost: {body}");
    }
}
