//! Somebody invites people into an organisation.

use super::{
    addresses::Addresses,
    expire,
    model::Note,
    send::{self, Letter, Sender},
    store::{self, New},
};
use crate::{
    audit::{self, AuditKind, Entry},
    authz::Denied,
    core::Ctx,
    db::Tx,
    error::Internal,
    id::{InvitationId, RoleId},
    org::{
        OrganizationRef, Seat,
        access::{self, refused},
        member_store,
    },
    text::EmailAddress,
};

/// Who is invited, and as what.
#[derive(Clone, Debug)]
pub struct InviteMembers {
    /// Into which organisation.
    pub organization: OrganizationRef,
    /// Whom.
    pub addresses: Addresses,
    /// As what.
    pub role_id: RoleId,
    /// What the inviter has to say.
    pub note: Option<Note>,
}

/// What became of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A mail is on its way.
    Invited(InvitationId),
    /// It belongs to a member.
    AlreadyMember,
    /// It is invited, and the invitation can still be accepted.
    AlreadyInvited,
    /// It is none.
    NotAnAddress,
    /// There is no place left: members and pending invitations are as many as members there may be.
    Full,
    /// It got a mail a moment ago or many today, or the inviter sent very many today.
    Later,
}

/// One address, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressOutcome {
    /// As it was typed.
    pub typed: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteMembersError {
    /// There is no such organisation, or the actor is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// The actor may invite nobody.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such role in this organisation.
    #[error("there is no such role")]
    NoSuchRole,
    /// The actor may not give this role (E3).
    #[error("your role does not let you invite people to this one")]
    Ceiling,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

refused!(InviteMembersError);

/// Invites everybody who can be; says of each address what became of it, in their order.
///
/// # Errors
/// [`InviteMembersError`].
pub async fn invite_members(ctx: &Ctx, cmd: InviteMembers) -> Result<Vec<AddressOutcome>, InviteMembersError> {
    let (mut tx, seat) = access::begin_if(ctx, &cmd.organization, Seat::require_inviting).await?;
    if seat.rulebook.roles.get(cmd.role_id).is_none() {
        return Err(InviteMembersError::NoSuchRole);
    }
    if !seat.may_invite_as(cmd.role_id) {
        return Err(InviteMembersError::Ceiling);
    }
    let id = seat.organization.id;
    // Those that are over make room, and their addresses can be invited again.
    expire::expire(&mut tx, ctx, Some(id), i64::MAX).await?;
    let taken = member_store::count(&mut tx, id).await? + store::count_pending(&mut tx, id, ctx.now()).await?;
    let mut work = Work {
        sender: Sender::find(&mut tx, ctx, &seat).await?,
        places: i64::from(seat.organization.settings.max_members).saturating_sub(taken),
        mails: send::left_today(&mut tx, ctx, &seat).await?,
        seat,
        role_id: cmd.role_id,
        note: send::text(cmd.note.as_ref()),
    };
    let mut outcomes = Vec::new();
    for typed in cmd.addresses.into_typed() {
        let outcome = match typed.email {
            Some(email) => work.invite(&mut tx, ctx, email).await?,
            None => Outcome::NotAnAddress,
        };
        outcomes.push(AddressOutcome { typed: typed.text, outcome });
    }
    tx.commit().await?;
    Ok(outcomes)
}

/// What is the same for all addresses.
struct Work {
    seat: Seat,
    sender: Sender,
    role_id: RoleId,
    note: Option<String>,
    /// So many more can be invited.
    places: i64,
    /// So many more mails may the inviter cause.
    mails: i64,
}

impl Work {
    async fn invite(&mut self, tx: &mut Tx, ctx: &Ctx, email: EmailAddress) -> Result<Outcome, Internal> {
        let organization_id = self.seat.organization.id;
        if store::is_member(tx, organization_id, email.key()).await? {
            return Ok(Outcome::AlreadyMember);
        }
        if store::is_invited(tx, organization_id, email.key(), ctx.now()).await? {
            return Ok(Outcome::AlreadyInvited);
        }
        if self.places <= 0 {
            return Ok(Outcome::Full);
        }
        if self.mails <= 0 || !send::may_mail(tx, ctx, organization_id, &email).await? {
            return Ok(Outcome::Later);
        }
        let id: InvitationId = ctx.new_id();
        let link = send::link(ctx);
        let new = New {
            id,
            organization_id,
            email: email.clone(),
            role_id: self.role_id,
            note: self.note.clone(),
            link: link.digest,
            invited_by: self.sender.user_id,
            by_operator: self.sender.by_operator,
            now: ctx.now(),
            expires_at: link.expires_at,
        };
        if !store::insert(tx, new).await? {
            return Ok(Outcome::AlreadyInvited);
        }
        let letter = Letter { id, to: &email, role_id: self.role_id };
        send::mail(tx, ctx, &self.seat, &self.sender, (letter, link)).await?;
        let details = serde_json::json!({ "invitation": id, "role": self.role_id });
        let entry = Entry::new(AuditKind::MemberInvited).within(organization_id).with_details(details);
        audit::record(tx, ctx, entry).await?;
        self.places -= 1;
        self.mails -= 1;
        Ok(Outcome::Invited(id))
    }
}
