//! Answering an invitation (E6).

use axum::response::Response;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    org::invitation::{self, AcceptInvitationError, RejectInvitationError, Which},
    secret::{PlainToken, TokenKind},
};
use serde::Deserialize;

use super::{done, encoding::Form, visit};
use crate::{
    model::{ErrorKind, Flash},
    ssr::{Next, Visit, respond, said::Said},
};

/// `POST /do/answer-invitation`: one behind a link (`t`), or one of those to the account (`id`).
#[server(name = DoAnswerInvitation, prefix = "/do", endpoint = "answer-invitation", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_answer_invitation(
    t: Option<String>,
    id: Option<String>,
    answer: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let link = t.and_then(|t| PlainToken::parse(TokenKind::Invitation, &t)).map(Which::Link);
    let which = link.or_else(|| id.and_then(|id| id.parse().ok()).map(Which::Id));
    let Some(which) = which else { return done(respond::error(&visit, &ErrorKind::NotFound)) };
    done(match answer.as_str() {
        "accept" => accept(&visit, &which).await,
        "decline" => decline(&visit, &which).await,
        _ => respond::error(&visit, &ErrorKind::BadForm),
    })
}

async fn accept(visit: &Visit, which: &Which) -> Response {
    let flash = match invitation::accept_invitation(&visit.ctx, which).await {
        Ok(accepted) => {
            visit.forget_invitation();
            return told(visit, &visit.site().to(&format!("/organizations/{}", accepted.slug)), Flash::Joined);
        }
        Err(AcceptInvitationError::Denied(_)) => {
            return respond::redirect(visit, &back_of(which).sign_in(visit.site()));
        }
        Err(AcceptInvitationError::Internal(cause)) => return respond::broken(visit, &cause),
        // The page behind the link says these by itself.
        Err(AcceptInvitationError::ForAnother | AcceptInvitationError::Unconfirmed) => {
            return respond::redirect(visit, &back(visit, which));
        }
        Err(AcceptInvitationError::NotFound | AcceptInvitationError::Closed(_)) => Flash::InvitationOver,
        Err(AcceptInvitationError::RoleGone | AcceptInvitationError::InviterMayNot) => Flash::InvitationVoid,
        Err(AcceptInvitationError::Full { .. }) => Flash::OrganizationFull,
        Err(AcceptInvitationError::TooMany(_)) => Flash::NotNow,
    };
    told(visit, &back(visit, which), flash)
}

async fn decline(visit: &Visit, which: &Which) -> Response {
    let flash = match invitation::reject_invitation(&visit.ctx, which).await {
        Ok(()) => Flash::InvitationDeclined,
        Err(RejectInvitationError::Denied(_)) => {
            return respond::redirect(visit, &back_of(which).sign_in(visit.site()));
        }
        Err(RejectInvitationError::NotFound | RejectInvitationError::Closed(_)) => Flash::InvitationOver,
        Err(RejectInvitationError::TooMany(_)) => Flash::NotNow,
        Err(RejectInvitationError::Internal(cause)) => return respond::broken(visit, &cause),
    };
    told(visit, &back(visit, which), flash)
}

/// To a page of ours that says what was done.
fn told(visit: &Visit, to: &str, flash: Flash) -> Response {
    visit.say(to, Said::Done(flash));
    respond::redirect(visit, to)
}

/// The page the answer came from.
const fn back_of(which: &Which) -> Next {
    match which {
        Which::Id(_) => Next::Invitations,
        Which::Link(_) => Next::Invitation,
    }
}

/// Its address; with the link, for browsers that keep no cookies for long.
fn back(visit: &Visit, which: &Which) -> String {
    match which {
        Which::Id(_) => visit.site().to(Next::Invitations.path()),
        Which::Link(token) => visit.site().to_query(Next::Invitation.path(), "t", token.expose()),
    }
}
