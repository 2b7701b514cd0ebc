//! Mails: what they say and how they leave.
//!
//! A command puts a [`Message`] — facts, not words — into the outbox in its own transaction ([`enqueue`]). The delivery
//! job puts it into words (`words`), into the house's paper (`templates/`, HTML and text), and hands it to the
//! [`Transport`]. To add a mail: a variant of [`Message`] and its arm in `words::letter`.
//!
//! Nothing here logs what a mail says: mails carry links and codes that open accounts.

mod compose;
#[cfg(test)]
mod tests;
mod transport;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::transport::{Transport, TransportError};
pub(crate) use self::{compose::compose, transport::SendError};
use crate::{
    account::{self, User},
    clock::Timestamp,
    core::Ctx,
    db::Tx,
    error::Internal,
    factor::Channel,
    id::UserId,
    outbox::{self, OutboxKind},
    text::{DisplayName, EmailAddress},
};

/// A mail on its way through the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct Mail {
    pub(crate) to: EmailAddress,
    pub(crate) name: Option<DisplayName>,
    pub(crate) message: Message,
    /// By this link the owner says that it was not them; set on the way into the outbox ([`Message::is_alarm`]).
    #[serde(default)]
    pub(crate) not_me: Option<String>,
}

impl Mail {
    /// To an address, with what is told.
    pub(crate) fn new(to: EmailAddress, name: Option<DisplayName>, message: Message) -> Self {
        Self { to, name, message, not_me: None }
    }
}

/// What is told. Links are whole URLs.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Message {
    /// Confirm this address (A4).
    VerifyEmail { link: String, code: String, expires_at: Timestamp },
    /// Somebody registered this address, which has an account (A1).
    AddressTaken,
    /// Prove this address, which an account is to have from then on (A9).
    ProveEmail { link: String, code: String, expires_at: Timestamp },
    /// Somebody wants this address for another account (A9).
    EmailInUse,
    /// Another address was asked for; the link stops that (A9, B9).
    EmailChangeAsked { link: String, at: Timestamp, device: Option<String>, expires_at: Timestamp },
    /// The address was replaced; the link undoes that (A9, B9).
    EmailChanged { link: String, at: Timestamp, device: Option<String>, expires_at: Timestamp },
    /// The account was deactivated by its owner; the link activates it again (A10).
    AccountDeactivated { link: String, at: Timestamp, expires_at: Timestamp },
    /// The account is to be erased (A10).
    DeletionScheduled { at: Timestamp, device: Option<String>, erase_at: Timestamp },
    /// An operator deleted the account; it is erased then (A10).
    AccountDeleted { at: Timestamp, erase_at: Timestamp },
    /// Choose a password without having asked for a new one.
    ChoosePassword { link: String, expires_at: Timestamp, reason: ChoiceReason },
    /// Choose a new password (A5).
    ResetPassword { link: String, expires_at: Timestamp },
    /// The password was changed by somebody who was signed in (B9).
    PasswordChanged { at: Timestamp, device: Option<String> },
    /// The password was replaced through a mail (B9).
    PasswordWasReset { at: Timestamp, device: Option<String> },
    /// A passkey was added (B9). The maker's name is of our table.
    PasskeyAdded { maker: Option<String>, at: Timestamp, device: Option<String> },
    /// A passkey was removed (B9).
    PasskeyRemoved { maker: Option<String>, at: Timestamp, device: Option<String> },
    /// A copy of a passkey was used and refused (B1, B9).
    PasskeyCopied { maker: Option<String>, at: Timestamp, device: Option<String> },
    /// An authenticator app was added by somebody who was signed in (B9).
    AuthenticatorAdded { at: Timestamp, device: Option<String> },
    /// It was removed (B9).
    AuthenticatorRemoved { at: Timestamp, device: Option<String>, was_last: bool },
    /// New recovery codes took the place of those before (B9).
    RecoveryCodesMade { at: Timestamp, device: Option<String> },
    /// Somebody signed in with a recovery code (B9).
    RecoveryCodeUsed { at: Timestamp, device: Option<String>, left: u32 },
    /// A code for a sign-in that waits (B4).
    SignInCode { code: String, expires_at: Timestamp, device: Option<String> },
    /// A link and a code to sign in with (B5).
    SignInLink { link: String, code: String, expires_at: Timestamp, device: Option<String> },
    /// Codes that are sent are a second factor from now on, or no longer (B9).
    CodesSet { channel: Channel, at: Timestamp, device: Option<String>, on: bool },
    /// The account has another telephone number, which ends so, or none any more (A9, B9).
    PhoneChanged { ending: Option<String>, at: Timestamp, device: Option<String> },
    /// A browser is not asked for the second factor until then (B7, B9).
    BrowserTrusted { at: Timestamp, device: Option<String>, until: Timestamp },
    /// Somebody signed in where this account was never opened before (B9).
    NewDevice { at: Timestamp, device: Option<String>, ip: Option<String> },
    /// Sign-in is paused (A7).
    AccountLocked { until: Timestamp },
    /// Join an organisation (E6). Whether there is an account is not told. The inviter is told by their confirmed address.
    Invitation {
        link: String,
        organization: String,
        slug: String,
        role: String,
        inviter: Option<EmailAddress>,
        expires_at: Timestamp,
    },
    /// An old refresh token of an application came back, and access was ended (B9, D3).
    RefreshTokenReused { application: String, at: Timestamp, everything_ended: bool },
    /// An application waits for an answer (CIBA).
    RequestWaits {
        application: String,
        binding_message: Option<String>,
        ip: Option<String>,
        at: Timestamp,
        expires_at: Timestamp,
    },
}

/// Why somebody chooses a password who did not ask for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChoiceReason {
    /// An operator made the account.
    MadeByOperator,
    /// The address was registered twice with two passwords before it was confirmed.
    RegisteredTwice,
}

impl Message {
    /// It tells of something that gave somebody the account, or changed how it opens, and has no way back of its own (B9).
    const fn is_alarm(&self) -> bool {
        match self {
            Self::PasswordChanged { .. }
            | Self::PasswordWasReset { .. }
            | Self::PasskeyAdded { .. }
            | Self::PasskeyRemoved { .. }
            | Self::AuthenticatorAdded { .. }
            | Self::AuthenticatorRemoved { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::CodesSet { .. }
            | Self::PhoneChanged { .. }
            | Self::BrowserTrusted { .. }
            | Self::NewDevice { .. }
            | Self::DeletionScheduled { .. }
            | Self::RefreshTokenReused { .. } => true,
            // What undoes these is in the mail already, or nobody got in.
            Self::EmailChangeAsked { .. }
            | Self::EmailChanged { .. }
            | Self::AccountDeactivated { .. }
            | Self::AccountDeleted { .. }
            | Self::AccountLocked { .. }
            | Self::PasskeyCopied { .. }
            // These wait for their reader.
            | Self::VerifyEmail { .. }
            | Self::AddressTaken
            | Self::ProveEmail { .. }
            | Self::EmailInUse
            | Self::ChoosePassword { .. }
            | Self::ResetPassword { .. }
            | Self::SignInCode { .. }
            | Self::SignInLink { .. }
            | Self::Invitation { .. }
            | Self::RequestWaits { .. } => false,
        }
    }
}

#[cfg(any(test, feature = "testing"))]
impl Message {
    /// The link that carries a token.
    pub(crate) fn link(&self) -> Option<&str> {
        match self {
            Self::VerifyEmail { link, .. }
            | Self::ProveEmail { link, .. }
            | Self::EmailChangeAsked { link, .. }
            | Self::EmailChanged { link, .. }
            | Self::AccountDeactivated { link, .. }
            | Self::ChoosePassword { link, .. }
            | Self::SignInLink { link, .. }
            | Self::Invitation { link, .. }
            | Self::ResetPassword { link, .. } => Some(link),
            Self::AddressTaken
            | Self::EmailInUse
            | Self::DeletionScheduled { .. }
            | Self::AccountDeleted { .. }
            | Self::PasswordChanged { .. }
            | Self::PasswordWasReset { .. }
            | Self::PasskeyAdded { .. }
            | Self::PasskeyRemoved { .. }
            | Self::PasskeyCopied { .. }
            | Self::AuthenticatorAdded { .. }
            | Self::AuthenticatorRemoved { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::SignInCode { .. }
            | Self::BrowserTrusted { .. }
            | Self::CodesSet { .. }
            | Self::PhoneChanged { .. }
            | Self::NewDevice { .. }
            | Self::AccountLocked { .. }
            | Self::RefreshTokenReused { .. }
            | Self::RequestWaits { .. } => None,
        }
    }

    /// The code to type.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::VerifyEmail { code, .. }
            | Self::ProveEmail { code, .. }
            | Self::SignInLink { code, .. }
            | Self::SignInCode { code, .. } => Some(code),
            _ => None,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("to", &self.to).field("message", &self.message).finish_non_exhaustive()
    }
}

impl fmt::Debug for Message {
    /// The kind only: links and codes are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VerifyEmail { .. } => "VerifyEmail",
            Self::AddressTaken => "AddressTaken",
            Self::ProveEmail { .. } => "ProveEmail",
            Self::EmailInUse => "EmailInUse",
            Self::AccountDeactivated { .. } => "AccountDeactivated",
            Self::DeletionScheduled { .. } => "DeletionScheduled",
            Self::AccountDeleted { .. } => "AccountDeleted",
            Self::EmailChangeAsked { .. } => "EmailChangeAsked",
            Self::EmailChanged { .. } => "EmailChanged",
            Self::ChoosePassword { .. } => "ChoosePassword",
            Self::ResetPassword { .. } => "ResetPassword",
            Self::PasswordChanged { .. } => "PasswordChanged",
            Self::PasswordWasReset { .. } => "PasswordWasReset",
            Self::PasskeyAdded { .. } => "PasskeyAdded",
            Self::PasskeyRemoved { .. } => "PasskeyRemoved",
            Self::PasskeyCopied { .. } => "PasskeyCopied",
            Self::AuthenticatorAdded { .. } => "AuthenticatorAdded",
            Self::AuthenticatorRemoved { .. } => "AuthenticatorRemoved",
            Self::RecoveryCodesMade { .. } => "RecoveryCodesMade",
            Self::RecoveryCodeUsed { .. } => "RecoveryCodeUsed",
            Self::SignInCode { .. } => "SignInCode",
            Self::SignInLink { .. } => "SignInLink",
            Self::CodesSet { .. } => "CodesSet",
            Self::PhoneChanged { .. } => "PhoneChanged",
            Self::BrowserTrusted { .. } => "BrowserTrusted",
            Self::NewDevice { .. } => "NewDevice",
            Self::AccountLocked { .. } => "AccountLocked",
            Self::Invitation { .. } => "Invitation",
            Self::RefreshTokenReused { .. } => "RefreshTokenReused",
            Self::RequestWaits { .. } => "RequestWaits",
        })
    }
}

/// Puts a mail to `user` into the outbox.
pub(crate) async fn enqueue(tx: &mut Tx, ctx: &Ctx, user: &User, message: Message) -> Result<(), Internal> {
    let mail = Mail::new(user.email.clone(), user.display_name.clone(), message);
    enqueue_to(tx, ctx, user.id, mail).await
}

/// Puts a mail into the outbox; mails of one user leave in order. One that tells of what may have been somebody else takes
/// along the link that shuts them out (B9).
pub(crate) async fn enqueue_to(tx: &mut Tx, ctx: &Ctx, user_id: UserId, mut mail: Mail) -> Result<(), Internal> {
    if mail.message.is_alarm() {
        mail.not_me = Some(account::not_me_link(tx, ctx, user_id).await?);
    }
    outbox::enqueue(tx, ctx, OutboxKind::Mail, user_id.to_string(), &mail).await.map(drop)
}

/// Puts a mail into the outbox that goes to an address, whoever has it; those of one `line` leave in order.
pub(crate) async fn enqueue_apart(tx: &mut Tx, ctx: &Ctx, line: String, mail: Mail) -> Result<(), Internal> {
    outbox::enqueue(tx, ctx, OutboxKind::Mail, line, &mail).await.map(drop)
}

/// Does for nobody what [`enqueue`] does for somebody, so that the time taken does not tell who has an account.
pub(crate) async fn enqueue_nothing(tx: &mut Tx, ctx: &Ctx) -> Result<(), Internal> {
    let nobody: UserId = ctx.new_id();
    outbox::enqueue(tx, ctx, OutboxKind::Nothing, nobody.to_string(), &()).await.map(drop)
}
