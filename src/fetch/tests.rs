//! D8: requests to somebody else's address, against servers of our own on the loopback address.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use url::Url;

use super::*;
use crate::config;

/// A server that reads a request and answers with these bytes, then keeps the connection open if it `stays`.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heard: Arc<std::sync::Mutex<String>>,
}

impl Server {
    async fn new(answer: impl Into<Vec<u8>>, stays: bool) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let heard = Arc::new(std::sync::Mutex::new(String::new()));
        let (counted, hearing) = (Arc::clone(&connections), Arc::clone(&heard));
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut socket, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let mut request = vec![0; 4096];
                let length = socket.read(&mut request).await.unwrap_or(0);
                hearing.lock().unwrap().push_str(&String::from_utf8_lossy(&request[..length]));
                let _ = socket.write_all(&answer).await;
                if stays {
                    open.push(socket);
                }
            }
        });
        Self { address, connections, heard }
    }

    async fn json(body: &str) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: max-age=60\r\n";
        Self::new(format!("{head}etag: \"1\"\r\ncontent-length: {}\r\n\r\n{body}", body.len()), false).await
    }

    fn url(&self, host: &str) -> Url {
        format!("http://{host}:{}/path?x=1", self.address.port()).parse().unwrap()
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn strict() -> Fetcher {
    Fetcher::new(&config::Fetch::default())
}

fn open() -> Fetcher {
    Fetcher::new(&config::Fetch {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        timeout: Duration::from_secs(30),
        ..config::Fetch::default()
    })
}

async fn get(fetcher: &Fetcher, url: &Url) -> Result<Fetched, FetchError> {
    fetcher.get(url, "*/*", 100).await
}

#[tokio::test]
async fn what_is_allowed_comes_back() {
    let server = Server::json(r#"{"a":1}"#).await;
    let (value, fetched) = open().get_json(&server.url("127.0.0.1"), 100).await.unwrap();
    assert_eq!(value, serde_json::json!({ "a": 1 }));
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.content_type.as_deref(), Some("application/json"));
    assert_eq!(fetched.max_age, Some(Duration::from_mins(1)));
    assert_eq!(fetched.etag.as_deref(), Some("\"1\""));
    let heard = server.heard.lock().unwrap().clone();
    assert!(heard.starts_with("GET /path?x=1 HTTP/1.1\r\n"), "{heard}");
    assert!(!heard.to_lowercase().contains("cookie"), "{heard}");
}

/// D8: a name that leads to this machine is refused before anything is sent, and so are plain addresses in all their
/// spellings.
#[tokio::test]
async fn private_addresses_are_not_even_connected_to() {
    let server = Server::json("{}").await;
    let port = server.address.port();
    for host in [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[::1]",
        "[::]",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
    ] {
        let url: Url = format!("https://{host}:{port}/").parse().unwrap();
        assert_eq!(get(&strict(), &url).await, Err(FetchError::Forbidden), "{host}");
    }
    assert_eq!(server.connections(), 0);
}

/// D8: `http` reaches opened networks and nothing else.
#[tokio::test]
async fn plain_http_is_for_opened_networks() {
    let server = Server::json("{}").await;
    let refused = get(&strict(), &server.url("127.0.0.1")).await;
    assert!(matches!(refused, Err(FetchError::Url(_))), "{refused:?}");
    let elsewhere =
        Fetcher::new(&config::Fetch { allow_private: vec!["10.0.0.0/8".parse().unwrap()], ..config::Fetch::default() });
    assert_eq!(get(&elsewhere, &server.url("127.0.0.1")).await, Err(FetchError::Forbidden));
    assert_eq!(get(&elsewhere, &server.url("localhost")).await, Err(FetchError::Forbidden));
    assert_eq!(get(&elsewhere, &"http://8.8.8.8/".parse().unwrap()).await, Err(FetchError::Forbidden));
    assert_eq!(server.connections(), 0);
    assert!(get(&open(), &server.url("localhost")).await.is_ok());
}

/// D8: what a URL may not be.
#[test]
fn urls_are_read_strictly() {
    for url in [
        "ftp://host.example/",
        "file:///etc/passwd",
        "gopher://host.example/",
        "data:text/plain,x",
        "http://host.example/",
        "https://user@host.example/",
        "https://user:secret@host.example/",
        "https://:secret@host.example/",
        "https://host.example:0/",
    ] {
        let checked = strict().check(&url.parse().unwrap());
        assert!(matches!(checked, Err(FetchError::Url(_))), "{url}: {checked:?}");
    }
    for url in
        ["https://host.example", "https://host.example:8443/a?b#c", "https://8.8.8.8/", "https://[2606:4700::1]/"]
    {
        assert_eq!(strict().check(&url.parse().unwrap()), Ok(()), "{url}");
    }
}

/// D8: a redirect could lead anywhere, so none is followed.
#[tokio::test]
async fn redirects_are_not_followed() {
    let target = Server::json("{}").await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = target.url("127.0.0.1");
        let answer = format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::new(answer, false).await;
        assert_eq!(get(&open(), &server.url("127.0.0.1")).await, Err(FetchError::Redirected), "{status}");
    }
    assert_eq!(target.connections(), 0);
}

/// D8: a body is read up to the limit, whether its length is told, told wrongly or not told.
#[tokio::test]
async fn large_answers_are_refused() {
    let long = "x".repeat(101);
    let told = format!("HTTP/1.1 200 OK\r\ncontent-length: 101\r\n\r\n{long}");
    let promised = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_owned();
    let untold = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{long}");
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n65\r\n{long}\r\n0\r\n\r\n");
    for answer in [told, promised, untold, chunked] {
        let server = Server::new(answer.clone(), false).await;
        let refused = get(&open(), &server.url("127.0.0.1")).await;
        assert_eq!(refused, Err(FetchError::TooLarge(100)), "{answer}");
    }
    let fits = format!("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}", &long[..100]);
    let server = Server::new(fits, false).await;
    assert_eq!(get(&open(), &server.url("127.0.0.1")).await.unwrap().body.len(), 100);
}

/// D8: one time limit for all of it: a body that never ends, and a head that never comes.
#[tokio::test]
async fn slow_answers_are_given_up() {
    let fetcher = Fetcher::new(&config::Fetch {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        timeout: Duration::from_millis(50),
        ..config::Fetch::default()
    });
    for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf", "HTTP/1.1 200 OK\r\n", ""] {
        let server = Server::new(answer, true).await;
        assert_eq!(get(&fetcher, &server.url("127.0.0.1")).await, Err(FetchError::TimedOut), "{answer}");
    }
}

#[tokio::test]
async fn what_is_broken_is_told_apart() {
    let server = Server::new("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", false).await;
    assert_eq!(get(&open(), &server.url("127.0.0.1")).await, Err(FetchError::Status(404)));
    let server = Server::new("nonsense", false).await;
    assert_eq!(get(&open(), &server.url("127.0.0.1")).await, Err(FetchError::Unreachable));
    let cut = Server::new("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf", false).await;
    assert_eq!(get(&open(), &cut.url("127.0.0.1")).await, Err(FetchError::Unreachable));
    // Not TLS at all.
    let url = format!("https://127.0.0.1:{}/", server.address.port()).parse().unwrap();
    assert_eq!(get(&open(), &url).await, Err(FetchError::Unreachable));
    let text = Server::new("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}", false).await;
    let refused = open().get_json(&text.url("127.0.0.1"), 100).await;
    assert_eq!(refused.unwrap_err(), FetchError::Malformed);
}

/// OIDC Back-Channel Logout §2.5 and CIBA §10.2 send this way.
#[tokio::test]
async fn forms_and_json_are_posted() {
    let server = Server::new("HTTP/1.1 204 No Content\r\n\r\n", false).await;
    let url = server.url("127.0.0.1");
    let sent = open().post_form(&url, &[("logout_token", "a b&c")], 100).await.unwrap();
    assert_eq!((sent.status, sent.body.len()), (204, 0));
    let token = crate::secret::SecretString::from("secret");
    open().post_json(&url, &serde_json::json!({ "auth_req_id": "1" }), Some(&token), 100).await.unwrap();
    let heard = server.heard.lock().unwrap().clone();
    assert!(heard.contains("POST /path?x=1"), "{heard}");
    assert!(heard.contains("application/x-www-form-urlencoded"), "{heard}");
    assert!(heard.contains("authorization: Bearer secret"), "{heard}");
}
