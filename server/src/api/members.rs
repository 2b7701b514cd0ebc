//! `/api/v1/organizations/{id}/members` (E2, E3, E5, E11).

use axum::Json;
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    core::Ctx,
    id::{MemberEntryId, MembershipId, RoleId, UserId},
    org::{
        self, AddMemberError, ChangeRole, JoinError, ListMembers, Member, MemberChangeError, MemberDetails,
        MemberEntry, MemberOrder, Roles,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Path, Query},
    body::Body,
    caller::{Administrator, Caller},
    describe::{Area, Created, Doc, Done, Tagged},
    member_entries::EntryView,
    organizations::{MISSING, ORGANIZATION, named, refused},
    problem::{self, CHANGED, DENIED, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// Somebody in an organisation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub(super) struct View {
    #[schema(value_type = String, format = "uuid")]
    user_id: UserId,
    name: String,
    email: String,
    username: Option<String>,
    is_active: bool,
    role: String,
    #[schema(value_type = String, format = "uuid")]
    role_id: RoleId,
    #[schema(format = DateTime)]
    joined_at: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    invited_by: Option<UserId>,
    #[schema(format = DateTime)]
    last_sign_in_at: Option<String>,
    /// How many grants and denials they have.
    entries: i64,
    version: i64,
}

impl View {
    fn new(member: Member, roles: &Roles) -> Self {
        let membership = member.membership;
        Self {
            user_id: membership.user_id,
            name: member.name,
            email: member.email,
            username: member.username,
            is_active: member.is_active,
            role: roles.name_of(membership.role_id).unwrap_or_default().to_owned(),
            role_id: membership.role_id,
            joined_at: membership.joined_at.to_string(),
            invited_by: membership.invited_by,
            last_sign_in_at: member.last_sign_in_at.as_ref().map(Timestamp::to_string),
            entries: member.entries,
            version: membership.version,
        }
    }
}

/// Somebody in an organisation, with what they were granted and denied.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberWithEntries)]
pub(super) struct Details {
    #[serde(flatten)]
    member: View,
    /// The oldest first.
    grants: Vec<EntryView>,
}

pub(super) const NO_MEMBER: Kind = Kind::new(StatusCode::NOT_FOUND, "no-such-member", "There is no such member");
const NO_ROLE: Kind = Kind::new(StatusCode::BAD_REQUEST, "no-such-role", "There is no such role");
const NO_USER: Kind = Kind::new(StatusCode::BAD_REQUEST, "no-such-user", "There is no such account");
pub(super) const CEILING: Kind = Kind::new(StatusCode::FORBIDDEN, "ceiling", "Your role does not let you do this");
pub(super) const LAST_OWNER: Kind =
    Kind::new(StatusCode::CONFLICT, "last-owner", "An organisation always has an owner");
const ALREADY: Kind = Kind::new(StatusCode::CONFLICT, "already-member", "They are a member already");
const FULL: Kind = Kind::new(StatusCode::CONFLICT, "full", "The organisation has as many members as it may");
const UNVERIFIED: Kind = Kind::new(StatusCode::CONFLICT, "email-not-verified", "The address must be confirmed first");

pub(super) const MEMBER: &[(&str, &str)] = &[("id", "The organisation, by id or slug."), ("user_id", "The member.")];

/// Why a member was not changed.
pub(super) fn changed_member(error: MemberChangeError, ctx: &Ctx) -> Problem {
    match error {
        MemberChangeError::NotFound => MISSING.into(),
        MemberChangeError::Denied(denied) => problem::denied(denied),
        MemberChangeError::NoSuchMember => NO_MEMBER.into(),
        MemberChangeError::NoSuchRole => NO_ROLE.into(),
        MemberChangeError::Ceiling => Problem::new(CEILING).with_detail(error.to_string()),
        MemberChangeError::LastOwner => Problem::new(LAST_OWNER).with_detail(error.to_string()),
        MemberChangeError::Changed => CHANGED.into(),
        MemberChangeError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// Which members, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Listing {
    /// Only those whose name, username or address contains this.
    #[serde(default)]
    search: String,
    /// Only those with this role, by name or id.
    role: Option<String>,
    /// `name`, or `newest` (the default).
    order: Option<String>,
    /// Those behind this one: `next` of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    after: Option<MembershipId>,
    /// How many, 200 at most.
    limit: Option<u32>,
}

impl Parameters for Listing {
    fn problem() -> FieldProblem {
        let message = "after must be an id, limit a number".to_owned();
        FieldProblem { field: "after".into(), code: "malformed", message }
    }
}

/// One page of members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "so it is on the wire")]
pub(super) struct Members {
    members: Vec<View>,
    /// Where the next page goes on, if there is one.
    #[schema(value_type = Option<String>, format = "uuid")]
    next: Option<MembershipId>,
    /// How many there are in all, whatever is looked for.
    total: i64,
}

pub(super) const LIST: Doc = Doc::new(Area::Members, "listMembers", "Who belongs to an organisation")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, NO_ROLE]);

pub(super) async fn list(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Json<Members>, Problem> {
    let organization = named(&id)?;
    let order = match listing.order.as_deref() {
        None | Some("newest") => MemberOrder::Newest,
        Some("name") => MemberOrder::Name,
        Some(_) => {
            let message = "order must be name or newest".to_owned();
            return Err(Problem::fields(vec![FieldProblem { field: "order".into(), code: "unknown", message }]));
        }
    };
    let role_id = match &listing.role {
        None => None,
        Some(text) => {
            let seat = org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
            Some(find_role(&seat.rulebook.roles, text).ok_or(NO_ROLE)?)
        }
    };
    let cmd = ListMembers {
        organization,
        search: listing.search,
        role_id,
        order,
        after: listing.after,
        limit: listing.limit.unwrap_or(50),
    };
    let page = org::list_members(&ctx, cmd).await.map_err(|cause| refused(cause, &ctx))?;
    let roles = &page.seat.rulebook.roles;
    let members = page.members.into_iter().map(|member| View::new(member, roles)).collect();
    Ok(Json(Members { members, next: page.next, total: page.total }))
}

/// A role by its name or id.
fn find_role(roles: &Roles, text: &str) -> Option<RoleId> {
    let by_id = text.parse().ok().and_then(|id| roles.get(id));
    by_id.or_else(|| roles.named(text)).map(|role| role.id)
}

/// Who joins, as what.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "userId": "0199a1b2-c3d4-7e5f-8a6b-0123456789ab", "role": "viewer",
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewMember {
    #[schema(value_type = String, format = "uuid")]
    user_id: UserId,
    /// By name or id.
    role: String,
}

pub(super) const ADD: Doc = Doc::new(Area::Members, "addMember", "Make somebody a member")
    .about("Without asking them, so only for administrators of the instance. Everybody else invites.")
    .path(ORGANIZATION)
    .problems(&[MISSING, NO_ROLE, NO_USER, ALREADY, FULL, UNVERIFIED]);

pub(super) async fn add(
    Administrator(ctx): Administrator,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<NewMember>,
) -> Result<Created<()>, Problem> {
    let organization = named(&id)?;
    let user_id = fields.required_id::<UserId>("userId");
    let role = fields.required("role");
    let (user_id, role) = fields.finish(user_id.zip(role))?;
    let seat = org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let role_id = find_role(&seat.rulebook.roles, &role).ok_or(NO_ROLE)?;
    match org::add_member(&ctx, &organization, user_id, role_id).await {
        Ok(_) => Ok(Created(())),
        Err(AddMemberError::NotFound) => Err(MISSING.into()),
        Err(AddMemberError::Denied(denied)) => Err(problem::denied(denied)),
        Err(AddMemberError::NoSuchUser) => Err(NO_USER.into()),
        Err(AddMemberError::NoSuchRole) => Err(NO_ROLE.into()),
        Err(AddMemberError::Join(cause)) => Err(not_joined(cause, &ctx)),
        Err(AddMemberError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

fn not_joined(cause: JoinError, ctx: &Ctx) -> Problem {
    match cause {
        JoinError::Already => ALREADY.into(),
        JoinError::Full { .. } => Problem::new(FULL).with_detail(cause.to_string()),
        JoinError::Unverified => UNVERIFIED.into(),
        JoinError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// One member, for themselves and those who may see members.
async fn find(ctx: &Ctx, id: &str, user_id: &str) -> Result<MemberDetails, Problem> {
    let organization = named(id)?;
    let user_id = user_id.parse().map_err(|_| NO_MEMBER)?;
    org::get_member(ctx, &organization, user_id).await.map_err(|cause| refused(cause, ctx))
}

pub(super) const GET: Doc =
    Doc::new(Area::Members, "getMember", "A member").path(MEMBER).problems(&[MISSING, NO_MEMBER, DENIED]);

pub(super) async fn get(
    Caller(ctx): Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<Tagged<Json<Details>>, Problem> {
    let found = find(&ctx, &id, &user_id).await?;
    let version = found.member.membership.version;
    let member = View::new(found.member, &found.seat.rulebook.roles);
    let grants = found.entries.into_iter().map(EntryView::from).collect();
    Ok(Tagged(version, Json(Details { member, grants })))
}

/// What a member may do, and why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EffectivePermissions)]
pub(super) struct EffectiveView {
    role: String,
    /// What is theirs everywhere; it stands in tokens.
    permissions: Vec<HeldView>,
    /// Grants and denials that hold on some things only.
    on_resources: Vec<EntryView>,
}

/// A permission, and where it comes from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HeldPermission)]
struct HeldView {
    permission: String,
    /// From their role to the one that implies it, by name; empty when none does.
    through: Vec<String>,
    /// The grants that give it.
    #[schema(value_type = Vec<String>)]
    grants: Vec<MemberEntryId>,
}

pub(super) const EFFECTIVE: Doc = Doc::new(Area::Members, "getEffectivePermissions", "What a member may do, and why")
    .path(MEMBER)
    .problems(&[MISSING, NO_MEMBER, DENIED]);

pub(super) async fn effective(
    Caller(ctx): Caller,
    Path((id, user_id)): Path<(String, String)>,
) -> Result<Json<EffectiveView>, Problem> {
    let found = find(&ctx, &id, &user_id).await?;
    let (now, roles) = (ctx.now(), &found.standing.rulebook.roles);
    let held = |permission: &org::Permission| {
        let decision = found.standing.effective.decide(permission, None, now);
        HeldView {
            permission: permission.as_str().to_owned(),
            through: decision.role_path.iter().filter_map(|id| roles.name_of(*id)).map(str::to_owned).collect(),
            grants: decision.grants,
        }
    };
    let permissions = found.standing.permissions(now).into_iter().map(held).collect();
    let is_narrow = |entry: &MemberEntry| entry.resource.is_some() && !entry.is_over(now);
    let on_resources = found.entries.iter().filter(|entry| is_narrow(entry)).cloned().map(EntryView::from).collect();
    Ok(Json(EffectiveView { role: found.standing.role_name().to_owned(), permissions, on_resources }))
}

/// Another role for a member.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "role": "operator" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct MemberUpdate {
    /// By name or id.
    role: String,
}

/// The version of a membership after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberSaved)]
pub(super) struct Saved {
    version: i64,
}

pub(super) const UPDATE: Doc = Doc::new(Area::Members, "changeMemberRole", "Give a member another role")
    .about("One that your own role may assign, in the place of one that it may assign, too. Nobody changes their own.")
    .path(MEMBER)
    .problems(&[MISSING, NO_MEMBER, DENIED, NO_ROLE, CEILING, LAST_OWNER]);

pub(super) async fn update(
    Caller(ctx): Caller,
    Path((id, user_id)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<MemberUpdate>,
) -> Result<Tagged<Json<Saved>>, Problem> {
    let organization = named(&id)?;
    let role = fields.required("role");
    let role = fields.finish(role)?;
    let seat = org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let user_id = user_id.parse().map_err(|_| NO_MEMBER)?;
    let role_id = find_role(&seat.rulebook.roles, &role).ok_or(NO_ROLE)?;
    match org::change_role(&ctx, ChangeRole { organization, user_id, role_id, version }).await {
        Ok(saved) => Ok(Tagged(saved.version, Json(Saved { version: saved.version }))),
        Err(error) => Err(changed_member(error, &ctx)),
    }
}

pub(super) const REMOVE: Doc = Doc::new(Area::Members, "removeMember", "Remove a member")
    .about("Tokens of theirs for this organisation are not renewed from now on.")
    .path(MEMBER)
    .problems(&[MISSING, NO_MEMBER, DENIED, CEILING, LAST_OWNER]);

pub(super) async fn remove(
    Caller(ctx): Caller,
    Path((id, user_id)): Path<(String, String)>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    let organization = named(&id)?;
    // Whoever is no member learns nothing of ids.
    org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let user_id = user_id.parse().map_err(|_| NO_MEMBER)?;
    let removed = org::remove_member(&ctx, &organization, user_id, version).await;
    removed.map(|()| Done).map_err(|error| changed_member(error, &ctx))
}
