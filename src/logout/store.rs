//! All SQL about sign-outs.

use sqlx::types::Json;

use super::Asked;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::SessionId,
    secret::Digest,
};

/// A request to sign out, or what became of it.
#[derive(Default, sqlx::FromRow)]
pub(super) struct LogoutRow {
    pub(super) client_id: Option<String>,
    pub(super) session_id: Option<SessionId>,
    pub(super) request: Json<Asked>,
}

/// Writes a request down, or what became of it.
pub(super) async fn save(tx: &mut Tx, digest: Digest, row: LogoutRow, expires_at: Timestamp) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO logouts (digest, client_id, session_id, request, expires_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (digest) DO UPDATE SET session_id = excluded.session_id",
    )
    .bind(digest)
    .bind(row.client_id)
    .bind(row.session_id)
    .bind(row.request)
    .bind(expires_at)
    .execute()
    .await
    .map(drop)
}

pub(super) async fn find(conn: &mut Conn, digest: Digest, now: Timestamp) -> Result<Option<LogoutRow>, Internal> {
    conn.query("SELECT client_id, session_id, request FROM logouts WHERE digest = $1 AND expires_at > $2")
        .bind(digest)
        .bind(now)
        .optional()
        .await
}

/// Removes at most `limit` requests that ended before `now`; says how many.
pub(super) async fn delete_expired(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM logouts WHERE digest IN (SELECT digest FROM logouts WHERE expires_at <= $1 LIMIT $2)")
        .bind(now)
        .bind(limit)
        .execute()
        .await
}

/// An application that wants to hear of the end of a session.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct ListenerRow {
    pub(super) client_id: String,
    pub(super) sid: SessionId,
    pub(super) back_channel: bool,
}

/// Notes that a client knows a session under its own name.
pub(super) async fn insert_listener(
    tx: &mut Tx,
    session_id: SessionId,
    client_id: String,
    back_channel: bool,
) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO session_clients (session_id, client_id, sid, back_channel) VALUES ($1, $2, $1, $3) \
         ON CONFLICT (session_id, client_id, sid) DO UPDATE SET back_channel = excluded.back_channel",
    )
    .bind(session_id)
    .bind(client_id)
    .bind(back_channel)
    .execute()
    .await
    .map(drop)
}

/// Those who want to hear of the end of a session.
pub(super) async fn listeners(conn: &mut Conn, session_id: SessionId) -> Result<Vec<ListenerRow>, Internal> {
    conn.query("SELECT client_id, sid, back_channel FROM session_clients WHERE session_id = $1 ORDER BY client_id, sid")
        .bind(session_id)
        .all()
        .await
}

/// Whoever knows `from` under any name knows `to` under the same one.
pub(super) async fn copy_listeners(tx: &mut Tx, from: SessionId, to: SessionId) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO session_clients (session_id, client_id, sid, back_channel) \
         SELECT n.id, l.client_id, l.sid, l.back_channel FROM session_clients l JOIN sessions n ON n.id = $2 \
         WHERE l.session_id = $1 ON CONFLICT (session_id, client_id, sid) DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .execute()
    .await
    .map(drop)
}

/// Whoever knows `from` will know `to` by its own name as well.
pub(super) async fn rename_listeners(tx: &mut Tx, from: SessionId, to: SessionId) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO session_clients (session_id, client_id, sid, back_channel) \
         SELECT n.id, l.client_id, n.id, l.back_channel FROM session_clients l JOIN sessions n ON n.id = $2 \
         WHERE l.session_id = $1 AND l.sid = $1 ON CONFLICT (session_id, client_id, sid) DO NOTHING",
    )
    .bind(from)
    .bind(to)
    .execute()
    .await
    .map(drop)
}
