//! All SQL about invitations.

use super::{
    model::{Invitation, InvitationState},
    send::Mailed,
};
use crate::{
    clock::Timestamp,
    db::{Conn, Tx},
    error::Internal,
    id::{InvitationId, OrganizationId, RoleId, UserId},
    secret::Digest,
    text::EmailAddress,
};

#[derive(sqlx::FromRow)]
struct Row {
    id: InvitationId,
    organization_id: OrganizationId,
    email: String,
    role_id: Option<RoleId>,
    note: Option<String>,
    state: String,
    invited_by: Option<UserId>,
    inviter: Option<String>,
    by_operator: bool,
    created_at: Timestamp,
    sent_at: Timestamp,
    expires_at: Timestamp,
    closed_at: Option<Timestamp>,
}

impl Row {
    /// As it stands `now`: one that is over is expired, whether the job came by or not.
    fn into_invitation(self, now: Timestamp) -> Result<Invitation, Internal> {
        let unread = |cause: &dyn std::fmt::Display| Internal::new("read a stored invitation", cause);
        let state: InvitationState = self.state.parse().map_err(|cause| unread(&cause))?;
        let is_over = state == InvitationState::Pending && self.expires_at <= now;
        Ok(Invitation {
            id: self.id,
            organization_id: self.organization_id,
            email: EmailAddress::try_from(self.email).map_err(|cause| unread(&cause))?,
            role_id: self.role_id,
            note: self.note,
            state: if is_over { InvitationState::Expired } else { state },
            invited_by: self.invited_by,
            inviter: self.inviter,
            by_operator: self.by_operator,
            created_at: self.created_at,
            sent_at: self.sent_at,
            expires_at: self.expires_at,
            closed_at: self.closed_at.or(is_over.then_some(self.expires_at)),
        })
    }
}

fn one(row: Option<Row>, now: Timestamp) -> Result<Option<Invitation>, Internal> {
    row.map(|row| row.into_invitation(now)).transpose()
}

pub(super) async fn find(conn: &mut Conn, id: InvitationId, now: Timestamp) -> Result<Option<Invitation>, Internal> {
    let row = conn
        .query(
            "SELECT i.id, i.organization_id, i.email, i.role_id, i.note, i.state, i.invited_by, \
             COALESCE(u.display_name, u.username, u.email) AS inviter, i.by_operator, i.created_at, i.sent_at, i.expires_at, \
             i.closed_at FROM invitations i LEFT JOIN users u ON u.id = i.invited_by AND u.deleted_at IS NULL \
             WHERE i.id = $1",
        )
        .bind(id)
        .optional()
        .await?;
    one(row, now)
}

pub(super) async fn by_link(conn: &mut Conn, digest: Digest, now: Timestamp) -> Result<Option<Invitation>, Internal> {
    let row = conn
        .query(
            "SELECT i.id, i.organization_id, i.email, i.role_id, i.note, i.state, i.invited_by, \
             COALESCE(u.display_name, u.username, u.email) AS inviter, i.by_operator, i.created_at, i.sent_at, i.expires_at, \
             i.closed_at FROM invitations i LEFT JOIN users u ON u.id = i.invited_by AND u.deleted_at IS NULL \
             WHERE i.link_digest = $1",
        )
        .bind(digest)
        .optional()
        .await?;
    one(row, now)
}

/// Which invitations are looked for.
pub(super) struct Wanted {
    pub(super) organization_id: OrganizationId,
    /// What the address contains (escaped, lower case).
    pub(super) like: String,
    pub(super) state: Option<InvitationState>,
    /// Those behind this one.
    pub(super) after: Option<InvitationId>,
    pub(super) limit: i64,
    pub(super) now: Timestamp,
}

/// The newest first.
pub(super) async fn list(conn: &mut Conn, wanted: Wanted) -> Result<Vec<Invitation>, Internal> {
    let rows: Vec<Row> = conn
        .query(
            "SELECT i.id, i.organization_id, i.email, i.role_id, i.note, i.state, i.invited_by, \
             COALESCE(u.display_name, u.username, u.email) AS inviter, i.by_operator, i.created_at, i.sent_at, i.expires_at, \
             i.closed_at FROM invitations i LEFT JOIN users u ON u.id = i.invited_by AND u.deleted_at IS NULL \
             WHERE i.organization_id = $1 AND i.email_key LIKE $2 ESCAPE '!' \
             AND CASE WHEN i.state = 'pending' AND i.expires_at <= $3 THEN 'expired' ELSE i.state END \
             = COALESCE($4, CASE WHEN i.state = 'pending' AND i.expires_at <= $3 THEN 'expired' ELSE i.state END) \
             AND (i.id < $5 OR $5 IS NULL) ORDER BY i.id DESC LIMIT $6",
        )
        .bind(wanted.organization_id)
        .bind(wanted.like)
        .bind(wanted.now)
        .bind(wanted.state.map(|state| state.as_str().to_owned()))
        .bind(wanted.after)
        .bind(wanted.limit)
        .all()
        .await?;
    rows.into_iter().map(|row| row.into_invitation(wanted.now)).collect()
}

/// How many of an organisation's there are in each state.
pub(super) async fn count_by_state(
    conn: &mut Conn,
    id: OrganizationId,
    now: Timestamp,
) -> Result<Vec<(InvitationState, i64)>, Internal> {
    let rows: Vec<(String, i64)> = conn
        .query(
            "SELECT s.state, COUNT(*) FROM (SELECT CASE WHEN state = 'pending' AND expires_at <= $2 THEN 'expired' ELSE state \
             END AS state FROM invitations WHERE organization_id = $1) s GROUP BY s.state ORDER BY s.state",
        )
        .bind(id)
        .bind(now)
        .all()
        .await?;
    let count = |(state, count): (String, i64)| {
        let state = state.parse().map_err(|cause| Internal::new("read the state of an invitation", cause))?;
        Ok((state, count))
    };
    rows.into_iter().map(count).collect()
}

/// How many can still be accepted.
pub(super) async fn count_pending(conn: &mut Conn, id: OrganizationId, now: Timestamp) -> Result<i64, Internal> {
    conn.query("SELECT COUNT(*) FROM invitations WHERE organization_id = $1 AND state = 'pending' AND expires_at > $2")
        .bind(id)
        .bind(now)
        .scalar()
        .await
}

/// An invitation with the organisation it is into.
#[derive(sqlx::FromRow)]
struct MineRow {
    #[sqlx(flatten)]
    invitation: Row,
    name: String,
    slug: String,
}

/// What can still be accepted with this address, the newest first; with the name and slug of the organisation.
pub(super) async fn to_address(
    conn: &mut Conn,
    email_key: String,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(Invitation, String, String)>, Internal> {
    let rows: Vec<MineRow> = conn
        .query(
            "SELECT i.id, i.organization_id, i.email, i.role_id, i.note, i.state, i.invited_by, \
             COALESCE(u.display_name, u.username, u.email) AS inviter, i.by_operator, i.created_at, i.sent_at, i.expires_at, \
             i.closed_at, o.name, o.slug FROM invitations i JOIN organizations o ON o.id = i.organization_id \
             LEFT JOIN users u ON u.id = i.invited_by AND u.deleted_at IS NULL \
             WHERE i.email_key = $1 AND i.state = 'pending' AND i.expires_at > $2 AND o.deleted_at IS NULL \
             ORDER BY i.id DESC LIMIT $3",
        )
        .bind(email_key)
        .bind(now)
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(|row| Ok((row.invitation.into_invitation(now)?, row.name, row.slug))).collect()
}

/// An invitation on its way.
pub(super) struct New {
    pub(super) id: InvitationId,
    pub(super) organization_id: OrganizationId,
    pub(super) email: EmailAddress,
    pub(super) role_id: RoleId,
    pub(super) note: Option<String>,
    pub(super) link: Digest,
    pub(super) invited_by: Option<UserId>,
    pub(super) by_operator: bool,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Writes it; false when there is a pending one for this address.
pub(super) async fn insert(tx: &mut Tx, new: New) -> Result<bool, Internal> {
    tx.query(
        "INSERT INTO invitations (id, organization_id, email, email_key, role_id, note, state, link_digest, invited_by, \
         by_operator, created_at, sent_at, sends, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10, $10, 1, $11) ON CONFLICT DO NOTHING",
    )
    .bind(new.id)
    .bind(new.organization_id)
    .bind(new.email.as_str().to_owned())
    .bind(new.email.key())
    .bind(new.role_id)
    .bind(new.note)
    .bind(new.link)
    .bind(new.invited_by)
    .bind(new.by_operator)
    .bind(new.now)
    .bind(new.expires_at)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// A pending one with a new link, on the rights of whoever sends it now.
pub(super) struct Again {
    pub(super) id: InvitationId,
    pub(super) link: Digest,
    pub(super) invited_by: Option<UserId>,
    pub(super) by_operator: bool,
    pub(super) now: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// Gives it that link; the one before opens nothing any more. False when it is not pending.
pub(super) async fn renew(tx: &mut Tx, again: Again) -> Result<bool, Internal> {
    tx.query(
        "UPDATE invitations SET link_digest = $2, invited_by = $3, by_operator = $4, sent_at = $5, expires_at = $6, \
         sends = sends + 1 WHERE id = $1 AND state = 'pending' AND expires_at > $5",
    )
    .bind(again.id)
    .bind(again.link)
    .bind(again.invited_by)
    .bind(again.by_operator)
    .bind(again.now)
    .bind(again.expires_at)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Ends a pending one; false when it is not pending any more.
pub(super) async fn close(
    tx: &mut Tx,
    id: InvitationId,
    state: InvitationState,
    user_id: Option<UserId>,
    now: Timestamp,
) -> Result<bool, Internal> {
    tx.query(
        "UPDATE invitations SET state = $2, user_id = $3, closed_at = $4 \
         WHERE id = $1 AND state = 'pending' AND expires_at > $4",
    )
    .bind(id)
    .bind(state.as_str())
    .bind(user_id)
    .bind(now)
    .execute()
    .await
    .map(|changed| changed == 1)
}

/// Notes of at most `limit` pending ones that they are over, of one organisation or of all.
pub(super) async fn expire(
    tx: &mut Tx,
    organization_id: Option<OrganizationId>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(InvitationId, OrganizationId)>, Internal> {
    tx.query(
        "UPDATE invitations SET state = 'expired', closed_at = expires_at WHERE id IN (SELECT id FROM invitations \
         WHERE state = 'pending' AND expires_at <= $1 AND organization_id = COALESCE($2, organization_id) LIMIT $3) \
         AND state = 'pending' RETURNING id, organization_id",
    )
    .bind(now)
    .bind(organization_id)
    .bind(limit)
    .all()
    .await
}

/// Removes at most `limit` that ended before `before`.
pub(super) async fn delete_closed(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, Internal> {
    tx.query("DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE closed_at < $1 LIMIT $2)")
        .bind(before)
        .bind(limit)
        .execute()
        .await
}

/// The mails that an address got since a moment.
pub(super) async fn mailed_to(
    conn: &mut Conn,
    email_key: String,
    organization_id: OrganizationId,
    since: Timestamp,
) -> Result<Mailed, Internal> {
    conn.query(
        "SELECT CAST(COALESCE(SUM(sends), 0) AS BIGINT) AS everywhere, \
         CAST(COALESCE(SUM(CASE WHEN organization_id = $2 THEN sends ELSE 0 END), 0) AS BIGINT) AS here, \
         MAX(CASE WHEN organization_id = $2 THEN sent_at END) AS last_here \
         FROM invitations WHERE email_key = $1 AND sent_at > $3",
    )
    .bind(email_key)
    .bind(organization_id)
    .bind(since)
    .one()
    .await
}

/// How many mails somebody caused since a moment, in whatever organisation.
pub(super) async fn sent_by(conn: &mut Conn, user_id: UserId, since: Timestamp) -> Result<i64, Internal> {
    conn.query("SELECT CAST(COALESCE(SUM(sends), 0) AS BIGINT) FROM invitations WHERE invited_by = $1 AND sent_at > $2")
        .bind(user_id)
        .bind(since)
        .scalar()
        .await
}

/// A member has this address.
pub(super) async fn is_member(conn: &mut Conn, id: OrganizationId, email_key: String) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id \
         WHERE m.organization_id = $1 AND m.left_at IS NULL AND u.email_key = $2 AND u.deleted_at IS NULL)",
    )
    .bind(id)
    .bind(email_key)
    .scalar()
    .await
}

/// A pending one for this address.
pub(super) async fn is_invited(
    conn: &mut Conn,
    id: OrganizationId,
    email_key: String,
    now: Timestamp,
) -> Result<bool, Internal> {
    conn.query(
        "SELECT EXISTS (SELECT 1 FROM invitations WHERE organization_id = $1 AND email_key = $2 AND state = 'pending' \
         AND expires_at > $3)",
    )
    .bind(id)
    .bind(email_key)
    .bind(now)
    .scalar()
    .await
}
