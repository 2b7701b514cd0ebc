//! How mails leave: over SMTP, or, without a server, into a directory.

use std::{fmt, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, transport::smtp::AsyncSmtpTransportBuilder,
};

use crate::{config, id::OutboxId, outbox::write_file};

/// How long the server may take for one command; shorter than the lease of a message.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where mails go.
#[derive(Clone)]
pub struct Transport(Kind);

#[derive(Clone)]
enum Kind {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Directory(PathBuf),
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Kind::Smtp(_) => "Transport::Smtp",
            Kind::Directory(_) => "Transport::Directory",
        })
    }
}

/// The mail settings cannot be used. Says nothing of the URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// `mail.smtp.url` is not understood.
    #[error("mail.smtp.url must be smtp://host:port, smtp://…?tls=required, or smtps://user:password@host:port")]
    Url,
    /// `mail.from` is not understood.
    #[error("mail.from must be an address, or a name and an address: Ostiary <no-reply@example.org>")]
    From,
}

/// A mail was not taken.
#[derive(Debug)]
pub(crate) struct SendError {
    /// Trying again will not help.
    pub(crate) is_permanent: bool,
    /// For logs and the outbox; holds neither addresses nor content.
    pub(crate) what: String,
}

impl Transport {
    /// By these settings. Connects to nobody yet, but must be called inside the runtime, where connections are kept.
    ///
    /// # Errors
    /// [`TransportError`]
    pub fn new(settings: &config::Mail) -> Result<Self, TransportError> {
        Ok(Self(match read(settings)? {
            Some(smtp) => Kind::Smtp(smtp.timeout(Some(TIMEOUT)).build()),
            None => Kind::Directory(settings.directory.clone()),
        }))
    }

    /// Says whether these settings can be used.
    ///
    /// # Errors
    /// [`TransportError`]
    pub fn check_settings(settings: &config::Mail) -> Result<(), TransportError> {
        read(settings).map(drop)
    }

    /// Asks the SMTP server for a sign of life, or whether the directory can be made; for `ostiary doctor`.
    ///
    /// # Errors
    /// What is in the way, in words for an operator.
    pub async fn check(&self) -> Result<(), String> {
        match &self.0 {
            Kind::Smtp(smtp) => match smtp.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the SMTP server answers, but is not ready".to_owned()),
                Err(cause) => Err(format!("the SMTP server cannot be used: {cause}")),
            },
            Kind::Directory(path) => tokio::fs::create_dir_all(path)
                .await
                .map_err(|cause| format!("cannot make {}: {cause}", path.display())),
        }
    }

    pub(crate) async fn send(&self, message: Message, id: OutboxId) -> Result<(), SendError> {
        match &self.0 {
            Kind::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(|cause| describe(&cause)),
            Kind::Directory(directory) => {
                let path = directory.join(format!("{id}.eml"));
                let written = write_file(&path, &message.formatted()).await;
                written.map_err(|cause| SendError { is_permanent: false, what: format!("write a file: {cause}") })?;
                tracing::info!(path = %path.display(), "mail written to a file, for want of an SMTP server");
                Ok(())
            }
        }
    }
}

/// The SMTP server to be used, if there is one.
fn read(settings: &config::Mail) -> Result<Option<AsyncSmtpTransportBuilder>, TransportError> {
    settings.from.parse::<lettre::message::Mailbox>().map_err(|_| TransportError::From)?;
    let smtp = settings.smtp.as_ref();
    let smtp = smtp.map(|smtp| AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.url.expose()));
    smtp.transpose().map_err(|_| TransportError::Url)
}

/// The server's words may hold the address, so only its code is kept.
fn describe(cause: &lettre::transport::smtp::Error) -> SendError {
    let kind = if cause.is_tls() {
        "TLS failed"
    } else if cause.is_timeout() {
        "no answer in time"
    } else if cause.is_permanent() {
        "refused"
    } else if cause.is_transient() {
        "refused for now"
    } else if cause.is_client() {
        "cannot be sent"
    } else {
        "no connection"
    };
    let code = cause.status().map(|code| format!(" ({code})")).unwrap_or_default();
    SendError { is_permanent: cause.is_permanent(), what: format!("{kind}{code}") }
}
