//! Sockets: accepting, TLS, the limits of the wire, and stopping in peace.
//!
//! Written on hyper rather than with `axum::serve`, which sets no limits: here a client that trickles its headers, sends too
//! many of them, or never finishes a handshake is dropped, and a stop waits only as long as it was told to.

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use ostiary::config::{ClientCertificates, Tls};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
        client::danger::HandshakeSignatureValid,
        crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature},
        pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem, pem::PemObject as _},
        server::danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tower::Service as _;

/// The other end of a connection, in the extensions of each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The certificates that a client showed on its connection, its own first, in the extensions of each request. It has proved
/// to hold the key of the first; nothing else about them was looked at.
#[derive(Clone, Debug)]
pub struct PeerCertificates(pub Arc<[CertificateDer<'static>]>);

/// The head of a request has to be here within this time; a kept-alive connection may wait as long for the next one.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// A TLS handshake has to be done within this time.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Most bytes of a request's head. Authorization requests are long, but not this long.
const HEAD_BYTES: usize = 64 * 1024;
/// Most header fields of a request.
const HEAD_FIELDS: usize = 100;
/// Most requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// Why the TLS files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is not there, or not PEM.
    #[error("cannot read {0}: {1}")]
    File(PathBuf, pem::Error),
    /// Certificate and key do not belong together, or are of a kind that is not supported.
    #[error("the TLS certificate cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Makes an acceptor of the configured certificate and key.
///
/// # Errors
/// [`TlsError`] names the file.
pub fn tls_acceptor(tls: &Tls) -> Result<TlsAcceptor, TlsError> {
    let certificates = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| TlsError::File(tls.certificate.clone(), cause))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|cause| TlsError::File(tls.key.clone(), cause))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions()?;
    let builder = match tls.client_certificates {
        ClientCertificates::Off => builder.with_no_client_auth(),
        ClientCertificates::Optional => builder.with_client_cert_verifier(Arc::new(AnyCertificate(provider))),
    };
    let mut config = builder.with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Takes any certificate whose key the client holds, or none. Self-signed ones may be registered (RFC 8705 §2.2), so who
/// issued it is judged where it is known which client it is for.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyCertificate {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Answers requests with `router` until `stop` comes; then finishes what is under way, for `grace` at most.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let builder = Arc::new(builder());
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) => {
                wait_out(&cause).await;
                continue;
            }
        };
        // Answers are written in one piece; waiting for more to send would only delay them.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            builder: Arc::clone(&builder),
            watcher: graceful.watcher(),
            router: router.clone(),
            peer: Peer(peer),
        };
        match &tls {
            Some(acceptor) => drop(tokio::spawn(connection.run_tls(stream, acceptor.clone()))),
            None => drop(tokio::spawn(connection.run(stream, None))),
        }
    }
    drop(listener);
    tracing::info!(connections = graceful.count(), "stopping: finishing what is under way");
    if tokio::time::timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

type Builder = auto::Builder<TokioExecutor>;

fn builder() -> Builder {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(HEAD_FIELDS)
        .max_buf_size(HEAD_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(HEAD_TIMEOUT)
        .keep_alive_timeout(HANDSHAKE_TIMEOUT);
    builder
}

struct Connection {
    builder: Arc<Builder>,
    watcher: Watcher,
    router: Router,
    peer: Peer,
}

impl Connection {
    async fn run_tls(self, stream: TcpStream, acceptor: TlsAcceptor) {
        match tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => {
                let shown = stream.get_ref().1.peer_certificates();
                let shown = shown
                    .map(|chain| PeerCertificates(chain.iter().cloned().map(CertificateDer::into_owned).collect()));
                self.run(stream, shown).await;
            }
            Ok(Err(cause)) => tracing::debug!(%cause, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
    }

    async fn run(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        certificates: Option<PeerCertificates>,
    ) {
        let Self { builder, watcher, router, peer } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            if let Some(certificates) = &certificates {
                request.extensions_mut().insert(certificates.clone());
            }
            router.clone().call(request.map(Body::new))
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(cause) = watcher.watch(connection).await {
            tracing::debug!(%cause, "connection ended");
        }
    }
}

/// Some failures concern one connection only; others (no file descriptors left) pass when something else ends.
async fn wait_out(cause: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%cause, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
