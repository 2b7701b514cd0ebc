//! Somebody else's web server, on the loopback address: what a client's URLs lead to.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls};
use url::Url;

use crate::config;

/// A web server with a few documents. Every answer is followed by the end of the connection.
#[derive(Debug)]
pub struct TestWeb {
    address: SocketAddr,
    /// Where its certificate lies, if it speaks TLS.
    certificate: Option<tempfile::NamedTempFile>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    pages: Mutex<HashMap<String, Vec<u8>>>,
    asked: Mutex<Vec<String>>,
}

impl TestWeb {
    /// Speaks plain HTTP.
    pub async fn http() -> Self {
        Self::start(None).await
    }

    /// Speaks TLS with a certificate of its own for `localhost` and `127.0.0.1`.
    pub async fn https() -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let chain = vec![made.cert.der().clone()];
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let settings = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), made.cert.pem()).unwrap();
        Self::start(Some((TlsAcceptor::from(Arc::new(settings)), file))).await
    }

    async fn start(tls: Option<(TlsAcceptor, tempfile::NamedTempFile)>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let (acceptor, certificate) = tls.unzip();
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&serving));
                tokio::spawn(async move {
                    match acceptor {
                        None => answer(socket, &shared).await,
                        Some(acceptor) => {
                            if let Ok(socket) = acceptor.accept(socket).await {
                                answer(socket, &shared).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, certificate, shared }
    }

    /// The address of one of its pages.
    pub fn url(&self, path: &str) -> Url {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}{path}", self.address.port()).parse().unwrap()
    }

    /// Lets it be called: the loopback network is opened, and its certificate trusted.
    pub fn open(&self, settings: &mut config::Fetch) {
        settings.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
        settings.ca_file = self.certificate.as_ref().map(|file| file.path().to_owned());
        settings.timeout = Duration::from_secs(30);
    }

    /// Puts a page there, or another in its place.
    pub fn put(&self, path: &str, content_type: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        let mut page = format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            page.extend([name, ": ", value, "\r\n"]);
        }
        page.push_str("connection: close\r\n\r\n");
        self.put_raw(path, [page.as_bytes(), body].concat());
    }

    /// Puts a JSON document there.
    pub fn put_json(&self, path: &str, document: &serde_json::Value) {
        self.put(path, "application/json", &[], document.to_string());
    }

    /// Puts an answer there, byte for byte.
    pub fn put_raw(&self, path: &str, answer: impl Into<Vec<u8>>) {
        self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), answer.into());
    }

    /// Takes a page away.
    pub fn remove(&self, path: &str) {
        self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
    }

    /// How often a page was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.requests().iter().filter(|request| request.split(' ').nth(1) == Some(path)).count()
    }

    /// Everything that was asked, head and body, in order.
    pub fn requests(&self) -> Vec<String> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn answer(mut socket: impl AsyncRead + AsyncWrite + Unpin, shared: &Shared) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !is_whole(&request) {
        match socket.read(&mut part).await {
            Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let page = shared.pages.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
    shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec();
    let _ = socket.write_all(&page.unwrap_or(missing)).await;
    let _ = socket.shutdown().await;
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    request.len() >= end + 4 + length
}
