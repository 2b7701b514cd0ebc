//! Inviting people, sending invitations again and taking them back (E6).

use axum::response::Response;
use http::StatusCode;
use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    id::InvitationId,
    org::{
        OrganizationRef, Refused,
        invitation::{
            self, Addresses, AddressesError, InvitationChangeError, InviteMembers, InviteMembersError, MOST_ADDRESSES,
            Note, Outcome,
        },
    },
};
use serde::Deserialize;

use super::{done, encoding::Form, filled, organizations::to_page, visit};
use crate::{
    model::{ErrorKind, Flash, InviteForm, InviteOutcome, InviteProblem, OrganizationPlace},
    show::{
        organization_invitations::{Look, page},
        organizations::{Inside, enter_for, refuse},
    },
    ssr::{Visit, respond},
};

/// Longer texts are cut before they stand in a form again.
const MOST_TYPED: usize = 10_000;

/// `POST /do/invite-members`
#[server(name = DoInviteMembers, prefix = "/do", endpoint = "invite-members", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_invite_members(
    organization: String,
    emails: String,
    role: String,
    #[server(default)] note: String,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(invite(&visit, &organization, emails, role, note).await.unwrap_or_else(|instead| instead))
}

async fn invite(
    visit: &Visit,
    organization: &str,
    emails: String,
    role: String,
    note: String,
) -> Result<Response, Response> {
    let inside = enter_for(visit, organization, OrganizationPlace::Invitations).await?;
    let cut = |text: &str| text.chars().take(MOST_TYPED).collect::<String>();
    let form = InviteForm { emails: cut(&emails), role, note: cut(&note), ..InviteForm::default() };
    let mut problems = Vec::new();
    let addresses = Addresses::parse(&emails).map_err(|error| match error {
        AddressesError::None => InviteProblem::EmailsMissing,
        AddressesError::TooMany => InviteProblem::EmailsTooMany { most: MOST_ADDRESSES },
    });
    let role_id = form.role.parse().map_err(|_| InviteProblem::RoleRefused);
    let note = filled(note).map(|note| Note::try_from(note.as_str())).transpose();
    let note = note.map_err(|_| InviteProblem::NoteUnfit { most: Note::MOST });
    let (addresses, role_id, note) = match (addresses, role_id, note) {
        (Ok(addresses), Ok(role_id), Ok(note)) => (addresses, role_id, note),
        (addresses, role_id, note) => {
            problems.extend([addresses.err(), role_id.err(), note.err()].into_iter().flatten());
            return again(visit, inside, InviteForm { problems, ..form }, Vec::new()).await;
        }
    };
    let cmd = InviteMembers { organization: inside.seat.organization.id.into(), addresses, role_id, note };
    match invitation::invite_members(&visit.ctx, cmd).await {
        Ok(found) if found.iter().all(|one| matches!(one.outcome, Outcome::Invited(_))) => {
            let path = inside.at.path(OrganizationPlace::Invitations);
            Ok(to_page(visit, &path, if found.len() == 1 { Flash::InvitationSent } else { Flash::InvitationsSent }))
        }
        Ok(found) => {
            let outcomes: Vec<_> = found.into_iter().map(|one| (one.typed, told(one.outcome))).collect();
            // What is worth another try stays where it can be put right.
            let left = outcomes.iter().filter(|(_, outcome)| outcome.stays()).map(|(typed, _)| typed.as_str());
            let emails = left.collect::<Vec<_>>().join("\n");
            again(visit, inside, InviteForm { emails, ..form }, outcomes).await
        }
        Err(InviteMembersError::NoSuchRole | InviteMembersError::Ceiling) => {
            again(visit, inside, InviteForm { problems: vec![InviteProblem::RoleRefused], ..form }, Vec::new()).await
        }
        Err(InviteMembersError::NotFound) => Err(refuse(visit, Refused::NotFound)),
        Err(InviteMembersError::Denied(denied)) => Err(refuse(visit, denied.into())),
        Err(InviteMembersError::Internal(cause)) => Err(respond::broken(visit, &cause)),
    }
}

const fn told(outcome: Outcome) -> InviteOutcome {
    match outcome {
        Outcome::Invited(_) => InviteOutcome::Invited,
        Outcome::AlreadyMember => InviteOutcome::AlreadyMember,
        Outcome::AlreadyInvited => InviteOutcome::AlreadyInvited,
        Outcome::NotAnAddress => InviteOutcome::NotAnAddress,
        Outcome::Full => InviteOutcome::Full,
        Outcome::Later => InviteOutcome::Later,
    }
}

/// The page again. Sent twice, it says that those are invited already.
async fn again(
    visit: &Visit,
    inside: Inside,
    form: InviteForm,
    outcomes: Vec<(String, InviteOutcome)>,
) -> Result<Response, Response> {
    let page = page(visit, inside, Look::default(), form, outcomes).await?;
    Ok(respond::page_with(visit, StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// `POST /do/resend-invitation`
#[server(name = DoResendInvitation, prefix = "/do", endpoint = "resend-invitation", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_resend_invitation(organization: String, id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(change(&visit, &organization, &id, Change::Resend).await.unwrap_or_else(|instead| instead))
}

/// `POST /do/withdraw-invitation`
#[server(name = DoWithdrawInvitation, prefix = "/do", endpoint = "withdraw-invitation", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_withdraw_invitation(organization: String, id: String) -> Result<(), ServerFnError> {
    let visit = visit()?;
    done(change(&visit, &organization, &id, Change::Withdraw).await.unwrap_or_else(|instead| instead))
}

#[derive(Clone, Copy)]
enum Change {
    Resend,
    Withdraw,
}

async fn change(visit: &Visit, organization: &str, id: &str, change: Change) -> Result<Response, Response> {
    let inside = enter_for(visit, organization, OrganizationPlace::Invitations).await?;
    let id: InvitationId = id.parse().map_err(|_| respond::error(visit, &ErrorKind::NotFound))?;
    let which: OrganizationRef = inside.seat.organization.id.into();
    let changed = match change {
        Change::Resend => invitation::resend_invitation(&visit.ctx, &which, id).await,
        Change::Withdraw => invitation::withdraw_invitation(&visit.ctx, &which, id).await,
    };
    let flash = match (changed, change) {
        (Ok(()), Change::Resend) => Flash::InvitationResent,
        (Ok(()), Change::Withdraw) => Flash::InvitationWithdrawn,
        (Err(InvitationChangeError::NotFound), _) => return Err(refuse(visit, Refused::NotFound)),
        (Err(InvitationChangeError::NoSuchInvitation), _) => {
            return Err(respond::error(visit, &ErrorKind::NotFound));
        }
        (Err(InvitationChangeError::Denied(denied)), _) => return Err(refuse(visit, denied.into())),
        (Err(InvitationChangeError::Ceiling), _) => Flash::InvitationBeyond,
        (Err(InvitationChangeError::Closed(_)), _) => Flash::InvitationOver,
        (Err(InvitationChangeError::RoleGone), _) => Flash::InvitationRoleGone,
        (Err(InvitationChangeError::TooMany(_)), _) => Flash::InvitationHeld,
        (Err(InvitationChangeError::Internal(cause)), _) => return Err(respond::broken(visit, &cause)),
    };
    Ok(to_page(visit, &inside.at.path(OrganizationPlace::Invitations), flash))
}
