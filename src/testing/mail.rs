//! Mails as their readers see them, without any mail leaving.

use crate::{
    core::Core,
    id::OutboxId,
    mail::{self, Mail},
    outbox,
    seal::Purpose,
};

/// A mail that waits in the outbox.
#[derive(Clone, Debug)]
pub struct TestMail {
    /// Its message.
    pub id: OutboxId,
    /// The one address it goes to.
    pub to: String,
    /// The kind, as `mail::Message` names it: `VerifyEmail`, `ResetPassword` …
    pub kind: String,
    /// The whole message, as it would be sent, undecoded.
    pub raw: String,
    /// The first link of it that carries a token.
    pub link: Option<String>,
    /// Its six-digit code.
    pub code: Option<String>,
}

impl TestMail {
    /// The token in its link.
    ///
    /// # Panics
    /// When there is no link.
    pub fn token(&self) -> &str {
        self.link.as_deref().unwrap().split_once("t=").unwrap().1
    }
}

/// Everything that waits to be sent, oldest first; nothing is marked as sent.
pub(super) async fn waiting(core: &Core) -> Vec<TestMail> {
    let mut conn = core.db().read().await.unwrap();
    let messages = outbox::waiting(&mut conn).await.unwrap();
    let mails = messages.into_iter().filter(|message| message.kind == "mail");
    mails
        .map(|message| {
            let plain = core.sealer().open(Purpose::Outbox, &message.sealed_payload.unwrap()).unwrap();
            let mail: Mail = serde_json::from_slice(&plain).unwrap();
            let raw = mail::compose(core.config(), &mail, message.id, core.now()).unwrap().formatted();
            let link = mail.message.link().map(str::to_owned).or(mail.not_me);
            TestMail {
                id: message.id,
                to: mail.to.to_string(),
                kind: format!("{:?}", mail.message),
                raw: String::from_utf8(raw).unwrap(),
                link,
                code: mail.message.code().map(str::to_owned),
            }
        })
        .collect()
}
