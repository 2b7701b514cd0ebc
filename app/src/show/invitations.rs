//! Invitations as those see them who are invited (E6).

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    error::Internal,
    org::invitation::{
        self, Invitation, InvitationState, ListMyInvitationsError, MyInvitation, OpenInvitation, Reader,
    },
    secret::{PlainToken, TokenKind},
};

use super::{
    AskedQuery,
    account::{flash, room, to_sign_in},
    asked,
    people::when,
};
use crate::{
    model::{InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationsPage},
    ssr::{Next, Visit, respond},
};

fn card(one: Invitation, organization: String, role: Option<String>, now: Timestamp) -> InvitationCard {
    InvitationCard {
        id: one.id.to_string(),
        organization,
        role,
        inviter: one.inviter,
        note: one.note,
        email: one.email.to_string(),
        until: when(one.expires_at, now),
    }
}

/// How an invitation ended; nothing while it is pending.
pub(crate) const fn end(state: InvitationState) -> Option<InvitationEnd> {
    match state {
        InvitationState::Pending => None,
        InvitationState::Accepted => Some(InvitationEnd::Accepted),
        InvitationState::Rejected => Some(InvitationEnd::Rejected),
        InvitationState::Withdrawn => Some(InvitationEnd::Withdrawn),
        InvitationState::Expired => Some(InvitationEnd::Expired),
    }
}

/// The invitation that this browser followed the link of, if it can be answered still: for the pages on the way to an
/// account.
pub(crate) async fn followed(visit: &Visit, next: Next) -> Result<Option<OpenInvitation>, Internal> {
    let Some(token) = visit.invitation().filter(|_| next == Next::Invitation) else { return Ok(None) };
    let found = invitation::find_invitation(&visit.ctx, &token).await?;
    Ok(found.filter(|found| found.invitation.state == InvitationState::Pending))
}

/// `GET /invitation[?t=]`: shows, and changes nothing. The browser remembers which link it was, so that it comes back here
/// after signing in or making an account.
pub(crate) async fn invitation(visit: Visit, query: AskedQuery) -> Response {
    let token = match asked(query).t {
        Some(t) => PlainToken::parse(TokenKind::Invitation, &t).inspect(|token| visit.remember_invitation(token)),
        None => visit.invitation(),
    };
    let Some(token) = token else { return respond::page(&visit, InvitationPage::Dead) };
    let found = match invitation::find_invitation(&visit.ctx, &token).await {
        Ok(Some(found)) => found,
        Ok(None) => return respond::page(&visit, InvitationPage::Dead),
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let flash = flash(&visit);
    if let Some(end) = end(found.invitation.state) {
        return respond::page(&visit, InvitationPage::Over { organization: found.organization, end, flash });
    }
    let email = visit.live.as_ref().map(|live| live.user.email.clone());
    let reader = match (found.reader, email) {
        (Reader::Invited, _) => InvitationReader::Invited,
        (Reader::Unconfirmed, email) => {
            // What asks for the mail again knows the address by this.
            if let Some(email) = email {
                visit.remember_mail(&email);
            }
            InvitationReader::Unconfirmed
        }
        (Reader::Another, Some(email)) => InvitationReader::Another { email },
        (Reader::Nobody | Reader::Another, _) => {
            InvitationReader::Nobody { may_register: visit.site().registration_open() }
        }
    };
    let card = Box::new(card(found.invitation, found.organization, found.role, visit.ctx.now()));
    respond::page(&visit, InvitationPage::Open { token: token.expose().to_owned(), card, reader, flash })
}

/// `GET /account/invitations`
pub(crate) async fn invitations(visit: Visit) -> Response {
    let room = match room(&visit, Next::Invitations, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let is_confirmed = match ostiary::account::get_me(&visit.ctx).await {
        Ok(user) => user.is_verified(),
        Err(_) => return to_sign_in(&visit, Next::Invitations),
    };
    match mine(&visit).await {
        Ok(found) => {
            let now = visit.ctx.now();
            let cards = found.into_iter().map(|one| card(one.invitation, one.organization, one.role, now));
            respond::page(&visit, InvitationsPage { room, invitations: cards.collect(), is_confirmed })
        }
        Err(cause) => respond::broken(&visit, &cause),
    }
}

/// What the person of this browser can accept; nothing for nobody.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(super) async fn mine(visit: &Visit) -> Result<Vec<MyInvitation>, Internal> {
    match invitation::list_my_invitations(&visit.ctx).await {
        Ok(found) => Ok(found),
        Err(ListMyInvitationsError::Denied(_)) => Ok(Vec::new()),
        Err(ListMyInvitationsError::Internal(cause)) => Err(cause),
    }
}
