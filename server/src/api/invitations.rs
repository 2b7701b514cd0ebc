//! `/api/v1/organizations/{id}/invitations` and `/api/v1/me/invitations` (E6).

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    id::{InvitationId, OrganizationId, RoleId, UserId},
    org::{
        OrganizationRef, Refused,
        invitation::{
            self, AcceptInvitationError, Addresses, AddressesError, InvitationChangeError, InvitationState,
            InviteMembers, InviteMembersError, ListInvitations, ListMyInvitationsError, MOST_INVITATIONS, Note,
            Outcome, RejectInvitationError, Which,
        },
    },
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Path, Query},
    body::Body,
    caller::Caller,
    describe::{Area, Doc, Done},
    problem::{self, DENIED, FieldProblem, Kind, Problem, TOO_MANY},
};

const NO_ORGANIZATION: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such organization");
const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such invitation");
/// `state` says what became of it.
const CLOSED: Kind = Kind::new(StatusCode::CONFLICT, "closed", "This invitation is not pending any more");
const CEILING: Kind = Kind::new(StatusCode::FORBIDDEN, "ceiling", "Your role does not reach so far");
const ROLE_GONE: Kind = Kind::new(StatusCode::CONFLICT, "role-gone", "The role of this invitation was deleted");
const VOID: Kind =
    Kind::new(StatusCode::CONFLICT, "inviter-may-not", "Whoever sent this invitation may not do that any more");
const FULL: Kind = Kind::new(StatusCode::CONFLICT, "organization-full", "There is no place in this organization");

const ORGANIZATION: &[(&str, &str)] = &[("id", "The organization: its id, or its slug.")];
const ONE: &[(&str, &str)] = &[("id", "The organization: its id, or its slug."), ("invitation_id", "The invitation.")];
const OWN: &[(&str, &str)] = &[("id", "The invitation.")];

/// An invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Invitation {
    #[schema(value_type = String, format = "uuid")]
    id: InvitationId,
    #[schema(format = Email)]
    email: String,
    /// Nothing any more when the role was deleted.
    #[schema(value_type = Option<String>, format = "uuid")]
    role_id: Option<RoleId>,
    role: Option<String>,
    /// What the inviter has to say.
    note: Option<String>,
    #[schema(pattern = "^(pending|accepted|rejected|withdrawn|expired)$")]
    state: &'static str,
    /// Who sent it last.
    #[schema(value_type = Option<String>, format = "uuid")]
    invited_by: Option<UserId>,
    inviter: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// When its last mail was sent.
    #[schema(format = DateTime)]
    sent_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    #[schema(format = DateTime)]
    closed_at: Option<String>,
}

impl Invitation {
    fn of(one: invitation::Invitation, role: Option<String>) -> Self {
        Self {
            id: one.id,
            email: one.email.into(),
            role_id: one.role_id,
            role,
            note: one.note,
            state: one.state.as_str(),
            invited_by: one.invited_by,
            inviter: one.inviter,
            created_at: one.created_at.to_string(),
            sent_at: one.sent_at.to_string(),
            expires_at: one.expires_at.to_string(),
            closed_at: one.closed_at.map(|at| at.to_string()),
        }
    }
}

/// Which page, and of what.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Page {
    /// Only addresses that contain this.
    search: Option<String>,
    /// Only those that are pending, accepted, rejected, withdrawn or expired.
    #[param(value_type = Option<String>)]
    state: Option<InvitationState>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    after: Option<InvitationId>,
    /// How many; 200 when it is left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

impl Parameters for Page {
    fn problem() -> FieldProblem {
        let message = format!(
            "limit must be a whole number from 1 to {MOST_INVITATIONS}, state one of those there are, after the next of a \
             page"
        );
        FieldProblem { field: "limit".into(), code: "malformed", message }
    }
}

/// One page of them.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "so it is on the wire")]
pub(super) struct Invitations {
    invitations: Vec<Invitation>,
    /// What to ask the next page with, when there is one.
    #[schema(value_type = Option<String>, format = "uuid")]
    next: Option<InvitationId>,
    /// So many more can be invited.
    places: u32,
}

pub(super) const LIST: Doc = Doc::new(Area::Organizations, "listInvitations", "The invitations of an organization")
    .about("The newest first, page by page.")
    .path(ORGANIZATION)
    .problems(&[DENIED, NO_ORGANIZATION]);

pub(super) async fn list(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Result<Json<Invitations>, Problem> {
    let organization = organization(&id)?;
    let limit = page.limit.unwrap_or(MOST_INVITATIONS);
    if !(1..=MOST_INVITATIONS).contains(&limit) {
        return Err(Problem::fields(vec![Page::problem()]));
    }
    let search = page.search.unwrap_or_default();
    let cmd = ListInvitations { organization, search, state: page.state, after: page.after, limit };
    let found = invitation::list_invitations(&ctx, cmd).await.map_err(|cause| refused(cause, &ctx))?;
    let roles = &found.seat.rulebook.roles;
    let invitations = found.invitations.into_iter().map(|one| {
        let role = one.role_id.and_then(|id| roles.name_of(id)).map(str::to_owned);
        Invitation::of(one, role)
    });
    Ok(Json(Invitations { invitations: invitations.collect(), next: found.next, places: found.places }))
}

/// Who is to be invited.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "emails": ["leo@fjord.example", "Ida <ida@fjord.example>"], "roleId": "01900000-0000-7000-8000-000000000004",
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewInvitations {
    /// 1 to 50 addresses, each alone or behind a name.
    emails: Vec<String>,
    #[schema(format = "uuid")]
    role_id: String,
    /// What they read behind the link.
    note: Option<String>,
}

/// What became of one address.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AddressOutcome {
    /// As it was sent.
    email: String,
    #[schema(pattern = "^(invited|already_member|already_invited|not_an_address|full|later)$")]
    outcome: &'static str,
    #[schema(value_type = Option<String>, format = "uuid")]
    invitation_id: Option<InvitationId>,
}

impl From<invitation::AddressOutcome> for AddressOutcome {
    fn from(one: invitation::AddressOutcome) -> Self {
        let (outcome, invitation_id) = match one.outcome {
            Outcome::Invited(id) => ("invited", Some(id)),
            Outcome::AlreadyMember => ("already_member", None),
            Outcome::AlreadyInvited => ("already_invited", None),
            Outcome::NotAnAddress => ("not_an_address", None),
            Outcome::Full => ("full", None),
            Outcome::Later => ("later", None),
        };
        Self { email: one.typed, outcome, invitation_id }
    }
}

/// What became of each address, in their order.
#[derive(Serialize, ToSchema)]
pub(super) struct Outcomes {
    outcomes: Vec<AddressOutcome>,
}

pub(super) const INVITE: Doc = Doc::new(Area::Organizations, "inviteMembers", "Invite people")
    .about("Each gets a mail with a link that is good for a week. What became of each address is told.")
    .path(ORGANIZATION)
    .problems(&[DENIED, CEILING, NO_ORGANIZATION]);

pub(super) async fn invite(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<NewInvitations>,
) -> Result<Json<Outcomes>, Problem> {
    let organization = organization(&id)?;
    let emails = fields.required_texts("emails");
    let addresses = emails.and_then(|emails| match Addresses::from_list(emails.iter().map(String::as_str)) {
        Ok(addresses) => Some(addresses),
        Err(cause @ AddressesError::None) => fields.wrong("emails", "missing", &cause.to_string()),
        Err(cause @ AddressesError::TooMany) => fields.wrong("emails", "too_many", &cause.to_string()),
    });
    let role_id = fields.word("roleId");
    let note = match fields.optional("note").map(|text| Note::try_from(text.as_str())) {
        Some(note) => fields.typed("note", note).map(Some),
        None => Some(None),
    };
    let ((addresses, role_id), note) = fields.finish(addresses.zip(role_id).zip(note))?;
    match invitation::invite_members(&ctx, InviteMembers { organization, addresses, role_id, note }).await {
        Ok(outcomes) => Ok(Json(Outcomes { outcomes: outcomes.into_iter().map(AddressOutcome::from).collect() })),
        Err(InviteMembersError::NotFound) => Err(NO_ORGANIZATION.into()),
        Err(InviteMembersError::Denied(denied)) => Err(problem::denied(denied)),
        Err(cause @ InviteMembersError::NoSuchRole) => {
            let message = cause.to_string();
            Err(Problem::fields(vec![FieldProblem { field: "roleId".into(), code: "unknown", message }]))
        }
        Err(cause @ InviteMembersError::Ceiling) => Err(Problem::new(CEILING).with_detail(cause.to_string())),
        Err(InviteMembersError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const RESEND: Doc = Doc::new(Area::Organizations, "resendInvitation", "Send an invitation again")
    .about("With a new link and all its time; the link before opens nothing any more.")
    .path(ONE)
    .problems(&[DENIED, CEILING, NO_ORGANIZATION, MISSING, CLOSED, ROLE_GONE, TOO_MANY]);

pub(super) async fn resend(
    Caller(ctx): Caller,
    Path((id, invitation_id)): Path<(String, String)>,
) -> Result<Done, Problem> {
    let organization = organization(&id)?;
    let id = invitation_id.parse().map_err(|_| MISSING)?;
    let done = invitation::resend_invitation(&ctx, &organization, id).await;
    done.map(|()| Done).map_err(|cause| unchanged(cause, &ctx))
}

pub(super) const WITHDRAW: Doc = Doc::new(Area::Organizations, "withdrawInvitation", "Take an invitation back")
    .path(ONE)
    .problems(&[DENIED, CEILING, NO_ORGANIZATION, MISSING, CLOSED]);

pub(super) async fn withdraw(
    Caller(ctx): Caller,
    Path((id, invitation_id)): Path<(String, String)>,
) -> Result<Done, Problem> {
    let organization = organization(&id)?;
    let id = invitation_id.parse().map_err(|_| MISSING)?;
    let done = invitation::withdraw_invitation(&ctx, &organization, id).await;
    done.map(|()| Done).map_err(|cause| unchanged(cause, &ctx))
}

/// An organization in a few words.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitingOrganization)]
struct Named {
    #[schema(value_type = String, format = "uuid")]
    id: OrganizationId,
    name: String,
    slug: String,
}

/// An invitation to the person who asks.
#[derive(Serialize, ToSchema)]
struct OwnInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    organization: Named,
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnInvitations {
    invitations: Vec<OwnInvitation>,
}

pub(super) const LIST_MINE: Doc = Doc::new(Area::Account, "listOwnInvitations", "What you are invited to")
    .about("Pending invitations to the confirmed address of the account, the newest first.")
    .problems(&[DENIED]);

pub(super) async fn list_mine(Caller(ctx): Caller) -> Result<Json<OwnInvitations>, Problem> {
    let found = match invitation::list_my_invitations(&ctx).await {
        Ok(found) => found,
        Err(ListMyInvitationsError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(ListMyInvitationsError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let invitations = found.into_iter().map(|mine| OwnInvitation {
        organization: Named { id: mine.invitation.organization_id, name: mine.organization, slug: mine.slug },
        invitation: Invitation::of(mine.invitation, mine.role),
    });
    Ok(Json(OwnInvitations { invitations: invitations.collect() }))
}

/// The organization that was joined.
#[derive(Serialize, ToSchema)]
pub(super) struct Joined {
    organization: Named,
}

pub(super) const ACCEPT: Doc = Doc::new(Area::Account, "acceptInvitation", "Accept an invitation")
    .path(OWN)
    .problems(&[DENIED, MISSING, CLOSED, ROLE_GONE, VOID, FULL, TOO_MANY]);

pub(super) async fn accept(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Json<Joined>, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    let conflict = |kind: Kind, cause: &AcceptInvitationError| Problem::new(kind).with_detail(cause.to_string());
    match invitation::accept_invitation(&ctx, &Which::Id(id)).await {
        Ok(done) => {
            let organization = Named { id: done.organization_id, name: done.name, slug: done.slug };
            Ok(Json(Joined { organization }))
        }
        // Those who come by link hear more; here there is none.
        Err(
            AcceptInvitationError::NotFound | AcceptInvitationError::ForAnother | AcceptInvitationError::Unconfirmed,
        ) => Err(MISSING.into()),
        Err(AcceptInvitationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(AcceptInvitationError::Closed(state)) => Err(closed(state)),
        Err(cause @ AcceptInvitationError::RoleGone) => Err(conflict(ROLE_GONE, &cause)),
        Err(cause @ AcceptInvitationError::InviterMayNot) => Err(conflict(VOID, &cause)),
        Err(cause @ AcceptInvitationError::Full { .. }) => Err(conflict(FULL, &cause)),
        Err(AcceptInvitationError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(AcceptInvitationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const REJECT: Doc = Doc::new(Area::Account, "rejectInvitation", "Decline an invitation")
    .path(OWN)
    .problems(&[DENIED, MISSING, CLOSED, TOO_MANY]);

pub(super) async fn reject(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match invitation::reject_invitation(&ctx, &Which::Id(id)).await {
        Ok(()) => Ok(Done),
        Err(RejectInvitationError::NotFound) => Err(MISSING.into()),
        Err(RejectInvitationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RejectInvitationError::Closed(state)) => Err(closed(state)),
        Err(RejectInvitationError::TooMany(limit)) => Err(problem::too_many(limit)),
        Err(RejectInvitationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn organization(text: &str) -> Result<OrganizationRef, Problem> {
    OrganizationRef::parse(text).ok_or_else(|| NO_ORGANIZATION.into())
}

fn closed(state: InvitationState) -> Problem {
    Problem::new(CLOSED).with_member("state", state.as_str())
}

fn refused(cause: Refused, ctx: &Ctx) -> Problem {
    match cause {
        Refused::NotFound => NO_ORGANIZATION.into(),
        Refused::Denied(denied) => problem::denied(denied),
        Refused::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

fn unchanged(cause: InvitationChangeError, ctx: &Ctx) -> Problem {
    match cause {
        InvitationChangeError::NotFound => NO_ORGANIZATION.into(),
        InvitationChangeError::NoSuchInvitation => MISSING.into(),
        InvitationChangeError::Denied(denied) => problem::denied(denied),
        cause @ InvitationChangeError::Ceiling => Problem::new(CEILING).with_detail(cause.to_string()),
        InvitationChangeError::Closed(state) => closed(state),
        cause @ InvitationChangeError::RoleGone => Problem::new(ROLE_GONE).with_detail(cause.to_string()),
        InvitationChangeError::TooMany(limit) => problem::too_many(limit),
        InvitationChangeError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}
