//! An invitation is sent again, or taken back.

use super::{
    model::{Invitation, InvitationState},
    send::{self, Letter, Sender},
    store::{self, Again},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::Denied,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::InvitationId,
    limits::TooMany,
    org::{
        OrganizationRef, Right, Seat,
        access::{self, refused},
    },
};

/// Why an invitation is as it was.
#[derive(Debug, thiserror::Error)]
pub enum InvitationChangeError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may invite nobody.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// This organisation has no such invitation.
    #[error("there is no such invitation")]
    NoSuchInvitation,
    /// It is to a role that the actor may not give (E3).
    #[error("your role does not let you change this invitation")]
    Ceiling,
    /// It is not pending any more.
    #[error("this invitation is {0} already")]
    Closed(InvitationState),
    /// Its role was deleted.
    #[error("the role of this invitation was deleted: invite again, to another one")]
    RoleGone,
    /// It was sent a moment ago, or many times today.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(InvitationChangeError);

/// Sends a pending invitation again, with a new link and all its time: the link before opens nothing any more. It stands on
/// the rights of whoever sends it again.
///
/// # Errors
/// [`InvitationChangeError`].
pub async fn resend_invitation(
    ctx: &Ctx,
    organization: &OrganizationRef,
    id: InvitationId,
) -> Result<(), InvitationChangeError> {
    let (mut tx, seat) = access::begin_if(ctx, organization, Seat::require_inviting).await?;
    let found = pending(&mut tx, ctx, &seat, id).await?;
    let role_id = found.role_id.ok_or(InvitationChangeError::RoleGone)?;
    if !seat.may_invite_as(role_id) {
        return Err(InvitationChangeError::Ceiling);
    }
    let organization_id = seat.organization.id;
    if send::left_today(&mut tx, ctx, &seat).await? <= 0
        || !send::may_mail(&mut tx, ctx, organization_id, &found.email).await?
    {
        let retry_after_secs = ctx.config().verification.resend_after.as_secs().max(1);
        return Err(TooMany { retry_after_secs }.into());
    }
    let sender = Sender::find(&mut tx, ctx, &seat).await?;
    let link = send::link(ctx);
    let again = Again {
        id,
        link: link.digest,
        invited_by: sender.user_id,
        by_operator: sender.by_operator,
        now: ctx.now(),
        expires_at: link.expires_at,
    };
    if !store::renew(&mut tx, again).await? {
        return Err(closed(&mut tx, ctx, id).await?);
    }
    let letter = Letter { id, to: &found.email, role_id };
    send::mail(&mut tx, ctx, &seat, &sender, (letter, link)).await?;
    record(&mut tx, ctx, AuditKind::InvitationResent, &found).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a pending invitation back: one's own, or one to a role that the actor may give.
///
/// # Errors
/// [`InvitationChangeError`].
pub async fn withdraw_invitation(
    ctx: &Ctx,
    organization: &OrganizationRef,
    id: InvitationId,
) -> Result<(), InvitationChangeError> {
    let (mut tx, seat) = access::begin_if(ctx, organization, Seat::require_inviting).await?;
    let found = pending(&mut tx, ctx, &seat, id).await?;
    let is_own = seat.user_id().is_some() && seat.user_id() == found.invited_by;
    let reaches = seat.may(Right::InviteMembers) && found.role_id.is_none_or(|role| seat.may_assign(role));
    if !is_own && !reaches {
        return Err(InvitationChangeError::Ceiling);
    }
    if !store::close(&mut tx, id, InvitationState::Withdrawn, None, ctx.now()).await? {
        return Err(closed(&mut tx, ctx, id).await?);
    }
    record(&mut tx, ctx, AuditKind::InvitationWithdrawn, &found).await?;
    tx.commit().await?;
    Ok(())
}

/// The pending invitation that is meant; those of other organisations are none.
async fn pending(tx: &mut Tx, ctx: &Ctx, seat: &Seat, id: InvitationId) -> Result<Invitation, InvitationChangeError> {
    let found = store::find(tx, id, ctx.now()).await?;
    let found = found.filter(|found| found.organization_id == seat.organization.id);
    let found = found.ok_or(InvitationChangeError::NoSuchInvitation)?;
    match found.state {
        InvitationState::Pending => Ok(found),
        state => Err(InvitationChangeError::Closed(state)),
    }
}

/// What became of it while nobody looked: its owner answers without waiting for the organisation.
async fn closed(tx: &mut Tx, ctx: &Ctx, id: InvitationId) -> Result<InvitationChangeError, Internal> {
    let found = store::find(tx, id, ctx.now()).await?;
    Ok(found.map_or(InvitationChangeError::NoSuchInvitation, |found| InvitationChangeError::Closed(found.state)))
}

/// Puts on record what happened to an invitation.
pub(super) async fn record(tx: &mut Tx, ctx: &Ctx, kind: AuditKind, about: &Invitation) -> Result<(), Internal> {
    let details = serde_json::json!({ "invitation": about.id });
    audit::record(tx, ctx, Entry::new(kind).within(about.organization_id).with_details(details)).await
}
