//! `GET /api/v1/me/activity` (C5).

use axum::Json;
use ostiary::{
    audit::{self, Doer, ListActivity, MOST_ACTIVITY},
    id::AuditId,
    user_agent::UserAgent,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    address::{Parameters, Query},
    caller::Caller,
    describe::{Area, Doc},
    problem::{self, FieldProblem, Problem},
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Page {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = "uuid")]
    after: Option<AuditId>,
    /// How many lines; 100 when it is left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl Parameters for Page {
    fn problem() -> FieldProblem {
        let message = format!("limit must be a whole number from 1 to {MOST_ACTIVITY}, and after the next of a page");
        FieldProblem { field: "limit".into(), code: "malformed", message }
    }
}

/// Something that happened. Where others were when they did it is not told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ActivityLine)]
struct Line {
    #[schema(value_type = String, format = "uuid")]
    id: AuditId,
    #[schema(format = DateTime)]
    at: String,
    /// What happened, as a word of a closed list.
    #[schema(example = "sign_in")]
    kind: &'static str,
    /// Who did it.
    #[schema(pattern = "^(person|application|operator|house)$")]
    by: &'static str,
    /// The application it was about, or that did it.
    client_id: Option<String>,
    scope: Option<String>,
    /// What was wrong with a sign-in.
    reason: Option<String>,
    ip: Option<String>,
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl From<audit::Activity> for Line {
    fn from(line: audit::Activity) -> Self {
        let detail = |name: &str| line.details.get(name).and_then(Value::as_str).map(str::to_owned);
        let device = line.user_agent.as_deref().map(UserAgent::describe);
        Self {
            id: line.id,
            at: line.at.to_string(),
            kind: line.kind.as_str(),
            by: match line.by {
                Doer::Person => "person",
                Doer::Application => "application",
                Doer::Operator => "operator",
                Doer::House => "house",
            },
            scope: detail("scope"),
            reason: detail("reason"),
            client_id: line.client_id,
            ip: line.ip,
            browser: device.map(|device| device.browser.name()),
            system: device.map(|device| device.os.name()),
        }
    }
}

/// One page of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Activity {
    activity: Vec<Line>,
    /// What to ask the next page with, when there is one.
    #[schema(value_type = Option<String>, format = "uuid")]
    next: Option<AuditId>,
}

pub(super) const LIST: Doc = Doc::new(Area::Activity, "listOwnActivity", "What happened to your account")
    .about("The newest first, page by page.");

pub(super) async fn list(Caller(ctx): Caller, Query(page): Query<Page>) -> Result<Json<Activity>, Problem> {
    let limit = page.limit.unwrap_or(MOST_ACTIVITY);
    if !(1..=MOST_ACTIVITY).contains(&limit) {
        return Err(Problem::fields(vec![Page::problem()]));
    }
    let found = audit::list_own_activity(&ctx, ListActivity { after: page.after, limit }).await;
    let found = found.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    Ok(Json(Activity { activity: found.lines.into_iter().map(Line::from).collect(), next: found.next }))
}
