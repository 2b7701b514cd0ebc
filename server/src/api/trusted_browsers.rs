//! `/api/v1/me/trusted-browsers`: where the second step is not asked for (B7).

use axum::Json;
use http::StatusCode;
use ostiary::{
    id::TrustedBrowserId,
    trusted_browser::{self, EndTrust, EndTrustError, ListTrustError},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    address::Path,
    caller::Caller,
    describe::{Area, Doc, Done},
    problem::{self, DENIED, Kind, Problem},
};

/// A browser where the second step is not asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TrustedBrowser {
    #[schema(value_type = String, format = "uuid")]
    id: TrustedBrowserId,
    /// Browser and system in words.
    device: Option<String>,
    #[schema(format = DateTime)]
    trusted_at: String,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// All of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrustedBrowsers {
    trusted_browsers: Vec<TrustedBrowser>,
}

const MISSING: Kind = Kind::new(StatusCode::NOT_FOUND, "not-found", "There is no such trusted browser");

pub(super) const LIST: Doc = Doc::new(Area::Security, "listOwnTrustedBrowsers", "Your trusted browsers")
    .about("Where the second step is not asked for, the newest first.")
    .problems(&[DENIED]);

pub(super) async fn list(Caller(ctx): Caller) -> Result<Json<TrustedBrowsers>, Problem> {
    let list = match trusted_browser::list_trusted_browsers(&ctx, &[]).await {
        Ok(list) => list,
        Err(ListTrustError::Denied(denied)) => return Err(problem::denied(denied)),
        Err(ListTrustError::Internal(logged)) => return Err(problem::internal(&logged, &ctx.meta)),
    };
    let browsers = list.into_iter().map(|browser| TrustedBrowser {
        id: browser.id,
        device: browser.device.map(|device| device.to_string()),
        trusted_at: browser.trusted_at.to_string(),
        last_used_at: browser.last_used_at.map(|at| at.to_string()),
        expires_at: browser.expires_at.to_string(),
    });
    Ok(Json(TrustedBrowsers { trusted_browsers: browsers.collect() }))
}

pub(super) const END: Doc = Doc::new(Area::Security, "endOwnTrustedBrowser", "Trust a browser no longer")
    .about("The second step is asked for there again.")
    .path(&[("id", "The trusted browser.")])
    .problems(&[DENIED, MISSING]);

pub(super) async fn end(Caller(ctx): Caller, Path(id): Path<String>) -> Result<Done, Problem> {
    let id = id.parse().map_err(|_| MISSING)?;
    match trusted_browser::end_trust(&ctx, EndTrust { id }).await {
        Ok(()) => Ok(Done),
        Err(EndTrustError::Denied(denied)) => Err(problem::denied(denied)),
        Err(EndTrustError::NotFound) => Err(MISSING.into()),
        Err(EndTrustError::Internal(logged)) => Err(problem::internal(&logged, &ctx.meta)),
    }
}
