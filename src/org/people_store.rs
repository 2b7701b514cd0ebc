//! SQL about accounts, as far as organisations ask about them.

use std::collections::BTreeMap;

use crate::{db::Conn, error::Internal, id::UserId};

/// There is such an account, and it is not deleted.
pub(super) async fn exists(conn: &mut Conn, id: UserId) -> Result<bool, Internal> {
    conn.query("SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND deleted_at IS NULL)").bind(id).scalar().await
}

/// Their address is confirmed.
pub(super) async fn is_verified(conn: &mut Conn, id: UserId) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND email_verified_at IS NOT NULL AND deleted_at IS NULL)",
    )
    .bind(id)
    .scalar()
    .await
}

/// Somebody without an organisation of their own.
#[derive(sqlx::FromRow)]
pub(super) struct Newcomer {
    pub(super) username: Option<String>,
    pub(super) display_name: Option<String>,
}

/// Whoever has no personal organisation and prefers no other.
pub(super) async fn without_place(conn: &mut Conn, id: UserId) -> Result<Option<Newcomer>, Internal> {
    conn.query(
        "SELECT username, display_name FROM users WHERE id = $1 AND preferred_organization_id IS NULL \
         AND NOT EXISTS (SELECT 1 FROM organizations WHERE personal_of = $1)",
    )
    .bind(id)
    .optional()
    .await
}

/// What people are called, as members see them: display name, username or address. Who is erased is called nothing.
pub(super) async fn names(conn: &mut Conn, ids: Vec<UserId>) -> Result<BTreeMap<UserId, String>, Internal> {
    let mut names = BTreeMap::new();
    for id in ids {
        if names.contains_key(&id) {
            continue;
        }
        let name: Option<String> = conn
            .query("SELECT COALESCE(display_name, username, email) FROM users WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .scalar_optional()
            .await?;
        names.extend(name.map(|name| (id, name)));
    }
    Ok(names)
}
