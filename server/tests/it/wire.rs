//! The listener over real sockets: the limits of the wire, TLS, and stopping in peace.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use ostiary::config::{ClientCertificates, Tls};
use ostiary_server::listen;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    rustls::{self, ClientConfig, RootCertStore, pki_types::ServerName},
};

struct Listening {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

async fn listening(router: Router, tls: Option<TlsAcceptor>, grace: Duration) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async move { drop(stopped.await) };
    let ended = tokio::spawn(listen::serve(listener, router, tls, stopped, grace));
    Listening { address, stop, ended }
}

fn router() -> Router {
    Router::new().route("/", get(async || "here"))
}

/// Sends `head` and reads until the other end closes.
async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, head: &str) -> String {
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A refusal may close before everything was read.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

const ASK: &str = "GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// DESIGN §5: limits on header count and size.
#[tokio::test]
async fn heads_have_limits() {
    let server = listening(router(), None, Duration::from_secs(5)).await;
    let ask = async |head: String| talk(TcpStream::connect(server.address).await.unwrap(), &head).await;
    assert!(ask(ASK.to_owned()).await.starts_with("HTTP/1.1 200"));
    let many = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n", "a: b\r\n".repeat(200));
    assert!(ask(many).await.starts_with("HTTP/1.1 431"));
    let large = format!("GET / HTTP/1.1\r\nhost: localhost\r\na: {}\r\n\r\n", "x".repeat(80 * 1024));
    assert!(ask(large).await.starts_with("HTTP/1.1 431"));
    assert!(ask("nonsense\r\n\r\n".to_owned()).await.starts_with("HTTP/1.1 400"));
}

/// I4: a stop lets running requests finish, takes no new ones, and waits no longer than it was told to.
#[tokio::test]
async fn a_stop_waits_for_what_is_under_way() {
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
        async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        }
    };
    let server = listening(router().route("/slow", get(slow)), None, Duration::from_secs(5)).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let idle = TcpStream::connect(server.address).await.unwrap();
    let asked = tokio::spawn(async move { talk(stream, &ASK.replacen('/', "/slow", 1)).await });
    begun.notified().await;
    server.stop.send(()).unwrap();
    // The connection that waits for nothing is closed, and the address is free.
    assert_eq!(talk(idle, "").await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    go_on.notify_one();
    assert!(asked.await.unwrap().ends_with("done"));
    server.ended.await.unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let stuck = {
        let begun = Arc::clone(&begun);
        async move || {
            begun.notify_one();
            std::future::pending::<&str>().await
        }
    };
    let server = listening(router().route("/stuck", get(stuck)), None, Duration::from_millis(50)).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let _asked = tokio::spawn(async move { talk(stream, &ASK.replacen('/', "/stuck", 1)).await });
    begun.notified().await;
    server.stop.send(()).unwrap();
    server.ended.await.unwrap();
}

/// I6: our own TLS. A client that knows our certificate is let in, on HTTP/1.1 or HTTP/2; plain text is not.
#[tokio::test]
async fn tls_by_ourselves() {
    let directory = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls = Tls {
        certificate: directory.path().join("cert.pem"),
        key: directory.path().join("key.pem"),
        client_certificates: ClientCertificates::Off,
    };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let acceptor = listen::tls_acceptor(&tls).unwrap();
    let server = listening(router(), Some(acceptor), Duration::from_secs(5)).await;

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    let connect = async |config: ClientConfig| {
        let stream = TcpStream::connect(server.address).await.unwrap();
        TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
    };
    assert!(talk(connect(config.clone()).await, ASK).await.ends_with("here"));
    config.alpn_protocols = vec![b"h2".to_vec()];
    let stream = connect(config).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let plain = talk(TcpStream::connect(server.address).await.unwrap(), ASK).await;
    assert!(!plain.contains("HTTP/1.1 200"), "{plain}");

    std::fs::write(&tls.key, "no key").unwrap();
    assert!(listen::tls_acceptor(&tls).is_err_and(|cause| cause.to_string().contains("key.pem")));
}
