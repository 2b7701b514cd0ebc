//! `/api/v1/organizations/{id}/members/{user_id}/entries`: grants and denials of one member (E5).

use axum::Json;
use http::StatusCode;
use ostiary::{
    clock::Timestamp,
    core::Ctx,
    id::{MemberEntryId, UserId},
    org::{self, AddEntry, AddEntryError, Effect, MemberEntry, Pattern, RemoveEntry, RemoveEntryError, ResourceRef},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::{Body, Fields},
    caller::Caller,
    describe::{Area, Created, Doc, Done},
    members::{CEILING, LAST_OWNER, MEMBER, NO_MEMBER, changed_member},
    organizations::{MISSING, named, refused},
    problem::{self, DENIED, FieldProblem, Kind, Problem},
    tag::IfMatch,
};

/// A grant or a denial.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MemberEntry)]
pub(super) struct EntryView {
    #[schema(value_type = String, format = "uuid")]
    id: MemberEntryId,
    #[schema(pattern = "^(grant|denial)$")]
    effect: &'static str,
    /// `category:action`, or `category:*`.
    permission: String,
    /// On everything, without.
    resource_type: Option<String>,
    /// On all of that type, without.
    resource_id: Option<String>,
    reason: String,
    #[schema(value_type = Option<String>, format = "uuid")]
    created_by: Option<UserId>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl From<MemberEntry> for EntryView {
    fn from(entry: MemberEntry) -> Self {
        Self {
            id: entry.id,
            effect: entry.effect.as_str(),
            permission: entry.pattern.into(),
            resource_type: entry.resource.as_ref().map(|on| on.kind().to_owned()),
            resource_id: entry.resource.as_ref().and_then(|on| on.id().map(str::to_owned)),
            reason: entry.reason,
            created_by: entry.created_by,
            created_at: entry.created_at.to_string(),
            expires_at: entry.expires_at.as_ref().map(Timestamp::to_string),
        }
    }
}

const NO_ENTRY: Kind = Kind::new(StatusCode::NOT_FOUND, "no-such-entry", "There is no such grant or denial");
const TOO_MANY: Kind = Kind::new(StatusCode::CONFLICT, "too-many", "A member cannot have more grants and denials");

/// A grant or a denial to be.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "effect": "grant", "permission": "servers:restart", "resourceType": "server", "resourceId": "alpha",
    "reason": "On call this week", "expiresAt": "2027-01-01T00:00:00Z",
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct NewEntry {
    #[schema(pattern = "^(grant|denial)$")]
    effect: String,
    /// `category:action`, or `category:*`.
    permission: String,
    resource_type: Option<String>,
    resource_id: Option<String>,
    #[schema(max_length = 300)]
    reason: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// The new grant or denial.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberEntryAdded)]
pub(super) struct EntryMade {
    #[schema(value_type = String, format = "uuid")]
    id: MemberEntryId,
    /// The version of the membership now.
    version: i64,
}

pub(super) const ADD: Doc = Doc::new(Area::Members, "addMemberEntry", "Grant or deny something to a member")
    .about("A denial wins over every grant and role. You can grant only what your own role gives you.")
    .path(MEMBER)
    .problems(&[MISSING, NO_MEMBER, DENIED, CEILING, LAST_OWNER, TOO_MANY]);

pub(super) async fn add(
    Caller(ctx): Caller,
    Path((id, user_id)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<NewEntry>,
) -> Result<Created<Json<EntryMade>>, Problem> {
    let organization = named(&id)?;
    org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let user_id = user_id.parse().map_err(|_| NO_MEMBER)?;
    let effect = fields.word::<Effect>("effect");
    let pattern = fields.required_text::<Pattern>("permission");
    let resource = resource(&mut fields);
    let reason = fields.optional("reason").unwrap_or_default();
    let expires_at = fields.moment("expiresAt");
    let (effect, pattern) = fields.finish(effect.zip(pattern))?;
    let cmd = AddEntry { organization, user_id, effect, pattern, resource, reason, expires_at, version };
    match org::add_entry(&ctx, cmd).await {
        Ok(added) => Ok(Created(Json(EntryMade { id: added.id, version: added.version }))),
        Err(error) => Err(not_added(error, &ctx)),
    }
}

fn resource(fields: &mut Fields) -> Option<ResourceRef> {
    let (kind, id) = (fields.optional("resourceType"), fields.optional("resourceId"));
    let Some(kind) = kind else {
        return id.and_then(|_| fields.wrong("resourceId", "alone", "needs resourceType beside it"));
    };
    fields.typed("resourceType", ResourceRef::new(&kind, id.as_deref()))
}

fn not_added(error: AddEntryError, ctx: &Ctx) -> Problem {
    let field = |field: &'static str, code, message: String| {
        Problem::fields(vec![FieldProblem { field: field.into(), code, message }])
    };
    let words = error.to_string();
    match error {
        AddEntryError::Member(cause) => changed_member(cause, ctx),
        AddEntryError::UnknownPermission => field("permission", "unknown", words),
        AddEntryError::NotYours => Problem::new(CEILING).with_detail(words),
        AddEntryError::Past => field("expiresAt", "past", words),
        AddEntryError::Reason => field("reason", "malformed", words),
        AddEntryError::TooMany => Problem::new(TOO_MANY).with_detail(words),
    }
}

pub(super) const REMOVE: Doc = Doc::new(Area::Members, "removeMemberEntry", "Take back a grant or a denial")
    .path(&[
        ("id", "The organisation, by id or slug."),
        ("user_id", "The member."),
        ("entry_id", "The grant or denial."),
    ])
    .problems(&[MISSING, NO_MEMBER, NO_ENTRY, DENIED, CEILING, LAST_OWNER]);

pub(super) async fn remove(
    Caller(ctx): Caller,
    Path((id, user_id, entry)): Path<(String, String, String)>,
    IfMatch(version): IfMatch,
) -> Result<Done, Problem> {
    let organization = named(&id)?;
    org::list_roles(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let user_id = user_id.parse().map_err(|_| NO_MEMBER)?;
    let entry = entry.parse().map_err(|_| NO_ENTRY)?;
    match org::remove_entry(&ctx, RemoveEntry { organization, user_id, entry, version }).await {
        Ok(_) => Ok(Done),
        Err(RemoveEntryError::NotFound) => Err(MISSING.into()),
        Err(RemoveEntryError::Denied(denied)) => Err(problem::denied(denied)),
        Err(RemoveEntryError::Member(cause)) => Err(changed_member(cause, &ctx)),
        Err(RemoveEntryError::NoSuchEntry) => Err(NO_ENTRY.into()),
        Err(error @ RemoveEntryError::NotYours) => Err(Problem::new(CEILING).with_detail(error.to_string())),
        Err(RemoveEntryError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
