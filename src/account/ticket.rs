//! One-time links and codes. What a mail carries exists in the clear only in that mail; the table keeps digests.

use std::time::Duration;

use super::{User, ticket_store as store};
use crate::{
    account,
    clock::Timestamp,
    core::Ctx,
    db::{Conn, Tx},
    entropy,
    error::Internal,
    id::{TicketId, UserId},
    mail::{self, ChoiceReason, Message},
    secret::{Digest, PlainToken, TokenKind},
    text::EmailAddress,
};

const DAY: Duration = Duration::from_hours(24);
/// So many mails of one kind go to one account in a day; nobody's mailbox is filled by strangers.
const MAILS_A_DAY: i64 = 20;
/// A longer `return_to` is nothing of ours.
const MAX_RETURN_TO: usize = 200;

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TicketKind {
    /// Confirm an address (A4): link and code.
    VerifyEmail,
    /// Choose a password (A5).
    ResetPassword,
    /// Make the first administrator.
    SetUp,
    /// Prove a new address (A9): link and code.
    ChangeEmail,
    /// Bring the old address back (A9).
    UndoEmail,
    /// Shut everybody out (B9).
    ShutOut,
    /// Sign in (B5): link and code.
    SignIn,
    /// Activate an account again that its owner deactivated (A10).
    ComeBack,
}

impl TicketKind {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::SetUp => "set_up",
            Self::ChangeEmail => "change_email",
            Self::UndoEmail => "undo_email",
            Self::ShutOut => "shut_out",
            Self::SignIn => "sign_in",
            Self::ComeBack => "come_back",
        }
    }

    const fn token(self) -> TokenKind {
        match self {
            Self::VerifyEmail => TokenKind::EmailVerification,
            Self::ResetPassword => TokenKind::PasswordReset,
            Self::SetUp => TokenKind::SetUp,
            Self::ChangeEmail => TokenKind::EmailChange,
            Self::UndoEmail => TokenKind::EmailUndo,
            Self::ShutOut => TokenKind::ShutOut,
            Self::SignIn => TokenKind::EmailSignIn,
            Self::ComeBack => TokenKind::ComeBack,
        }
    }

    /// The page behind the link.
    const fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "/verify",
            Self::ResetPassword => "/reset-password",
            Self::SetUp => "/setup",
            Self::ChangeEmail => "/account/email/confirm",
            Self::UndoEmail => "/undo-email",
            Self::ShutOut => "/not-me",
            Self::SignIn => "/sign-in/link",
            Self::ComeBack => "/come-back",
        }
    }

    /// Its mail carries a code to type, too.
    const fn has_code(self) -> bool {
        matches!(self, Self::VerifyEmail | Self::ChangeEmail | Self::SignIn)
    }
}

/// A ticket to be made.
pub(super) struct NewTicket {
    pub(super) kind: TicketKind,
    pub(super) user_id: Option<UserId>,
    /// The interaction to go back to afterwards.
    pub(super) return_to: Option<String>,
    /// The address it is about, where that is not the one of the account.
    pub(super) email: Option<EmailAddress>,
    pub(super) ttl: Duration,
}

impl NewTicket {
    /// One about the account itself.
    pub(super) fn new(kind: TicketKind, user_id: UserId, ttl: Duration) -> Self {
        Self { kind, user_id: Some(user_id), return_to: None, email: None, ttl }
    }
}

/// A ticket in the clear, on its way into a mail.
pub(super) struct Issued {
    pub(super) token: PlainToken,
    /// The whole link.
    pub(super) link: String,
    /// Six digits; empty unless the kind has a code.
    pub(super) code: String,
    pub(super) expires_at: Timestamp,
}

impl Issued {
    /// The mail that brings it to confirm an address.
    pub(super) fn into_verification(self) -> Message {
        Message::VerifyEmail { link: self.link, code: self.code, expires_at: self.expires_at }
    }

    /// The mail that brings it to choose a password without having asked for that.
    pub(super) fn into_choice(self, reason: ChoiceReason) -> Message {
        Message::ChoosePassword { link: self.link, expires_at: self.expires_at, reason }
    }
}

/// Makes a ticket.
pub(super) async fn issue(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: TicketKind,
    user_id: Option<UserId>,
    return_to: Option<String>,
    ttl: Duration,
) -> Result<Issued, Internal> {
    issue_new(tx, ctx, NewTicket { kind, user_id, return_to, email: None, ttl }).await
}

/// The same for any ticket.
pub(super) async fn issue_new(tx: &mut Tx, ctx: &Ctx, new: NewTicket) -> Result<Issued, Internal> {
    let NewTicket { kind, user_id, return_to, email, ttl } = new;
    let id: TicketId = ctx.new_id();
    let entropy = ctx.core.entropy();
    let token = PlainToken::generate(kind.token(), entropy);
    let code = if kind.has_code() { entropy::six_digits(entropy) } else { String::new() };
    let now = ctx.now();
    let row = store::NewRow {
        id,
        kind: kind.as_str(),
        user_id,
        link_digest: token.digest(),
        code_digest: (!code.is_empty()).then(|| code_digest(ctx, id, &code)),
        return_to: return_to.filter(|to| is_handle(to)),
        email: email.map(String::from),
        now,
        expires_at: now + ttl,
    };
    let expires_at = row.expires_at;
    store::insert(tx, row).await?;
    let link = ctx.config().url(&format!("{}?t={}", kind.path(), token.expose()));
    Ok(Issued { token, link, code, expires_at })
}

/// Makes a ticket that nothing opens. It stands where a real one would for an account that needs none, so that wrong
/// codes are answered alike and mails are counted alike.
pub(super) async fn issue_decoy(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: TicketKind,
    user_id: Option<UserId>,
    ttl: Duration,
) -> Result<(), Internal> {
    issue_decoy_of(tx, ctx, NewTicket { kind, user_id, return_to: None, email: None, ttl }).await
}

/// The same in the place of any ticket.
pub(super) async fn issue_decoy_of(tx: &mut Tx, ctx: &Ctx, new: NewTicket) -> Result<(), Internal> {
    let NewTicket { kind, user_id, email, ttl, .. } = new;
    let now = ctx.now();
    let mut noise = [[0_u8; 32]; 2];
    for bytes in &mut noise {
        ctx.core.entropy().fill(bytes);
    }
    let [link, code] = noise;
    let row = store::NewRow {
        id: ctx.new_id(),
        kind: kind.as_str(),
        user_id,
        // Drawn, not computed: there is no text that has these digests as far as anybody knows.
        link_digest: Digest::from(link),
        code_digest: kind.has_code().then(|| Digest::from(code)),
        return_to: None,
        email: email.map(String::from),
        now,
        expires_at: now + ttl,
    };
    store::insert(tx, row).await
}

/// What the table keeps of a code.
pub(super) fn code_digest(ctx: &Ctx, id: TicketId, code: &str) -> Digest {
    ctx.core.sealer().code_digest(id.as_uuid().as_bytes(), code)
}

/// May another mail of this kind go to this account now? (A4 "resend limited".) The user's row must be held.
pub(super) async fn may_mail(conn: &mut Conn, ctx: &Ctx, kind: TicketKind, user_id: UserId) -> Result<bool, Internal> {
    let now = ctx.now();
    let recent = store::recent(conn, kind.as_str(), user_id, now - DAY).await?;
    let rested = recent.last.is_none_or(|last| last + ctx.config().verification.resend_after <= now);
    Ok(rested && recent.count < MAILS_A_DAY)
}

/// A mail that somebody asks for who proved nothing.
pub(super) struct Asked<'a> {
    /// Whose address it is, if they are to have one.
    pub(super) owner: Option<&'a User>,
    pub(super) kind: TicketKind,
    /// The interaction to go back to afterwards.
    pub(super) return_to: Option<String>,
    pub(super) ttl: Duration,
}

/// Mails a ticket to its owner, as often as they may have one, and says whether it did. Where there is nobody, or they had
/// enough, the work is the same: a ticket that opens nothing and a message to nobody are written.
pub(super) async fn mail_or_decoy(
    tx: &mut Tx,
    ctx: &Ctx,
    asked: Asked<'_>,
    words: impl FnOnce(Issued) -> Message,
) -> Result<bool, Internal> {
    let Asked { owner, kind, return_to, ttl } = asked;
    let held = owner.map_or_else(|| ctx.new_id(), |user| user.id);
    account::hold(tx, held).await?;
    let may_mail = may_mail(tx, ctx, kind, held).await?;
    let Some(user) = owner.filter(|_| may_mail) else {
        issue_decoy(tx, ctx, kind, None, ttl).await?;
        mail::enqueue_nothing(tx, ctx).await?;
        return Ok(false);
    };
    let ticket = issue(tx, ctx, kind, Some(user.id), return_to, ttl).await?;
    mail::enqueue(tx, ctx, user, words(ticket)).await?;
    Ok(true)
}

/// An open ticket behind a link and the active account it belongs to.
pub(super) async fn find_with_owner(
    ctx: &Ctx,
    kind: TicketKind,
    token: &PlainToken,
) -> Result<Option<(store::Found, User)>, Internal> {
    let Some(found) = find_open(ctx, kind, token).await? else { return Ok(None) };
    let Some(user_id) = found.user_id else { return Ok(None) };
    let mut conn = ctx.core.db().read().await?;
    let user = account::find(&mut conn, user_id).await?.filter(|user| user.is_active);
    Ok(user.map(|user| (found, user)))
}

/// Looks for an open ticket behind a link.
pub(super) async fn find_open(
    ctx: &Ctx,
    kind: TicketKind,
    token: &PlainToken,
) -> Result<Option<store::Found>, Internal> {
    let mut conn = ctx.core.db().read().await?;
    let found = store::by_link(&mut conn, kind.as_str(), token.digest()).await?;
    Ok(found.filter(|ticket| ticket.is_open(ctx.now())))
}

/// The handle of an interaction, and nothing that could be an address to go to.
fn is_handle(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= MAX_RETURN_TO && text.chars().all(plain)
}

/// The six digits of what was typed or pasted, without the spaces and hyphens people group them with.
pub(crate) fn digits(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '\u{200B}')).collect();
    (code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}
