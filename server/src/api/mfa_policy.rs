//! `/api/v1/organizations/{id}/mfa-policy` (E7).

use axum::Json;
use ostiary::{
    id::RoleId,
    org::{self, MfaMethod, MfaPolicy, SetMfaPolicy},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    body::Body,
    caller::Caller,
    describe::{Area, Doc, Tagged},
    organizations::{MISSING, ORGANIZATION, named, not_updated, refused},
    problem::{DENIED, Problem},
    tag::IfMatch,
};

/// What an organisation asks of its members when they sign in to it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MfaPolicy)]
pub(super) struct View {
    require_mfa: bool,
    /// `totp`, `passkey`, `sms`: what counts. A passkey always does.
    allowed_methods: Vec<&'static str>,
    grace_period_days: u32,
    /// The ids of the roles whose holders are not asked.
    #[schema(value_type = Vec<String>)]
    exempt_roles: Vec<RoleId>,
    /// When it began to be asked for.
    #[schema(format = DateTime)]
    required_since: Option<String>,
}

impl From<&MfaPolicy> for View {
    fn from(policy: &MfaPolicy) -> Self {
        Self {
            require_mfa: policy.require_mfa,
            allowed_methods: policy.allowed_methods.iter().map(|method| method.as_str()).collect(),
            grace_period_days: policy.grace_period_days,
            exempt_roles: policy.exempt_roles.clone(),
            required_since: policy.required_since.map(|since| since.to_string()),
        }
    }
}

pub(super) const GET: Doc = Doc::new(Area::Organizations, "getMfaPolicy", "What is asked of members who sign in")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED]);

pub(super) async fn get(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Tagged<Json<View>>, Problem> {
    let seat = org::get_organization(&ctx, &named(&id)?).await.map_err(|cause| refused(cause, &ctx))?;
    Ok(Tagged(seat.organization.version, Json(View::from(&seat.organization.mfa))))
}

/// What is to be asked; what is left out stays.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", example = json!({
    "requireMfa": true, "allowedMethods": ["totp", "passkey"], "gracePeriodDays": 7,
}))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct MfaPolicyUpdate {
    require_mfa: Option<bool>,
    allowed_methods: Option<Vec<String>>,
    #[schema(maximum = 365)]
    grace_period_days: Option<u32>,
    exempt_roles: Option<Vec<String>>,
}

pub(super) const UPDATE: Doc = Doc::new(Area::Organizations, "updateMfaPolicy", "Change what is asked of members")
    .path(ORGANIZATION)
    .problems(&[MISSING, DENIED]);

pub(super) async fn update(
    Caller(ctx): Caller,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Body { mut fields, .. }: Body<MfaPolicyUpdate>,
) -> Result<Tagged<Json<View>>, Problem> {
    let organization = named(&id)?;
    let seat = org::get_organization(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    let before = &seat.organization.mfa;
    let require_mfa = fields.optional_flag("requireMfa").unwrap_or(before.require_mfa);
    let allowed = fields.has("allowedMethods").then(|| fields.words::<MfaMethod>("allowedMethods"));
    let days = fields.number("gracePeriodDays", u64::from(before.grace_period_days), u64::from(org::MOST_GRACE_DAYS));
    let exempt = fields.has("exemptRoles").then(|| fields.ids::<RoleId>("exemptRoles"));
    let days = fields.finish(days)?;
    let cmd = SetMfaPolicy {
        organization: organization.clone(),
        require_mfa,
        allowed_methods: allowed.unwrap_or_else(|| before.allowed_methods.clone()),
        grace_period_days: u32::try_from(days).unwrap_or(before.grace_period_days),
        exempt_roles: exempt.unwrap_or_else(|| before.exempt_roles.clone()),
        version,
    };
    org::set_mfa_policy(&ctx, cmd).await.map_err(|error| not_updated(error, &ctx))?;
    let seat = org::get_organization(&ctx, &organization).await.map_err(|cause| refused(cause, &ctx))?;
    Ok(Tagged(seat.organization.version, Json(View::from(&seat.organization.mfa))))
}
