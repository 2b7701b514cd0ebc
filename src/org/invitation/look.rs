//! What the link of an invitation opens.

use super::{
    accept::is_same,
    model::{Invitation, InvitationState},
    store,
};
use crate::{
    account,
    clock::Timestamp,
    core::Ctx,
    db::Conn,
    error::Internal,
    org::{OrganizationRef, find_organization, find_rulebook},
    secret::PlainToken,
    text::EmailAddress,
};

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Nobody is signed in.
    Nobody,
    /// The account with this address, which is confirmed: they can accept.
    Invited,
    /// The account with this address, which is not confirmed.
    Unconfirmed,
    /// Another account.
    Another,
}

/// An invitation as whoever has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvitation {
    /// The invitation, whatever became of it.
    pub invitation: Invitation,
    /// The name of the organisation.
    pub organization: String,
    /// How it is called in addresses.
    pub slug: String,
    /// What they would be; nothing when that role was deleted.
    pub role: Option<String>,
    /// Who reads it.
    pub reader: Reader,
}

/// The invitation behind a link, for the page behind it; nothing is used up. `None` when there is none, its link was
/// replaced by a newer one, or the organisation is gone.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_invitation(ctx: &Ctx, token: &PlainToken) -> Result<Option<OpenInvitation>, Internal> {
    let mut conn = ctx.core.db().read().await?;
    let Some(invitation) = store::by_link(&mut conn, token.digest(), ctx.now()).await? else { return Ok(None) };
    let user = match ctx.user() {
        Some(actor) => account::find(&mut conn, actor.user_id).await?,
        None => None,
    };
    drop(conn);
    let reader = match user {
        None => Reader::Nobody,
        Some(user) if !is_same(&user.email, &invitation.email) => Reader::Another,
        Some(user) if user.is_verified() => Reader::Invited,
        Some(_) => Reader::Unconfirmed,
    };
    let id = invitation.organization_id;
    let Some(organization) = find_organization(&ctx.core, &OrganizationRef::Id(id)).await? else { return Ok(None) };
    let rulebook = find_rulebook(&ctx.core, Some(id)).await?;
    let role = invitation.role_id.and_then(|id| rulebook.roles.name_of(id)).map(str::to_owned);
    let (organization, slug) = (organization.name.clone(), organization.slug.clone());
    Ok(Some(OpenInvitation { invitation, organization, slug, role, reader }))
}

/// Whether this is the link of a pending invitation to this address: who has it reads that mailbox.
pub(crate) async fn proves_mailbox(
    conn: &mut Conn,
    token: &PlainToken,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<bool, Internal> {
    let found = store::by_link(conn, token.digest(), now).await?;
    Ok(found.is_some_and(|found| found.state == InvitationState::Pending && is_same(&found.email, email)))
}
