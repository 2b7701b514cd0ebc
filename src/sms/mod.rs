//! Text messages: codes for telephones (B4).
//!
//! A command puts an [`Sms`] into the outbox in its own transaction ([`enqueue`]); a lane of its own delivers it, so that
//! neither mails nor applications keep it waiting, and tries again after failures as long as its code is good. What says
//! nothing useful any more is not sent: a code that is too old, was used, or was replaced by a newer one ([`deliver`]).
//!
//! Who takes the messages is behind the trait [`Provider`]. To add one: a file that implements it, a variant of
//! [`SmsProvider`], and an arm in [`provider`].

mod directory;
mod http;
mod template;
#[cfg(test)]
mod tests;
mod words;

use std::{fmt, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};

pub(crate) use self::words::words;
use self::{directory::Directory, http::Http};
use crate::{
    clock::Timestamp,
    config::{Config, SmsProvider},
    core::{Core, Ctx},
    db::Tx,
    error::Internal,
    factor,
    id::{OutboxId, UserId},
    mail::SendError,
    outbox::{self, OutboxKind},
    phone::{self, PhoneNumber},
    secret::Digest,
};

/// Somebody who takes text messages.
pub(crate) trait Provider: fmt::Debug + Send + Sync {
    /// Hands over a message; `id` is the same each time it is tried.
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str, id: OutboxId) -> Sending<'a>;
}

/// A message on its way.
pub(crate) type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;

/// The provider that is set; none when messages are nowhere offered.
///
/// # Errors
/// What is wrong with the settings, one problem an entry, in words for an operator.
pub(crate) fn provider(config: &Config) -> Result<Option<Arc<dyn Provider>>, Vec<String>> {
    let settings = &config.sms;
    let is_prefix = |text: &String| {
        let digits = text.strip_prefix('+').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut problems = Vec::new();
    if !settings.prefixes.iter().all(is_prefix) {
        problems.push("sms.prefixes must each be a plus sign and digits, such as +45".to_owned());
    }
    let made: Option<Arc<dyn Provider>> = match (settings.provider, &settings.http) {
        (SmsProvider::None, _) => None,
        (SmsProvider::File, _) => Some(Arc::new(Directory::new(&settings.directory))),
        (SmsProvider::Http, None) => {
            problems.push("sms.provider is \"http\", so sms.http.url and sms.http.body must be set".to_owned());
            None
        }
        (SmsProvider::Http, Some(http)) => match Http::new(http, config.fetch.ca_file.clone()) {
            Ok(http) => Some(Arc::new(http)),
            Err(problem) => {
                problems.push(problem);
                None
            }
        },
    };
    if problems.is_empty() { Ok(made) } else { Err(problems) }
}

/// A text message on its way through the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sms {
    pub(crate) to: PhoneNumber,
    /// Six digits.
    pub(crate) code: String,
    /// What the table keeps of it.
    pub(crate) digest: Digest,
    pub(crate) for_what: CodeFor,
    /// The code is of no use from then on.
    pub(crate) expires_at: Timestamp,
}

/// What a code is for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CodeFor {
    /// A sign-in that waits.
    SignIn { pending: Digest },
    /// A number that is to be confirmed.
    Number { user_id: UserId },
}

impl fmt::Debug for Sms {
    /// Not the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").field("to", &self.to).field("for_what", &self.for_what).finish_non_exhaustive()
    }
}

/// Puts a message into the outbox. Messages wait for none before them: only the newest code works.
pub(crate) async fn enqueue(tx: &mut Tx, ctx: &Ctx, message: &Sms) -> Result<(), Internal> {
    let alone: OutboxId = ctx.new_id();
    outbox::enqueue(tx, ctx, OutboxKind::Sms, alone.to_string(), message).await.map(drop)
}

/// Hands a message to the provider, if its code is still worth typing.
pub(crate) async fn deliver(core: &Core, message: &Sms, id: OutboxId) -> Result<(), SendError> {
    let later = |what: &str| SendError { is_permanent: false, what: what.to_owned() };
    if !is_wanted(core, message).await.map_err(|_logged| later("the code cannot be looked up"))? {
        tracing::debug!(%id, "a text message is not sent: its code is too old, used or replaced");
        return Ok(());
    }
    let provider = core.sms().ok_or_else(|| later("no provider of text messages is set"))?;
    provider.send(&message.to, &words(core.config(), message), id).await
}

async fn is_wanted(core: &Core, message: &Sms) -> Result<bool, Internal> {
    if message.expires_at <= core.now() {
        return Ok(false);
    }
    let mut conn = core.db().read().await?;
    match message.for_what {
        CodeFor::SignIn { pending } => factor::code_waits(&mut conn, pending, message.digest).await,
        CodeFor::Number { user_id } => phone::code_waits(&mut conn, user_id, message.digest).await,
    }
}
