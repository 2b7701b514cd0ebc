//! Ending grants inside somebody else's transaction: with a session, a password, an account.
//!
//! A grant that is revoked takes everything along that was issued from it: each use of a code, refresh token or access
//! token looks at its grant.

use super::store::{applications, grants};
use crate::{
    core::Ctx,
    db::Tx,
    error::Internal,
    id::{GrantId, SessionId, Stamp, UserId},
};

/// Ends everything that applications, and our own API, hold for a person; grants of `except_session` stay. `why` is
/// kept beside each grant. Says how many grants ended.
pub(crate) async fn revoke_of_user(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    except_session: Option<SessionId>,
    why: &'static str,
) -> Result<u64, Internal> {
    tx.touch(user_id);
    match except_session {
        None => grants::revoke_of_user(tx, user_id, ctx.now(), why).await,
        Some(session_id) => grants::revoke_of_user_except(tx, user_id, session_id, ctx.now(), why).await,
    }
}

/// Ends everything that applications hold through one session (C3), `offline_access` included: the person asked for an
/// end. Says how many grants ended. The caller has ended the session, and so touched its user, in the same transaction.
pub(crate) async fn revoke_of_session(
    tx: &mut Tx,
    ctx: &Ctx,
    session_id: SessionId,
    why: &'static str,
) -> Result<u64, Internal> {
    let users = grants::revoke_of_session(tx, session_id, ctx.now(), why).await?;
    for user_id in &users {
        tx.touch(*user_id);
    }
    Ok(u64::try_from(users.len()).unwrap_or(u64::MAX))
}

/// Lets what applications hold through one session outlive a change of its owner's security stamp: the session in which
/// the password was changed (A6).
pub(crate) async fn rebind_session(tx: &mut Tx, session_id: SessionId, stamp: Stamp) -> Result<(), Internal> {
    grants::rebind_session(tx, session_id, stamp).await
}

/// Ends everything that one application holds for a person (C4). Says how many grants ended.
pub(super) async fn revoke_of_client(
    tx: &mut Tx,
    ctx: &Ctx,
    user_id: UserId,
    client_id: String,
) -> Result<u64, Internal> {
    tx.touch(user_id);
    applications::revoke_held(tx, user_id, client_id, ctx.now()).await
}

/// Ends one family.
pub(super) async fn revoke_grant(
    tx: &mut Tx,
    ctx: &Ctx,
    grant_id: GrantId,
    user_id: UserId,
    why: &'static str,
) -> Result<bool, Internal> {
    tx.touch(user_id);
    grants::revoke(tx, grant_id, ctx.now(), why).await
}
