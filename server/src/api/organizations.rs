//! `/api/v1/organizations` (E1, E2, E11): for their members, and for administrators of the instance. To everybody else there
//! is no such organisation. `{id}` is an id or a slug.

use std::collections::BTreeMap;

use axum::Json;
use http::StatusCode;
use ostiary::{
    core::Ctx,
    id::{OrganizationId, UserId},
    org::{
        self, CreateOrganization, CreateOrganizationError, DeleteOrganizationError, ListOrganizations,
        ListOrganizationsError, MemberChangeError, Organization, OrganizationRef, OrganizationSettings, Refused,
        RestoreOrganizationError, Seat, SettingsProblem, Slug, TransferOwnershipError, UpdateOrganization,
        UpdateOrganizationError,
    },
    text::DisplayName,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Path, Query},
    body::{Body, Fields},
    caller::Caller,
    describe::{Area, Created, Doc, Done, Tagged},
    members::changed_member,
    problem::{self, DENIED, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// An organisation as its members see it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Organization)]
pub(super) struct View {
    #[schema(value_type = String, format = "uuid")]
    id: OrganizationId,
    name: String,
    slug: String,
    /// It was made for one person when they first signed in.
    is_personal: bool,
    settings: Settings,
    /// The role of the person who asks; none for administrators who are no members.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// What the person who asks may do here.
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<String>>,
    version: i64,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// What an organisation is set to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Settings {
    /// Every member may invite people, as viewers.
    member_invites: bool,
    /// Only people whose address is confirmed may join.
    verified_email_required: bool,
    max_members: u32,
    /// Whatever applications keep here.
    custom: BTreeMap<String, String>,
}

impl View {
    fn new(found: Organization) -> Self {
        let settings = found.settings;
        Self {
            id: found.id,
            name: found.name,
            slug: found.slug,
            is_personal: found.personal_of.is_some(),
            settings: Settings {
                member_invites: settings.member_invites,
                verified_email_required: settings.verified_email_required,
                max_members: settings.max_members,
                custom: settings.custom,
            },
            role: None,
            permissions: None,
            version: found.version,
            created_at: found.created_at.to_string(),
            updated_at: found.updated_at.to_string(),
        }
    }
}

pub(super) const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such organisation");
const SLUG_TAKEN: Kind = Kind::new(StatusCode::CONFLICT, "slug-taken", "Another organisation has this slug");
const TOO_MANY: Kind = Kind::new(StatusCode::CONFLICT, "too-many", "One person may not own more organisations");
const NO_OWNER: Kind = Kind::new(StatusCode::BAD_REQUEST, "no-such-user", "There is no such account");
const PERSONAL: Kind = Kind::new(StatusCode::CONFLICT, "personal", "A personal organisation stays with its account");
const LAST_OWNER: Kind = Kind::new(StatusCode::CONFLICT, "last-owner", "An organisation always has an owner");
const NO_MEMBER: Kind = Kind::new(StatusCode::BAD_REQUEST, "no-such-member", "There is no such member");

pub(super) const ORGANIZATION: &[(&str, &str)] = &[("id", "The organisation, by id or slug.")];

/// Which organisation a path names.
pub(super) fn named(text: &str) -> Result<OrganizationRef, Problem> {
    OrganizationRef::parse(text).ok_or_else(|| MISSING.into())
}

/// Why somebody is stopped at an organisation.
pub(super) fn refused(cause: Refused, ctx: &Ctx) -> Problem {
    match cause {
        Refused::NotFound => MISSING.into(),
        Refused::Denied(denied) => problem::denied(denied),
        Refused::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

/// Which page of a list, and what is looked for.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Listing {
    /// Only those whose name or slug contains this.
    #[serde(default)]
    search: String,
    /// Those behind this one: `next` of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    after: Option<OrganizationId>,
    /// How many, 200 at most.
    limit: Option<u32>,
    /// All of the instance, for its administrators.
    #[serde(default)]
    all: bool,
}

impl Parameters for Listing {
    fn problem() -> FieldProblem {
        let message = "after must be an id, limit a number, all true or false".to_owned();
        FieldProblem { field: "after".into(), code: "malformed", message }
    }
}

/// One page of organisations, by name.
#[derive(Serialize, ToSchema)]
pub(super) struct Organizations {
    organizations: Vec<View>,
    /// Where the next page goes on, if there is one.
    #[schema(value_type = Option<String>, format = "uuid")]
    next: Option<OrganizationId>,
}

pub(super) const LIST: Doc = Doc::new(Area::Organizations, "listOrganizations", "List organisations")
    .about("Your own; with `all`, all there are, for administrators of the instance.")
    .problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller, Query(listing): Query<Listing>) -> Result<Json<Organizations>, Problem> {
    let cmd = ListOrganizations {
        search: listing.search,
        after: listing.after,
        limit: listing.limit.unwrap_or(org::MOST_ORGANIZATIONS),
    };
    let not_listed = |error| match error {
        ListOrganizationsError::Denied(denied) => problem::denied(denied),
        ListOrganizationsError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    };
    if listing.all {
        let page = org::list_organizations(&ctx, cmd).await.map_err(not_listed)?;
        let organizations = page.organizations.into_iter().map(View::new).collect();
        return Ok(Json(Organizations { organizations, next: page.next }));
    }
    let page = org::list_my_organizations(&ctx, cmd).await.map_err(not_listed)?;
    let mine = |mine: org::Mine| View { role: Some(mine.role), ..View::new(mine.organization) };
    let organizations = page.organizations.into_iter().map(mine).collect();
    Ok(Json(Organizations { organizations, next: page.next }))
}

/// What an organisation is founded with.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "name": "Nordhavn Studio", "slug": "nordhavn" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewOrganization {
    #[schema(max_length = 200)]
    name: String,
    /// Made from the name when it is left out.
    #[schema(max_length = 100)]
    slug: Option<String>,
    /// Who will own it: the person who asks, unless an administrator of the instance names somebody else.
    #[schema(value_type = Option<String>, format = "uuid")]
    owner: Option<UserId>,
}

/// What was founded.
#[derive(Serialize, ToSchema)]
pub(super) struct Founded {
    #[schema(value_type = String, format = "uuid")]
    id: OrganizationId,
    slug: String,
}

pub(super) const CREATE: Doc = Doc::new(Area::Organizations, "createOrganization", "Found an organisation")
    .problems(&[DENIED, SLUG_TAKEN, TOO_MANY, NO_OWNER]);

pub(super) async fn create(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<NewOrganization>,
) -> Result<Created<Json<Founded>>, Problem> {
    let name = fields.name();
    let slug = fields.text::<Slug>("slug");
    let owner = fields.id::<UserId>("owner");
    let name = fields.finish(name)?;
    match org::create_organization(&ctx, CreateOrganization { name, slug, owner }).await {
        Ok(made) => Ok(Created(Json(Founded { id: made.id, slug: made.slug }))),
        Err(CreateOrganizationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(CreateOrganizationError::SlugTaken) => Err(SLUG_TAKEN.into()),
        Err(CreateOrganizationError::NoSuchOwner) => Err(NO_OWNER.into()),
        Err(error @ CreateOrganizationError::TooMany { .. }) => {
            Err(Problem::new(TOO_MANY).with_detail(error.to_string()))
        }
        Err(CreateOrganizationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// An organisation under its entity tag, with what the person who asks may do there.
fn show(seat: &Seat, ctx: &Ctx) -> Tagged<Json<View>> {
    let view = View::new((*seat.organization).clone());
    let standing = seat.standing.as_ref();
    let held = standing.map(|standing| standing.permissions(ctx.now()));
    let permissions = held.map(|held| held.into_iter().map(|one| one.as_str().to_owned()).collect());
    let role = standing.map(|standing| standing.role_name().to_owned());
    Tagged(seat.organization.version, Json(View { role, permissions, ..view }))
}

pub(super) const GET: Doc =
    Doc::new(Area::Organizations, "getOrganization", "An organisation").path(ORGANIZATION).problems(&[MISSING, DENIED]);

pub(super) async fn get(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Tagged<Json<View>>, Problem> {
    let seat = org::get_organization(&ctx, &named(&id)?).await.map_err(|cause| refused(cause, &ctx))?;
    Ok(show(&seat, &ctx))
}

/// What of an organisation changes; what is left out stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "name": "Nordhavn", "memberInvites": true, "maxMembers": 50 }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct OrganizationUpdate {
    name: Option<String>,
    /// Addresses with the old one end.
    slug: Option<String>,
    member_invites: Option<bool>,
    verified_email_required: Option<bool>,
    max_members: Option<u32>,
    /// In place of all there are.
    custom: Option<BTreeMap<String, String>>,
}

/// The version of an organisation after a change.
#[derive(Serialize, ToSchema)]
pub(super) struct Saved {
    version: i64,
}

pub(super) const UPDATE: Doc = Doc::new(Area::Organizations, "updateOrganization", "Change an organisation")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, SLUG_TAKEN]);

pub(super) async fn update(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<OrganizationUpdate>,
) -> Result<Tagged<Json<Saved>>, Problem> {
    let organization = named(&id)?;
    let seat = org::get_organization(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let name = fields.text::<DisplayName>("name");
    let slug = fields.text::<Slug>("slug");
    let settings = settings(&mut fields, &seat.organization.settings);
    let settings = fields.finish(Some(settings))?;
    let cmd = UpdateOrganization { organization, name, slug, settings: Some(settings), version };
    org::update_organization(&ctx, cmd)
        .await
        .map(|saved| Tagged(saved.version, Json(Saved { version: saved.version })))
        .map_err(|error| not_updated(error, &ctx))
}

fn settings(fields: &mut Fields, before: &OrganizationSettings) -> OrganizationSettings {
    let most = u64::from(org::MOST_MEMBERS);
    let max_members = fields.number("maxMembers", u64::from(before.max_members), most);
    OrganizationSettings {
        member_invites: fields.optional_flag("memberInvites").unwrap_or(before.member_invites),
        verified_email_required: fields
            .optional_flag("verifiedEmailRequired")
            .unwrap_or(before.verified_email_required),
        max_members: max_members.and_then(|number| u32::try_from(number).ok()).unwrap_or(before.max_members),
        custom: fields.texts_by_name("custom").unwrap_or_else(|| before.custom.clone()),
    }
}

/// Why an organisation was not changed.
pub(super) fn not_updated(error: UpdateOrganizationError, ctx: &Ctx) -> Problem {
    let field = |field: &'static str, message: String| {
        Problem::fields(vec![FieldProblem { field: field.into(), code: "cannot_work", message }])
    };
    match error {
        UpdateOrganizationError::NotFound => MISSING.into(),
        UpdateOrganizationError::Denied(denied) => problem::denied(denied),
        UpdateOrganizationError::SlugTaken => SLUG_TAKEN.into(),
        UpdateOrganizationError::Settings(wrong @ SettingsProblem::MaxMembers { .. }) => {
            field("maxMembers", wrong.to_string())
        }
        UpdateOrganizationError::Settings(wrong @ SettingsProblem::Custom) => field("custom", wrong.to_string()),
        UpdateOrganizationError::Mfa(wrong @ org::MfaProblem::NoMethod) => field("allowedMethods", wrong.to_string()),
        UpdateOrganizationError::Mfa(wrong @ org::MfaProblem::Grace) => field("gracePeriodDays", wrong.to_string()),
        UpdateOrganizationError::Mfa(wrong @ org::MfaProblem::UnknownRole) => field("exemptRoles", wrong.to_string()),
        UpdateOrganizationError::Changed => problem::CHANGED.into(),
        UpdateOrganizationError::Internal(logged) => problem::internal(&logged, &ctx.meta),
    }
}

pub(super) const DELETE: Doc = Doc::new(Area::Organizations, "deleteOrganization", "Delete an organisation")
    .about("From now on it is there for nobody. In 30 days it is erased; until then it can be restored.")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, PERSONAL]);

pub(super) async fn delete(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    match org::delete_organization(&ctx, &named(&id)?, version).await {
        Ok(_) => Ok(Done),
        Err(DeleteOrganizationError::NotFound) => Err(MISSING.into()),
        Err(DeleteOrganizationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(DeleteOrganizationError::Personal) => Err(PERSONAL.into()),
        Err(DeleteOrganizationError::Changed) => Err(problem::CHANGED.into()),
        Err(DeleteOrganizationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const RESTORE: Doc = Doc::new(Area::Organizations, "restoreOrganization", "Bring back an organisation")
    .about("One that was deleted in the last 30 days, by its id. For its owner and administrators of the instance.")
    .path(&[("id", "The organisation, by id.")])
    .problems(&[MISSING, DENIED]);

pub(super) async fn restore(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match org::restore_organization(&ctx, id).await {
        Ok(()) => Ok(Done),
        Err(RestoreOrganizationError::NotFound) => Err(MISSING.into()),
        Err(RestoreOrganizationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RestoreOrganizationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

/// Who owns it from now on.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({ "userId": "0199a1b2-c3d4-7e5f-8a6b-0123456789ab" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewOwner {
    #[schema(value_type = String, format = "uuid")]
    user_id: UserId,
}

pub(super) const TRANSFER: Doc = Doc::new(Area::Organizations, "transferOwnership", "Hand an organisation over")
    .about("To another member. Who owned it is an admin from then on.")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, NO_MEMBER, PERSONAL]);

pub(super) async fn transfer(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    Body { mut fields, .. }: Body<NewOwner>,
) -> Result<Done, Problem> {
    let organization = named(&id)?;
    let to = fields.required_id::<UserId>("userId");
    let to = fields.finish(to)?;
    match org::transfer_ownership(&ctx, &organization, to).await {
        Ok(()) => Ok(Done),
        Err(TransferOwnershipError::NotFound) => Err(MISSING.into()),
        Err(TransferOwnershipError::Denied(denied)) => Err(problem::denied(denied)),
        Err(TransferOwnershipError::NoSuchMember) => Err(NO_MEMBER.into()),
        Err(TransferOwnershipError::Personal) => Err(PERSONAL.into()),
        Err(TransferOwnershipError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}

pub(super) const LEAVE: Doc = Doc::new(Area::Organizations, "leaveOrganization", "Leave an organisation")
    .about("Its owner cannot: they hand it over first.")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED, LAST_OWNER]);

pub(super) async fn leave(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    match org::leave_organization(&ctx, &named(&id)?).await {
        Ok(()) => Ok(Done),
        Err(MemberChangeError::LastOwner) => Err(LAST_OWNER.into()),
        Err(error) => Err(changed_member(error, &ctx)),
    }
}
