//! The sessions of a person, for themselves to look through (C3).

use super::{SessionKind, resume, store};
use crate::{
    authz::{self},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    id::{SessionId, UserId},
    user_agent::{DeviceDescription, UserAgent},
};

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Where it was opened.
    pub kind: SessionKind,
    /// The device, as far as its browser tells.
    pub device: DeviceDescription,
    /// The address it was opened from.
    pub ip: Option<String>,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_active_at: Timestamp,
    /// It is the session that asks.
    pub is_current: bool,
    /// Applications that hold something through it, by name.
    pub applications: Vec<SessionApplication>,
}

/// An application that holds something through a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionApplication {
    /// Its client id.
    pub client_id: String,
    /// Its name.
    pub name: String,
}

/// The live sessions of the person who asks: the current one first, then the latest used. Nobody has none.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_sessions(ctx: &Ctx) -> Result<Vec<SessionView>, Internal> {
    let Ok(actor) = authz::require_user(ctx) else { return Ok(Vec::new()) };
    let current = actor.session_id;
    let mut views = live_of_user(ctx, actor.user_id, current).await?;
    views.sort_by_key(|view| (!view.is_current, std::cmp::Reverse(view.last_active_at)));
    Ok(views)
}

async fn live_of_user(ctx: &Ctx, user_id: UserId, current: SessionId) -> Result<Vec<SessionView>, Internal> {
    let now = ctx.now();
    let mut conn = ctx.core.db().read().await?;
    let rows = store::list_of_user(&mut conn, user_id, Some(current), now).await?;
    let mut applications = store::applications_of_user(&mut conn, user_id, now).await?;
    let config = &ctx.config().sessions;
    let alive = rows
        .into_iter()
        .filter(|row| resume::is_in_time(config, row.stay, row.last_active_at, row.expires_at, now))
        .map(|row| {
            let (of_this, rest) =
                std::mem::take(&mut applications).into_iter().partition(|app| app.session_id == row.id);
            applications = rest;
            let of_this: Vec<store::ApplicationRow> = of_this;
            SessionView {
                id: row.id,
                kind: SessionKind::parse(&row.kind),
                device: row.user_agent.as_deref().map_or(DeviceDescription::UNKNOWN, UserAgent::describe),
                ip: row.ip,
                created_at: row.created_at,
                last_active_at: row.last_active_at,
                is_current: row.id == current,
                applications: of_this
                    .into_iter()
                    .map(|app| SessionApplication { client_id: app.client_id, name: app.name })
                    .collect(),
            }
        })
        .collect();
    Ok(alive)
}
