//! All SQL about policies and recorded decisions.

use sqlx::types::Json;

use super::{engine::Question, record::Recorded};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{DecisionId, OrganizationId, PolicyVersionId, UserId},
};

/// A version of a set of policies, without its text.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PolicyVersion {
    /// Its id.
    pub id: PolicyVersionId,
    /// Its number in its scope, from 1 on.
    pub number: i64,
    /// Why it was made, in the words of who made it.
    pub comment: String,
    /// Who made it; nobody when it was an operator at the command line.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
    /// It is the one that counts.
    pub is_active: bool,
    /// Who last made it count.
    pub activated_by: Option<UserId>,
    /// When; never for a draft.
    pub activated_at: Option<Timestamp>,
}

/// The versions of a scope, the newest first.
pub(super) async fn versions(conn: &mut Conn, scope: OrganizationId) -> Result<Vec<PolicyVersion>, Internal> {
    conn.query(
        "SELECT id, number, comment, created_by, created_at, is_active, activated_by, activated_at \
         FROM policy_versions WHERE scope = $1 ORDER BY number DESC",
    )
    .bind(scope)
    .all()
    .await
}

/// The text of one version.
pub(super) async fn text(conn: &mut Conn, scope: OrganizationId, number: i64) -> Result<Option<String>, Internal> {
    conn.query("SELECT text FROM policy_versions WHERE scope = $1 AND number = $2")
        .bind(scope)
        .bind(number)
        .scalar_optional()
        .await
}

/// The text that counts.
pub(super) async fn active_text(conn: &mut Conn, scope: OrganizationId) -> Result<Option<String>, Internal> {
    conn.query("SELECT text FROM policy_versions WHERE scope = $1 AND is_active").bind(scope).scalar_optional().await
}

pub(super) struct NewVersion {
    pub(super) id: PolicyVersionId,
    pub(super) scope: OrganizationId,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) comment: String,
    pub(super) created_by: Option<UserId>,
    pub(super) created_at: Timestamp,
}

/// Writes a new version; false when its number is taken.
pub(super) async fn insert(tx: &mut Tx, new: NewVersion) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO policy_versions (id, scope, organization_id, number, text, comment, created_by, created_at, is_active) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.scope)
    .bind(new.organization_id)
    .bind(new.number)
    .bind(new.text)
    .bind(new.comment)
    .bind(new.created_by)
    .bind(new.created_at)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Removes drafts that never counted but for the newest `kept`.
pub(super) async fn forget_drafts(tx: &mut Tx, scope: OrganizationId, kept: i64) -> Result<(), Internal> {
    tx.query(
        "DELETE FROM policy_versions WHERE scope = $1 AND activated_at IS NULL AND number NOT IN \
         (SELECT number FROM policy_versions WHERE scope = $1 AND activated_at IS NULL ORDER BY number DESC LIMIT $2)",
    )
    .bind(scope)
    .bind(kept)
    .execute()
    .await
    .map(drop)
}

/// The number of the version that counts.
pub(super) async fn active(conn: &mut Conn, scope: OrganizationId) -> Result<Option<i64>, Internal> {
    conn.query("SELECT number FROM policy_versions WHERE scope = $1 AND is_active").bind(scope).scalar_optional().await
}

/// Lets no version count.
pub(super) async fn deactivate(tx: &mut Tx, scope: OrganizationId) -> Result<(), Internal> {
    tx.query("UPDATE policy_versions SET is_active = FALSE WHERE scope = $1 AND is_active")
        .bind(scope)
        .execute()
        .await
        .map(drop)
}

/// Lets this version count; false when there is none. No other may.
pub(super) async fn activate(
    tx: &mut Tx,
    scope: OrganizationId,
    number: i64,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE policy_versions SET is_active = TRUE, activated_by = $3, activated_at = $4 \
         WHERE scope = $1 AND number = $2",
    )
    .bind(scope)
    .bind(number)
    .bind(by)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Writes a decision, unless its organisation or person went meanwhile.
pub(super) async fn record(tx: &mut Tx, recorded: Recorded) -> Result<(), Internal> {
    let question = &recorded.question;
    tx.query(
        "INSERT INTO recorded_decisions (id, organization_id, subject_id, at, question) SELECT $1, o.id, u.id, $4, $5 \
         FROM organizations o JOIN users u ON u.id = $3 WHERE o.id = $2",
    )
    .bind(recorded.id)
    .bind(question.organization)
    .bind(question.subject.id)
    .bind(question.circumstances.now)
    .bind(Json(recorded.question))
    .execute()
    .await
    .map(drop)
}

/// Removes the decisions of an organisation but for the newest `kept`.
pub(super) async fn trim(tx: &mut Tx, organization_id: OrganizationId, kept: i64) -> Result<(), Internal> {
    tx.query(
        "DELETE FROM recorded_decisions WHERE organization_id = $1 AND id NOT IN \
         (SELECT id FROM recorded_decisions WHERE organization_id = $1 ORDER BY at DESC, id DESC LIMIT $2)",
    )
    .bind(organization_id)
    .bind(kept)
    .execute()
    .await
    .map(drop)
}

/// Removes at most `limit` decisions from before.
pub(super) async fn delete_recorded(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM recorded_decisions WHERE id IN (SELECT id FROM recorded_decisions WHERE at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}

#[derive(sqlx::FromRow)]
struct RecordedRow {
    id: DecisionId,
    question: Json<Question>,
}

/// The newest decisions of an organisation, or of all of them.
pub(super) async fn recorded(
    conn: &mut Conn,
    organization_id: Option<OrganizationId>,
    limit: i64,
) -> Result<Vec<Recorded>, Internal> {
    let query = match organization_id {
        Some(id) => conn
            .query(
                "SELECT id, question FROM recorded_decisions WHERE organization_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
            )
            .bind(id),
        None => conn.query("SELECT id, question FROM recorded_decisions ORDER BY at DESC, id DESC LIMIT $1"),
    };
    let rows: Vec<RecordedRow> = query.bind(limit).all().await?;
    Ok(rows.into_iter().map(|row| Recorded { id: row.id, question: row.question.0 }).collect())
}
