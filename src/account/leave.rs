//! People leave: for a while, or for good (A10).

use std::time::Duration;

use super::{
    User, credentials, leave_store, store,
    ticket::{self, TicketKind},
    ticket_store,
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::{self, Denied, not_fresh},
    clock::Timestamp,
    core::Ctx,
    db::{Tx, dialect},
    error::Internal,
    id::UserId,
    mail::{self, Message},
    org::{self, OrganizationName},
};

const DAY: Duration = Duration::from_hours(24);
/// How long an account can be kept after its owner asked for its end.
pub const GRACE: Duration = DAY.saturating_mul(30);
/// How long the link works that activates an account again. Later an operator does it.
const COME_BACK_LIFE: Duration = DAY.saturating_mul(365);

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// They signed in too long ago.
    #[error("sign in again first")]
    SignInAgain,
    /// Nobody else looks after the instance.
    #[error("the last administrator cannot leave")]
    LastAdmin,
    /// They own organisations that others belong to: these are handed over or deleted first (E1).
    #[error("organisations with other members are to be handed over first")]
    OwnsOrganizations(Vec<OrganizationName>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

not_fresh!(LeaveError);

/// Why somebody stays.
#[derive(Debug)]
pub(super) enum NoOtherAdmin {
    LastAdmin,
    Internal(Internal),
}

impl From<NoOtherAdmin> for LeaveError {
    fn from(cause: NoOtherAdmin) -> Self {
        match cause {
            NoOtherAdmin::LastAdmin => Self::LastAdmin,
            NoOtherAdmin::Internal(error) => Self::Internal(error),
        }
    }
}

/// Refuses the end of the last administrator. Of several who leave at the same moment, one stays.
pub(super) async fn leave_an_admin(tx: &mut Tx, user: &User) -> Result<(), NoOtherAdmin> {
    if !user.is_admin {
        return Ok(());
    }
    dialect::hold(tx, "administrators").await.map_err(NoOtherAdmin::Internal)?;
    match leave_store::there_is_another_admin(tx, user.id).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(NoOtherAdmin::LastAdmin),
        Err(error) => Err(NoOtherAdmin::Internal(error)),
    }
}

/// The account of the person who asks, if they proved lately who they are.
async fn leaver(ctx: &Ctx) -> Result<User, LeaveError> {
    let user_id = authz::require_fresh_user(ctx)?.user_id;
    let mut conn = ctx.core.db().read().await?;
    Ok(store::find(&mut conn, user_id).await?.ok_or(Denied)?)
}

/// Ends everything that is open, and what was mailed.
pub(super) async fn close_all(tx: &mut Tx, ctx: &Ctx, user_id: UserId, why: &'static str) -> Result<(), Internal> {
    credentials::end_access(tx, ctx, user_id, None, why).await?;
    for kind in [TicketKind::ResetPassword, TicketKind::ChangeEmail, TicketKind::ComeBack] {
        ticket_store::close(tx, kind.as_str(), user_id, ctx.now()).await?;
    }
    Ok(())
}

/// Deactivates the account of the person who asks: every session and token ends, and nobody signs in to it. The mail that
/// says so has a link that activates it again, for a year.
///
/// # Errors
/// [`LeaveError`].
pub async fn deactivate_account(ctx: &Ctx) -> Result<(), LeaveError> {
    let user = leaver(ctx).await?;
    let now = ctx.now();
    let mut tx = ctx.core.db().write().await?;
    leave_an_admin(&mut tx, &user).await?;
    if !store::set_active(&mut tx, user.id, false, ctx.new_id(), now).await? {
        return Err(Denied.into());
    }
    close_all(&mut tx, ctx, user.id, "deactivated").await?;
    let issued = ticket::issue(&mut tx, ctx, TicketKind::ComeBack, Some(user.id), None, COME_BACK_LIFE).await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserDeactivated, user.id)).await?;
    let message = Message::AccountDeactivated { link: issued.link, at: now, expires_at: issued.expires_at };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(())
}

/// Has the account of the person who asks erased in 30 days: every session and token ends now. Until then they can sign in,
/// look at it, and keep it. Asked for twice, the first time counts; says when. Who owns an organisation that others belong
/// to hands it over first; to be deactivated for a while is no reason for that.
///
/// # Errors
/// [`LeaveError`].
pub async fn schedule_deletion(ctx: &Ctx) -> Result<Timestamp, LeaveError> {
    let user = leaver(ctx).await?;
    let (now, erase_at) = (ctx.now(), ctx.now() + GRACE);
    let mut tx = ctx.core.db().write().await?;
    if let Some(found) = leave_store::erase_at(&mut tx, user.id).await? {
        return Ok(found);
    }
    leave_an_admin(&mut tx, &user).await?;
    let owned = org::owned_with_others(&mut tx, user.id).await?;
    if !owned.is_empty() {
        return Err(LeaveError::OwnsOrganizations(owned));
    }
    if !leave_store::schedule(&mut tx, user.id, erase_at, ctx.new_id(), now).await? {
        return Err(Denied.into());
    }
    close_all(&mut tx, ctx, user.id, "deletion_asked").await?;
    audit::record(&mut tx, ctx, Entry::about(AuditKind::UserDeletionScheduled, user.id)).await?;
    let message = Message::DeletionScheduled { at: now, device: credentials::device(ctx), erase_at };
    mail::enqueue(&mut tx, ctx, &user, message).await?;
    tx.commit().await?;
    Ok(erase_at)
}

/// Keeps the account of the person who asks, which was to be erased. Done twice, it changes nothing.
///
/// # Errors
/// [`LeaveError::Denied`] when nobody is signed in, [`LeaveError::Internal`] when something broke.
pub async fn keep_account(ctx: &Ctx) -> Result<(), LeaveError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let mut tx = ctx.core.db().write().await?;
    if leave_store::keep(&mut tx, user_id, ctx.now()).await? {
        tx.touch(user_id);
        audit::record(&mut tx, ctx, Entry::about(AuditKind::UserKept, user_id)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The organisations that the person who asks owns together with others: they hand these over before they leave for good.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn list_to_hand_over(ctx: &Ctx) -> Result<Vec<OrganizationName>, Internal> {
    let Some(actor) = ctx.user() else { return Ok(Vec::new()) };
    let mut conn = ctx.core.db().read().await?;
    org::owned_with_others(&mut conn, actor.user_id).await
}

/// When the account of the person who asks is to be erased, if it is.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_deletion(ctx: &Ctx) -> Result<Option<Timestamp>, Internal> {
    let Some(actor) = ctx.user() else { return Ok(None) };
    let mut conn = ctx.core.db().read().await?;
    leave_store::erase_at(&mut conn, actor.user_id).await
}

/// Nobody but the person who asks looks after the instance, so they cannot leave.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn is_last_admin(ctx: &Ctx) -> Result<bool, Internal> {
    let Some(actor) = ctx.user().filter(|actor| actor.is_admin) else { return Ok(false) };
    let mut conn = ctx.core.db().read().await?;
    Ok(!leave_store::there_is_another_admin(&mut conn, actor.user_id).await?)
}
