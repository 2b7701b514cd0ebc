//! D4, D8: certificates of clients (RFC 8705), told by a proxy and over real connections.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Request, header};
use ostiary::{
    client::{CertificateSubject, ClientSettings, SecurityProfile},
    config::{ClientCertificates, Config, Tls},
    protocol::TokenEndpointAuthMethod,
};
use ostiary_server::listen;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, SanType,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        self, ClientConfig, RootCertStore,
        pki_types::{PrivateKeyDer, ServerName},
    },
};

use crate::harness::{Answer, App, Client, EMAIL, REDIRECT_URI, VERIFIER, encode, form_body};

const TOKEN: &str = "/connect/token";
const GRANT: (&str, &str) = ("grant_type", "client_credentials");
pub const HEADER: &str = "x-client-cert";

/// A certificate and its key.
pub struct Identity {
    der: Vec<u8>,
    pem: String,
    key: KeyPair,
}

fn params(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Blockyard");
    params.distinguished_name.push(DnType::CommonName, "robot");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    for name in names {
        let san = match name.split_once(':').unwrap() {
            ("dns", name) => SanType::DnsName(name.try_into().unwrap()),
            ("uri", name) => SanType::URI(name.try_into().unwrap()),
            ("ip", name) => SanType::IpAddress(name.parse().unwrap()),
            (_, name) => SanType::Rfc822Name(name.try_into().unwrap()),
        };
        params.subject_alt_names.push(san);
    }
    // The clock of the tests stands still in another year than ours.
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2090, 1, 1);
    params
}

pub fn self_signed() -> Identity {
    let key = KeyPair::generate().unwrap();
    let made = params(&[]).self_signed(&key).unwrap();
    Identity { der: made.der().to_vec(), pem: made.pem(), key }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2090, 1, 1);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn pem_of(authority: &CertifiedIssuer<'static, KeyPair>) -> String {
    AsRef::<rcgen::Certificate>::as_ref(authority).pem()
}

fn issued(by: &CertifiedIssuer<'static, KeyPair>, names: &[&str]) -> Identity {
    let key = KeyPair::generate().unwrap();
    let made = params(names).signed_by(&key, &**by).unwrap();
    Identity { der: made.der().to_vec(), pem: made.pem(), key }
}

/// The certificate as a registered key.
fn jwks(identity: &Identity, with_certificate: bool) -> Value {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let point = &identity.key.public_key_raw()[1..];
    let mut jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": URL_SAFE_NO_PAD.encode(&point[..32]), "y": URL_SAFE_NO_PAD.encode(&point[32..]),
    });
    if with_certificate {
        jwk["x5c"] = json!([STANDARD.encode(&identity.der)]);
    }
    json!({ "keys": [jwk] })
}

pub fn behind_proxy(config: &mut Config) {
    config.server.trusted_proxies = vec!["192.0.2.0/24".parse().unwrap()];
    config.server.client_certificate_header = Some(HEADER.to_owned());
}

async fn cert_client(app: &App, method: TokenEndpointAuthMethod, change: impl FnOnce(&mut ClientSettings)) -> Client {
    app.client_with(|settings| {
        settings.auth_method = method;
        change(settings);
    })
    .await
}

/// As `$ssl_client_escaped_cert` of nginx.
pub fn escaped(identity: &Identity) -> String {
    identity.pem.replace('\r', "").replace('\n', "%0A").replace(' ', "%20")
}

async fn ask(app: &App, client: &Client, told: Option<&str>) -> Answer {
    let mut request = Request::post(TOKEN);
    if let Some(told) = told {
        request = request.header(HEADER, told);
    }
    app.send(form_body(request, &[GRANT, ("client_id", &client.id)])).await
}

/// D4, RFC 8705 §2.2: the registered certificate, or any of the registered key; nobody else's.
#[tokio::test]
async fn a_certificate_that_is_registered_itself() {
    let app = App::with(behind_proxy).await;
    let (mine, other) = (self_signed(), self_signed());
    let method = TokenEndpointAuthMethod::SelfSignedTlsClientAuth;
    for with_certificate in [true, false] {
        let client = cert_client(&app, method, |s| s.jwks = Some(jwks(&mine, with_certificate))).await;
        assert!(client.secret.is_empty());
        ask(&app, &client, Some(&escaped(&mine))).await.is(200);
        ask(&app, &client, Some(&format!(":{}:", STANDARD.encode(&mine.der)))).await.is(200);
        for wrong in [None, Some(escaped(&other)), Some("x".to_owned()), Some(String::new()), Some("(null)".to_owned())]
        {
            let refused = ask(&app, &client, wrong.as_deref()).await;
            assert_eq!(refused.is(401).error(), "invalid_client", "{wrong:?}");
        }
        let renewed = Identity {
            der: params(&[]).self_signed(&mine.key).unwrap().der().to_vec(),
            pem: String::new(),
            key: KeyPair::generate().unwrap(),
        };
        let told = format!(":{}:", STANDARD.encode(&renewed.der));
        let is_same = renewed.der == mine.der;
        assert_eq!(ask(&app, &client, Some(&told)).await.status == 200, !with_certificate || is_same);
    }
}

/// D4, RFC 8705 §2.1.2: exactly the registered subject, in any of its five forms.
#[tokio::test]
async fn a_certificate_of_the_registered_subject() {
    let app = App::with(behind_proxy).await;
    let authority = authority();
    let names = ["dns:robot.example", "uri:https://robot.example/x", "ip:192.0.2.7", "email:robot@example.org"];
    let robot = issued(&authority, &names);
    let subject = |form: &str, name: &str| {
        let mut subject = CertificateSubject::default();
        let field = match form {
            "dn" => &mut subject.subject_dn,
            "dns" => &mut subject.san_dns,
            "uri" => &mut subject.san_uri,
            "ip" => &mut subject.san_ip,
            _ => &mut subject.san_email,
        };
        *field = Some(name.to_owned());
        subject
    };
    for (form, name, expected) in [
        ("dn", "CN=robot,O=Blockyard", true),
        ("dn", "O=Blockyard,CN=robot", false),
        ("dn", "CN=robot", false),
        ("dn", "CN=robot,O=Blockyard,C=SE", false),
        ("dn", "CN=Robot,O=Blockyard", false),
        ("dns", "robot.example", true),
        ("dns", "Robot.Example", true),
        ("dns", "example", false),
        ("dns", "*.example", false),
        ("uri", "https://robot.example/x", true),
        ("uri", "https://robot.example/", false),
        ("ip", "192.0.2.7", true),
        ("ip", "192.0.2.8", false),
        ("email", "robot@example.org", true),
        ("email", "other@example.org", false),
        ("dns", "robot@example.org", false),
    ] {
        let client = cert_client(&app, TokenEndpointAuthMethod::TlsClientAuth, |settings| {
            settings.certificate = subject(form, name);
        })
        .await;
        let answer = ask(&app, &client, Some(&escaped(&robot))).await;
        assert_eq!(answer.status == 200, expected, "{form} {name}: {}", answer.body);
    }
    let mut two = subject("dn", "CN=robot");
    two.san_dns = Some("robot.example".to_owned());
    for wrong in [CertificateSubject::default(), two, subject("dn", "robot"), subject("dn", ""), subject("ip", "x")] {
        let settings = ClientSettings {
            auth_method: TokenEndpointAuthMethod::TlsClientAuth,
            certificate: wrong,
            redirect_uris: vec![ostiary::protocol::RedirectUri::parse(REDIRECT_URI).unwrap()],
            ..ClientSettings::default()
        };
        assert_eq!(settings.check(), Err(ostiary::client::SettingsProblem::CertificateSubject));
    }
}

/// D4, RFC 8705 §6.2: from anybody but a trusted proxy the header counts for nothing; two of them count for nothing.
#[tokio::test]
async fn only_a_proxy_tells_certificates() {
    let mine = self_signed();
    let method = TokenEndpointAuthMethod::SelfSignedTlsClientAuth;
    let strangers = App::with(|config| {
        behind_proxy(config);
        config.server.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let client = cert_client(&strangers, method, |settings| settings.jwks = Some(jwks(&mine, true))).await;
    assert_eq!(ask(&strangers, &client, Some(&escaped(&mine))).await.is(401).error(), "invalid_client");
    let app = App::with(behind_proxy).await;
    let client = cert_client(&app, method, |settings| settings.jwks = Some(jwks(&mine, true))).await;
    let request = Request::post(TOKEN).header(HEADER, escaped(&mine)).header(HEADER, escaped(&mine));
    let twice = app.send(form_body(request, &[GRANT, ("client_id", &client.id)])).await;
    assert_eq!(twice.is(401).error(), "invalid_client");
    let unconfigured = App::new().await;
    let client = cert_client(&unconfigured, method, |settings| settings.jwks = Some(jwks(&mine, true))).await;
    assert_eq!(ask(&unconfigured, &client, Some(&escaped(&mine))).await.is(401).error(), "invalid_client");
}

/// D4, RFC 8705 §2.1: with `client_ca` the chain is judged here, whatever the proxy thinks of it.
#[tokio::test]
async fn the_authority_is_judged() {
    let (ours, theirs) = (authority(), authority());
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, pem_of(&ours)).unwrap();
    let app = App::with(|config| {
        behind_proxy(config);
        config.server.client_ca = Some(file.clone());
    })
    .await;
    let client = cert_client(&app, TokenEndpointAuthMethod::TlsClientAuth, |settings| {
        settings.certificate.subject_dn = Some("CN=robot,O=Blockyard".to_owned());
    })
    .await;
    ask(&app, &client, Some(&escaped(&issued(&ours, &[])))).await.is(200);
    for wrong in [issued(&theirs, &[]), self_signed()] {
        assert_eq!(ask(&app, &client, Some(&escaped(&wrong))).await.is(401).error(), "invalid_client");
    }
    std::fs::write(&file, "no certificate").unwrap();
    let refused = ostiary_server::router::build(&app.core.core).map(drop).unwrap_err().to_string();
    assert!(refused.contains("client_ca") && refused.contains("ca.pem"), "{refused}");
}

/// D8, RFC 8705 §3: tokens that are bound to a certificate, and are of no use without it. FAPI 2.0
/// `ensure-holder-of-key-required` for clients with certificates.
#[tokio::test]
async fn tokens_are_bound_to_the_certificate() {
    let app = App::with(behind_proxy).await;
    app.person(EMAIL).await;
    let (mine, other) = (self_signed(), self_signed());
    let bound = app.client_with(|settings| settings.certificate_bound_access_tokens = true).await;
    assert_eq!(app.form(TOKEN, &bound, &[GRANT]).await.is(400).error(), "invalid_request");
    let mut browser = app.signed_in(EMAIL).await;
    let code = app.code(&mut browser, &bound, &[]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    let request = Request::post(TOKEN)
        .header(header::AUTHORIZATION, crate::harness::basic(&bound.id, &bound.secret))
        .header(HEADER, escaped(&mine));
    let issued = app.send(form_body(request, &fields)).await.is(200).json();
    assert_eq!(issued["token_type"], "Bearer");
    let token = issued["access_token"].as_str().unwrap();
    let told = app.form("/connect/introspect", &bound, &[("token", token)]).await.is(200).json();
    assert!(told["cnf"]["x5t#S256"].is_string(), "{told}");
    for (certificate, status) in [(Some(&mine), 200), (Some(&other), 401), (None, 401)] {
        let mut request = Request::get("/connect/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
        if let Some(certificate) = certificate {
            request = request.header(HEADER, escaped(certificate));
        }
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.is(status).error(), if status == 401 { "invalid_token" } else { "" });
    }
    // A client with a profile and a certificate needs nothing else.
    let fapi = cert_client(&app, TokenEndpointAuthMethod::SelfSignedTlsClientAuth, |settings| {
        settings.jwks = Some(jwks(&mine, true));
        settings.profile = Some(SecurityProfile::Fapi2Security);
    })
    .await;
    let own = ask(&app, &fapi, Some(&escaped(&mine))).await.is(200).json();
    let token = own["access_token"].as_str().unwrap();
    let looked = Request::post("/connect/introspect").header(HEADER, escaped(&mine));
    let looked = app.send(form_body(looked, &[("client_id", &fapi.id), ("token", token)])).await.is(200).json();
    assert!(looked["cnf"]["x5t#S256"].is_string(), "{looked}");
}

/// D4, RFC 8705 §2: over a real connection to our own TLS, with a certificate of an authority, one that signed itself, and
/// none.
#[tokio::test]
async fn over_a_real_connection() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name);
    let server = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let tls =
        Tls { certificate: file("cert.pem"), key: file("key.pem"), client_certificates: ClientCertificates::Optional };
    let authority = authority();
    std::fs::write(&tls.certificate, server.cert.pem()).unwrap();
    std::fs::write(&tls.key, server.signing_key.serialize_pem()).unwrap();
    std::fs::write(file("ca.pem"), pem_of(&authority)).unwrap();
    let app = App::with(|config| {
        config.server.public_url = "https://localhost".parse().unwrap();
        config.server.client_ca = Some(file("ca.pem"));
        config.server.tls = Some(tls.clone());
    })
    .await;
    let (robot, alone) = (issued(&authority, &["dns:robot.example"]), self_signed());
    let by_subject = cert_client(&app, TokenEndpointAuthMethod::TlsClientAuth, |settings| {
        settings.certificate.san_dns = Some("robot.example".to_owned());
    })
    .await;
    let by_key = cert_client(&app, TokenEndpointAuthMethod::SelfSignedTlsClientAuth, |settings| {
        settings.jwks = Some(jwks(&alone, true));
        settings.certificate_bound_access_tokens = true;
    })
    .await;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = listen::tls_acceptor(&tls).unwrap();
    let serving = listen::serve(listener, app.router.clone(), Some(acceptor), std::future::pending(), Duration::ZERO);
    let serving = tokio::spawn(serving);
    let talk = async |identity: Option<&Identity>, client: &Client| {
        let mut roots = RootCertStore::empty();
        roots.add(server.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots);
        let config = match identity {
            Some(identity) => {
                let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
                config.with_client_auth_cert(vec![identity.der.clone().into()], key).unwrap()
            }
            None => config.with_no_client_auth(),
        };
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        let body = encode(&[GRANT, ("client_id", &client.id)]);
        let head = format!(
            "POST {TOKEN} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    let is = |answer: &str, status: u16| {
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    };
    is(&talk(Some(&robot), &by_subject).await, 200);
    is(&talk(Some(&alone), &by_key).await, 200);
    is(&talk(Some(&alone), &by_subject).await, 401);
    is(&talk(Some(&robot), &by_key).await, 401);
    is(&talk(None, &by_subject).await, 401);
    is(&talk(None, &by_key).await, 401);
    serving.abort();
}
