//! People, as far as grants look at them: whether they may, and what is told about them.

use serde_json::Value;
use sqlx::types::Json;

use crate::{
    clock::Timestamp,
    db::Conn,
    error::Internal,
    id::{SessionId, Stamp, UserId},
};

/// The columns that every statement about a person's tokens reads.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::grant) struct PersonRow {
    pub(in crate::grant) user_id: UserId,
    pub(in crate::grant) email: String,
    pub(in crate::grant) email_verified_at: Option<Timestamp>,
    pub(in crate::grant) username: Option<String>,
    pub(in crate::grant) display_name: Option<String>,
    pub(in crate::grant) profile: Json<Value>,
    pub(in crate::grant) user_updated_at: Timestamp,
    pub(in crate::grant) user_stamp: Stamp,
    pub(in crate::grant) is_active: bool,
    pub(in crate::grant) deleted_at: Option<Timestamp>,
}

impl PersonRow {
    /// Neither deactivated nor deleted, and the stamp is still the one that was seen then (A8).
    pub(in crate::grant) fn stands_by(&self, stamp: Stamp) -> bool {
        self.is_active && self.deleted_at.is_none() && self.user_stamp == stamp
    }
}

/// A session and its person.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::grant) struct SignedInRow {
    pub(in crate::grant) session_id: SessionId,
    pub(in crate::grant) session_stamp: Stamp,
    pub(in crate::grant) auth_time: Timestamp,
    pub(in crate::grant) amr: Json<Vec<String>>,
    pub(in crate::grant) session_expires_at: Timestamp,
    pub(in crate::grant) session_ended_at: Option<Timestamp>,
    #[sqlx(flatten)]
    pub(in crate::grant) person: PersonRow,
}

pub(in crate::grant) async fn find_signed_in(conn: &mut Conn, id: SessionId) -> Result<Option<SignedInRow>, Internal> {
    conn.query(
        "SELECT s.id AS session_id, s.security_stamp AS session_stamp, s.auth_time, s.amr, \
         s.expires_at AS session_expires_at, s.ended_at AS session_ended_at, u.id AS user_id, u.email, \
         u.email_verified_at, u.username, u.display_name, u.profile, u.updated_at AS user_updated_at, \
         u.security_stamp AS user_stamp, u.is_active, u.deleted_at \
         FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(in crate::grant) async fn find(conn: &mut Conn, id: UserId) -> Result<Option<PersonRow>, Internal> {
    conn.query(
        "SELECT id AS user_id, email, email_verified_at, username, display_name, profile, updated_at AS user_updated_at, \
         security_stamp AS user_stamp, is_active, deleted_at FROM users \
         WHERE id = $1 AND deleted_at IS NULL",
    )
    .bind(id)
    .optional()
    .await
}

pub(in crate::grant) async fn find_by_email(conn: &mut Conn, email_key: String) -> Result<Option<PersonRow>, Internal> {
    conn.query(
        "SELECT id AS user_id, email, email_verified_at, username, display_name, profile, updated_at AS user_updated_at, \
         security_stamp AS user_stamp, is_active, deleted_at FROM users \
         WHERE email_key = $1 AND deleted_at IS NULL",
    )
    .bind(email_key)
    .optional()
    .await
}

pub(in crate::grant) async fn find_by_username(
    conn: &mut Conn,
    username_key: String,
) -> Result<Option<PersonRow>, Internal> {
    conn.query(
        "SELECT id AS user_id, email, email_verified_at, username, display_name, profile, updated_at AS user_updated_at, \
         security_stamp AS user_stamp, is_active, deleted_at FROM users \
         WHERE username_key = $1 AND deleted_at IS NULL",
    )
    .bind(username_key)
    .optional()
    .await
}
