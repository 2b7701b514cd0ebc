//! `POST /api/v1/me/organization` (E2): the person who asks acts in another organisation from now on.

use axum::Json;
use http::StatusCode;
use ostiary::grant::{self, SwitchOrganizationError};
use utoipa::ToSchema;

use super::{
    body::Body,
    caller::Caller,
    describe::{Area, Doc},
    organizations::{MISSING, named},
    problem::{self, DENIED, Kind, Problem},
    tokens::Tokens,
};

const SECOND_FACTOR: Kind =
    Kind::new(StatusCode::FORBIDDEN, "second-factor-required", "The organisation asks for a second factor");

/// In which.
#[derive(ToSchema)]
#[schema(example = json!({ "organization": "nordhavn" }))]
#[expect(dead_code, reason = "describes what is read by hand")]
pub(super) struct OrganizationChoice {
    /// By id or slug.
    organization: String,
}

pub(super) const SWITCH: Doc = Doc::new(Area::Account, "switchOrganization", "Act in another organisation")
    .about("It is preferred from now on. The tokens of this session end; the answer has new ones.")
    .problems(&[MISSING, DENIED, SECOND_FACTOR]);

pub(super) async fn switch(
    Caller(ctx): Caller,
    Body { mut fields, .. }: Body<OrganizationChoice>,
) -> Result<Json<Tokens>, Problem> {
    let organization = fields.required("organization");
    let organization = named(&fields.finish(organization)?)?;
    match grant::switch_organization(&ctx, &organization).await {
        Ok((_, issued)) => Ok(Tokens::told(&issued)),
        Err(SwitchOrganizationError::NotFound) => Err(MISSING.into()),
        Err(SwitchOrganizationError::Denied(denied)) => Err(problem::denied(denied)),
        Err(SwitchOrganizationError::SecondFactor) => Err(SECOND_FACTOR.into()),
        Err(SwitchOrganizationError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
