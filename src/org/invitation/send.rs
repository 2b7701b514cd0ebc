//! The mail of an invitation, and how many of them there may be.

use std::time::Duration;

use super::{model::Note, store};
use crate::{
    account,
    clock::Timestamp,
    core::Ctx,
    db::{Conn, Tx},
    error::Internal,
    id::{InvitationId, OrganizationId, RoleId, UserId},
    mail::{self, Mail, Message},
    org::Seat,
    secret::{Digest, PlainToken, TokenKind},
    text::EmailAddress,
};

const DAY: Duration = Duration::from_hours(24);
/// So many mails go to one address in a day, whichever organisations invite it; nobody's mailbox is filled by strangers.
const MOST_TO_ADDRESS: i64 = 20;
/// So many of them from one organisation, so that one cannot keep an address from all others.
const MOST_FROM_ORGANIZATION: i64 = 5;

/// What an address got lately.
#[derive(sqlx::FromRow, Debug)]
pub(super) struct Mailed {
    pub(super) everywhere: i64,
    pub(super) here: i64,
    pub(super) last_here: Option<Timestamp>,
}

/// May an invitation be mailed to this address now?
pub(super) async fn may_mail(
    conn: &mut Conn,
    ctx: &Ctx,
    organization_id: OrganizationId,
    email: &EmailAddress,
) -> Result<bool, Internal> {
    let now = ctx.now();
    let mailed = store::mailed_to(conn, email.key(), organization_id, now - DAY).await?;
    let rested = mailed.last_here.is_none_or(|last| last + ctx.config().verification.resend_after <= now);
    Ok(rested && mailed.everywhere < MOST_TO_ADDRESS && mailed.here < MOST_FROM_ORGANIZATION)
}

/// How many more mails somebody may cause today; operators as many as they like.
pub(super) async fn left_today(conn: &mut Conn, ctx: &Ctx, seat: &Seat) -> Result<i64, Internal> {
    let Some(sender) = seat.user_id().filter(|_| !seat.is_operator) else { return Ok(i64::MAX) };
    let most = i64::from(ctx.config().organizations.invitations_a_day);
    Ok(most.saturating_sub(store::sent_by(conn, sender, ctx.now() - DAY).await?))
}

/// Who sends invitations, as they stand.
pub(super) struct Sender {
    /// Nobody: it comes from the command line.
    pub(super) user_id: Option<UserId>,
    pub(super) by_operator: bool,
    /// Their confirmed address: by that they are known to whom they invite.
    address: Option<EmailAddress>,
}

impl Sender {
    pub(super) async fn find(conn: &mut Conn, ctx: &Ctx, seat: &Seat) -> Result<Self, Internal> {
        let user_id = ctx.user().map(|actor| actor.user_id);
        let user = match user_id {
            Some(id) => account::find(conn, id).await?,
            None => None,
        };
        let address = user.filter(account::User::is_verified).map(|user| user.email);
        Ok(Self { user_id, by_operator: seat.is_operator, address })
    }
}

/// What is invited to what.
pub(super) struct Letter<'a> {
    pub(super) id: InvitationId,
    pub(super) to: &'a EmailAddress,
    pub(super) role_id: RoleId,
}

/// A link that was just made, for the store.
pub(super) struct Link {
    pub(super) digest: Digest,
    pub(super) expires_at: Timestamp,
    text: String,
}

/// Makes a new link.
pub(super) fn link(ctx: &Ctx) -> Link {
    let token = PlainToken::generate(TokenKind::Invitation, ctx.core.entropy());
    Link {
        digest: token.digest(),
        expires_at: ctx.now() + ctx.config().organizations.invitation_life,
        text: ctx.config().url(&format!("/invitation?t={}", token.expose())),
    }
}

/// Puts the mail into the outbox. It is the same whether the address has an account or not.
pub(super) async fn mail(
    tx: &mut Tx,
    ctx: &Ctx,
    seat: &Seat,
    sender: &Sender,
    (letter, link): (Letter<'_>, Link),
) -> Result<(), Internal> {
    let message = Message::Invitation {
        link: link.text,
        organization: seat.organization.name.clone(),
        slug: seat.organization.slug.clone(),
        role: seat.rulebook.roles.name_of(letter.role_id).unwrap_or_default().to_owned(),
        inviter: sender.address.clone(),
        expires_at: link.expires_at,
    };
    mail::enqueue_apart(tx, ctx, letter.id.to_string(), Mail::new(letter.to.clone(), None, message)).await
}

/// The text of a note, for the store.
pub(super) fn text(note: Option<&Note>) -> Option<String> {
    note.map(|note| note.as_str().to_owned())
}
