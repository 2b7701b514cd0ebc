//! `GET /api/v1/me/activity` (C5).

use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    response::{IntoResponse, Response},
};
use ostiary::{
    audit::{self, Activity, Doer, ListActivity, MOST_ACTIVITY},
    id::AuditId,
    user_agent::UserAgent,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    caller::Caller,
    problem::{self, FieldProblem, Problem},
};

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    after: Option<AuditId>,
    limit: Option<u32>,
}

/// `kind` is a word of a closed list, `by` one of `person`, `application`, `operator` and `house`; where others were when
/// they did it is not told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    id: AuditId,
    at: String,
    kind: &'static str,
    by: &'static str,
    client_id: Option<String>,
    scope: Option<String>,
    /// What was wrong with a sign-in.
    reason: Option<String>,
    ip: Option<String>,
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl From<Activity> for Line {
    fn from(line: Activity) -> Self {
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

/// What happened to the account of the person who asks, the newest first: `limit` says how many, `after` is the `next` of
/// the page before.
pub(super) async fn list(Caller(ctx): Caller, page: Result<Query<Page>, QueryRejection>) -> Result<Response, Problem> {
    let Query(page) = page.map_err(|_| bad_page())?;
    let limit = page.limit.unwrap_or(MOST_ACTIVITY);
    if !(1..=MOST_ACTIVITY).contains(&limit) {
        return Err(bad_page());
    }
    let found = audit::list_own_activity(&ctx, ListActivity { after: page.after, limit }).await;
    let found = found.map_err(|logged| problem::internal(&logged, &ctx.meta))?;
    let lines: Vec<Line> = found.lines.into_iter().map(Line::from).collect();
    Ok(Json(json!({ "activity": lines, "next": found.next })).into_response())
}

fn bad_page() -> Problem {
    let message = format!("limit must be a whole number from 1 to {MOST_ACTIVITY}, and after the next of a page");
    Problem::fields(vec![FieldProblem { field: "limit".into(), code: "malformed", message }])
}
