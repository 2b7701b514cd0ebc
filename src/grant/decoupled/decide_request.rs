//! The person decides about a decoupled request.
//!
//! As on the consent page, the form is listened to for yes, no, and which of the optional scopes were left in. A yes makes
//! the grant at once, with the authentication of the session that decided; the client collects its tokens with its next
//! poll. Of any number of decisions at once exactly one counts.

use super::get_request::{GetRequestError, RequestRef, Waiting, find_waiting};
use crate::{
    audit::{self, AuditKind},
    core::Ctx,
    error::Internal,
    grant::{
        checks::is_optional,
        details::{GrantDetails, on_record},
        respond::SLACK,
        store::{
            decoupled,
            grants::{self, NewGrant},
        },
    },
    logout, org,
    protocol::{Scope, ScopeSet},
    resource::find_catalogue,
};

/// An answer.
#[derive(Debug)]
pub struct DecideRequest {
    /// The request that is answered.
    pub which: RequestRef,
    /// Yes or no.
    pub allow: bool,
    /// Which of the optional scopes were left in. Others are not listened to.
    pub granted_optional: Vec<Scope>,
}

/// Why no decision was taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideRequestError {
    /// There is no such request, or it is decided, or it took too long, or it is for somebody else.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first.
    #[error("sign in first")]
    SignIn,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<GetRequestError> for DecideRequestError {
    fn from(error: GetRequestError) -> Self {
        match error {
            GetRequestError::Gone => Self::Gone,
            GetRequestError::SignIn => Self::SignIn,
            GetRequestError::Internal(error) => Self::Internal(error),
        }
    }
}

/// Takes the decision of the person whose session asks.
///
/// # Errors
/// [`DecideRequestError`]
pub async fn decide_request(ctx: &Ctx, cmd: DecideRequest) -> Result<(), DecideRequestError> {
    let Waiting { client, row, scope: asked, signed_in } = find_waiting(ctx, &cmd.which).await?;
    let now = ctx.now();
    let user_id = signed_in.person.user_id;
    let catalogue = find_catalogue(&ctx.core).await?;
    let granted: ScopeSet = asked
        .iter()
        .filter(|scope| !is_optional(&catalogue, scope) || cmd.granted_optional.contains(scope))
        .cloned()
        .collect();
    // Nobody is asked for which organisation; the one chosen last will do.
    let organization =
        if granted.contains(&Scope::ORGANIZATION) { org::preferred(&ctx.core, user_id).await? } else { None };
    let kind = if cmd.allow { AuditKind::ConsentGiven } else { AuditKind::ConsentDenied };
    let told = if cmd.allow { &granted } else { &asked };
    let request = row.details.0;
    let mut details = on_record(told, &request.resources, &request.authorization_details);
    details.insert("remembered".to_owned(), false.into());
    details.insert("by".to_owned(), row.kind.into());
    let entry = audit::Entry::about(kind, user_id).with_client(&client.id).with_details(details);
    let tokens = &ctx.config().tokens;
    let grant = cmd.allow.then(|| NewGrant {
        id: ctx.new_id(),
        client_id: client.id.clone(),
        user_id,
        session_id: Some(signed_in.session_id),
        stamp: signed_in.session_stamp,
        expires_at: if granted.contains(&Scope::OFFLINE_ACCESS) {
            now + tokens.refresh_absolute
        } else {
            row.expires_at + client.settings.access_token_ttl(tokens.access_ttl) + SLACK
        },
        details: GrantDetails {
            consented: granted.clone(),
            resources: request.resources,
            authorization_details: request.authorization_details,
            organization,
            auth_time: signed_in.auth_time,
            amr: signed_in.amr.0,
            ..GrantDetails::default()
        },
        scope: granted.clone(),
        now,
    });
    let grant_id = grant.as_ref().map(|grant| grant.id);

    let mut tx = ctx.core.db().write().await?;
    if let Some(grant) = grant {
        grants::insert(&mut tx, grant).await?;
        logout::introduce(&mut tx, signed_in.session_id, &client).await?;
    }
    if !decoupled::decide(&mut tx, row.id, user_id, grant_id, now).await? {
        return Err(DecideRequestError::Gone);
    }
    audit::record(&mut tx, ctx, entry).await?;
    tx.commit().await?;
    Ok(())
}
