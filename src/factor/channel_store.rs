//! All SQL about codes that are sent (B4).

use sqlx::types::Json;

use super::Channel;
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::UserId,
    phone::PhoneNumber,
    secret::Digest,
};

/// A channel that somebody chose.
#[derive(sqlx::FromRow)]
pub(super) struct ChannelRow {
    pub(super) added_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    email_is_verified: bool,
    profile: Json<serde_json::Value>,
}

impl ChannelRow {
    /// What is sent over `channel` arrives at the person: address or number are confirmed.
    pub(super) fn is_reachable(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => self.email_is_verified,
            Channel::Sms => PhoneNumber::verified_in(&self.profile.0).is_some(),
        }
    }
}

pub(super) async fn find(conn: &mut Conn, user_id: UserId, channel: Channel) -> Result<Option<ChannelRow>, Internal> {
    conn.query(
        "SELECT c.added_at, c.last_used_at, u.email_verified_at IS NOT NULL AS email_is_verified, u.profile \
         FROM code_channels c JOIN users u ON u.id = c.user_id WHERE c.user_id = $1 AND c.channel = $2",
    )
    .bind(user_id)
    .bind(channel.as_str())
    .optional()
    .await
}

/// False when it was chosen before.
pub(super) async fn add(tx: &mut Tx, user_id: UserId, channel: Channel, now: Timestamp) -> Result<bool, Internal> {
    tx.query("INSERT INTO code_channels (user_id, channel, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(user_id)
        .bind(channel.as_str())
        .bind(now)
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// False when it was not there.
pub(crate) async fn remove(tx: &mut Tx, user_id: UserId, channel: Channel) -> Result<bool, Internal> {
    tx.query("DELETE FROM code_channels WHERE user_id = $1 AND channel = $2")
        .bind(user_id)
        .bind(channel.as_str())
        .execute()
        .await
        .map(|changed| changed == 1)
}

/// A code that waits for being typed.
pub(super) struct NewCode {
    /// The sign-in it is for.
    pub(super) pending: Digest,
    pub(super) channel: Channel,
    pub(super) code: Digest,
    pub(super) now: Timestamp,
}

/// Keeps a code in place of the one before it.
pub(super) async fn replace_code(tx: &mut Tx, new: NewCode) -> Result<(), Internal> {
    tx.query(
        "INSERT INTO sent_codes (pending_digest, channel, code_digest, sent_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (pending_digest) DO UPDATE SET channel = excluded.channel, code_digest = excluded.code_digest, \
         sent_at = excluded.sent_at",
    )
    .bind(new.pending)
    .bind(new.channel.as_str())
    .bind(new.code)
    .bind(new.now)
    .execute()
    .await
    .map(drop)
}

/// Over which channel the last code of a sign-in that waits was sent, if one was.
pub(crate) async fn find_sent(conn: &mut Conn, pending: Digest) -> Result<Option<Channel>, Internal> {
    let found: Option<String> =
        conn.query("SELECT channel FROM sent_codes WHERE pending_digest = $1").bind(pending).scalar_optional().await?;
    Ok(found.and_then(|channel| channel.parse().ok()))
}

/// Uses the code up. False when it is another one, was replaced or used, or the person left the channel.
pub(super) async fn use_code(tx: &mut Tx, user_id: UserId, code: &NewCode) -> Result<bool, Internal> {
    let used = tx
        .query("DELETE FROM sent_codes WHERE pending_digest = $1 AND channel = $2 AND code_digest = $3")
        .bind(code.pending)
        .bind(code.channel.as_str())
        .bind(code.code)
        .execute()
        .await?;
    let noted = tx
        .query("UPDATE code_channels SET last_used_at = $3 WHERE user_id = $1 AND channel = $2")
        .bind(user_id)
        .bind(code.channel.as_str())
        .bind(code.now)
        .execute()
        .await?;
    Ok(used == 1 && noted == 1)
}

/// Whether a code that was made for a sign-in still waits for being typed: not used, not replaced, and the sign-in is open.
pub(crate) async fn code_waits(conn: &mut Conn, pending: Digest, code: Digest) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM sent_codes WHERE pending_digest = $1 AND code_digest = $2)")
        .bind(pending)
        .bind(code)
        .scalar()
        .await
}
