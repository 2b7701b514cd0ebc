//! `ostiary doctor`: checks a deployment, changes nothing, and says what to do about each finding (I3).

use std::{fmt::Display, net::ToSocketAddrs as _, path::Path, time::Duration};

use ostiary::{
    config::{Config, SmsProvider, Smtp},
    core::Core,
    db::Db,
    entropy::SystemEntropy,
    keys::ALGORITHMS,
    seal::Sealer,
};
use url::Url;

use super::{Failure, Global, open, output};

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was found, in order.
#[derive(Default)]
struct Findings {
    problems: usize,
}

impl Findings {
    fn good(what: impl Display) -> Result<(), Failure> {
        output::line(format_args!("ok       {what}"))
    }

    fn note(what: impl Display) -> Result<(), Failure> {
        output::line(format_args!("note     {what}"))
    }

    fn problem(&mut self, what: impl Display, remedy: &str) -> Result<(), Failure> {
        self.problems += 1;
        output::line(format_args!("problem  {what}\n         → {remedy}"))
    }
}

pub(super) fn run(global: &Global) -> Result<(), Failure> {
    let mut findings = Findings::default();
    match global.load() {
        Err(failure) => findings.problem(failure, "correct the setting that is named")?,
        Ok(config) => open::run(async {
            Findings::good("the configuration can be read")?;
            addresses(&mut findings, &config)?;
            Box::pin(storage(&mut findings, &config)).await?;
            mail(&mut findings, &config).await?;
            text_messages(&config)
        })?,
    }
    match findings.problems {
        0 => output::line("All is well."),
        1 => Err(Failure::new("one problem was found")),
        n => Err(Failure::new(format!("{n} problems were found"))),
    }
}

fn addresses(findings: &mut Findings, config: &Config) -> Result<(), Failure> {
    let server = &config.server;
    Findings::good(format_args!("people reach us at {}", config.issuer()))?;
    if !config.is_https() {
        Findings::note("plain http: good for this machine only; passkeys and secure cookies need https")?;
    }
    if !server.listen.ip().is_loopback()
        && server.tls.is_none()
        && server.trusted_proxies.is_empty()
        && config.is_https()
    {
        findings.problem(
            format_args!("{} is open to the network without TLS", server.listen),
            "set server.tls, or listen on 127.0.0.1 behind a proxy and name it in server.trusted_proxies",
        )?;
    }
    if let Some(tls) = &server.tls {
        match crate::listen::tls_acceptor(tls) {
            Ok(_) => Findings::good("certificate and key belong together")?,
            Err(cause) => findings.problem(cause, "check server.tls.certificate and server.tls.key")?,
        }
    }
    Ok(())
}

async fn storage(findings: &mut Findings, config: &Config) -> Result<(), Failure> {
    let url = config.database.url.expose();
    if let Some(file) = sqlite_file(url) {
        if !file.exists() {
            return Findings::note(format_args!("there is no {} yet: the first start makes it", file.display()));
        }
        private(findings, file)?;
        private(findings, &file.with_file_name("ostiary.key"))?;
    }
    let db = match Db::open(url, 2).await {
        Ok(db) => db,
        Err(cause) => {
            return findings.problem(cause, "check database.url, and that the server runs and lets us in");
        }
    };
    match db.schema_version().await {
        Ok(status) if status.applied == status.known => {
            Findings::good(format_args!("the database answers; its schema is {}", status.applied))?;
        }
        Ok(status) if status.applied < status.known => {
            Findings::note(format_args!(
                "the schema is {}, this binary brings {}: `ostiary migrate` or the next start brings it up to date",
                status.applied, status.known
            ))?;
            db.close().await;
            return Ok(());
        }
        Ok(status) => findings.problem(
            format_args!("the schema is {}, newer than the {} this binary knows", status.applied, status.known),
            "use the newer binary",
        )?,
        Err(cause) => findings.problem(cause, "restore a backup, or look at the log for the cause")?,
    }
    match Sealer::load(config, db.engine(), &SystemEntropy) {
        Err(cause) => findings.problem(cause, "give this node the master key of the others")?,
        Ok(sealer) => keys(findings, config, &db, sealer).await?,
    }
    db.close().await;
    Ok(())
}

async fn keys(findings: &mut Findings, config: &Config, db: &Db, sealer: Sealer) -> Result<(), Failure> {
    let core = Core::new(ostiary::core::CoreParts {
        config: config.clone(),
        db: db.clone(),
        clock: std::sync::Arc::new(ostiary::clock::SystemClock),
        entropy: std::sync::Arc::new(SystemEntropy),
        sealer,
    });
    let listed = ostiary::keys::list_keys(&core.operator()).await.map_err(Failure::new)?;
    if listed.is_empty() {
        return Findings::note("there are no signing keys yet: the first request that needs one makes it");
    }
    match listed.iter().map(|key| key.created_at).max() {
        Some(newest) if newest > core.now() => findings.problem(
            format_args!("the clock says {}, but a key was made at {newest}", core.now()),
            "set the clock, and let NTP keep it: tokens are judged by it",
        )?,
        _ => Findings::good(format_args!("the clock says {}", core.now()))?,
    }
    for &alg in ALGORITHMS.iter().filter(|alg| listed.iter().any(|key| key.alg == **alg)) {
        match core.keyring().signer(&core, alg).await {
            Ok(key) => Findings::good(format_args!("the {alg} key {} opens with the master key", key.kid()))?,
            Err(_) => findings.problem(
                format_args!("the {alg} key does not open with the master key"),
                "put back the master key it was sealed with",
            )?,
        }
    }
    Ok(())
}

async fn mail(findings: &mut Findings, config: &Config) -> Result<(), Failure> {
    let Some(Smtp { url }) = &config.mail.smtp else {
        return Findings::note(format_args!(
            "no mail.smtp: mails are written to {} and reach nobody",
            config.mail.directory.display()
        ));
    };
    let Some((host, port)) = Url::parse(url.expose()).ok().and_then(|url| {
        let port = url.port().unwrap_or(if url.scheme() == "smtps" { 465 } else { 25 });
        url.host_str().map(|host| (host.to_owned(), port))
    }) else {
        return findings.problem("mail.smtp.url is no URL with a host", "write smtp://host:587?tls=required");
    };
    let reached = tokio::time::timeout(
        PATIENCE,
        tokio::task::spawn_blocking({
            let host = host.clone();
            move || {
                let address = (host.as_str(), port).to_socket_addrs()?.next().ok_or(std::io::ErrorKind::NotFound)?;
                std::net::TcpStream::connect_timeout(&address, PATIENCE)
            }
        }),
    )
    .await;
    match reached {
        Ok(Ok(Ok(_))) => Findings::good(format_args!("the mail server {host}:{port} answers")),
        Ok(Ok(Err(cause))) => {
            findings.problem(format_args!("the mail server {host}:{port}: {cause}"), "check mail.smtp.url")
        }
        _ => findings.problem(format_args!("the mail server {host}:{port} does not answer"), "check mail.smtp.url"),
    }
}

/// The settings were checked when they were read; whether a gateway takes messages is found out by sending one, which costs.
fn text_messages(config: &Config) -> Result<(), Failure> {
    let sms = &config.sms;
    match (sms.provider, &sms.http) {
        (SmsProvider::File, _) => Findings::note(format_args!(
            "sms.provider is \"file\": text messages are written to {} and reach nobody",
            sms.directory.display()
        ))?,
        (SmsProvider::Http, Some(http)) => Findings::good(format_args!(
            "text messages go to {} by {}, at most {} an hour to one number",
            http.url.host_str().unwrap_or_default(),
            http.method,
            config.limits.sms_per_hour
        ))?,
        (SmsProvider::None | SmsProvider::Http, _) => {
            return Findings::note("no sms.provider: numbers and codes by SMS are not offered");
        }
    }
    if sms.prefixes.is_empty() {
        Findings::note("sms.prefixes is empty: text messages go to every country, and some are dear")?;
    }
    Ok(())
}

fn sqlite_file(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    Some(Path::new(path.split_once('?').map_or(path, |(path, _)| path)))
}

/// Secrets are in the key file, addresses and digests in the database: others on the machine have no business there.
fn private(findings: &mut Findings, path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(path) {
        Err(_) => Ok(()),
        Ok(facts) if path.extension().is_some_and(|ext| ext == "key") && facts.permissions().mode() & 0o077 != 0 => {
            findings.problem(format_args!("others may read {}", path.display()), "chmod 600 it")
        }
        Ok(facts) if facts.permissions().readonly() => {
            findings.problem(format_args!("{} cannot be written", path.display()), "give it to the user we run as")
        }
        Ok(_) => Findings::good(format_args!("{} has sound permissions", path.display())),
    }
}
