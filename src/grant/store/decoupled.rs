//! Requests that are decided elsewhere than they are asked: device codes and backchannel authentication requests.

use sqlx::types::Json;

use super::super::details::DecoupledDetails;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx, dialect},
    error::Internal,
    id::{DecoupledId, GrantId, UserId},
    protocol::ScopeSet,
    secret::Digest,
};

pub(in crate::grant) struct NewRequest {
    pub(in crate::grant) id: DecoupledId,
    pub(in crate::grant) kind: &'static str,
    pub(in crate::grant) digest: Digest,
    pub(in crate::grant) user_code_digest: Option<Digest>,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) user_id: Option<UserId>,
    pub(in crate::grant) scope: ScopeSet,
    pub(in crate::grant) details: DecoupledDetails,
    pub(in crate::grant) interval_secs: i64,
    pub(in crate::grant) now: Timestamp,
    pub(in crate::grant) expires_at: Timestamp,
}

/// False when the user code is taken.
pub(in crate::grant) async fn insert(tx: &mut Tx, request: NewRequest) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO decoupled_requests (id, kind, digest, user_code_digest, client_id, user_id, scope, details, \
         interval_secs, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT DO NOTHING",
    )
    .bind(request.id)
    .bind(request.kind)
    .bind(request.digest)
    .bind(request.user_code_digest)
    .bind(request.client_id)
    .bind(request.user_id)
    .bind(request.scope.to_string())
    .bind(Json(request.details))
    .bind(request.interval_secs)
    .bind(request.now)
    .bind(request.expires_at)
    .execute()
    .await
    .map(|inserted| inserted > 0)
}

#[derive(Debug, sqlx::FromRow)]
pub(in crate::grant) struct RequestRow {
    pub(in crate::grant) id: DecoupledId,
    pub(in crate::grant) kind: String,
    pub(in crate::grant) client_id: String,
    pub(in crate::grant) user_id: Option<UserId>,
    pub(in crate::grant) scope: String,
    pub(in crate::grant) details: Json<DecoupledDetails>,
    pub(in crate::grant) is_allowed: Option<bool>,
    pub(in crate::grant) grant_id: Option<GrantId>,
    pub(in crate::grant) redeemed_at: Option<Timestamp>,
    pub(in crate::grant) created_at: Timestamp,
    pub(in crate::grant) expires_at: Timestamp,
}

impl RequestRow {
    /// The scopes asked for.
    pub(in crate::grant) fn read_scope(&self) -> Result<ScopeSet, Internal> {
        super::grants::read_scope(&self.scope)
    }

    /// Whether somebody can still decide.
    pub(in crate::grant) fn waits(&self, now: Timestamp) -> bool {
        self.is_allowed.is_none() && now < self.expires_at
    }
}

/// By what its client polls with.
pub(in crate::grant) async fn find(conn: &mut Conn, digest: Digest) -> Result<Option<RequestRow>, Internal> {
    conn.query(
        "SELECT id, kind, client_id, user_id, scope, details, is_allowed, grant_id, redeemed_at, created_at, \
         expires_at FROM decoupled_requests WHERE digest = $1",
    )
    .bind(digest)
    .optional()
    .await
}

/// By the code that somebody typed.
pub(in crate::grant) async fn find_by_user_code(
    conn: &mut Conn,
    digest: Digest,
) -> Result<Option<RequestRow>, Internal> {
    conn.query(
        "SELECT id, kind, client_id, user_id, scope, details, is_allowed, grant_id, redeemed_at, created_at, \
         expires_at FROM decoupled_requests WHERE user_code_digest = $1",
    )
    .bind(digest)
    .optional()
    .await
}

/// One that somebody is asked for by name.
pub(in crate::grant) async fn find_by_id(conn: &mut Conn, id: DecoupledId) -> Result<Option<RequestRow>, Internal> {
    conn.query(
        "SELECT id, kind, client_id, user_id, scope, details, is_allowed, grant_id, redeemed_at, created_at, \
         expires_at FROM decoupled_requests WHERE id = $1 AND kind = 'backchannel'",
    )
    .bind(id)
    .optional()
    .await
}

/// What waits for somebody, the newest first.
pub(in crate::grant) async fn list_waiting(
    conn: &mut Conn,
    user_id: UserId,
    now: Timestamp,
) -> Result<Vec<RequestRow>, Internal> {
    conn.query(
        "SELECT id, kind, client_id, user_id, scope, details, is_allowed, grant_id, redeemed_at, created_at, \
         expires_at FROM decoupled_requests \
         WHERE user_id = $1 AND kind = 'backchannel' AND is_allowed IS NULL AND expires_at > $2 \
         ORDER BY created_at DESC, id DESC LIMIT 100",
    )
    .bind(user_id)
    .bind(now)
    .all()
    .await
}

/// How many requests of a client a person has not answered.
#[derive(sqlx::FromRow)]
pub(in crate::grant) struct Counted {
    /// That can still be.
    pub(in crate::grant) waiting: i64,
    /// Since the moment asked about.
    pub(in crate::grant) unanswered: i64,
}

/// Counts them, and holds the number until the transaction ends: another request of the same client for the same person
/// waits, so that it counts this one.
pub(in crate::grant) async fn count_alone(
    tx: &mut Tx,
    user_id: UserId,
    client_id: String,
    now: Timestamp,
    since: Timestamp,
) -> Result<Counted, Internal> {
    dialect::hold(tx, &format!("backchannel requests of {client_id} for {user_id}")).await?;
    tx.query(
        "SELECT COUNT(CASE WHEN expires_at > $3 THEN 1 END) AS waiting, \
         COUNT(CASE WHEN created_at > $4 THEN 1 END) AS unanswered FROM decoupled_requests \
         WHERE user_id = $1 AND client_id = $2 AND kind = 'backchannel' AND is_allowed IS NULL",
    )
    .bind(user_id)
    .bind(client_id)
    .bind(now)
    .bind(since)
    .one()
    .await
}

/// Decides: true for exactly one of all who try in time.
pub(in crate::grant) async fn decide(
    tx: &mut Tx,
    id: DecoupledId,
    user_id: UserId,
    grant_id: Option<GrantId>,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE decoupled_requests SET is_allowed = $2, user_id = $3, grant_id = $4 \
         WHERE id = $1 AND is_allowed IS NULL AND expires_at > $5",
    )
    .bind(id)
    .bind(grant_id.is_some())
    .bind(user_id)
    .bind(grant_id)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed > 0)
}

/// Notes a poll that kept to the interval, less `leeway`. False when it came too soon.
pub(in crate::grant) async fn note_poll(
    tx: &mut Tx,
    id: DecoupledId,
    now: Timestamp,
    leeway_secs: i64,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE decoupled_requests SET polled_at = $2 \
         WHERE id = $1 AND (polled_at IS NULL OR polled_at <= $2 - (interval_secs - $3) * 1000000)",
    )
    .bind(id)
    .bind(now)
    .bind(leeway_secs)
    .execute()
    .await
    .map(|changed| changed > 0)
}

/// Notes a poll that came too soon: the interval grows by `step`, up to `most`.
pub(in crate::grant) async fn slow_down(
    tx: &mut Tx,
    id: DecoupledId,
    now: Timestamp,
    step: i64,
    most: i64,
) -> Result<(), Internal> {
    tx.query(
        "UPDATE decoupled_requests SET polled_at = $2, \
         interval_secs = CASE WHEN interval_secs + $3 > $4 THEN $4 ELSE interval_secs + $3 END WHERE id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(step)
    .bind(most)
    .execute()
    .await
    .map(drop)
}

/// Collects what was allowed: true for exactly one of all who try in time.
pub(in crate::grant) async fn redeem(tx: &mut Tx, id: DecoupledId, now: Timestamp) -> Result<bool, Internal> {
    tx.query(
        "UPDATE decoupled_requests SET redeemed_at = $2 \
         WHERE id = $1 AND is_allowed AND redeemed_at IS NULL AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed > 0)
}
