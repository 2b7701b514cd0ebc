//! What happened to an account, for its owner to look through (C5).

use super::{AuditKind, store};
use crate::{
    authz,
    clock::Timestamp,
    core::Ctx,
    db::Conn,
    error::Internal,
    id::{AuditId, OrganizationId, UserId},
    page::PageSize,
};

/// The most lines of one page.
pub const MOST_ACTIVITY: u32 = 100;

/// Who did it, in view of the account's owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doer {
    /// The owner, or somebody who was not signed in and may have been the owner.
    Person,
    /// An application, from a machine of its own.
    Application,
    /// Somebody who looks after the instance.
    Operator,
    /// Ostiary by itself.
    House,
}

impl Doer {
    /// By what the record says of the actor. What applications do at the token endpoint is told by its kind: they are no
    /// actors there.
    pub(super) fn of(kind: AuditKind, owner: UserId, actor_kind: &str, actor_id: Option<&str>) -> Self {
        let by_application = matches!(
            kind,
            AuditKind::TokensIssued
                | AuditKind::TokensRevoked
                | AuditKind::CodeReplayed
                | AuditKind::RefreshTokenReused
                | AuditKind::AuthenticationRequested
        );
        match actor_kind {
            "client" => Self::Application,
            "anonymous" if by_application => Self::Application,
            "anonymous" => Self::Person,
            "user" if actor_id == Some(owner.to_string().as_str()) => Self::Person,
            "user" | "operator" => Self::Operator,
            _ => Self::House,
        }
    }
}

/// Something that happened to a person's account, as they may see it themselves: where somebody else was when they did it
/// is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The line's id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: AuditKind,
    /// Who did it.
    pub by: Doer,
    /// With which application.
    pub client_id: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// From which browser, raw.
    pub user_agent: Option<String>,
    /// More about it.
    pub details: serde_json::Value,
}

/// Which lines.
#[derive(Clone, Copy, Debug)]
pub struct ListActivity {
    /// Those older than this line, the last of the page before; none for the newest.
    pub after: Option<AuditId>,
    /// How many: [`MOST_ACTIVITY`] at most.
    pub limit: u32,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityPage {
    /// The newest first.
    pub lines: Vec<Activity>,
    /// Where the next page goes on, if there is one.
    pub next: Option<AuditId>,
}

/// What happened to the account of the person who asks, the newest first, page by page. Left out is what happens all the
/// time and says nothing to its owner. Nothing happened to nobody.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_own_activity(ctx: &Ctx, cmd: ListActivity) -> Result<ActivityPage, Internal> {
    let Ok(actor) = authz::require_user(ctx) else { return Ok(ActivityPage { lines: Vec::new(), next: None }) };
    let size = PageSize::new(cmd.limit, MOST_ACTIVITY);
    let mut conn = ctx.core.db().read().await?;
    let mut rows = store::list_of_user(&mut conn, actor.user_id, cmd.after, size.to_ask()).await?;
    drop(conn);
    let next = size.cut(&mut rows, |row| row.id);
    let lines = rows.into_iter().filter_map(|row| row.into_activity(actor.user_id)).collect();
    Ok(ActivityPage { lines, next })
}

/// Something that happened in an organisation. Where whoever did it was, and with which browser, is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationLine {
    /// The line's id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: AuditKind,
    /// Whom it concerns.
    pub about: Option<UserId>,
    /// Who did it; nobody when an operator of the instance did, or Ostiary by itself.
    pub by: Option<UserId>,
    /// Ostiary did it by itself.
    pub is_by_house: bool,
    /// More about it.
    pub details: serde_json::Value,
}

/// What happened in an organisation, the newest first, and where the next page goes on.
pub(crate) async fn of_organization(
    conn: &mut Conn,
    organization_id: OrganizationId,
    cmd: ListActivity,
) -> Result<(Vec<OrganizationLine>, Option<AuditId>), Internal> {
    let size = PageSize::new(cmd.limit, MOST_ACTIVITY);
    let mut rows = store::list_of_organization(conn, organization_id, cmd.after, size.to_ask()).await?;
    let next = size.cut(&mut rows, |row| row.id);
    Ok((rows.into_iter().filter_map(store::OrganizationRow::into_line).collect(), next))
}
