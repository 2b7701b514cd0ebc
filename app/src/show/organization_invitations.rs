//! Whom an organisation invites (E6).

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    org::{
        Right, Seat,
        invitation::{self, Invitation, InvitationState, ListInvitations, MOST_ADDRESSES},
    },
};

use super::{
    AskedQuery, asked,
    invitations::end,
    organizations::{Inside, NamedPath, enter_for, named, refuse, role_tag},
    people::when,
};
use crate::{
    model::{
        ErrorKind, InvitationRow, InvitationTab, InviteForm, InviteOutcome, OrganizationInvitationsPage,
        OrganizationPlace, WithdrawInvitationPage,
    },
    ssr::{Visit, respond},
};

/// So many invitations stand on one page.
const PAGE: u32 = 25;

/// What of a list is looked at.
#[derive(Default)]
pub(crate) struct Look {
    tab: InvitationTab,
    search: String,
    after: Option<ostiary::id::InvitationId>,
}

/// The page, with the form as it is given; the roles to choose from are filled in.
///
/// # Errors
/// The answer instead.
pub(crate) async fn page(
    visit: &Visit,
    inside: Inside,
    look: Look,
    form: InviteForm,
    outcomes: Vec<(String, InviteOutcome)>,
) -> Result<OrganizationInvitationsPage, Response> {
    let Inside { room, at, seat } = inside;
    let cmd = ListInvitations {
        organization: seat.organization.id.into(),
        search: look.search.clone(),
        state: InvitationState::ALL.iter().copied().find(|state| tab(*state) == look.tab),
        after: look.after,
        limit: PAGE,
    };
    let found = invitation::list_invitations(&visit.ctx, cmd).await.map_err(|refused| refuse(visit, refused))?;
    let now = visit.ctx.now();
    let by_state = |wanted: InvitationTab| {
        let counted = found.by_state.iter().filter(|(state, _)| wanted == InvitationTab::All || tab(*state) == wanted);
        u64::try_from(counted.map(|(_, count)| count).sum::<i64>()).unwrap_or_default()
    };
    let roles: Vec<_> = found.seat.invitable().map(role_tag).map(|role| (role.id, role.name)).collect();
    // Nothing chosen yet: the least of what is offered, which the built-in roles end with.
    let viewer = ostiary::org::Builtin::Viewer.id().to_string();
    let role = if form.role.is_empty() { viewer } else { form.role };
    Ok(OrganizationInvitationsPage {
        places: found.places,
        most: MOST_ADDRESSES,
        form: InviteForm { role, roles, ..form },
        outcomes,
        tabs: InvitationTab::ALL.into_iter().map(|tab| (tab, by_state(tab))).collect(),
        tab: look.tab,
        search: look.search,
        is_later: look.after.is_some(),
        next: found.next.map(|next| next.to_string()),
        rows: found.invitations.into_iter().map(|one| row(&found.seat, one, now)).collect(),
        organization: at,
        room,
    })
}

const fn tab(state: InvitationState) -> InvitationTab {
    match end(state) {
        Some(end) => InvitationTab::Ended(end),
        None => InvitationTab::Pending,
    }
}

fn row(seat: &Seat, one: Invitation, now: Timestamp) -> InvitationRow {
    let is_pending = one.state == InvitationState::Pending;
    let is_own = seat.user_id().is_some() && seat.user_id() == one.invited_by;
    let reaches = seat.may(Right::InviteMembers) && one.role_id.is_none_or(|role| seat.may_assign(role));
    let role = one.role_id.and_then(|id| seat.rulebook.roles.get(id)).map(|role| role_tag(role).name);
    InvitationRow {
        id: one.id.to_string(),
        email: one.email.to_string(),
        inviter: one.inviter,
        role,
        end: end(one.state),
        when: when(one.closed_at.unwrap_or(one.expires_at), now),
        may_resend: is_pending && one.role_id.is_some_and(|role| seat.may_invite_as(role)),
        may_withdraw: is_pending && (is_own || reaches),
    }
}

/// `GET /organizations/{organization}/invitations?state=&q=&after=&id=`: `id` names one whose address is to be invited again.
pub(crate) async fn invitations(visit: Visit, path: NamedPath, query: AskedQuery) -> Response {
    let inside = match enter_for(&visit, &named(path).organization, OrganizationPlace::Invitations).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let asked = asked(query);
    let state = asked.state.unwrap_or_default();
    let look = Look {
        tab: InvitationTab::ALL.into_iter().find(|tab| tab.words().1 == state).unwrap_or_default(),
        search: asked.q.as_deref().map(str::trim).unwrap_or_default().to_owned(),
        after: asked.after.and_then(|after| after.parse().ok()),
    };
    let form = match asked.id.and_then(|id| id.parse().ok()) {
        Some(id) => {
            let organization = inside.seat.organization.id.into();
            match invitation::get_invitation(&visit.ctx, &organization, id).await {
                Ok(Some(one)) => InviteForm {
                    emails: one.email.into(),
                    role: one.role_id.map(|id| id.to_string()).unwrap_or_default(),
                    note: one.note.unwrap_or_default(),
                    ..InviteForm::default()
                },
                Ok(None) => InviteForm::default(),
                Err(refused) => return refuse(&visit, refused),
            }
        }
        None => InviteForm::default(),
    };
    match page(&visit, inside, look, form, Vec::new()).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// `GET /organizations/{organization}/invitations/{invitation}/withdraw`: asks first.
pub(crate) async fn withdraw(visit: Visit, path: NamedPath) -> Response {
    let named = named(path);
    let inside = match enter_for(&visit, &named.organization, OrganizationPlace::Invitations).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let nothing = || respond::error(&visit, &ErrorKind::NotFound);
    let Ok(id) = named.invitation.parse() else { return nothing() };
    match invitation::get_invitation(&visit.ctx, &inside.seat.organization.id.into(), id).await {
        Ok(Some(one)) if one.state == InvitationState::Pending => {
            let page =
                WithdrawInvitationPage { organization: inside.at, id: one.id.to_string(), email: one.email.into() };
            respond::page(&visit, page)
        }
        Ok(_) => nothing(),
        Err(refused) => refuse(&visit, refused),
    }
}
